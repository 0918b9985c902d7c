const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Text of at most that many UTF-16 units, cut between characters as a reader sees them and ended with `…`. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  if (length < 1) return '';
  // The character that the ellipsis takes the place of goes as a whole.
  const end = characters.segment(text).containing(length - 1)?.index ?? 0;
  return `${text.slice(0, end)}…`;
}

/** The beginning of a text that is at most that long once it is escaped; whole where all of it fits. */
export function cutEscaped(text: string, length: number, escaping: (text: string) => string): string {
  let room = length;
  let escaped = escaping(cutText(text, room));
  while (escaped.length > length && room > 0) {
    room = Math.floor(room * 0.9);
    escaped = escaping(cutText(text, room));
  }
  return escaped;
}
