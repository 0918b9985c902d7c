import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Farm } from '../../src/domain/farm.ts';
import type { LedgerRow } from '../../src/domain/ledger.ts';
import type { LedgerSettings } from '../../src/domain/ledger-settings.ts';
import { noStates } from '../../src/domain/work-state.ts';
import { accountingDay } from '../../src/fleet/accounting-day.ts';
import { createDayBounds } from '../../src/fleet/day-bounds.ts';
import { digestOf } from '../../src/fleet/digest.ts';
import { ledgerDay } from '../../src/fleet/ledger.ts';
import { LedgerDays } from '../../src/jobs/ledger-days.ts';
import type { LedgerStore } from '../../src/ports/store.ts';
import { memoryAggregates } from '../support/memory-aggregates.ts';
import { memoryChanges } from '../support/memory-changes.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';
import { northFarm, northRow, northSite } from '../support/north-farm.ts';
import { recordingLog } from '../support/recording-log.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const farm = northFarm({ sites: [northSite(), northSite({ name: 'texas' })] });
/** Midnight in Toronto; clocks go back on November 1. */
const firstDay = Date.parse('2026-10-30T04:00:00Z');
const now = Date.parse('2026-11-05T17:00:00Z');
const everything = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };

/** Hours that differ in what is known, so that no simple sum says the same. */
function variedRow(startMs: number, rig: string, index: number): LedgerRow {
  const isRented = index % 3 === 0;
  const isPriced = index % 5 !== 0;
  return northRow({
    startMs,
    rig,
    site: rig === 'a2' ? 'texas' : 'quebec',
    observedSeconds: index % 4 === 0 ? 1800 : 3600,
    stateSeconds: { ...noStates(), mining: isRented ? 600 : 3600, rented: isRented ? 3000 : 0 },
    models: [
      {
        model: 'RTX 3090',
        ownedSeconds: 3600,
        observedSeconds: index % 4 === 0 ? 1800 : 3600,
        rentedSeconds: isRented ? 3000 : 0,
      },
    ],
    rentedRevenue: isRented && index % 2 === 0 ? null : { amount: isRented ? 0.7 : 0, currency: 'USD' },
    powerCost: isPriced ? { amount: 0.2 + index / 100, currency: 'USD' } : null,
    powerSeconds: isPriced ? 3600 : 0,
    mined: [
      {
        algorithm: 'kawpow',
        coin: 'RVN',
        hashes: 1e11,
        gpuSeconds: isRented ? 600 : 3600,
        revenue: index % 7 === 0 ? null : { amount: 1, currency: 'USD' },
      },
      ...(rig === 'a3'
        ? [
            {
              algorithm: 'sha256',
              coin: 'BTC',
              hashes: 1e15,
              gpuSeconds: 0,
              revenue: index % 6 === 0 ? null : { amount: 9, currency: 'USD' },
            },
          ]
        : []),
    ],
    asicSeconds: rig === 'a3' ? { ...noStates(), mining: index % 4 === 0 ? 1800 : 3600 } : null,
  });
}

/** Three rigs over some days; every tenth hour is missing. */
async function filled(days = 3): Promise<MemoryLedger> {
  const ledger = new MemoryLedger();
  const rows: LedgerRow[] = [];
  for (let index = 0; index < days * 24 + 1; index += 1) {
    if (index % 10 === 7) continue;
    for (const rig of ['a1', 'a2', 'a3']) rows.push(variedRow(firstDay + index * HOUR, rig, index));
  }
  await ledger.commit({ rows, accounts: [] });
  return ledger;
}

const keep: LedgerSettings = { hoursDays: 60, aggregatesDays: 400, changesDays: 60, backfillDays: 0 };
/** Hours of days that are over are forgotten as soon as they can be. */
const forget: LedgerSettings = { ...keep, hoursDays: 1 };

function daysOf(
  ledger: LedgerStore,
  settings: LedgerSettings = keep,
  known: { nowMs?: number; writtenMs?: number | null; written?: () => number; timezone?: string } = {},
) {
  const log = recordingLog();
  const { nowMs = now, writtenMs = now, timezone = farm.timezone } = known;
  const job = new LedgerDays({
    store: { ledger, aggregates: memoryAggregates(), changes: memoryChanges() },
    settings,
    clock: { now: () => nowMs },
    log,
    dayAt: createDayBounds(timezone),
    writtenUntilMs: known.written ?? (() => writtenMs),
  });
  return { job, log };
}

