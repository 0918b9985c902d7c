import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Farm } from '../../src/domain/farm.ts';
import { mergeBatches } from '../../src/domain/ledger/batch.ts';
import { Integrator } from '../../src/domain/ledger/integrator.ts';
import { ledgerTiming } from '../../src/domain/ledger/timing.ts';
import type { LedgerBatch, LedgerRow } from '../../src/domain/ledger.ts';
import type { Gpu, Rig } from '../../src/domain/rig.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { noStates } from '../../src/domain/work-state.ts';
import { zoneOffsetMinutes } from '../../src/fleet/accounting-day.ts';
import { northCard, northFarm, northSite } from '../support/north-farm.ts';
import { gpuOf, miningCard, rigOf } from '../support/rigs.ts';
import { snapshotOf } from '../support/snapshots.ts';

const STEP = 15_000;
const HOUR = 3_600_000;
const start = Date.UTC(2026, 10, 21, 10);

/** Everything is believed at once. */
const timing = ledgerTiming(STEP, { miningGapMs: 0, downAfterMs: 0 });

function create(farm: Farm = northFarm()): Integrator {
  return new Integrator(farm, { timing, offsetMinutes: zoneOffsetMinutes });
}

async function integrate(snapshots: readonly Snapshot[], farm?: Farm): Promise<LedgerBatch> {
  const integrator = create(farm);
  const batches: LedgerBatch[] = [];
  for (const snapshot of snapshots) {
    await integrator.add(snapshot);
    batches.push(await integrator.takeClosed());
  }
  return mergeBatches(batches);
}

/** Snapshots from `fromMs` to `toMs`; a step for which `rigAt` has no rig shows an empty fleet. */
function series(fromMs: number, toMs: number, rigAt: (atMs: number) => Rig | null, stepMs = STEP): Snapshot[] {
  const snapshots: Snapshot[] = [];
  for (let atMs = fromMs; atMs <= toMs; atMs += stepMs) {
    const rig = rigAt(atMs);
    snapshots.push(snapshotOf(rig === null ? [] : [rig], { atMs }));
  }
  return snapshots;
}

function only(rows: readonly LedgerRow[]): LedgerRow {
  const [row, ...others] = rows;
  if (row === undefined || others.length > 0) throw new Error(`${rows.length} rows`);
  return row;
}

