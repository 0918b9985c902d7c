import { type Kysely, sql } from 'kysely';
import type { LedgerRow } from '../../src/domain/ledger.ts';
import type { LedgerRange } from '../../src/ports/store.ts';
import { longestDaySeconds } from './ledger-columns.ts';
import { chunksOf, pageRows } from './pages.ts';
import type { LedgerTable, Tables } from './tables.ts';

/** Hours and days of rigs have the same columns and the same key. */
type PeriodTable = 'ledger' | 'ledger_days';

/** Leaves a row that is there as it is; answers with how many were not. */
export async function insertRows(
  db: Kysely<Tables>,
  table: PeriodTable,
  rows: readonly LedgerRow[],
  toColumns: (row: LedgerRow) => LedgerTable,
  signal: AbortSignal,
): Promise<number> {
  let inserted = 0;
  for (const chunk of chunksOf(rows)) {
    signal.throwIfAborted();
    const result = await db
      .insertInto(table)
      .values(chunk.map(toColumns))
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    inserted += Number(result.numInsertedOrUpdatedRows);
  }
  return inserted;
}

/** Hours that start in the range. */
export function rowsPage(db: Kysely<Tables>, range: LedgerRange, last: LedgerTable | null) {
  const query = page(db, 'ledger', range, last);
  return last === null ? query.where('start_ms', '>=', range.fromMs) : query;
}

/** Days that overlap the range. The first condition lets the index find them, the second one decides. */
export function daysPage(db: Kysely<Tables>, range: LedgerRange, last: LedgerTable | null) {
  return page(db, 'ledger_days', range, last)
    .where('start_ms', '>', range.fromMs - longestDaySeconds * 1_000)
    .where(sql<number>`start_ms + seconds * 1000`, '>', range.fromMs);
}

/** What starts before the range's end and comes after the last row of the page before. */
function page(db: Kysely<Tables>, table: PeriodTable, { toMs, rig, site }: LedgerRange, last: LedgerTable | null) {
  let query = db.selectFrom(table).selectAll().where('start_ms', '<', toMs);
  if (rig !== undefined) query = query.where('rig', '=', rig);
  if (site !== undefined) query = query.where('site', '=', site);
  if (last !== null) {
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('start_ms', 'rig'), '>', tuple(last.start_ms, last.rig)),
    );
  }
  return query.orderBy('start_ms').orderBy('rig').limit(pageRows);
}

/** Unix ms, null where there is no row. */
export async function extremeStart(
  db: Kysely<Tables>,
  table: PeriodTable,
  which: 'oldest' | 'newest',
): Promise<number | null> {
  const row = await db
    .selectFrom(table)
    .select(({ fn }) => (which === 'oldest' ? fn.min('start_ms') : fn.max('start_ms')).as('start_ms'))
    .executeTakeFirst();
  return row?.start_ms ?? null;
}

/** Hours that start before, the oldest first. */
export async function deleteOldest(db: Kysely<Tables>, beforeMs: number, limit: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('ledger')
    .where(({ eb, refTuple, selectFrom }) =>
      eb(
        refTuple('rig', 'start_ms'),
        'in',
        selectFrom('ledger')
          .select(['rig', 'start_ms'])
          .where('start_ms', '<', beforeMs)
          .orderBy('start_ms')
          .orderBy('rig')
          .limit(limit)
          .$asTuple('rig', 'start_ms'),
      ),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}
