import type { types } from '@slack/bolt';
import type { SlackMessage } from '../../adapters/slack/render-reply.ts';

/** A message as somebody sees it. */
export function slackText({ blocks, files, charts }: SlackMessage): string {
  const pictures = new Set(charts.map(({ name }) => name));
  return [
    ...blocks.map((block) => {
      const text = blockText(block);
      return pictures.has(block.block_id ?? '') ? `[picture ${block.block_id}] ${text}` : text;
    }),
    ...files.map(({ name, description }) => `📎 ${name} (${description})`),
  ]
    .join('\n')
    .replaceAll('\u200b', '');
}

function blockText(block: types.KnownBlock): string {
  switch (block.type) {
    case 'header':
      return block.text.text;
    case 'context':
      return block.elements.map((element) => ('text' in element ? element.text : '')).join(' ');
    case 'rich_text':
      return block.elements.map(richText).join('\n');
    case 'actions':
      return block.elements.map(elementText).join(' ');
    default:
      throw new Error(`no text for ${block.type}`);
  }
}

function richText(element: types.RichTextBlockElement): string {
  const text = element.elements.map((run) => ('text' in run ? (run.text ?? '') : '')).join('');
  return element.type === 'rich_text_preformatted' ? text.replace(/^/gm, '│ ') : text.trimEnd();
}

function elementText(element: types.ActionsBlockElement): string {
  if (element.type === 'button') return `[ ${element.text.text} ]`;
  if (element.type !== 'static_select') throw new Error(`no text for ${element.type}`);
  const options = (element.options ?? []).map(({ text }) => text.text);
  return `[ ${element.placeholder?.text} ▾ ${options.join(' | ')} ]`;
}