async function digestsOf(ledger: LedgerStore, of: Farm = farm) {
  const dates = ['2026-10-30', '2026-10-31', '2026-11-01'];
  return Promise.all(
    dates.map(async (date) => {
      const day = await ledgerDay(ledger, of, accountingDay(date, of.timezone, now), now);
      return [null, 'quebec', 'texas'].map((site) => digestOf(day, of, site));
    }),
  );
}

/** As they are printed: sums of the same hours in another order differ in their last bits. */
function rounded(value: unknown): unknown {
  const round = (of: unknown) => (typeof of === 'number' ? Number(of.toPrecision(10)) : of);
  return JSON.parse(JSON.stringify(value, (_key, of) => round(of)));
}

describe('days', () => {
  test("are the farm's, and as long as they are", async () => {
    const ledger = await filled();
    await daysOf(ledger).job.tick();
    const days = await ledger.days({ ...everything, rig: 'a1' });
    expect(days.map(({ startMs, seconds }) => [(startMs - firstDay) / HOUR, seconds / 3600])).toEqual([
      [0, 24],
      [24, 24],
      [48, 25],
    ]);
  });

  test('hold the sums of their hours, and own the cards all day', async () => {
    const ledger = await filled();
    await daysOf(ledger).job.tick();
    const [day] = await ledger.days({ ...everything, rig: 'a1' });
    const hours = await ledger.rows({ fromMs: firstDay, toMs: firstDay + DAY, rig: 'a1' });
    const sum = (pick: (row: LedgerRow) => number) => hours.reduce((total, row) => total + pick(row), 0);
    expect(day?.observedSeconds).toBe(sum((row) => row.observedSeconds));
    expect(day?.stateSeconds.rented).toBe(sum((row) => row.stateSeconds.rented));
    expect(day?.cardJoules).toBeCloseTo(
      sum((row) => row.cardJoules ?? 0),
      3,
    );
    expect(day?.powerCost?.amount).toBeCloseTo(
      sum((row) => row.powerCost?.amount ?? 0),
      9,
    );
    expect(day?.models[0]?.ownedSeconds).toBeCloseTo(86_400, 6);
    expect(day?.quotes).toEqual(hours[0]?.quotes);
  });

  test('are not made before their last hour is written', async () => {
    const ledger = await filled();
    await daysOf(ledger, keep, { writtenMs: null }).job.tick();
    expect(await ledger.newestDayMs()).toBeNull();
    await daysOf(ledger, keep, { writtenMs: firstDay + DAY - 1 }).job.tick();
    expect(await ledger.newestDayMs()).toBeNull();
    await daysOf(ledger, keep, { writtenMs: firstDay + DAY }).job.tick();
    expect(await ledger.newestDayMs()).toBe(firstDay);
  });

  test('are made of the past too, where the newest hours were written before it', async () => {
    const ledger = new MemoryLedger();
    await ledger.commit({ rows: [variedRow(firstDay + 2 * DAY, 'a1', 1)], accounts: [] });
    let writtenMs = firstDay;
    const { job } = daysOf(ledger, forget, { written: () => writtenMs });
    await job.tick();
    expect(await ledger.newestDayMs()).toBeNull();
    await ledger.commit({ rows: [variedRow(firstDay, 'a1', 1), variedRow(firstDay + DAY, 'a1', 1)], accounts: [] });
    writtenMs = now;
    await job.tick();
    const days = await ledger.days({ ...everything, rig: 'a1' });
    expect(days.map(({ startMs }) => (startMs - firstDay) / DAY)).toEqual([0, 1, 2]);
  });

  test('go on after an outage of days', async () => {
    const ledger = await filled(1);
    await ledger.commit({ rows: [variedRow(firstDay + 4 * DAY, 'a1', 1)], accounts: [] });
    await daysOf(ledger).job.tick();
    const days = await ledger.days({ ...everything, rig: 'a1' });
    expect(days.map(({ startMs }) => (startMs - firstDay) / HOUR)).toEqual([0, 24, 73]);
  });

  test('go on where they were after the clock ran ahead', async () => {
    const ledger = await filled();
    let writtenMs = firstDay + DAY;
    const { job } = daysOf(ledger, keep, { written: () => writtenMs });
    await job.tick();
    writtenMs = now + 1_000 * DAY;
    await job.tick();
    await ledger.commit({ rows: [variedRow(firstDay + 4 * DAY, 'a1', 1)], accounts: [] });
    writtenMs = now;
    await job.tick();
    const days = await ledger.days({ ...everything, rig: 'a1' });
    expect(days.map(({ startMs }) => (startMs - firstDay) / HOUR)).toEqual([0, 24, 48, 73]);
  });

  test("never overlap after the farm's zone was changed", async () => {
    const ledger = await filled();
    await daysOf(ledger, keep, { writtenMs: firstDay + DAY }).job.tick();
    await daysOf(ledger, keep, { timezone: 'Europe/Berlin' }).job.tick();
    const days = await ledger.days({ ...everything, rig: 'a1' });
    for (const [index, { startMs, seconds }] of days.entries()) {
      expect(days[index + 1]?.startMs ?? startMs + seconds * 1000).toBe(startMs + seconds * 1000);
    }
    const hours = await ledger.rows({ ...everything, rig: 'a1' });
    const total = (rows: readonly LedgerRow[]) => rows.reduce((sum, row) => sum + row.stateSeconds.mining, 0);
    expect(total(days)).toBeCloseTo(total(hours), 3);
  });
});

