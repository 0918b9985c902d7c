import { Kysely } from 'kysely';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { Calls } from '../../adapters/store/calls.ts';
import { createLedgerStore } from '../../adapters/store/ledger-store.ts';
import { sqliteThreadDialect } from '../../adapters/store/sqlite-dialect.ts';
import { SqliteThread } from '../../adapters/store/sqlite-thread.ts';
import type { Tables } from '../../adapters/store/tables.ts';
import type { LedgerStore } from '../../src/ports/store.ts';

const timeoutMs = 250;
const allTime = { fromMs: 0, toMs: 1 };

describe('a database thread that is broken', () => {
  let thread: SqliteThread;
  let ledger: LedgerStore;
  let calls: Calls;
  beforeEach(async () => {
    thread = new SqliteThread(new URL('./broken-worker.ts', import.meta.url));
    onTestFinished(() => thread.terminate());
    const db = new Kysely<Tables>({ dialect: sqliteThreadDialect(thread) });
    // As in a store that is open: the driver's first user would else be overtaken by the next.
    await db.connection().execute(async () => {});
    calls = new Calls('here', timeoutMs);
    ledger = createLedgerStore({ flavour: 'sqlite', reader: db, writer: db }, calls);
  });

  test('and says nothing lets a call fail when its time is up, and those behind it', async () => {
    const results = await Promise.allSettled([ledger.rows(allTime), ledger.newestStartMs(), ledger.saveOpen('x')]);
    for (const result of results) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { name: 'UpstreamError', system: 'store', message: expect.stringContaining('no answer within 250 ms') },
      });
    }
  });

  test('and dies lets the call under way fail, and all that come later, at once', async () => {
    await expect(ledger.saveOpen('x')).rejects.toMatchObject({ name: 'UpstreamError', system: 'store' });
    const later = ledger.rows(allTime);
    await expect(later).rejects.toThrow(/Cannot read the ledger \(here\): the database thread has ended/);
  });

  test('does not keep the store from closing', async () => {
    const reading = ledger.rows(allTime).catch(() => null);
    expect(await calls.finish()).toBe(false);
    await reading;
  });
});