describe('an hour', () => {
  test('of one mining card', async () => {
    const { rows } = await integrate(series(start, start + HOUR, () => rigOf([northCard()])));
    const row = only(rows);
    expect(row).toMatchObject({ rig: 'a1', site: 'quebec', startMs: start, seconds: 3600 });
    expect(row.observedSeconds).toBeCloseTo(3600, 6);
    expect(row.stateSeconds.mining).toBeCloseTo(3600, 6);
    expect(row.cardJoules).toBeCloseTo(300 * 3600, 3);
    expect(row.mined[0]?.hashes).toBeCloseTo(50e6 * 3600, 0);
    // 1.8e11 hashes / 1e12 per block * 2500 RVN * 0.99 * 0.02 USD = 8.91 USD
    expect(row.mined[0]?.revenue?.amount).toBeCloseTo(8.91, 6);
    expect(row.powerCost).toEqual({ amount: expect.closeTo(0.015, 9), currency: 'USD' });
    expect(row.rentedRevenue).toEqual({ amount: 0, currency: 'USD' });
  });

  test('is not closed before an observation at its end', async () => {
    const { rows } = await integrate(series(start, start + HOUR - STEP, () => rigOf([northCard()])));
    expect(rows).toEqual([]);
  });

  test('is split from the next one at its edge, whatever the phase of the observations', async () => {
    const { rows } = await integrate(series(start - 7_000, start + 2 * HOUR, () => rigOf([northCard()])));
    expect(rows.map((row) => [row.startMs, Math.round(row.observedSeconds * 1000)])).toEqual([
      [start - HOUR, 7_000],
      [start, 3_600_000],
    ]);
  });

  test('goes on over a gap of three intervals and is unobserved in a longer one', async () => {
    const without = (missing: number) =>
      integrate(
        series(start, start + HOUR, () => rigOf([northCard()])).filter(
          ({ atMs }) => atMs <= start + 600_000 || atMs > start + 600_000 + missing * STEP,
        ),
      );
    expect(only((await without(2)).rows).observedSeconds).toBeCloseTo(3600, 6);
    expect(only((await without(3)).rows).observedSeconds).toBeCloseTo(3600 - 60, 6);
  });

  test('of a rig that vanished is closed with the others, observed as far as it was', async () => {
    const rigAt = (atMs: number) => (atMs <= start + 1_800_000 ? rigOf([northCard()]) : null);
    const row = only((await integrate(series(start, start + 2 * HOUR, rigAt))).rows);
    expect(row.observedSeconds).toBeCloseTo(1800, 6);
    expect(row.models[0]).toMatchObject({
      ownedSeconds: expect.closeTo(3600, 6),
      observedSeconds: expect.closeTo(1800, 6),
    });
  });

  test('of a rig that is down is observed, and its energy is unknown', async () => {
    const down = rigOf([gpuOf({ model: 'RTX 3090', state: 'down' })], { state: 'down' });
    const row = only((await integrate(series(start, start + HOUR, () => down))).rows);
    expect(row.stateSeconds.down).toBeCloseTo(3600, 6);
    expect(row).toMatchObject({ cardJoules: null, wallJoules: null, powerCost: null, powerSeconds: 0, mined: [] });
  });

  test('of a rig of which only the host answers is not observed', async () => {
    const blind = rigOf([gpuOf({ model: 'RTX 3090' })], { state: 'partial' });
    const rigAt = (atMs: number) => (atMs <= start + 1_800_000 ? rigOf([northCard()]) : blind);
    const row = only((await integrate(series(start, start + HOUR, rigAt))).rows);
    expect(row.observedSeconds).toBeCloseTo(1800, 6);
    expect(row.stateSeconds).toMatchObject({ mining: expect.closeTo(1800, 6), unknown: 0 });
    expect(row.models[0]).toMatchObject({
      ownedSeconds: expect.closeTo(3600, 6),
      observedSeconds: expect.closeTo(1800, 6),
    });
  });

  test('counts an observation once, and none that is older', async () => {
    const integrator = create();
    for (const snapshot of series(start, start + HOUR / 2, () => rigOf([northCard()]))) await integrator.add(snapshot);
    expect(await integrator.add(snapshotOf([], { atMs: start + HOUR / 2 }))).toBe(false);
    expect(await integrator.add(snapshotOf([rigOf([northCard()])], { atMs: start + HOUR / 4 }))).toBe(false);
    for (const snapshot of series(start, start + HOUR, () => rigOf([northCard()]))) await integrator.add(snapshot);
    expect(only((await integrator.takeClosed()).rows).observedSeconds).toBeCloseTo(3600, 6);
  });
});

