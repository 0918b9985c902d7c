import { describe, expect, test } from 'vitest';
import { PayoutFold } from '../../src/domain/ledger/realised.ts';
import type { AccountRow, LedgerRow } from '../../src/domain/ledger.ts';
import { noStates } from '../../src/domain/work-state.ts';
import { accountingDay } from '../../src/fleet/accounting-day.ts';
import { digestOf } from '../../src/fleet/digest.ts';
import { ledgerDay } from '../../src/fleet/ledger.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';
import { northFarm, northRow } from '../support/north-farm.ts';

const HOUR = 3_600_000;
const farm = northFarm();
const now = Date.parse('2026-11-22T17:00:00Z');
const yesterday = accountingDay('yesterday', farm.timezone, now);

async function ledgerOf(rows: readonly LedgerRow[], accounts: readonly AccountRow[] = []): Promise<MemoryLedger> {
  const ledger = new MemoryLedger();
  await ledger.commit({ rows, accounts });
  return ledger;
}

/** One row for each hour from `fromMs` to `toMs`. */
function hours(fromMs: number, toMs: number, row: Partial<LedgerRow> = {}): LedgerRow[] {
  const rows: LedgerRow[] = [];
  for (let startMs = fromMs; startMs < toMs; startMs += HOUR) rows.push(northRow({ startMs, ...row }));
  return rows;
}

describe("the farm's accounting day", () => {
  test.each([
    ['2026-11-21', 24, '2026-11-21T05:00:00Z'],
    ['2026-03-08', 23, '2026-03-08T05:00:00Z'],
    ['2026-11-01', 25, '2026-11-01T04:00:00Z'],
  ])('%s has %i hours', (date, length, begin) => {
    const { fromMs, toMs } = accountingDay(date, 'America/Toronto', now);
    expect([(toMs - fromMs) / HOUR, fromMs]).toEqual([length, Date.parse(begin)]);
  });

  test('yesterday is the day before the one that it is there, not here', () => {
    const early = Date.parse('2026-11-22T03:00:00Z');
    expect(accountingDay('yesterday', 'America/Toronto', early).date).toBe('2026-11-20');
    expect(accountingDay('yesterday', 'Asia/Kolkata', early).date).toBe('2026-11-21');
  });

  test.each(['2026-02-30', 'monday', '2026-11', '2026-11-23', ''])('%j is refused', (date) => {
    expect(() => accountingDay(date, 'America/Toronto', now)).toThrow(expect.objectContaining({ name: 'UserError' }));
  });
});

