import { displayWidth } from '../../src/chat/display-width.ts';
import type { TableBlock } from '../../src/chat/reply.ts';
import { safeText } from './safe-text.ts';
import { fitText, hang } from './wrap.ts';

const GAP = '  ';
/** A column of text narrower than this says nothing. */
const NARROWEST_TEXT = 8;

interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  readonly cells: readonly string[];
  readonly width: number;
}

/**
 * The table's lines, header first. Columns of text are cut with `…` to fit, figures never: a cut figure is another
 * figure. What does not fit even so stands one row under the other. Every row is there.
 */
export function tableLines(table: TableBlock, width: number, header: (line: string) => string): string[] {
  const columns = columnsOf(table);
  const widths = fitWidths(columns, width);
  if (widths === null) return stackedLines(columns, table.rows.length, width);
  const line = (cellOf: (column: Column) => string): string =>
    columns
      .map((column, index) => fitText(cellOf(column), widths[index] ?? 0, column.align))
      .join(GAP)
      .trimEnd();
  const rows = table.rows.map((_, row) => line((column) => column.cells[row] ?? ''));
  const cut = columns.some((column, index) => column.width > (widths[index] ?? 0));
  return [
    header(line((column) => column.title)),
    ...rows,
    ...(cut ? hang('', `(… is text cut to ${width} columns; a wider window shows it)`, width) : []),
  ];
}

/** As many as the widest row has, should a row have more cells than there are titles. */
function columnsOf({ columns, rows }: TableBlock): Column[] {
  const count = rows.reduce((most, row) => Math.max(most, row.length), columns.length);
  return Array.from({ length: count }, (_, index) => {
    const title = safeText(columns[index]?.title ?? '');
    const cells = rows.map((row) => safeText(row[index] ?? ''));
    const width = cells.reduce((widest, cell) => Math.max(widest, displayWidth(cell)), displayWidth(title));
    return { title, align: columns[index]?.align ?? 'left', cells, width };
  });
}

/** Widths that fit, taken from the widest columns of text first; null where figures and text have no room. */
function fitWidths(columns: readonly Column[], width: number): number[] | null {
  const widths = columns.map((column) => column.width);
  let excess = widths.reduce((sum, own) => sum + own, GAP.length * (columns.length - 1)) - width;
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

function stackedLines(columns: readonly Column[], rows: number, width: number): string[] {
  return Array.from({ length: rows }, (_, row) =>
    columns.flatMap(({ title, cells }, index) => {
      const mark = index === 0 ? '* ' : '  ';
      return hang(mark, title === '' ? (cells[row] ?? '') : `${title}: ${cells[row] ?? ''}`, width);
    }),
  ).flat();
}
