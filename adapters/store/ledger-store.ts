import type { Kysely } from 'kysely';
import type { LedgerBatch } from '../../src/domain/ledger.ts';
import type { LedgerRange, LedgerStore } from '../../src/ports/store.ts';
import type { Calls } from './calls.ts';
import type { Database } from './database.ts';
import { fromAccountColumns, fromLedgerColumns, toAccountColumns, toLedgerColumns } from './ledger-columns.ts';
import { sumByModel } from './model-use.ts';
import type { AccountsTable, LedgerTable, Tables } from './tables.ts';
import { createTransactions } from './transactions.ts';

/**
 * Rows of one insert or one page of reading. 22 columns times this stays below SQLite's 32,766 variables and
 * PostgreSQL's 65,535, and building or reading one keeps the main thread busy for some milliseconds.
 */
const chunkRows = 250;

const openPeriodsId = 1;

interface Committed {
  readonly inserted: number;
  readonly known: number;
}

type LedgerDatabase = Pick<Database, 'reader' | 'writer' | 'flavour'>;

/** Without a writer nothing can be written. */
export function createLedgerStore({ reader, writer, flavour }: LedgerDatabase, calls: Calls): LedgerStore {
  const { read, write } = createTransactions({ reader, writer }, calls);

  return {
    commit: (batch) => write('commit to the ledger', (db, signal) => insertBatch(db, batch, signal)),
    commitAndSaveOpen: (batch, state) =>
      write('commit to the ledger', async (db, signal) => {
        const committed = await insertBatch(db, batch, signal);
        await replaceOpen(db, state);
        return committed;
      }),
    saveOpen: (state) => write('save the open periods', (db) => replaceOpen(db, state)),
    loadOpen: () =>
      read('load the open periods', async (db) => {
        const row = await db.selectFrom('open_periods').select('state').executeTakeFirst();
        return row?.state ?? null;
      }),
    newestStartMs: () =>
      read('read the ledger', async (db) => {
        const row = await db
          .selectFrom('ledger')
          .select(({ fn }) => fn.max('start_ms').as('newest'))
          .executeTakeFirst();
        return row?.newest ?? null;
      }),
    rows: (range) =>
      read('read the ledger', (db, signal) =>
        readPages((last) => ledgerPage(db, range, last).execute(), fromLedgerColumns, signal),
      ),
    accounts: (range) =>
      read('read the accounts', (db, signal) =>
        readPages((last) => accountsPage(db, range, last).execute(), fromAccountColumns, signal),
      ),
    modelUse: (range) => read('sum up the ledger by model', (db) => sumByModel(db, flavour, range)),
  };
}

async function insertBatch(db: Kysely<Tables>, batch: LedgerBatch, signal: AbortSignal): Promise<Committed> {
  let inserted = 0;
  for (const chunk of chunks(batch.rows)) {
    signal.throwIfAborted();
    const result = await db
      .insertInto('ledger')
      .values(chunk.map(toLedgerColumns))
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    inserted += Number(result.numInsertedOrUpdatedRows);
  }
  for (const chunk of chunks(batch.accounts)) {
    signal.throwIfAborted();
    const result = await db
      .insertInto('accounts')
      .values(chunk.map(toAccountColumns))
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    inserted += Number(result.numInsertedOrUpdatedRows);
  }
  return { inserted, known: batch.rows.length + batch.accounts.length - inserted };
}

async function replaceOpen(db: Kysely<Tables>, state: string): Promise<void> {
  await db
    .insertInto('open_periods')
    .values({ id: openPeriodsId, state })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ state }))
    .execute();
}

function ledgerPage(db: Kysely<Tables>, range: LedgerRange, last: LedgerTable | null) {
  let query = db.selectFrom('ledger').selectAll().where('start_ms', '<', range.toMs);
  if (range.rig !== undefined) query = query.where('rig', '=', range.rig);
  if (range.site !== undefined) query = query.where('site', '=', range.site);
  query =
    last === null
      ? query.where('start_ms', '>=', range.fromMs)
      : query.where(({ eb, refTuple, tuple }) => eb(refTuple('start_ms', 'rig'), '>', tuple(last.start_ms, last.rig)));
  return query.orderBy('start_ms').orderBy('rig').limit(chunkRows);
}

function accountsPage(db: Kysely<Tables>, range: Pick<LedgerRange, 'fromMs' | 'toMs'>, last: AccountsTable | null) {
  let query = db.selectFrom('accounts').selectAll().where('start_ms', '<', range.toMs);
  query =
    last === null
      ? query.where('start_ms', '>=', range.fromMs)
      : query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('start_ms', 'platform', 'instance'), '>', tuple(last.start_ms, last.platform, last.instance)),
        );
  return query.orderBy('start_ms').orderBy('platform').orderBy('instance').limit(chunkRows);
}

/** Each page begins after the last row of the one before; the pause between them leaves the main thread to others. */
async function readPages<Columns, Row>(
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
    last = read.length < chunkRows ? null : (read.at(-1) ?? null);
  } while (last !== null);
  return rows;
}

function chunks<T>(rows: readonly T[]): T[][] {
  const count = Math.ceil(rows.length / chunkRows);
  return Array.from({ length: count }, (_, index) => rows.slice(index * chunkRows, (index + 1) * chunkRows));
}
