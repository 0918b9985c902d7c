import { BREAK, safeLines } from '../../src/chat/safe-text.ts';

/** What Slack acts on wherever it stands, each with the place after which it is broken. */
const triggers: readonly RegExp[] = [
  /@(?=here|channel|everyone)/gi,
  /<(?=[!@#]|https?:|mailto:)/gi,
  /(?<=\w):(?=\/\/)/g,
  // Addresses and bare names of hosts become links.
  /(?<=[\w.+-])@(?=[\w-]+\.)/g,
  // An emoji's name, in any script; a time of day such as 12:30:45 is none. What comes before the first letter is no letter, so
  // that a long name is read once.
  /:(?=[^\s:\p{Letter}]*\p{Letter}[^\s:]*:|100:|1234:|[+-]1:)/gu,
];

/** Untrusted text where Slack formats nothing (plain_text, rich_text): nothing in it mentions, links or becomes an emoji. */
export function inertText(text: string): string {
  const safe = safeLines(text).join('\n');
  return triggers.reduce((rest, trigger) => rest.replace(trigger, `$&${BREAK}`), safe);
}

/** The same in one line. */
export function inertLine(text: string): string {
  return inertText(safeLines(text).join(' '));
}

/** Untrusted text where Slack formats (a message's `text`): `&`, `<`, `>` are escaped, marks of formatting are broken. */
export function escapeMrkdwn(text: string): string {
  return inertText(text)
    .replace(/[*_~`]/g, `$&${BREAK}`)
    .replace(/^(\s*)>/gm, `$1${BREAK}>`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
