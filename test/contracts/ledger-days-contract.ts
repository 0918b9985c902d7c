import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LedgerRow, MoneyParts } from '../../src/domain/ledger.ts';
import type { LedgerStore, Store } from '../../src/ports/store.ts';
import { accountRowOf, firstHourMs, hourMs, ledgerRowOf } from '../store/ledger-rows.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';

const allTime = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };
const dayMs = 24 * hourMs;

/** What every ledger promises of days, and of hours that it lets go. */
export function ledgerDaysContract(name: string, openEmpty: () => Promise<Pick<Store, 'ledger' | 'close'>>): void {
  describe(`${name} as a ledger of days`, () => {
    let store: Pick<Store, 'ledger' | 'close'>;
    let ledger: LedgerStore;
    beforeEach(async () => {
      store = await openEmpty();
      ledger = store.ledger;
    });
    afterEach(() => store.close());

    test('has none at first', async () => {
      expect(await ledger.days(allTime)).toEqual([]);
      expect(await ledger.newestDayMs()).toBeNull();
      expect(await ledger.oldestStartMs()).toBeNull();
      expect(await ledger.commitDays([])).toEqual({ inserted: 0, known: 0 });
      expect(await ledger.forgetHours(Number.MAX_SAFE_INTEGER, 10)).toBe(0);
    });

    test('keeps a day as it was written first, apart from the hours', async () => {
      const asicSeconds = { ...ledgerRowOf('a', 0).stateSeconds, mining: 7.5 };
      const day = dayOf('a', 0, { seconds: 90_000, asicSeconds, parts });
      expect(await ledger.commitDays([day, dayOf('b', 0)])).toEqual({ inserted: 2, known: 0 });
      expect(await ledger.commitDays([{ ...day, cardJoules: 1 }, dayOf('a', 1)])).toEqual({ inserted: 1, known: 1 });
      expect(await ledger.days(allTime)).toStrictEqual([day, dayOf('b', 0), dayOf('a', 1)]);
      expect(await ledger.newestDayMs()).toBe(firstHourMs + dayMs);
      expect(await ledger.rows(allTime)).toEqual([]);
      expect(await ledger.newestStartMs()).toBeNull();
    });

    test('gives the days that overlap a range, however long each of them is', async () => {
      const long = dayOf('a', 0, { seconds: 25 * 3_600 });
      const short = dayOf('b', 0, { seconds: 23 * 3_600 });
      await ledger.commitDays([long, short, dayOf('a', 3)]);
      const rigsIn = async (fromHour: number, toHour: number) =>
        (await ledger.days({ fromMs: at(fromHour), toMs: at(toHour) })).map(({ rig }) => rig);
      expect(await rigsIn(-5, 0)).toEqual([]);
      expect(await rigsIn(-5, 1)).toEqual(['a', 'b']);
      expect(await rigsIn(22, 23)).toEqual(['a', 'b']);
      expect(await rigsIn(23, 24)).toEqual(['a']);
      expect(await rigsIn(24, 25)).toEqual(['a']);
      expect(await rigsIn(25, 72)).toEqual([]);
      expect(await rigsIn(25, 73)).toEqual(['a']);
    });

    test('gives those of one rig, of one site, of both', async () => {
      await ledger.commitDays([dayOf('a', 0), dayOf('b', 0), dayOf('c', 0, { site: 'texas' }), dayOf('a', 1)]);
      const namesOf = async (filter: { rig?: string; site?: string }) =>
        (await ledger.days({ ...allTime, ...filter })).map(({ rig }) => rig);
      expect(await namesOf({ rig: 'a' })).toEqual(['a', 'a']);
      expect(await namesOf({ site: 'texas' })).toEqual(['c']);
      expect(await namesOf({ rig: 'a', site: 'texas' })).toEqual([]);
    });

    test('forgets hours that start before, the oldest first, so many at a time; days and payouts stay', async () => {
      const hours = [0, 1, 2, 3].flatMap((hour) => ['b', 'a'].map((rig) => ledgerRowOf(rig, at(hour))));
      await ledger.commit({ rows: hours, accounts: [accountRowOf('vast:9090', at(0))] });
      await ledger.commitDays([dayOf('a', 0)]);
      expect(await ledger.oldestStartMs()).toBe(at(0));
      expect(await ledger.forgetHours(at(0), 100)).toBe(0);
      expect(await ledger.forgetHours(at(2), 3)).toBe(3);
      expect((await ledger.rows(allTime)).map(({ rig, startMs }) => [rig, startMs])).toEqual([
        ['b', at(1)],
        ...[2, 3].flatMap((hour) => [
          ['a', at(hour)],
          ['b', at(hour)],
        ]),
      ]);
      expect(await ledger.forgetHours(at(2), 3)).toBe(1);
      expect(await ledger.forgetHours(at(2), 3)).toBe(0);
      expect(await ledger.oldestStartMs()).toBe(at(2));
      expect(await ledger.newestStartMs()).toBe(at(3));
      expect(await ledger.days(allTime)).toEqual([dayOf('a', 0)]);
      expect(await ledger.accounts(allTime)).toHaveLength(1);
    });

    test('goes on with what is asked while it forgets', async () => {
      const rigs = Array.from({ length: 300 }, (_, index) => `rig-${String(index).padStart(3, '0')}`);
      for (const hour of [0, 1, 2]) {
        await ledger.commit({ rows: rigs.map((rig) => ledgerRowOf(rig, at(hour))), accounts: [] });
      }
      const forgetting = (async () => {
        while ((await ledger.forgetHours(at(2), 50)) > 0);
      })();
      const later = Promise.all(
        [3, 4].map((hour) => ledger.commit({ rows: [ledgerRowOf('a', at(hour))], accounts: [] })),
      );
      const read = await ledger.rows({ fromMs: at(2), toMs: at(3) });
      await Promise.all([forgetting, later]);
      expect(read.map(({ rig }) => rig)).toEqual(rigs);
      expect((await ledger.rows(allTime)).length).toBe(302);
    });

    test('answers any sequence of calls as the one in memory does', async () => {
      // Days are for ever, so both go on with what the sequences before left.
      const model = new MemoryLedger();
      await fc.assert(
        fc.asyncProperty(fc.array(anyCall, { minLength: 10, maxLength: 25 }), async (calls) => {
          for (const call of calls) expect(await call(ledger)).toStrictEqual(await call(model));
        }),
        { numRuns: 20 },
      );
    });
  });
}