describe('a day of the ledger', () => {
  test('holds the hours of the day and no others', async () => {
    const ledger = await ledgerOf(hours(yesterday.fromMs - 3 * HOUR, yesterday.toMs + 3 * HOUR));
    const day = await ledgerDay(ledger, farm, yesterday, now);
    expect(day.fleet.stateSeconds.mining).toBe(24 * 3600);
    expect(day.fleet.mined.amount).toBeCloseTo(24, 9);
    expect(day.fleet.ownedSeconds).toBe(24 * 3600);
    expect(day.cutRows).toBe(0);
  });

  test('that lacks hours owns its cards all the same', async () => {
    const ledger = await ledgerOf(hours(yesterday.fromMs, yesterday.fromMs + 18 * HOUR));
    const day = await ledgerDay(ledger, farm, yesterday, now);
    expect([day.fleet.observedSeconds, day.fleet.ownedSeconds]).toEqual([18 * 3600, 24 * 3600]);
    expect(digestOf(day, farm, null).observedHours).toBeCloseTo(18, 9);
  });

  test('that is not over counts as far as hours are settled', async () => {
    const today = accountingDay('today', farm.timezone, now);
    const ledger = await ledgerOf(hours(today.fromMs, now));
    const settled = async (nowMs: number) => (await ledgerDay(ledger, farm, today, nowMs)).untilMs;
    expect(await settled(now + 4 * 60_000)).toBe(now - HOUR);
    expect(await settled(now + 5 * 60_000)).toBe(now);
  });

  test('cuts rows that reach over its edge in proportion, after the zone was changed', async () => {
    const india = accountingDay('2026-11-21', 'Asia/Kolkata', now);
    const ledger = await ledgerOf(hours(india.fromMs - HOUR / 2, india.toMs + HOUR / 2));
    const day = await ledgerDay(ledger, northFarm({ timezone: 'Asia/Kolkata' }), india, now);
    expect(day.fleet.stateSeconds.mining).toBeCloseTo(24 * 3600, 6);
    expect(day.cutRows).toBe(2);
  });

  test('counts what is unknown apart from what is 0', async () => {
    const unknownCoin = northRow({ startMs: yesterday.fromMs }).mined.map((work) => ({ ...work, revenue: null }));
    const ledger = await ledgerOf([
      ...hours(yesterday.fromMs, yesterday.fromMs + 20 * HOUR),
      ...hours(yesterday.fromMs + 20 * HOUR, yesterday.toMs, {
        mined: unknownCoin,
        powerCost: null,
        wallJoules: null,
        powerSeconds: 0,
      }),
    ]);
    const { fleet } = await ledgerDay(ledger, farm, yesterday, now);
    expect(fleet.mined).toEqual({ amount: 20, knownSeconds: 20 * 3600, unknownSeconds: 4 * 3600 });
    expect(fleet.power.unknownSeconds).toBe(4 * 3600);
  });

  test('is unknown altogether where nothing is known, and where there are no rows', async () => {
    const mined = northRow({ startMs: 0 }).mined.map((work) => ({ ...work, revenue: null }));
    const blind = await ledgerDay(
      await ledgerOf(hours(yesterday.fromMs, yesterday.toMs, { mined })),
      farm,
      yesterday,
      now,
    );
    expect(digestOf(blind, farm, null)).toMatchObject({ mining: { revenue: null }, net: null, aiShare: null });
    const empty = await ledgerDay(await ledgerOf([]), farm, yesterday, now);
    expect(digestOf(empty, farm, null)).toMatchObject({
      mining: { revenue: null },
      ai: { revenue: null },
      power: { cost: null },
    });
  });

  test('money in a currency that no rate leads from is unknown', async () => {
    const mined = northRow({ startMs: 0 }).mined.map((work) => ({ ...work, revenue: { amount: 5, currency: 'EUR' } }));
    const ledger = await ledgerOf(hours(yesterday.fromMs, yesterday.toMs, { mined }));
    expect((await ledgerDay(ledger, farm, yesterday, now)).fleet.mined.knownSeconds).toBe(0);
  });

  test('attributes power within a row by GPU-hours, and it adds up', async () => {
    const stateSeconds = { ...noStates(), mining: 3600, rented: 7200, busy: 3600, down: 3600 };
    const ledger = await ledgerOf([
      northRow({ startMs: yesterday.fromMs, stateSeconds, powerCost: { amount: 4, currency: 'USD' } }),
    ]);
    const { attributedPower, power } = (await ledgerDay(ledger, farm, yesterday, now)).fleet;
    expect(attributedPower).toEqual({ mining: 1, rented: 2, other: 1 });
    expect(power.amount).toBe(4);
  });

  test('keeps sites apart', async () => {
    const ledger = await ledgerOf([
      ...hours(yesterday.fromMs, yesterday.toMs),
      ...hours(yesterday.fromMs, yesterday.toMs, { rig: 'b1', site: 'texas' }),
    ]);
    const day = await ledgerDay(ledger, farm, yesterday, now);
    expect(digestOf(day, farm, 'texas')).toMatchObject({ rigs: 1, gpuHours: { mining: 24 } });
    expect(digestOf(day, farm, null)).toMatchObject({ rigs: 2, gpuHours: { mining: 48 } });
  });
});

