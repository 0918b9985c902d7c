import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openStore } from '../../adapters/store/open-store.ts';
import type { Farm, RigSettings } from '../../src/domain/farm.ts';
import { hourOf } from '../../src/domain/ledger/period.ts';
import type { LedgerRow, QuoteUsed } from '../../src/domain/ledger.ts';
import { noStates, type PerState, workStates } from '../../src/domain/work-state.ts';
import { accountingDay } from '../../src/fleet/accounting-day.ts';
import { createDayBounds } from '../../src/fleet/day-bounds.ts';
import { type Digest, digestOf } from '../../src/fleet/digest.ts';
import { ledgerDay } from '../../src/fleet/ledger.ts';
import { renamedLedger } from '../../src/fleet/renamed-ledger.ts';
import { LedgerDays } from '../../src/jobs/ledger-days.ts';
import type { LedgerStore } from '../../src/ports/store.ts';
import { northFarm, northSite } from '../support/north-farm.ts';
import { recordingLog } from '../support/recording-log.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const rigSettings: RigSettings = {
  site: null,
  mining: { coin: null, poolFee: null },
  hostWatts: null,
  psuEfficiency: null,
  formerly: [],
};

/** Three dates of each zone, with a change of its clocks where it has one. */
const zones = [
  ['America/Toronto', ['2026-10-31', '2026-11-01', '2026-11-02']],
  ['Europe/Berlin', ['2026-03-28', '2026-03-29', '2026-03-30']],
  ['Asia/Kolkata', ['2026-06-01', '2026-06-02', '2026-06-03']],
  ['Australia/Lord_Howe', ['2026-04-04', '2026-04-05', '2026-04-06']],
] as const;

const share = fc.integer({ min: 0, max: 8 }).map((eighths) => eighths / 8);
const amount = fc.integer({ min: 0, max: 400 }).map((cents) => ({ amount: cents / 100, currency: 'USD' as const }));
const orNull = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });

/** What one period of a rig with two cards of one model, another card and an ASIC may have been. */
const anyPeriod = fc.record({
  isThere: fc.integer({ min: 0, max: 9 }).map((tenth) => tenth > 0),
  observed: share,
  rented: share,
  mining: share,
  down: share,
  asicMining: share,
  powered: share,
  site: fc.constantFrom('quebec', 'texas', null),
  rentedRevenue: orNull(amount),
  powerCost: orNull(amount),
  mined: orNull(amount),
  asicMined: orNull(amount),
  coin: fc.constantFrom('RVN', 'ETC', null),
  hasRentedModel: fc.boolean(),
  reject: share,
});
type Period = typeof anyPeriod extends fc.Arbitrary<infer T> ? T : never;

const gpus = 3;

function statesOf(machines: number, seconds: number, period: Period): PerState {
  const all = machines * seconds * period.observed;
  const rented = all * period.rented;
  const mining = (all - rented) * period.mining;
  const down = (all - rented - mining) * period.down;
  return { ...noStates(), rented, mining, down, 'idle-unlisted': all - rented - mining - down };
}

function rowOf(rig: string, startMs: number, seconds: number, period: Period): LedgerRow {
  const hasAsic = rig === 'c1';
  const stateSeconds = statesOf(gpus, seconds, period);
  const asics = statesOf(1, seconds, { ...period, rented: 0, mining: period.asicMining });
  const all = (states: PerState) => workStates.reduce((sum, state) => sum + states[state], 0);
  const quote: QuoteUsed = {
    what: 'rejects:kawpow',
    amount: period.reject,
    currency: '',
    unit: 'ratio',
    source: 'shares',
    asOfMs: null,
  };
  const model = (name: string, cards: number, rentedSeconds: number | null) => ({
    model: name,
    ownedSeconds: cards * seconds,
    observedSeconds: cards * seconds * period.observed,
    rentedSeconds,
  });
  const work = { algorithm: 'kawpow', coin: period.coin, hashes: 1e9 * period.mining };
  return {
    rig,
    site: period.site,
    startMs,
    seconds,
    observedSeconds: seconds * period.observed,
    stateSeconds,
    asicSeconds: hasAsic ? asics : null,
    cardJoules: period.powered > 0 ? 1000 * period.powered * seconds : null,
    wallJoules: period.powered > 0 ? 1100 * period.powered * seconds : null,
    powerSeconds: period.powered * (all(stateSeconds) + (hasAsic ? all(asics) : 0)),
    mined: [
      ...(stateSeconds.mining > 0 ? [{ ...work, gpuSeconds: stateSeconds.mining, revenue: period.mined }] : []),
      ...(hasAsic && asics.mining > 0
        ? [{ algorithm: 'sha256', coin: 'BTC', hashes: 1e15, gpuSeconds: 0, revenue: period.asicMined }]
        : []),
    ],
    models: [
      model('RTX 3090', 2, period.hasRentedModel ? stateSeconds.rented : null),
      model('RTX 3080', 1, period.hasRentedModel ? 0 : null),
    ],
    powerCost: period.powered > 0 ? period.powerCost : null,
    rentedRevenue: stateSeconds.rented > 0 ? period.rentedRevenue : { amount: 0, currency: 'USD' },
    quotes: [quote, { ...quote, what: 'power:quebec', amount: 0.05 }],
  };
}