describe('a day whose hours are forgotten', () => {
  test('is the same digest as before', async () => {
    const ledger = await filled();
    const before = await digestsOf(ledger);
    const { job } = daysOf(ledger, forget);
    await job.tick();
    expect(await ledger.rows(everything)).toEqual([]);
    const after = await digestsOf(ledger);
    expect(rounded(after)).toEqual(rounded(before));
    expect(before[0]?.[0]?.ai.unknownGpuHours).toBeGreaterThan(0);
    expect(before[0]?.[0]?.mining.unknownGpuHours).toBeGreaterThan(0);
  });

  test('is the same while only some rigs of its first hour are forgotten', async () => {
    const ledger = await filled();
    const before = await digestsOf(ledger);
    await daysOf(ledger).job.tick();
    await ledger.forgetHours(now, 1);
    expect(await ledger.oldestStartMs()).toBe(firstDay);
    expect(rounded(await digestsOf(ledger))).toEqual(rounded(before));
  });

  test('is cut in proportion, and said to be, after the zone was changed', async () => {
    const ledger = await filled();
    await daysOf(ledger, forget).job.tick();
    const berlin = { ...farm, timezone: 'Europe/Berlin' };
    const day = await ledgerDay(ledger, berlin, accountingDay('2026-10-31', berlin.timezone, now), now);
    expect(day.cutRows).toBe(6);
    expect(day.fleet.ownedSeconds).toBeCloseTo(3 * 86_400, 3);
  });

  test('goes on with the hours after it, where the zone was changed in a ledger younger than the day', async () => {
    const ledger = new MemoryLedger();
    const begunMs = firstDay + 20 * HOUR;
    for (let startMs = begunMs; startMs < firstDay + 2 * DAY; startMs += HOUR) {
      await ledger.commit({ rows: [northRow({ startMs })], accounts: [] });
    }
    await daysOf(ledger, keep, { writtenMs: firstDay + DAY }).job.tick();
    const berlin = { ...farm, timezone: 'Europe/Berlin' };
    // From 23:00 UTC on; the day that was made ends at 4:00 and gives what it has in proportion.
    const day = await ledgerDay(ledger, berlin, accountingDay('2026-10-31', berlin.timezone, now), now);
    expect(day.day.fromMs).toBe(firstDay + 19 * HOUR);
    expect(day.fleet.stateSeconds.mining).toBeCloseTo(((4 / 24) * 5 + 19) * 3600, 3);
  });

  test('in another currency than the hour before keeps what it can say and calls the rest unknown', async () => {
    const ledger = new MemoryLedger();
    const cad = { amount: 5, currency: 'CAD' };
    const row = northRow({ startMs: firstDay + HOUR });
    await ledger.commit({
      rows: [
        northRow({ startMs: firstDay }),
        { ...row, powerCost: cad, mined: row.mined.map((work) => ({ ...work, revenue: cad })) },
      ],
      accounts: [],
    });
    await daysOf(ledger).job.tick();
    const [day] = await ledger.days(everything);
    expect(day?.mined.map(({ revenue }) => revenue)).toEqual([{ amount: 1, currency: 'USD' }, cad]);
    expect(day?.powerCost).toEqual({ amount: 0.25, currency: 'USD' });
    expect(day?.parts).toMatchObject({ powerKnownSeconds: 3600, powerUnknownSeconds: 3600 });
  });

  test('keeps of more than 24 prices the lowest and the highest of each', async () => {
    const ledger = new MemoryLedger();
    const rows = Array.from({ length: 24 }, (_, hour) =>
      northRow({
        startMs: firstDay + hour * HOUR,
        quotes: ['RTX 3090', 'RTX 3080'].map((model) => ({
          what: `rental:${model}`,
          amount: 1 + ((hour * 7) % 24),
          currency: 'USD',
          unit: 'GPU-hour',
          source: 'vast',
          asOfMs: firstDay + hour * HOUR,
        })),
      }),
    );
    await ledger.commit({ rows, accounts: [] });
    await daysOf(ledger).job.tick();
    const [day] = await ledger.days(everything);
    expect(day?.quotes.map(({ what, amount }) => [what, amount])).toEqual([
      ['rental:RTX 3090', 1],
      ['rental:RTX 3090', 24],
      ['rental:RTX 3080', 1],
      ['rental:RTX 3080', 24],
    ]);
  });
});

