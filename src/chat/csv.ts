/** Text, a plain number, or nothing known. */
export type CsvCell = string | number | null;

/** A spreadsheet would run what begins like this. */
const formula = /^[=+\-@\t\r]/;
/** A figure below zero as it is printed, with its unit: `-5.5`, `-CA$5.00`, `-10,49 $ US`. Nothing in it can be run. */
const figure =
  /^-(?:[A-Z]{0,3}\p{Currency_Symbol})?\d[\d.,\u00a0\u202f ]*[\p{Letter}\p{Currency_Symbol}%°.\u00a0\u202f ]*$/u;

/**
 * A list for programs and spreadsheets, as RFC 4180 asks for it: header first, numbers with a point, unknown empty. A text
 * that a spreadsheet would run begins with `'`.
 */
export function csvText(header: readonly string[], rows: Iterable<readonly CsvCell[]>): string {
  let text = csvLine(header);
  for (const row of rows) text += csvLine(row);
  return text;
}

function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const harmless = formula.test(cell) && !figure.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]|^[\s']|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
