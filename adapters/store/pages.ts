/**
 * Rows of one insert or one page of reading. The ledger's 23 columns times this stay below SQLite's 32,766 variables and
 * PostgreSQL's 65,535, and building or reading one keeps the main thread busy for some milliseconds.
 */
export const pageRows = 250;

/** Each page begins after the last row of the one before; the pause between them leaves the main thread to others. */
export async function readPages<Columns, Row>(
  page: (last: Columns | null) => Promise<Columns[]>,
  decode: (columns: Columns) => Row,
  signal: AbortSignal,
): Promise<Row[]> {
  const rows: Row[] = [];
  let last: Columns | null = null;
  do {
    signal.throwIfAborted();
    const read: Columns[] = await page(last);
    for (const columns of read) rows.push(decode(columns));
    last = read.length < pageRows ? null : (read.at(-1) ?? null);
  } while (last !== null);
  return rows;
}

/** In order, each of `size` rows but the last. */
export function chunksOf<T>(rows: readonly T[], size = pageRows): T[][] {
  const count = Math.ceil(rows.length / size);
  return Array.from({ length: count }, (_, index) => rows.slice(index * size, (index + 1) * size));
}