describe('forgetting', () => {
  test('spares hours that are not in a day, however old', async () => {
    const ledger = await filled();
    await daysOf(ledger, forget, { writtenMs: firstDay + DAY }).job.tick();
    expect(await ledger.oldestStartMs()).toBe(firstDay + DAY);
  });

  test('spares what is young enough', async () => {
    const ledger = await filled();
    await daysOf(ledger, { ...keep, hoursDays: 5 }).job.tick();
    expect(await ledger.oldestStartMs()).toBe(firstDay + DAY);
  });

  test('goes in slices', async () => {
    const ledger = await filled(20);
    const limits: number[] = [];
    const forgetHours = ledger.forgetHours.bind(ledger);
    ledger.forgetHours = (beforeMs, limit) => {
      limits.push(limit);
      return forgetHours(beforeMs, limit);
    };
    await daysOf(ledger, forget, { nowMs: now + 30 * DAY, writtenMs: now + 30 * DAY }).job.tick();
    expect(await ledger.rows(everything)).toEqual([]);
    expect(limits).toEqual([1000, 1000]);
  });

  test('is tried again where the store fails', async () => {
    const ledger = await filled();
    const { job, log } = daysOf(ledger, forget);
    ledger.failing = true;
    await job.tick();
    expect(log.lines).toContain('error: days of the ledger not made: tried again');
    ledger.failing = false;
    await job.tick();
    expect([(await ledger.days(everything)).length, (await ledger.rows(everything)).length]).toEqual([9, 0]);
  });

  test('a death between any two calls of the store loses nothing and counts nothing twice', async () => {
    const whole = await filled();
    const before = rounded(await digestsOf(whole));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 6 }), async (lives) => {
        const ledger = await filled();
        for (const calls of lives) {
          await daysOf(mortal(ledger, calls), forget).job.tick();
          expect(rounded(await digestsOf(ledger))).toEqual(before);
        }
        await daysOf(ledger, forget).job.tick();
        expect(await ledger.rows(everything)).toEqual([]);
        expect(rounded(await digestsOf(ledger))).toEqual(before);
      }),
      { numRuns: 25 },
    );
  });
});

/** The same ledger for a process that dies after so many calls; deletes in small slices, of which one may be its last. */
function mortal(ledger: MemoryLedger, calls: number): LedgerStore {
  let left = calls;
  const alive = <Arguments extends unknown[], Result>(call: (...args: Arguments) => Promise<Result>) => {
    return async (...args: Arguments): Promise<Result> => {
      left -= 1;
      if (left < 0) throw new Error('the process is dead');
      return call(...args);
    };
  };
  return {
    commit: (batch) => ledger.commit(batch),
    commitAndSaveOpen: (batch, state) => ledger.commitAndSaveOpen(batch, state),
    accounts: (range) => ledger.accounts(range),
    modelUse: (range) => ledger.modelUse(range),
    newestStartMs: () => ledger.newestStartMs(),
    saveOpen: (state) => ledger.saveOpen(state),
    loadOpen: () => ledger.loadOpen(),
    rows: alive((range) => ledger.rows(range)),
    oldestStartMs: alive(() => ledger.oldestStartMs()),
    days: alive((range) => ledger.days(range)),
    newestDayMs: alive(() => ledger.newestDayMs()),
    commitDays: alive((days) => ledger.commitDays(days)),
    forgetHours: alive(async (beforeMs) => {
      const count = await ledger.forgetHours(beforeMs, 7);
      return count === 0 ? 0 : 1_000;
    }),
  };
}
