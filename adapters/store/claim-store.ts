import type { ClaimStore } from '../../src/ports/store.ts';
import type { Calls } from './calls.ts';
import type { Connections } from './database.ts';
import { mustBeTime } from './row-validity.ts';
import { createTransactions } from './transactions.ts';

/** The key is the table's primary key: the database itself sees to it that one insert alone succeeds. */
export function createClaimStore(connections: Connections, calls: Calls): ClaimStore {
  const { write } = createTransactions(connections, calls);
  return {
    claim: (key, nowMs) =>
      write('claim', async (db) => {
        mustBeTime(nowMs);
        const { numInsertedOrUpdatedRows } = await db
          .insertInto('claims')
          .values({ key, claimed_ms: nowMs })
          .onConflict((conflict) => conflict.column('key').doNothing())
          .executeTakeFirst();
        return numInsertedOrUpdatedRows === 1n;
      }),

    forget: (claimedBeforeMs, limit) =>
      write('clear the claims', async (db) => {
        const { numDeletedRows } = await db
          .deleteFrom('claims')
          .where('key', 'in', (old) =>
            old
              .selectFrom('claims')
              .select('key')
              .where('claimed_ms', '<', claimedBeforeMs)
              .orderBy('claimed_ms')
              .limit(limit),
          )
          .executeTakeFirst();
        return Number(numDeletedRows);
      }),
  };
}