/** An accounting day that begins so many days after the first. */
function dayOf(rig: string, day: number, changes: Partial<LedgerRow> = {}): LedgerRow {
  return ledgerRowOf(rig, firstHourMs + day * dayMs, { seconds: 86_400, ...changes });
}

const parts: MoneyParts = {
  rentedKnownSeconds: 1.5,
  rentedUnknownSeconds: 2,
  powerKnownSeconds: 3,
  powerUnknownSeconds: 4,
  asicKnownSeconds: 5,
  asicUnknownSeconds: 6,
  miningPower: 0.07,
  rentedPower: 0.08,
};

function at(hour: number): number {
  return firstHourMs + hour * hourMs;
}

const aRow = fc
  .record({
    rig: fc.constantFrom('a', 'b', 'c'),
    site: fc.constantFrom('quebec', null),
    seconds: fc.constantFrom(3_600, 82_800, 86_400, 90_000),
    startMs: fc.integer({ min: 0, max: 60 }).map(at),
    asicSeconds: fc.constantFrom(null, ledgerRowOf('a', 0).stateSeconds),
  })
  .map(({ rig, startMs, ...changes }) => ledgerRowOf(rig, startMs, changes));
const rows = fc.array(aRow, { maxLength: 4 });
const aTime = fc.integer({ min: -2, max: 90 }).map(at);
const aRange = fc.record(
  { fromMs: aTime, toMs: aTime, rig: fc.constantFrom('a', 'b'), site: fc.constant('quebec') },
  { requiredKeys: ['fromMs', 'toMs'], noNullPrototype: true },
);

const anyCall: fc.Arbitrary<(ledger: LedgerStore) => Promise<unknown>> = fc.oneof(
  rows.map((written) => (ledger: LedgerStore) => ledger.commit({ rows: written, accounts: [] })),
  rows.map((days) => (ledger: LedgerStore) => ledger.commitDays(days)),
  aRange.map((range) => (ledger: LedgerStore) => ledger.days(range)),
  aRange.map((range) => (ledger: LedgerStore) => ledger.rows(range)),
  fc.tuple(aTime, fc.integer({ min: 0, max: 4 })).map((args) => (ledger: LedgerStore) => ledger.forgetHours(...args)),
  fc.constant((ledger: LedgerStore) => ledger.newestDayMs()),
  fc.constant((ledger: LedgerStore) => ledger.oldestStartMs()),
);