describe('periods', () => {
  const quarter = 900_000;
  const starts = async (farm: Farm, site: string | null = 'quebec') => {
    const rigAt = () => rigOf([northCard()], { site });
    const { rows } = await integrate(series(start, start + HOUR, rigAt), farm);
    return rows.map((row) => [row.startMs - start, row.seconds]);
  };
  const quarters = [0, 1, 2, 3].map((index) => [index * quarter, 900]);

  test.each([
    ['whole hours from UTC', 'America/Toronto', 'Europe/Berlin', [[0, 3600]]],
    ['a site half an hour off', 'America/Toronto', 'Asia/Kolkata', quarters],
    ['a site three quarters off', 'America/Toronto', 'Asia/Kathmandu', quarters],
    ['a farm half an hour off: its accounting day begins there', 'Asia/Kolkata', 'Europe/Berlin', quarters],
  ])('%s', async (_name, farmZone, siteZone, expected) => {
    const farm = northFarm({ timezone: farmZone, sites: [northSite({ timezone: siteZone })] });
    expect(await starts(farm)).toEqual(expected);
  });

  test('of a rig without a site follow the farm', async () => {
    expect(await starts(northFarm({ timezone: 'Asia/Kolkata' }), null)).toEqual(quarters);
  });

  test('of a rig that moves within an hour never overlap', async () => {
    const farm = northFarm({ sites: [northSite(), northSite({ name: 'pune', timezone: 'Asia/Kolkata' })] });
    const rigAt = (atMs: number) => rigOf([northCard()], { site: atMs - start < 1_200_000 ? 'pune' : 'quebec' });
    const { rows } = await integrate(series(start, start + 2 * HOUR, rigAt), farm);
    expect(rows.map((row) => [row.startMs - start, row.seconds])).toEqual([...quarters, [HOUR, 3600]]);
  });
});

describe('energy', () => {
  const energyOf = async (energies: readonly (number | null)[], watts: number | null) => {
    const snapshots = energies.map((energyJoules, index) =>
      snapshotOf([rigOf([northCard({ energyJoules, powerWatts: watts })])], { atMs: start + index * STEP }),
    );
    // One more observation, after a gap that nobody saw, closes the hour.
    const row = only((await integrate([...snapshots, snapshotOf([], { atMs: start + HOUR })])).rows);
    return { joules: row.cardJoules, powerSeconds: row.powerSeconds };
  };

  test.each([
    ['grows with the counter', [1000, 4000, 8000], 1, { joules: 7000, powerSeconds: 30 }],
    ['after a reset is what grew since', [9000, 600, 4600], 1, { joules: 4600, powerSeconds: 30 }],
    ['is watts where the counter is missing', [1000, null, 8000], 300, { joules: 9000, powerSeconds: 30 }],
    [
      'is unknown, and its seconds with it, where neither is known',
      [1000, 4000, null],
      null,
      { joules: 3000, powerSeconds: 15 },
    ],
    ['is unknown and not 0', [null, null, null], null, { joules: null, powerSeconds: 0 }],
    ['never takes a jump of the counter for use', [5e9, 4.9e9, 4.9e9 + 3000], 300, { joules: 7500, powerSeconds: 30 }],
  ])('%s', async (_name, energies, watts, expected) => {
    expect(await energyOf(energies, watts)).toEqual(expected);
  });

  test('at the wall holds host, PSU and, in the cost alone, PUE', async () => {
    const site = northSite({ hostWatts: 60, psuEfficiency: 0.9, pue: 1.2 });
    const { rows } = await integrate(
      series(start, start + HOUR, () => rigOf([northCard()])),
      northFarm({ sites: [site] }),
    );
    const row = only(rows);
    expect(row.wallJoules).toBeCloseTo(400 * 3600, 3);
    expect(row.powerCost?.amount).toBeCloseTo(0.48 * 0.05, 9);
  });
});

describe('rented GPU-hours by model', () => {
  const rentedOf = async (rig: Rig) => {
    const { models } = only((await integrate(series(start, start + HOUR, () => rig))).rows);
    return models.map(({ model, rentedSeconds }) => [model, rentedSeconds === null ? null : Math.round(rentedSeconds)]);
  };
  const card = (key: string, changes: Partial<Gpu> = {}) => gpuOf({ model: 'RTX 3090', key, ...changes });
  const twoRented = { ...noStates(), rented: 2, unknown: 1 };

  test('follow the count of the machine where it has one model', async () => {
    const cards = [card('a'), card('b'), card('c')];
    expect(await rentedOf(rigOf(cards, { gpuStates: twoRented }))).toEqual([['RTX 3090', 7200]]);
  });

  test('are unknown where models are mixed and nothing says which cards are rented', async () => {
    const cards = [card('a'), card('b'), card('c', { model: 'RTX 3080' })];
    expect(await rentedOf(rigOf(cards, { gpuStates: twoRented }))).toEqual([
      ['RTX 3090', null],
      ['RTX 3080', null],
    ]);
  });

  test('are known in a mixed rig where every rented card is', async () => {
    const cards = [card('a', { state: 'rented' }), card('b', { model: 'RTX 3080', state: 'rented' }), card('c')];
    expect(await rentedOf(rigOf(cards))).toEqual([
      ['RTX 3090', 3600],
      ['RTX 3080', 3600],
    ]);
  });
});