/** Rows of three rigs; `former` is called `a1` from some period on, and has two rows of that one. */
function rowsOf(zone: string, dates: readonly string[], periods: readonly Period[], renamedAt: number): LedgerRow[] {
  const nowMs = Date.parse('2026-12-31T00:00:00Z');
  const fromMs = hourOf(accountingDay(dates[0] ?? '', zone, nowMs).fromMs);
  const toMs = accountingDay(dates.at(-1) ?? '', zone, nowMs).toMs + HOUR;
  const seconds = zone === 'Asia/Kolkata' || zone === 'Australia/Lord_Howe' ? 900 : 3600;
  const rows: LedgerRow[] = [];
  let index = 0;
  for (let startMs = fromMs; startMs < toMs; startMs += seconds * 1000) {
    for (const rig of ['a1', 'b1', 'c1']) {
      index += 1;
      const period = periods[(index * 7) % periods.length];
      if (period === undefined || !period.isThere) continue;
      const isFormer = rig === 'a1' && index <= renamedAt;
      rows.push(rowOf(isFormer ? 'former' : rig, startMs, seconds, period));
      if (isFormer && index + 3 > renamedAt) rows.push(rowOf('a1', startMs, seconds, { ...period, observed: 0 }));
    }
  }
  return rows;
}

async function digestsOf(store: LedgerStore, farm: Farm, dates: readonly string[]): Promise<readonly Digest[]> {
  const ledger = renamedLedger(store, farm.rigs);
  const nowMs = Date.parse('2026-12-31T00:00:00Z');
  const digests: Digest[] = [];
  for (const date of dates) {
    const day = await ledgerDay(ledger, farm, accountingDay(date, farm.timezone, nowMs), nowMs);
    for (const site of [null, 'quebec', 'texas']) digests.push(digestOf(day, farm, site));
  }
  return digests;
}

/** Sums of the same hours in another order differ in their last bits. */
function alike(a: unknown, b: unknown, path = ''): void {
  if (typeof a === 'number' && typeof b === 'number') {
    if (Math.abs(a - b) > 1e-9 * Math.max(1, Math.abs(a))) expect.fail(`${path}: ${a} became ${b}`);
    return;
  }
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) {
    if (a !== b) expect.fail(`${path}: ${JSON.stringify(a)} became ${JSON.stringify(b)}`);
    return;
  }
  const after = new Map(Object.entries(b));
  expect([path, ...after.keys()]).toEqual([path, ...Object.keys(a)]);
  for (const [key, value] of Object.entries(a)) alike(value, after.get(key), `${path}.${key}`);
}

const anyFarm = fc.record({
  zone: fc.constantFrom(...zones),
  periods: fc.array(anyPeriod, { minLength: 1, maxLength: 40 }),
  renamedAt: fc.integer({ min: -1, max: 230 }),
  forgotten: fc.integer({ min: 1, max: 400 }),
});

test('the digest of a day is the same while its hours go and after they have gone', async () => {
  await fc.assert(
    fc.asyncProperty(anyFarm, async ({ zone: [timezone, dates], periods, renamedAt, forgotten }) => {
      const rigs = new Map([['a1', { ...rigSettings, formerly: ['former'] }]]);
      const farm = northFarm({ timezone, sites: [northSite(), northSite({ name: 'texas' })], rigs });
      const store = await openStore({ url: 'sqlite::memory:', farm: 'north', mode: 'server' });
      try {
        const { ledger } = store;
        const rows = rowsOf(timezone, dates, periods, renamedAt);
        await ledger.commit({ rows, accounts: [] });
        const before = await digestsOf(ledger, farm, dates);
        const lastMs = (rows.at(-1)?.startMs ?? 0) + DAY;
        const job = new LedgerDays({
          store,
          settings: { hoursDays: 60, aggregatesDays: 60, changesDays: 60, backfillDays: 0 },
          clock: { now: () => lastMs },
          log: recordingLog(),
          dayAt: createDayBounds(timezone),
          writtenUntilMs: () => lastMs,
        });
        await job.tick();
        await ledger.forgetHours(lastMs, forgotten);
        alike(before, await digestsOf(ledger, farm, dates));
        await ledger.forgetHours(lastMs, 10_000);
        expect(await ledger.oldestStartMs()).toBeNull();
        alike(before, await digestsOf(ledger, farm, dates));
      } finally {
        await store.close();
      }
    }),
    { numRuns: 6, endOnFailure: true },
  );
});
