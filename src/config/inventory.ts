import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import type { InventoryRow } from '../domain/farm.ts';
import { describeFound, type Mistake } from './mistake.ts';
import { nearestName } from './nearest.ts';
import { type Amount, currency, isoDate, name, orUnknown, pageUrl, price, reading } from './values.ts';

const wattsText = reading((written) => {
  const value = typeof written === 'string' && /^\d+(?:\.\d+)?$/.test(written) ? Number(written) : null;
  return value === null ? { allowed: 'watts, such as 1600' } : { value };
});

/** A bare number of a cell is text. */
const priceText = z.preprocess(
  (written) => (typeof written === 'string' && /^\d+(?:\.\d+)?$/.test(written) ? Number(written) : written),
  price,
);

const cells = {
  rig: name,
  site: orUnknown(name),
  rack: orUnknown(name),
  shelf: orUnknown(name),
  pdu: orUnknown(name),
  outlet: orUnknown(name),
  switch: orUnknown(name),
  psuWatts: orUnknown(wattsText),
  consoleUrl: orUnknown(pageUrl),
  purchasePrice: orUnknown(priceText),
  purchaseCurrency: orUnknown(currency),
  purchaseDate: orUnknown(isoDate),
};

const rowSchema = z
  .object(cells)
  .refine(
    (row) =>
      !row.purchasePrice?.currency || !row.purchaseCurrency || row.purchasePrice.currency === row.purchaseCurrency,
    {
      path: ['purchaseCurrency'],
      error: 'the currency of purchasePrice, or none',
    },
  );

export const inventoryColumns: readonly string[] = Object.keys(cells);

export interface InventoryLine {
  /** Line of the file, the header being 1. */
  readonly line: number;
  readonly rig: string | null;
  readonly site: string | null;
  /** Null where a cell is wrong. */
  readonly row: InventoryRow | null;
}

export interface Inventory {
  readonly lines: readonly InventoryLine[];
  readonly mistakes: readonly Mistake[];
}

/** Path of a mistake in a cell. */
export function cellPath(line: number, column: string): string {
  return `inventory line ${line}, ${column}`;
}

/** Reads `rigs.csv`. @param farmCurrency of a price without a currency. Never throws. */
export function parseInventory(text: string, farmCurrency: string): Inventory {
  const table = readTable(text);
  if (typeof table === 'string') {
    return { lines: [], mistakes: [{ path: 'inventory', found: table, allowed: 'CSV with commas and a header line' }] };
  }
  const [header, ...records] = table;
  if (header === undefined) {
    return {
      lines: [],
      mistakes: [{ path: 'inventory', found: 'an empty file', allowed: `a header: ${inventoryColumns.join(',')}` }],
    };
  }
  const { columns, mistakes } = settleColumns(header.cells);
  if (!columns.includes('rig')) return { lines: [], mistakes };
  const lines: InventoryLine[] = [];
  const firstLines = new Map<string, number>();
  for (const record of records) {
    const read = readRecord(record, columns, farmCurrency);
    mistakes.push(...read.mistakes);
    lines.push(read.line);
    const { rig } = read.line;
    const first = rig === null ? undefined : firstLines.get(rig);
    if (rig !== null && first === undefined) firstLines.set(rig, record.line);
    if (rig !== null && first !== undefined) mistakes.push(rigTwice(rig, record.line, first));
  }
  return { lines, mistakes };
}

function rigTwice(rig: string, line: number, first: number): Mistake {
  return {
    path: cellPath(line, 'rig'),
    found: `${describeFound(rig)}, which line ${first} has already`,
    allowed: 'each rig once',
  };
}

interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** The records, or why there are none. */
function readTable(text: string): readonly CsvRecord[] | string {
  const records: CsvRecord[] = [];
  try {
    parse(text, {
      bom: true,
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: 65_536,
      on_record: (record, { lines }) => {
        records.push({ line: lines, cells: record });
        return null;
      },
    });
    return records;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 200) : String(error);
  }
}

/** The columns' names in the order of the file; a misspelt one counts as the one that was meant, a foreign one as null. */
function settleColumns(header: readonly string[]): { columns: (string | null)[]; mistakes: Mistake[] } {
  const mistakes: Mistake[] = [];
  const columns: (string | null)[] = [];
  const allowed = inventoryColumns.join(', ');
  for (const written of header) {
    const isKnown = inventoryColumns.includes(written);
    const nearest = isKnown
      ? written
      : nearestName(
          written,
          inventoryColumns.filter((column) => !header.includes(column)),
        );
    if (!isKnown) {
      mistakes.push({
        path: 'inventory line 1',
        found: `column ${describeFound(written)}`,
        allowed,
        ...(nearest && { nearest }),
      });
    }
    if (nearest !== undefined && columns.includes(nearest)) {
      mistakes.push({ path: 'inventory line 1', found: `column ${nearest} twice`, allowed: 'each column once' });
    }
    columns.push(nearest ?? null);
  }
  if (!columns.includes('rig')) mistakes.push({ path: 'inventory line 1', found: 'no column rig', allowed });
  return { columns, mistakes };
}

function readRecord(
  { line, cells: texts }: CsvRecord,
  columns: readonly (string | null)[],
  farmCurrency: string,
): { readonly line: InventoryLine; readonly mistakes: readonly Mistake[] } {
  if (texts.length !== columns.length) {
    const allowed = `${columns.length} cells, as in the header`;
    const mistake = { path: `inventory line ${line}`, found: `${texts.length} cells`, allowed };
    return { line: { line, rig: null, site: null, row: null }, mistakes: [mistake] };
  }
  const written = new Map(columns.flatMap((column, index) => (column && texts[index] ? [[column, texts[index]]] : [])));
  const parsed = rowSchema.safeParse(Object.fromEntries(written));
  const row = parsed.success ? inventoryRow(parsed.data, farmCurrency) : null;
  const issues = parsed.success ? [] : parsed.error.issues;
  const mistakes = issues.map((issue) => {
    const column = String(issue.path[0]);
    return { path: cellPath(line, column), found: describeFound(written.get(column)), allowed: issue.message };
  });
  return { line: { line, rig: written.get('rig') ?? null, site: written.get('site') ?? null, row }, mistakes };
}

function inventoryRow(cell: z.output<typeof rowSchema>, farmCurrency: string): InventoryRow {
  const { purchaseCurrency, purchasePrice, ...row } = cell;
  return { ...row, purchasePrice: purchasePrice && purchaseMoney(purchasePrice, purchaseCurrency ?? farmCurrency) };
}

function purchaseMoney({ amount, currency: own }: Amount, otherwise: string) {
  return { amount, currency: own ?? otherwise };
}
