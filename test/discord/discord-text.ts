import type { DiscordMessage } from '../../adapters/discord/render-reply.ts';

/** A message as somebody sees it: escapes are gone, code blocks stand as they are, small print and bold without marks. */
export function discordText(message: DiscordMessage): string {
  const embeds = message.embeds.map(({ title, description, fields, image }) =>
    [
      ...(title === undefined ? [] : [seen(title)]),
      ...(description === undefined ? [] : [seen(description)]),
      ...(fields ?? []).map(
        ({ name, value, inline }) => `${inline === true ? '▪' : '■'} ${seen(name)}: ${seen(value)}`,
      ),
      ...(image === undefined ? [] : [`[picture ${image.url.replace('attachment://', '')}]`]),
    ].join('\n'),
  );
  const rows = message.components.map(({ components }) =>
    components
      .map((component) => {
        if (component.type === 2 && 'label' in component) return `[ ${component.label} ]`;
        if (component.type !== 3) return '';
        return `[ ${component.placeholder} ▾ ${component.options.map(({ label }) => label).join(' | ')} ]`;
      })
      .join(' '),
  );
  const files = message.files.map(({ name, description }) => `📎 ${name} (${description})`);
  return [seen(message.content), ...embeds.map((text) => text.replace(/^/gm, '│ ')), ...rows, ...files].join('\n');
}

/** Markdown as Discord shows it, as far as this program writes any. */
export function seen(markdown: string): string {
  return markdown
    .split(/(```\n[\s\S]*?\n```)/)
    .map((part) => (part.startsWith('```\n') ? part.slice(4, -4) : inline(part)))
    .join('');
}

function inline(markdown: string): string {
  return markdown
    .replace(/^-# /gm, '')
    .replace(/(?<!\\)\*\*/g, '')
    .replace(/(?<!\\)`/g, '')
    .replace(/\\([^\w\s])/g, '$1')
    .replaceAll('\u200b', '');
}
