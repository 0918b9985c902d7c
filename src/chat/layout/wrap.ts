import { displayWidth, graphemes } from '../display-width.ts';

/** Lines no wider than `width`, broken at blanks where there are any; loses nothing but the blanks at a break. */
export function wrap(text: string, width: number): string[] {
  if (displayWidth(text) <= width) return [text.trimEnd()];
  const lines: string[] = [];
  let line = '';
  let lineWidth = 0;
  for (const piece of text.match(/ +|[^ ]+/g) ?? []) {
    const pieceWidth = displayWidth(piece);
    if (lineWidth + pieceWidth <= width) {
      line += piece;
      lineWidth += pieceWidth;
      continue;
    }
    if (line.trim() !== '') lines.push(line.trimEnd());
    const blank = piece.trim() === '';
    const parts = blank ? [''] : chunks(piece, width);
    lines.push(...parts.slice(0, -1));
    line = parts.at(-1) ?? '';
    lineWidth = displayWidth(line);
  }
  if (line.trim() !== '') lines.push(line.trimEnd());
  return lines;
}

/** A word in parts no wider than `width`. */
function chunks(word: string, width: number): string[] {
  const parts: string[] = [];
  let part = '';
  let partWidth = 0;
  for (const grapheme of graphemes(word)) {
    const graphemeWidth = displayWidth(grapheme);
    if (partWidth + graphemeWidth > width) {
      parts.push(part);
      part = '';
      partWidth = 0;
    }
    part += grapheme;
    partWidth += graphemeWidth;
  }
  return [...parts, part];
}

/** Wrapped text behind a mark; the lines after the first are indented as far. */
export function hang(mark: string, text: string, width: number): string[] {
  const indent = displayWidth(mark);
  return wrap(text, width - indent).map((line, index) => `${index === 0 ? mark : ' '.repeat(indent)}${line}`);
}

/** Text of exactly that width, cut with `…` where it is wider. */
export function fitText(text: string, width: number, align: 'left' | 'right'): string {
  const own = displayWidth(text);
  if (own <= width) {
    const padding = ' '.repeat(width - own);
    return align === 'left' ? text + padding : padding + text;
  }
  let cut = '';
  let cutWidth = 0;
  for (const grapheme of graphemes(text)) {
    const graphemeWidth = displayWidth(grapheme);
    if (cutWidth + graphemeWidth > width - 1) break;
    cut += grapheme;
    cutWidth += graphemeWidth;
  }
  return `${cut}…${' '.repeat(width - 1 - cutWidth)}`;
}
