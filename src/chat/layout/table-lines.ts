import { displayWidth } from '../display-width.ts';
import type { TableBlock } from '../reply.ts';
import { safeText } from '../safe-text.ts';
import { fitText, hang } from './wrap.ts';

/** A column of text narrower than this says nothing. */
const NARROWEST_TEXT = 8;

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  readonly cells: readonly string[];
  /** Of the widest cell or the title. */
  readonly width: number;
}

/** Harmless text; as many columns as the widest row has, should a row have more cells than there are titles. */
export function columnsOf({ columns, rows }: TableBlock): readonly Column[] {
  const count = rows.reduce((most, row) => Math.max(most, row.length), columns.length);
  return Array.from({ length: count }, (_, index) => {
    const title = safeText(columns[index]?.title ?? '');
    const cells = rows.map((row) => safeText(row[index] ?? ''));
    const width = cells.reduce((widest, cell) => Math.max(widest, displayWidth(cell)), displayWidth(title));
    return { title, align: columns[index]?.align ?? 'left', cells, width };
  });
}

/** What a row is called by its first cell; a figure alone is no name. */
export function rowName(first: Column | undefined, row: number): string {
  const cell = first?.cells[row] ?? '';
  return first?.align === 'right' && first.title !== '' ? `${first.title} ${cell}` : cell;
}

export interface AlignedTable {
  /** Up to three lines: titles that are wider than their cells are broken at blanks where that helps. */
  readonly header: readonly string[];
  /** One line for a row. */
  readonly rows: readonly string[];
}

const MOST_HEADER_LINES = 3;

/** The table in columns, where every cell fits whole into the width; null where that cannot be. */
export function alignedTable(columns: readonly Column[], rows: number, width: number): AlignedTable | null {
  const gaps = ['  ', ' '];
  for (const titles of [columns.map(({ title }) => [title]), columns.map(brokenTitle)]) {
    const height = titles.reduce((most, lines) => Math.max(most, lines.length), 1);
    const widths = columns.map(({ cells }, index) => widest([...cells, ...(titles[index] ?? [])]));
    const sum = widths.reduce((total, own) => total + own, 0);
    const gap = gaps.find((blanks) => sum + blanks.length * (columns.length - 1) <= width);
    if (gap === undefined || height > MOST_HEADER_LINES) continue;
    const line = (cells: readonly string[]): string => gridLine(columns, cells, widths, gap);
    return {
      header: Array.from({ length: height }, (_, row) =>
        line(titles.map((lines) => lines[row - height + lines.length] ?? '')),
      ),
      rows: Array.from({ length: rows }, (_, row) => line(columns.map(({ cells }) => cells[row] ?? ''))),
    };
  }
  return null;
}

/** A title in lines that are no wider than its widest cell, or than its longest word. */
function brokenTitle({ title, cells }: Column): readonly string[] {
  const words = title.split(' ').filter((word) => word !== '');
  const room = Math.max(widest(cells), widest(words));
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && displayWidth(last) + 1 + displayWidth(word) <= room)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, displayWidth(text)), 0);
}

export interface TableLinesOptions {
  readonly width: number;
  /** What becomes of the header's line. */
  readonly header: (line: string) => string;
  /** Said below where text was cut. */
  readonly cutNote: string;
}

/**
 * The table's lines, header first. Columns of text are cut with `…` to fit, figures never: a cut figure is another
 * figure. What does not fit even so stands one row under the other. Every row is there.
 */
export function tableLines(table: TableBlock, { width, header, cutNote }: TableLinesOptions): readonly string[] {
  const columns = columnsOf(table);
  const widths = fitWidths(columns, width);
  if (widths === null) return stackedLines(columns, table.rows.length, width);
  const line = (cells: readonly string[]): string => gridLine(columns, cells, widths, '  ');
  const titles = line(columns.map(({ title }) => title));
  const rows = table.rows.map((_, row) => line(columns.map(({ cells }) => cells[row] ?? '')));
  const cut = columns.some((column, index) => column.width > (widths[index] ?? 0));
  return [header(titles), ...rows, ...(cut ? hang('', cutNote, width) : [])];
}

/** One row under the other, each cell with its title. */
export function stackedLines(columns: readonly Column[], rows: number, width: number): readonly string[] {
  return Array.from({ length: rows }, (_, row) =>
    columns.flatMap(({ title, cells }, index) => {
      const mark = index === 0 ? '* ' : '  ';
      return hang(mark, title === '' ? (cells[row] ?? '') : `${title}: ${cells[row] ?? ''}`, width);
    }),
  ).flat();
}

function gridLine(
  columns: readonly Column[],
  cells: readonly string[],
  widths: readonly number[],
  gap: string,
): string {
  return columns
    .map(({ align }, index) => fitText(cells[index] ?? '', widths[index] ?? 0, align))
    .join(gap)
    .trimEnd();
}

/** Widths that fit, taken from the widest columns of text first; null where figures and text have no room. */
function fitWidths(columns: readonly Column[], width: number): readonly number[] | null {
  const widths = columns.map((column) => column.width);
  let excess = widths.reduce((sum, own) => sum + own, 2 * (columns.length - 1)) - width;
  while (excess > 0) {
    const widest = columns.reduce((found, { align }, index) => {
      const own = widths[index] ?? 0;
      return align === 'left' && own > NARROWEST_TEXT && own > (widths[found] ?? 0) ? index : found;
    }, -1);
    if (widest === -1) return null;
    const second = columns.reduce(
      (next, { align }, index) => (align === 'left' && index !== widest ? Math.max(next, widths[index] ?? 0) : next),
      NARROWEST_TEXT,
    );
    const own = widths[widest] ?? 0;
    const less = Math.min(excess, Math.max(1, own - Math.max(second, NARROWEST_TEXT)));
    widths[widest] = own - less;
    excess -= less;
  }
  return widths;
}