describe('realised income', () => {
  const row = (changes: Partial<AccountRow>): AccountRow => ({
    platform: 'vast',
    instance: 'v:1',
    startMs: yesterday.fromMs,
    seconds: 3600,
    firstUsd: 100,
    firstAtMs: yesterday.fromMs,
    lastUsd: 101,
    lastAtMs: yesterday.fromMs + HOUR - 1,
    ...changes,
  });
  const later = row({ firstUsd: 101, firstAtMs: yesterday.toMs - HOUR, lastUsd: 110, lastAtMs: yesterday.toMs - 1 });

  test.each([
    ['is last minus first', [row({}), later], 9, 10],
    ['is unknown where it fell, never a counter that began anew', [row({ firstUsd: 500 }), later], 9, null],
    ['is unknown over five times what is expected', [row({}), later], 1.9, null],
    ['is unknown after one sight', [row({ lastAtMs: yesterday.fromMs })], 9, null],
    ['is not bounded where nothing is expected to be known', [row({}), later], null, 10],
  ])('%s', (_name, rows, expected, usd) => {
    const payouts = new PayoutFold();
    for (const account of rows) payouts.add(account);
    expect([...payouts.incomes(expected)][0]?.usd).toBe(usd);
  });

  test('is allotted to rigs by rented GPU-hours and stands for the day where it covers it', async () => {
    const rented = (rig: string, seconds: number) =>
      hours(yesterday.fromMs, yesterday.toMs, {
        rig,
        stateSeconds: { ...noStates(), rented: seconds },
        rentedRevenue: { amount: 0.1, currency: 'USD' },
        mined: [],
      });
    const ledger = await ledgerOf(
      [...rented('a1', 3600), ...rented('a2', 1200)],
      [row({}), { ...later, startMs: yesterday.toMs - HOUR }],
    );
    const day = await ledgerDay(ledger, farm, yesterday, now);
    expect(day.realised).toEqual({ amount: 10, currency: 'USD' });
    expect(day.rigs.map(({ rig, allotted }) => [rig, allotted?.amount])).toEqual([
      ['a1', 7.5],
      ['a2', 2.5],
    ]);
    const { ai } = digestOf(day, farm, null);
    expect(ai).toMatchObject({
      basis: 'realised',
      revenue: { amount: 10 },
      estimated: { amount: expect.closeTo(4.8, 9) },
    });
  });

  describe("by rigs' own counters", () => {
    const counter = (rig: string, usd: number, changes: Partial<AccountRow> = {}) => [
      row({ platform: 'runpod', instance: `rig:${rig}`, firstUsd: 10, lastUsd: 11, ...changes }),
      {
        ...later,
        platform: 'runpod',
        instance: `rig:${rig}`,
        startMs: yesterday.toMs - HOUR,
        firstUsd: 11,
        lastUsd: 10 + usd,
      },
    ];
    const rentedDay = (rig: string) =>
      hours(yesterday.fromMs, yesterday.toMs, {
        rig,
        stateSeconds: { ...noStates(), rented: 3600 },
        rentedRevenue: { amount: 0.1, currency: 'USD' },
        mined: [],
      });
    const dayOf = async (rigs: readonly string[], accounts: readonly AccountRow[]) =>
      ledgerDay(await ledgerOf(rigs.flatMap(rentedDay), accounts), farm, yesterday, now);

    test('belongs to each rig itself', async () => {
      const day = await dayOf(['a1', 'a2'], [...counter('a1', 4), ...counter('a2', 2)]);
      expect(day.realised).toEqual({ amount: 6, currency: 'USD' });
      expect(day.rigs.map(({ allotted }) => allotted?.amount)).toEqual([4, 2]);
      expect(digestOf(day, farm, null).ai).toMatchObject({ basis: 'realised', revenue: { amount: 6 } });
    });

    test('does not stand for the day where a rented rig counts nothing', async () => {
      const day = await dayOf(['a1', 'a2'], counter('a1', 4));
      expect(day.rigs.map(({ allotted }) => allotted?.amount ?? null)).toEqual([4, null]);
      expect(digestOf(day, farm, null).ai).toMatchObject({ basis: 'estimated', realised: { amount: 4 } });
    });

    test('is in the account of the same platform already, and beside one of another', async () => {
      const vast = [row({}), { ...later, startMs: yesterday.toMs - HOUR }];
      const same = await dayOf(['a1', 'a2'], [...vast, ...counter('a1', 4).map((of) => ({ ...of, platform: 'vast' }))]);
      expect(same.realised?.amount).toBe(10);
      expect(same.accounts.map(({ instance }) => instance)).toEqual(['v:1']);
      const other = await dayOf(['a1', 'a2'], [...vast, ...counter('a1', 4)]);
      expect(other.realised?.amount).toBe(14);
      expect(other.rigs.map(({ allotted }) => allotted?.amount)).toEqual([4, 10]);
    });

    test('is unknown where it fell in between, although it ended higher', async () => {
      const day = await dayOf(['a1'], counter('a1', 4, { lastUsd: 300 }));
      expect(day.accounts).toEqual([
        expect.objectContaining({ rig: 'a1', usd: null, unknownBecause: 'its counter fell' }),
      ]);
      expect([day.realised, day.rigs[0]?.allotted]).toEqual([null, null]);
    });
  });

  test('of accounts that were in sight for half a day does not stand for the day', async () => {
    const rented = hours(yesterday.fromMs, yesterday.toMs, {
      stateSeconds: { ...noStates(), rented: 3600 },
      rentedRevenue: { amount: 0.1, currency: 'USD' },
      mined: [],
    });
    const half = row({
      startMs: yesterday.fromMs + 12 * HOUR,
      firstAtMs: yesterday.fromMs + 12 * HOUR,
      lastUsd: 105,
      lastAtMs: yesterday.toMs - 1,
    });
    const { ai } = digestOf(await ledgerDay(await ledgerOf(rented, [half]), farm, yesterday, now), farm, null);
    expect(ai).toMatchObject({
      basis: 'estimated',
      revenue: { amount: expect.closeTo(2.4, 9) },
      realised: { amount: 5 },
    });
  });
});
