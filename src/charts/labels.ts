import { displayWidth, graphemes } from '../chat/display-width.ts';

const MOST_CODE_UNITS = 200;
/** Turns the direction of what follows, so that a figure could read backwards. */
const directions = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const breaks = /[\s\p{Control}\u2028\u2029]+/gu;

/** Text from outside as one line that cannot break or turn what stands around it; `–` where nothing is left. */
export function plainLabel(text: string): string {
  const start = text.length > MOST_CODE_UNITS ? `${text.slice(0, MOST_CODE_UNITS)}…` : text;
  const plain = start.toWellFormed().replace(directions, '').replace(breaks, ' ').trim();
  return plain === '' ? '–' : plain;
}

/** Labels that can be told apart: the second `a1` becomes `a1 (2)`. */
export function distinctLabels(labels: readonly string[]): string[] {
  const taken = new Set<string>();
  return labels.map((label) => {
    let distinct = label;
    for (let copy = 2; taken.has(distinct); copy += 1) distinct = `${label} (${copy})`;
    taken.add(distinct);
    return distinct;
  });
}

// The widest of each kind in Inter, in parts of the font's size.
const narrow = /^[ijlI.,:;'|! ]$/;
const slim = /^[frt()[\]/\-_1]$/;
const broad = /^[mwMW%@…—&]$/;
const capital = /^\p{Uppercase}$/u;

function relativeWidth(grapheme: string): number {
  if (narrow.test(grapheme)) return 0.31;
  if (slim.test(grapheme)) return 0.47;
  if (broad.test(grapheme)) return 1;
  if (capital.test(grapheme)) return 0.77;
  return displayWidth(grapheme) * (displayWidth(grapheme) > 1 ? 0.55 : 0.63);
}

/** Pixels that a line takes at most, near enough to plan with: a drawing is planned where nothing can be measured. */
export function labelWidth(text: string, fontSize: number): number {
  return graphemes(text).reduce((width, grapheme) => width + relativeWidth(grapheme), 0) * fontSize;
}

/** The label, cut with `…` where it is wider than `width` pixels. */
export function cutLabel(text: string, width: number, fontSize: number): string {
  if (labelWidth(text, fontSize) <= width) return text;
  let used = fontSize;
  const kept: string[] = [];
  for (const grapheme of graphemes(text)) {
    used += relativeWidth(grapheme) * fontSize;
    if (used > width) break;
    kept.push(grapheme);
  }
  return `${kept.join('').trimEnd()}…`;
}

/** At most `lines` lines of at most `width` pixels, broken at spaces; what does not fit is cut with `…`. */
export function wrapLabel(text: string, width: number, fontSize: number, lines: number): string[] {
  const wrapped: string[] = [];
  let rest = text;
  while (wrapped.length < lines - 1 && labelWidth(rest, fontSize) > width) {
    const words = rest.split(' ');
    let count = words.length - 1;
    while (count > 0 && labelWidth(words.slice(0, count).join(' '), fontSize) > width) count -= 1;
    if (count === 0) break;
    wrapped.push(words.slice(0, count).join(' '));
    rest = words.slice(count).join(' ');
  }
  return [...wrapped, cutLabel(rest, width, fontSize)];
}
