import { BREAK, safeLines, visible } from '../../src/chat/safe-text.ts';

/**
 * What Discord acts on wherever it stands, each with the place after which it is broken:
 * https://discord.com/developers/docs/reference#message-formatting
 */
const triggers: readonly RegExp[] = [
  /@(?=everyone|here)/gi,
  // Mentions, channels, times, commands, emoji, links, addresses and telephone numbers all begin so.
  /<(?=\S)/g,
  /(?<=\w):(?=\/\/)/g,
  // Invitations are found without a scheme.
  /discord(?:app)?(?=\.\w)/gi,
  // An emoji's name; a time of day such as 12:30:45 is none.
  /:(?=[\w+-]*[a-z][\w+-]*:|100:)/gi,
];

const formatting = /[\\*_~|`[\]]/g;
/** Headings, small print, lists, quotes; they count at the beginning of a line alone. */
const lineStart = /^(\s*)(#{1,3}(?=\s)|-#(?=\s)|[-+](?=\s)|>)/;
const numbered = /^(\s*\d+)([.)])(?=\s)/;

function broken(text: string): string {
  return triggers.reduce((rest, trigger) => rest.replace(trigger, `$&${BREAK}`), text);
}

/** Untrusted text as itself: nothing in it mentions, links or formats. Lines stay lines. */
export function escapeMarkdown(text: string): string {
  return safeLines(text)
    .map((line) => broken(line).replace(formatting, '\\$&').replace(lineStart, '$1\\$2').replace(numbered, '$1\\$2'))
    .join('\n');
}

/** The same in one line. */
export function escapeLine(text: string): string {
  return escapeMarkdown(safeLines(text).join(' '));
}

/** For inside of a code block or code span: nothing is formatted there but a backtick ends it. */
export function codeText(text: string): string {
  return safeLines(text)
    .map((line) => line.replace(/@(?=everyone|here)|<(?=[@#])/gi, `$&${BREAK}`).replaceAll('`', 'ˋ'))
    .join('\n');
}

/** A command as a reader would type it. */
export function codeSpan(text: string): string {
  return `\`${visible(codeText(text).replaceAll('\n', ' '))}\``;
}

export function codeBlock(lines: readonly string[]): string {
  return `\`\`\`\n${lines.join('\n')}\n\`\`\``;
}
