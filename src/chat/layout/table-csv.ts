import type { TableBlock } from '../reply.ts';
import { safeLine } from '../safe-text.ts';

/** A spreadsheet would run these as formulas; a figure below zero is none. */
const formula = /^(?:[=+@\t\r]|-(?![\p{Number}\p{Currency_Symbol}\p{Lu}.,∞]))/u;

/** The whole table as RFC 4180 asks for it, header first; names that a spreadsheet would run begin with `'`. */
export function tableCsv({ columns, rows }: TableBlock): string {
  const lines = [columns.map(({ title }) => title), ...rows];
  return lines.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

function csvCell(text: string): string {
  const safe = safeLine(text);
  const harmless = formula.test(safe) ? `'${safe}` : safe;
  return /[",']|^\s|\s$/.test(harmless) ? `"${harmless.replace(/"/g, '""')}"` : harmless;
}
