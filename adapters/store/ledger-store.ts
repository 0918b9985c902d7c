import type { Kysely } from 'kysely';
import type { LedgerBatch } from '../../src/domain/ledger.ts';
import type { LedgerRange, LedgerStore } from '../../src/ports/store.ts';
import type { Calls } from './calls.ts';
import type { Database } from './database.ts';
import {
  fromAccountColumns,
  fromLedgerColumns,
  toAccountColumns,
  toDayColumns,
  toLedgerColumns,
} from './ledger-columns.ts';
import { daysPage, deleteOldest, extremeStart, insertRows, rowsPage } from './ledger-tables.ts';
import { sumByModel } from './model-use.ts';
import { chunksOf, pageRows, readPages } from './pages.ts';
import type { AccountsTable, LedgerTable, Tables } from './tables.ts';
import { createTransactions } from './transactions.ts';

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
    commitDays: (days) =>
      write('commit days to the ledger', async (db, signal) => {
        const inserted = await insertRows(db, 'ledger_days', days, toDayColumns, signal);
        return { inserted, known: days.length - inserted };
      }),
    saveOpen: (state) => write('save the open periods', (db) => replaceOpen(db, state)),
    loadOpen: () =>
      read('load the open periods', async (db) => {
        const row = await db.selectFrom('open_periods').select('state').executeTakeFirst();
        return row?.state ?? null;
      }),
    newestStartMs: () => read('read the ledger', (db) => extremeStart(db, 'ledger', 'newest')),
    oldestStartMs: () => read('read the ledger', (db) => extremeStart(db, 'ledger', 'oldest')),
    newestDayMs: () => read('read the ledger', (db) => extremeStart(db, 'ledger_days', 'newest')),
    rows: (range) =>
      read('read the ledger', (db, signal) =>
        readPages(
          (last: LedgerTable | null) => rowsPage(db, range, last).execute(),
          (columns) => fromLedgerColumns(columns, 'ledger'),
          signal,
        ),
      ),
    days: (range) =>
      read('read the days of the ledger', (db, signal) =>
        readPages(
          (last: LedgerTable | null) => daysPage(db, range, last).execute(),
          (columns) => fromLedgerColumns(columns, 'ledger_days'),
          signal,
        ),
      ),
    accounts: (range) =>
      read('read the accounts', (db, signal) =>
        readPages((last) => accountsPage(db, range, last).execute(), fromAccountColumns, signal),
      ),
    modelUse: (range) => read('sum up the ledger by model', (db) => sumByModel(db, flavour, range)),
    forgetHours: (beforeMs, limit) => write('clear the ledger', (db) => deleteOldest(db, beforeMs, limit)),
  };
}

async function insertBatch(db: Kysely<Tables>, batch: LedgerBatch, signal: AbortSignal): Promise<Committed> {
  let inserted = await insertRows(db, 'ledger', batch.rows, toLedgerColumns, signal);
  for (const chunk of chunksOf(batch.accounts)) {
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

function accountsPage(db: Kysely<Tables>, range: Pick<LedgerRange, 'fromMs' | 'toMs'>, last: AccountsTable | null) {
  let query = db.selectFrom('accounts').selectAll().where('start_ms', '<', range.toMs);
  query =
    last === null
      ? query.where('start_ms', '>=', range.fromMs)
      : query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('start_ms', 'platform', 'instance'), '>', tuple(last.start_ms, last.platform, last.instance)),
        );
  return query.orderBy('start_ms').orderBy('platform').orderBy('instance').limit(pageRows);
}