describe('accounts', () => {
  test('keep the first and the last sight of each period', async () => {
    const snapshots = series(start, start + HOUR, () => null).map((snapshot, index) =>
      snapshotOf([], {
        atMs: snapshot.atMs,
        payouts: [{ platform: 'vast', instance: 'v:1', paidPlusPendingUsd: 100 + index, sampledAtMs: snapshot.atMs }],
      }),
    );
    const { accounts } = await integrate(snapshots);
    expect(accounts).toEqual([
      {
        platform: 'vast',
        instance: 'v:1',
        startMs: start,
        seconds: 3600,
        firstUsd: 100,
        firstAtMs: start,
        lastUsd: 339,
        lastAtMs: start + HOUR - STEP,
      },
    ]);
  });
});

describe('properties', () => {
  const card = fc.record({
    energyJoules: fc.option(fc.double({ min: 0, max: 1e7, noNaN: true })),
    powerWatts: fc.option(fc.double({ min: 0, max: 450, noNaN: true })),
    hashrate: fc.option(fc.double({ min: 0, max: 1e8, noNaN: true })),
    state: fc.constantFrom('mining', 'rented', 'busy', 'down', 'unknown'),
  });
  const timeline = fc
    .array(fc.record({ gapMs: fc.integer({ min: 1, max: 60_000 }), cards: fc.array(card, { maxLength: 3 }) }), {
      minLength: 2,
      maxLength: 40,
    })
    .map((sights) => {
      let atMs = start + HOUR - 300_000;
      return sights.map(({ gapMs, cards }) => {
        atMs += gapMs;
        const gpus = cards.map((gpu, index) =>
          gpuOf({ model: 'RTX 3090', ...gpu, key: `${index}`, algorithm: 'kawpow' } as const),
        );
        return snapshotOf([rigOf(gpus)], { atMs });
      });
    });
  const closing = snapshotOf([], { atMs: start + 3 * HOUR });

  test('the hours of a timeline add up to the time between its observations', async () => {
    await fc.assert(
      fc.asyncProperty(timeline, async (snapshots) => {
        const { rows } = await integrate([...snapshots, closing]);
        let expected = 0;
        for (const [index, { atMs }] of snapshots.entries()) {
          const before = snapshots[index - 1]?.atMs;
          if (before !== undefined && atMs - before <= 3 * STEP) expected += (atMs - before) / 1000;
        }
        expect(rows.reduce((sum, row) => sum + row.observedSeconds, 0)).toBeCloseTo(expected, 6);
      }),
      { numRuns: 100 },
    );
  });

  test('nothing is negative, and energy stays below what cards can draw', async () => {
    await fc.assert(
      fc.asyncProperty(timeline, async (snapshots) => {
        for (const row of (await integrate([...snapshots, closing])).rows) {
          expect(row.cardJoules ?? 0).toBeGreaterThanOrEqual(0);
          expect(row.cardJoules ?? 0).toBeLessThanOrEqual(2000 * row.powerSeconds + 1e-6);
          expect(row.observedSeconds).toBeLessThanOrEqual(row.seconds + 1e-9);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('saving and restoring at any point changes no bit', async () => {
    await fc.assert(
      fc.asyncProperty(timeline, fc.nat(), async (snapshots, point) => {
        const all = [...snapshots, closing];
        const at = point % all.length;
        const first = create();
        for (const snapshot of all.slice(0, at)) await first.add(snapshot);
        const second = create();
        expect(second.restore(await first.state(), null)).toBe(true);
        for (const snapshot of all.slice(at)) await second.add(snapshot);
        const whole = create();
        for (const snapshot of all) await whole.add(snapshot);
        expect(await second.takeClosed()).toEqual(await whole.takeClosed());
      }),
      { numRuns: 100 },
    );
  });
});

describe('restoring', () => {
  test('drops periods that were committed', async () => {
    const integrator = create();
    for (const snapshot of series(start, start + HOUR, () => rigOf([northCard()]))) await integrator.add(snapshot);
    const restored = create();
    restored.restore(await integrator.state(), start + HOUR);
    await restored.add(snapshotOf([], { atMs: start + 2 * HOUR }));
    expect((await restored.takeClosed()).rows).toEqual([]);
  });

  test('drops none for a row that is still to come', async () => {
    const integrator = create();
    for (const snapshot of series(start, start + HOUR / 2, () => rigOf([northCard()]))) await integrator.add(snapshot);
    const restored = create();
    restored.restore(await integrator.state(), start + 24 * HOUR);
    await restored.add(snapshotOf([], { atMs: start + 2 * HOUR }));
    expect((await restored.takeClosed()).rows.map(({ observedSeconds }) => observedSeconds)).toEqual([1800]);
  });

  test('goes on with the hour that the first version saved', async () => {
    const seen = {
      atMs: start + HOUR / 2,
      cards: [['a1/#0', { energyJoules: 5e6, sharesAccepted: 1, sharesRejected: 0 }]],
    };
    const period = {
      startMs: start,
      seconds: 3600,
      seenSeconds: 1800,
      observedSeconds: 1800,
      stateSeconds: { ...noStates(), mining: 1800 },
      joules: 529_200,
      powerSeconds: 1800,
      poweredSeconds: 1800,
      work: [{ algorithm: 'kawpow', hashes: 216e9, gpuSeconds: 1800, sharesAccepted: 0, sharesRejected: 0 }],
      models: [{ model: 'RTX 3090', ownedSeconds: 1800, observedSeconds: 1800, rentedSeconds: 0 }],
    };
    const rig = { name: 'a1', site: 'quebec', seen, grid: { hourMs: start, periodMs: HOUR }, periods: [period] };
    const fleet = { newestMs: start + HOUR / 2, accounts: [], marketplace: [] };
    const integrator = create();
    expect(integrator.restore(JSON.stringify({ kind: 'integrator', version: 1, fleet, rigs: [rig] }), null)).toBe(true);
    for (const snapshot of series(start + HOUR / 2 + STEP, start + HOUR, () => rigOf([miningCard()]))) {
      await integrator.add(snapshot);
    }
    const whole = create();
    for (const snapshot of series(start, start + HOUR, () => rigOf([miningCard()]))) await whole.add(snapshot);
    const [[row], [expected]] = [(await integrator.takeClosed()).rows, (await whole.takeClosed()).rows];
    expect(row).toMatchObject({ observedSeconds: 3600, stateSeconds: { mining: 3600 }, powerSeconds: 3600 });
    expect(row?.mined).toMatchObject([{ gpuSeconds: 3600, hashes: expect.closeTo(432e9, -2) }]);
    expect(row?.wallJoules).toBeCloseTo(expected?.wallJoules ?? Number.NaN, 3);
  });

  test.each([
    '',
    '{',
    'null',
    '{"kind":"integrator","version":3,"fleet":{},"rigs":[]}',
    '{"kind":"history","nextHourMs":1}',
  ])('refuses %j', (text) => {
    expect(create().restore(text, null)).toBe(false);
  });
});
