import type { OutboxStore } from '../../src/ports/store.ts';
import type { Calls } from './calls.ts';
import type { Connections } from './database.ts';
import { fromOutboxColumns, toOutboxColumns, toResultColumns } from './outbox-columns.ts';
import { mustBeTime } from './row-validity.ts';
import { createTransactions } from './transactions.ts';

/**
 * Whoever changes an entry names the state that he believes it in, and the database changes it only from that state: of
 * several processes that want to send one entry, one succeeds.
 */
export function createOutboxStore(connections: Connections, calls: Calls): OutboxStore {
  const { read, write } = createTransactions(connections, calls);
  return {
    add: (entry) =>
      write('add to the outbox', async (db) => {
        const { numInsertedOrUpdatedRows } = await db
          .insertInto('outbox')
          .values(toOutboxColumns(entry))
          .onConflict((conflict) => conflict.column('key').doNothing())
          .executeTakeFirst();
        return numInsertedOrUpdatedRows === 1n;
      }),

    due: (nowMs, limit) =>
      read('read the outbox', async (db) => {
        const rows = await db
          .selectFrom('outbox')
          .selectAll()
          .where('state', '=', 'waiting')
          .where('not_before_ms', '<=', nowMs)
          .orderBy('priority')
          .orderBy('created_ms')
          .orderBy('key')
          .limit(limit)
          .execute();
        return rows.map(fromOutboxColumns);
      }),

    nextDueMs: () =>
      read('read the outbox', async (db) => {
        const row = await db
          .selectFrom('outbox')
          .select(({ fn }) => fn.min('not_before_ms').as('next'))
          .where('state', '=', 'waiting')
          .executeTakeFirst();
        return row?.next ?? null;
      }),

    begin: (key, nowMs) =>
      write('begin to send', async (db) => {
        mustBeTime(nowMs);
        const { numUpdatedRows } = await db
          .updateTable('outbox')
          .set(({ eb }) => ({ state: 'sending', attempts: eb('attempts', '+', 1), sending_ms: nowMs }))
          .where('key', '=', key)
          .where('state', '=', 'waiting')
          .executeTakeFirst();
        return numUpdatedRows === 1n;
      }),

    end: (key, result) =>
      write('note what became of a post', async (db) => {
        const { numUpdatedRows } = await db
          .updateTable('outbox')
          .set(toResultColumns(result))
          .where('key', '=', key)
          .where('state', '=', 'sending')
          .executeTakeFirst();
        return numUpdatedRows === 1n;
      }),

    entry: (key) =>
      read('read the outbox', async (db) => {
        const row = await db.selectFrom('outbox').selectAll().where('key', '=', key).executeTakeFirst();
        return row === undefined ? null : fromOutboxColumns(row);
      }),

    inState: (state, limit) =>
      read('read the outbox', async (db) => {
        const rows = await db
          .selectFrom('outbox')
          .selectAll()
          .where('state', '=', state)
          .orderBy('created_ms')
          .orderBy('key')
          .limit(limit)
          .execute();
        return rows.map(fromOutboxColumns);
      }),

    forget: (endedBeforeMs, limit) =>
      write('clear the outbox', async (db) => {
        const { numDeletedRows } = await db
          .deleteFrom('outbox')
          .where('key', 'in', (old) =>
            old
              .selectFrom('outbox')
              .select('key')
              .where('ended_ms', '<', endedBeforeMs)
              .orderBy('ended_ms')
              .limit(limit),
          )
          .executeTakeFirst();
        return Number(numDeletedRows);
      }),
  };
}
