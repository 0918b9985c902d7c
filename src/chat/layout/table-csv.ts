import { csvText } from '../csv.ts';
import type { TableBlock } from '../reply.ts';
import { safeLine } from '../safe-text.ts';

/** The whole table as it is printed, its titles first. */
export function tableCsv({ columns, rows }: TableBlock): string {
  return csvText(
    columns.map(({ title }) => safeLine(title)),
    rows.map((cells) => cells.map(safeLine)),
  );
}
