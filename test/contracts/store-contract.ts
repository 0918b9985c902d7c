import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LedgerBatch, LedgerRow } from '../../src/domain/ledger.ts';
import type { Store } from '../../src/ports/store.ts';
import { accountRowOf, anyAccountRow, anyLedgerRow, firstHourMs, hourMs, ledgerRowOf } from '../store/ledger-rows.ts';

const allTime = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };

/** What every store promises. `openEmpty` opens one for the farm `test`, as its server, with nothing in it. */
export function storeContract(name: string, openEmpty: () => Promise<Store>): void {
  describe(`${name} as a store`, () => {
    let store: Store;

    beforeEach(async () => {
      store = await openEmpty();
    });
    afterEach(() => store.close());

    describe('when nothing was written', () => {
      test('has no rows, no accounts, no newest period and no open periods', async () => {
        expect(await store.ledger.rows(allTime)).toEqual([]);
        expect(await store.ledger.accounts(allTime)).toEqual([]);
        expect(await store.ledger.newestStartMs()).toBeNull();
        expect(await store.ledger.loadOpen()).toBeNull();
      });

      test('answers a ping', async () => {
        await expect(store.ping()).resolves.toBeUndefined();
      });

      test('takes an empty batch', async () => {
        expect(await store.ledger.commit(batchOf())).toEqual({ inserted: 0, known: 0 });
      });
    });

    describe('what it gives back', () => {
      test.each([
        ['unknown is null, never 0', { site: null, cardJoules: null, wallJoules: null, powerCost: null }],
        ['a very small number', { cardJoules: 1e-300, powerCost: { amount: 5e-324, currency: 'USD' } }],
        ['a very large number', { cardJoules: 1e300, wallJoules: Number.MAX_VALUE }],
        ['a fraction that has no end in binary', { cardJoules: 0.1 + 0.2, observedSeconds: 1 / 3 }],
        ['a loss', { rentedRevenue: { amount: -12.34, currency: 'USD' } }],
        ['nothing rented', { rentedRevenue: { amount: 0, currency: 'USD' } }],
        ['a name in any script', { site: 'Québec–北 🏔' }],
        ['quotes in names', { site: `o'brien "x"; drop table ledger; --` }],
        ['empty lists', { mined: [], models: [], quotes: [] }],
      ] satisfies [string, Partial<LedgerRow>][])('is what was written: %s', async (_, changes) => {
        const row = ledgerRowOf('rig-é-01', firstHourMs, changes);
        await store.ledger.commit(batchOf([row]));
        expect(await store.ledger.rows(allTime)).toStrictEqual([row]);
      });

      test('is what was written, for any rows', async () => {
        const keyOf = (row: { rig: string; startMs: number }) => `${row.startMs} ${row.rig}`;
        await fc.assert(
          fc.asyncProperty(fc.uniqueArray(anyLedgerRow, { maxLength: 8, selector: keyOf }), async (rows) => {
            const offsetMs = await nextFreeMs(store);
            const moved = rows.map((row) => ({ ...row, startMs: row.startMs + offsetMs }));
            expect(await store.ledger.commit(batchOf(moved))).toEqual({ inserted: rows.length, known: 0 });
            const read = await store.ledger.rows({ ...allTime, fromMs: offsetMs });
            expect(read).toStrictEqual(moved.toSorted(byStartThenRig));
          }),
          { numRuns: 40 },
        );
      });

      test('is what was written, for any accounts', async () => {
        await fc.assert(
          fc.asyncProperty(anyAccountRow, async (row) => {
            const account = { ...row, instance: `${row.instance} ${(await store.ledger.accounts(allTime)).length}` };
            await store.ledger.commit(batchOf([], [account]));
            const read = await store.ledger.accounts({ fromMs: account.startMs, toMs: account.startMs + 1 });
            expect(read).toContainEqual(account);
          }),
          { numRuns: 40 },
        );
      });
    });

    describe('a period is written once', () => {
      test('so committing again changes nothing', async () => {
        const batch = batchOf([ledgerRowOf('a', firstHourMs)], [accountRowOf('vast:9090', firstHourMs)]);
        expect(await store.ledger.commit(batch)).toEqual({ inserted: 2, known: 0 });
        expect(await store.ledger.commit(batch)).toEqual({ inserted: 0, known: 2 });
        expect(await store.ledger.rows(allTime)).toEqual(batch.rows);
        expect(await store.ledger.accounts(allTime)).toEqual(batch.accounts);
      });

      test('so the first figures stay when others come later', async () => {
        const first = ledgerRowOf('a', firstHourMs, { cardJoules: 1 });
        await store.ledger.commit(batchOf([first]));
        await store.ledger.commit(batchOf([{ ...first, cardJoules: 2 }]));
        expect(await store.ledger.rows(allTime)).toEqual([first]);
      });

      test('so of overlapping batches only what is new is added', async () => {
        await store.ledger.commit(batchOf(rowsOf(['a'], 0, 6)));
        expect(await store.ledger.commit(batchOf(rowsOf(['a'], 4, 8)))).toEqual({ inserted: 2, known: 2 });
        expect(await store.ledger.rows(allTime)).toEqual(rowsOf(['a'], 0, 8));
      });

      test('so a batch that names a period twice adds it once', async () => {
        const row = ledgerRowOf('a', firstHourMs);
        expect(await store.ledger.commit(batchOf([row, row]))).toEqual({ inserted: 1, known: 1 });
        expect(await store.ledger.rows(allTime)).toEqual([row]);
      });

      test('also when two commits of the same rows run at once', async () => {
        const batch = batchOf(rowsOf(['a', 'b'], 0, 24));
        const results = await Promise.all([store.ledger.commit(batch), store.ledger.commit(batch)]);
        expect(results).toEqual([
          { inserted: 48, known: 0 },
          { inserted: 0, known: 48 },
        ]);
      });
    });

    describe('a range', () => {
      beforeEach(() => store.ledger.commit(batchOf(rowsOf(['b', 'a'], 0, 4), [accountRowOf('vast:9090', at(2))])));

      test('includes its start and excludes its end', async () => {
        const rows = await store.ledger.rows({ fromMs: at(1), toMs: at(3) });
        expect(rows.map(({ startMs }) => startMs)).toEqual([at(1), at(1), at(2), at(2)]);
        expect(await store.ledger.rows({ fromMs: at(1), toMs: at(1) })).toEqual([]);
        expect(await store.ledger.rows({ fromMs: at(3) + 1, toMs: at(9) })).toEqual([]);
      });

      test('is in the order of start, then rig', async () => {
        const rows = await store.ledger.rows({ fromMs: at(0), toMs: at(2) });
        expect(rows.map(({ startMs, rig }) => [startMs, rig])).toEqual([
          [at(0), 'a'],
          [at(0), 'b'],
          [at(1), 'a'],
          [at(1), 'b'],
        ]);
      });

      test('orders names by their bytes, whatever the language of the server', async () => {
        const names = ['Z', 'a', 'B', '_', 'é', 'z', '10', '9'];
        await store.ledger.commit(batchOf(names.map((rig) => ledgerRowOf(rig, at(50)))));
        const rows = await store.ledger.rows({ fromMs: at(50), toMs: at(51) });
        expect(rows.map(({ rig }) => rig)).toEqual(['10', '9', 'B', 'Z', '_', 'a', 'z', 'é']);
      });

      test('can be of one rig, of one site, of both', async () => {
        await store.ledger.commit(batchOf([ledgerRowOf('c', at(1), { site: 'texas' })]));
        await store.ledger.commit(batchOf([ledgerRowOf('d', at(1), { site: null })]));
        const rigsAt = async (filter: { rig?: string; site?: string }) =>
          (await store.ledger.rows({ fromMs: at(1), toMs: at(2), ...filter })).map(({ rig }) => rig);
        expect(await rigsAt({ rig: 'b' })).toEqual(['b']);
        expect(await rigsAt({ site: 'texas' })).toEqual(['c']);
        expect(await rigsAt({ site: 'quebec' })).toEqual(['a', 'b']);
        expect(await rigsAt({ rig: 'a', site: 'texas' })).toEqual([]);
      });

      test('of accounts is by start as well', async () => {
        expect(await store.ledger.accounts({ fromMs: at(2), toMs: at(3) })).toEqual([accountRowOf('vast:9090', at(2))]);
        expect(await store.ledger.accounts({ fromMs: at(3), toMs: at(4) })).toEqual([]);
      });

      test('is summed up by model, but for rows of which it is unknown what was rented', async () => {
        const use = (model: string | null, observedSeconds: number, rentedSeconds: number | null) => ({
          model,
          ownedSeconds: observedSeconds + 60,
          observedSeconds,
          rentedSeconds,
        });
        await store.ledger.commit(
          batchOf([
            ledgerRowOf('e', at(10), { models: [use('RTX 3090', 100, 25), use('RTX 3080', 50, 0)] }),
            ledgerRowOf('f', at(11), { models: [use('RTX 3090', 300.5, 75), use('RTX A4000', 10, null)] }),
            ledgerRowOf('g', at(11), { models: [use(null, 7, 7), use('RTX 3090', 1_000, null)] }),
            ledgerRowOf('h', at(12), { models: [use('RTX 3090', 9, 9)] }),
          ]),
        );
        expect(await store.ledger.modelUse({ fromMs: at(10), toMs: at(12) })).toEqual([
          { model: 'RTX 3080', observedSeconds: 50, rentedSeconds: 0 },
          { model: 'RTX 3090', observedSeconds: 400.5, rentedSeconds: 100 },
        ]);
      });

      test('does not move the newest period, which the rows decide', async () => {
        expect(await store.ledger.newestStartMs()).toBe(at(3));
      });
    });

    describe('open periods', () => {
      test('are what was saved last', async () => {
        await store.ledger.saveOpen('{"one":1}');
        await store.ledger.saveOpen('{"two":"é"}');
        expect(await store.ledger.loadOpen()).toBe('{"two":"é"}');
      });

      test('stay in the order in which they were saved, waited for or not', async () => {
        const states = Array.from({ length: 20 }, (_, index) => `state ${index}`);
        await Promise.all(
          states.map((state, index) =>
            index % 2 === 0
              ? store.ledger.saveOpen(state)
              : store.ledger.commitAndSaveOpen(batchOf(rowsOf([`r${index}`], 0, 5)), state),
          ),
        );
        expect(await store.ledger.loadOpen()).toBe('state 19');
      });

      test('come with a commit in one', async () => {
        await store.ledger.saveOpen('before');
        const committed = await store.ledger.commitAndSaveOpen(batchOf(rowsOf(['a'], 0, 2)), 'after');
        expect(committed).toEqual({ inserted: 2, known: 0 });
        expect(await store.ledger.loadOpen()).toBe('after');
      });

      test('stay as they were where the commit fails, and so do the rows', async () => {
        await store.ledger.saveOpen('before');
        const good = rowsOf(['a'], 0, 700);
        const bad = ledgerRowOf('b', at(0), { cardJoules: Number.NaN });
        await expect(store.ledger.commitAndSaveOpen(batchOf([...good, bad]), 'after')).rejects.toThrow(
          /rig b .*cardJoules/s,
        );
        expect(await store.ledger.loadOpen()).toBe('before');
        expect(await store.ledger.rows(allTime)).toEqual([]);
      });

      test('hold the state of a large farm', async () => {
        const state = JSON.stringify(rowsOf(['a'], 0, 5_000));
        await store.ledger.saveOpen(state);
        expect(await store.ledger.loadOpen()).toBe(state);
      });
    });

    test.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %s, which no row can mean', async (amount) => {
      const row = ledgerRowOf('a', firstHourMs, { powerCost: { amount, currency: 'USD' } });
      await expect(store.ledger.commit(batchOf([row]))).rejects.toThrow(/powerCost/);
      const mined = { algorithm: null, coin: null, hashes: amount, gpuSeconds: 1, revenue: null };
      await expect(store.ledger.commit(batchOf([{ ...row, powerCost: null, mined: [mined] }]))).rejects.toThrow(
        /hashes/,
      );
      expect(await store.ledger.rows(allTime)).toEqual([]);
    });

    test('writes all of a number of days or none', async () => {
      const days = Array.from({ length: 300 }, (_, rig) => ledgerRowOf(`rig-${rig}`, at(0), { seconds: 86_400 }));
      const bad = { ...ledgerRowOf('b', at(0)), cardJoules: Number.NaN };
      await expect(store.ledger.commitDays([...days, bad])).rejects.toThrow(/rig b .*cardJoules/s);
      const endless = ledgerRowOf('b', at(0), { seconds: 200_000 });
      await expect(store.ledger.commitDays([...days, endless])).rejects.toThrow(/day of rig b/);
      expect(await store.ledger.days(allTime)).toEqual([]);
    });

    test('commits and reads an hour of 10,000 rigs', async () => {
      const rigs = Array.from({ length: 10_000 }, (_, index) => `rig-${String(index).padStart(5, '0')}`);
      const batch = batchOf(rowsOf(rigs, 0, 1));
      expect(await store.ledger.commitAndSaveOpen(batch, '{}')).toEqual({ inserted: 10_000, known: 0 });
      const rows = await store.ledger.rows(allTime);
      expect(rows.length).toBe(10_000);
      expect(rows.map(({ rig }) => rig)).toEqual(rigs);
    });

    test('sees a batch whole or not at all while it is being written', async () => {
      const rigs = Array.from({ length: 300 }, (_, index) => `rig-${index}`);
      await store.ledger.commit(batchOf(rowsOf(rigs, 50, 53)));
      let writing = true;
      const writer = (async () => {
        // Half of each batch lies before the rows that a reader is at, half of it behind them.
        for (let step = 1; step <= 12; step += 1) {
          await store.ledger.commit(
            batchOf([...rowsOf(rigs, 50 - step, 51 - step), ...rowsOf(rigs, 52 + step, 53 + step)]),
          );
        }
      })().finally(() => {
        writing = false;
      });
      const seen: number[] = [];
      while (writing) seen.push((await store.ledger.rows(allTime)).length);
      await writer;
      expect(seen.filter((count) => count % 600 !== 300)).toEqual([]);
    });

    test('finishes what was asked before it closes, and takes nothing after', async () => {
      const committing = store.ledger.commit(batchOf(rowsOf(['a'], 0, 1_000)));
      await store.close();
      expect(await committing).toEqual({ inserted: 1_000, known: 0 });
      await expect(store.ledger.rows(allTime)).rejects.toThrow(/closed/);
      await expect(store.ping()).rejects.toThrow(/closed/);
    });
  });
}

function batchOf(rows: LedgerBatch['rows'] = [], accounts: LedgerBatch['accounts'] = []): LedgerBatch {
  return { rows, accounts };
}

/** Start of an hour. */
function at(hour: number): number {
  return firstHourMs + hour * hourMs;
}

function rowsOf(rigs: readonly string[], fromHour: number, toHour: number): LedgerRow[] {
  const hours = Array.from({ length: toHour - fromHour }, (_, index) => fromHour + index);
  return hours.flatMap((hour) => rigs.map((rig) => ledgerRowOf(rig, at(hour))));
}

function byStartThenRig(a: LedgerRow, b: LedgerRow): number {
  return a.startMs - b.startMs || Buffer.compare(Buffer.from(a.rig), Buffer.from(b.rig));
}

async function nextFreeMs(store: Store): Promise<number> {
  const newest = await store.ledger.newestStartMs();
  return newest === null ? 0 : newest + 1;
}
