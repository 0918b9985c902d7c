import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeAggregates, type RigDayAggregate } from '../../src/domain/aggregates.ts';
import { AggregateFold, type HourAggregate } from '../../src/domain/ledger/aggregate-fold.ts';
import { cardSignalTable, hostSignalTable } from '../../src/domain/ledger/aggregate-signals.ts';
import { ledgerTiming } from '../../src/domain/ledger/timing.ts';
import type { Rig } from '../../src/domain/rig.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { createDayBounds } from '../../src/fleet/day-bounds.ts';
import { gpuOf, hostOf, rigOf } from '../support/rigs.ts';
import { snapshotOf } from '../support/snapshots.ts';

const STEP = 15_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;
const start = Date.UTC(2026, 10, 21, 10);
const timing = ledgerTiming(STEP, { miningGapMs: 120_000, downAfterMs: 120_000 });

function create(timezone = 'America/Toronto'): AggregateFold {
  return new AggregateFold({ timing, dayAt: createDayBounds(timezone) });
}

function series(rigAt: (atMs: number) => Rig | null, toMs: number, fromMs = start): Snapshot[] {
  const snapshots: Snapshot[] = [];
  for (let atMs = fromMs; atMs <= toMs; atMs += STEP) {
    const rig = rigAt(atMs);
    snapshots.push(snapshotOf(rig === null ? [] : [rig], { atMs }));
  }
  return snapshots;
}

async function fold(snapshots: readonly Snapshot[], timezone?: string): Promise<readonly HourAggregate[]> {
  const aggregates = create(timezone);
  const closed: HourAggregate[] = [];
  for (const snapshot of snapshots) {
    await aggregates.add(snapshot);
    closed.push(...(await aggregates.takeClosed()));
  }
  return [...closed, ...(await aggregates.takeAll())];
}

/** All hours of one rig as one. */
async function dayOf(rigAt: (atMs: number) => Rig | null, toMs = start + HOUR): Promise<RigDayAggregate> {
  const [first, ...others] = await fold(series(rigAt, toMs));
  if (first === undefined) throw new Error('nothing was seen');
  return others.reduce<RigDayAggregate>(mergeAggregates, first);
}

const cardOf = async (rigAt: (atMs: number) => Rig | null, toMs?: number) =>
  (await dayOf(rigAt, toMs)).cards['a1/#0'] ?? {};
const half = start + HOUR / 2;

describe('a signal over an hour', () => {
  test('keeps coverage, extremes, the last value and the time beyond each threshold', async () => {
    const celsius = (atMs: number) => (atMs <= half ? 80 : atMs <= half + 10 * MINUTE ? 96 : 85);
    const card = await cardOf((atMs) => rigOf([gpuOf({ coreTemperatureCelsius: celsius(atMs) })]));
    expect(card).toEqual({
      coreTemperatureCelsius: { seconds: 3600, min: 80, max: 96, last: 85, increase: null, beyond: [1800, 600] },
    });
  });

  test('that nobody prints is not there; what is printed for a part of the time covers that part', async () => {
    const card = await cardOf((atMs) => rigOf([gpuOf({ memoryTemperatureCelsius: atMs <= half ? 100 : null })]));
    expect(card).toEqual({
      memoryTemperatureCelsius: expect.objectContaining({ seconds: 1800, beyond: [1800, 1800, 1800, 0] }),
    });
  });

  test('is not covered in a gap, nor while its rig is silent', async () => {
    const rig = rigOf([gpuOf({ coreTemperatureCelsius: 60 })]);
    const gap = await cardOf((atMs) => (atMs > half && atMs < half + 10 * MINUTE ? null : rig));
    expect(gap.coreTemperatureCelsius?.seconds).toBe(3000);
    const silent = rigOf([], { state: 'silent', silentSinceMs: half });
    const unseen = await cardOf((atMs) => (atMs > half && atMs < half + 10 * MINUTE ? silent : rig));
    expect(unseen.coreTemperatureCelsius?.seconds).toBe(3000);
  });

  test('of which less is worse is counted below its thresholds', async () => {
    const lines = (atMs: number) => hostOf({ lineDownBitsPerSecond: atMs <= half ? 150e6 : 450e6 });
    const { host } = await dayOf((atMs) => rigOf([], { host: lines(atMs) }));
    expect(host.lineDownBitsPerSecond).toMatchObject({ min: 150e6, beyond: [0, 1800, 1800, 1800, 3600] });
  });

  test('grows as a counter does, resets included, and not over a gap', async () => {
    const replays = (atMs: number) => (atMs <= half ? 1000 + (atMs - start) / STEP : (atMs - half) / STEP);
    const grown = await cardOf((atMs) => rigOf([gpuOf({ health: { pcieReplays: replays(atMs) } })]));
    expect(grown.pcieReplays?.increase).toBeCloseTo(240, 6);
    const late = (atMs: number) => (atMs <= half ? 10 : 5000);
    const gap = await cardOf((atMs) =>
      atMs > half && atMs < half + 10 * MINUTE ? null : rigOf([gpuOf({ sharesInvalid: late(atMs) })]),
    );
    expect(gap.sharesInvalid).toMatchObject({ increase: 0, last: 5000 });
  });

  test('of a card that was away for a while did not grow while nobody saw it', async () => {
    const other = gpuOf({ key: 'a1/#1' });
    const isAway = (atMs: number) => atMs > half && atMs < half + 10 * MINUTE;
    const rigAt = (atMs: number) => {
      const card = gpuOf({ health: { nvlinkErrors: atMs <= half ? 3 : 500 } });
      return rigOf(isAway(atMs) ? [other] : [card, other]);
    };
    expect((await cardOf(rigAt)).nvlinkErrors).toMatchObject({ seconds: 3600 - 585, increase: 0, last: 500 });
  });

  test('of the link counts at full speed alone', async () => {
    const idle = { pcieWidth: 16, pcieGeneration: 1, performanceState: 8 };
    const busy = { pcieWidth: 1, pcieGeneration: 3, performanceState: 2 };
    const card = await cardOf((atMs) => rigOf([gpuOf(atMs <= half ? idle : busy)]));
    expect(card.pcieWidth).toMatchObject({ seconds: 1800, max: 1 });
    expect(card.pcieGeneration).toMatchObject({ seconds: 1800, min: 3, max: 3 });
    const mining = await cardOf(() => rigOf([gpuOf({ pcieWidth: 4, pcieGeneration: 2, hashrate: 1 })]));
    expect(mining).toEqual({ pcieWidth: expect.objectContaining({ max: 4 }) });
  });

  test('of throttling counts whatever is above 0', async () => {
    const card = await cardOf((atMs) => rigOf([gpuOf({ health: { powerBrake: atMs <= half ? 0 : 0.01 } })]));
    expect(card.powerBrake).toMatchObject({ seconds: 3600, beyond: [1800] });
  });
});

describe('a rig', () => {
  test('that goes down was down since it was last seen: its reliability knows', async () => {
    const silent = { silentSinceMs: half };
    const rigAt = (atMs: number) => {
      if (atMs < half) return rigOf([gpuOf()]);
      return rigOf([gpuOf()], { state: atMs < half + 2 * MINUTE ? 'silent' : 'down', ...silent });
    };
    expect((await dayOf(rigAt)).host.up).toMatchObject({ seconds: 3600, min: 0, beyond: [1785] });
  });

  test('that boots is counted once, also where nobody saw it go', async () => {
    const rigAt = (atMs: number) => {
      const bootAtMs = atMs < half ? start - HOUR : half + MINUTE;
      return atMs >= half && atMs < half + 5 * MINUTE ? null : rigOf([], { host: hostOf({ bootAtMs }) });
    };
    expect((await dayOf(rigAt)).host.bootAtMs?.increase).toBe(1);
  });

  test('whose boot time is read a little differently did not boot', async () => {
    const rigAt = (atMs: number) => rigOf([], { host: hostOf({ bootAtMs: start - HOUR + (atMs % 2000) }) });
    expect((await dayOf(rigAt)).host.bootAtMs?.increase).toBe(0);
  });

  test('that loses a card has had more', async () => {
    const cards = [gpuOf({ state: 'mining' }), gpuOf({ key: 'a1/#1', state: 'mining' })];
    const [first] = cards;
    const gone = gpuOf({ key: 'a1/#1', state: 'unknown', unsettled: { seen: 'down', sinceMs: half } });
    const rigAt = (atMs: number) => rigOf(atMs <= half || first === undefined ? cards : [first, gone]);
    expect((await dayOf(rigAt)).host.gpuCount).toMatchObject({ max: 2, min: 1, last: 1 });
  });

  test('of which some exporters fail says nothing of how many cards it has', async () => {
    expect((await dayOf(() => rigOf([gpuOf()], { state: 'partial' }))).host.gpuCount).toBeUndefined();
  });
});

describe('hours', () => {
  const rig = rigOf([gpuOf({ coreTemperatureCelsius: 60 })]);

  test('follow each other without an overlap, each in its day', async () => {
    // Midnight in Kolkata is at 18:30 UTC.
    const fromMs = Date.UTC(2026, 10, 21, 17);
    const hours = await fold(
      series(() => rig, fromMs + 3 * HOUR, fromMs),
      'Asia/Kolkata',
    );
    const midnight = Date.UTC(2026, 10, 21, 18, 30);
    const edges = hours.map((hour) => [hour.dayMs, (hour.fromMs - fromMs) / HOUR, (hour.untilMs - fromMs) / HOUR]);
    expect(edges).toEqual([
      [midnight - 24 * HOUR, 0, 1],
      [midnight - 24 * HOUR, 1, 1.5],
      [midnight, 1.5, 2],
      [midnight, 2, 3],
    ]);
  });

  test('close when they are settled, also of a rig that is gone', async () => {
    const aggregates = create();
    const taken: number[] = [];
    for (const snapshot of series((atMs) => (atMs <= half ? rig : null), start + 2 * HOUR)) {
      await aggregates.add(snapshot);
      for (const _hour of await aggregates.takeClosed()) taken.push(snapshot.atMs);
    }
    expect(taken).toEqual([start + HOUR + timing.settleMs]);
  });

  test('say together what one fold of the whole says, wherever the stretches were cut', async () => {
    const value = fc.record({
      gapMs: fc.integer({ min: 1_000, max: 60_000 }),
      celsius: fc.integer({ min: 60, max: 110 }),
      replays: fc.nat({ max: 50 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 2, maxLength: 300 }), async (values) => {
        let atMs = start;
        let replays = 0;
        let seconds = 0;
        const snapshots = values.map((of, index) => {
          if (index > 0) atMs += of.gapMs;
          if (index > 0 && of.gapMs <= timing.maxGapMs) seconds += of.gapMs / 1000;
          replays += of.replays;
          const card = gpuOf({ coreTemperatureCelsius: of.celsius, health: { pcieReplays: replays } });
          return snapshotOf([rigOf([card])], { atMs });
        });
        const counted = values.slice(1).filter(({ gapMs }) => gapMs <= timing.maxGapMs);
        if (counted.length === 0) return;
        const hours = await fold(snapshots);
        const day = hours.slice(1).reduce<RigDayAggregate>(mergeAggregates, hours[0] as HourAggregate);
        const card = day.cards['a1/#0'] ?? {};
        expect(card.coreTemperatureCelsius?.seconds).toBeCloseTo(seconds, 6);
        expect(card.coreTemperatureCelsius?.max).toBe(Math.max(...counted.map(({ celsius }) => celsius)));
        expect(card.pcieReplays?.increase).toBeCloseTo(
          counted.reduce((sum, of) => sum + of.replays, 0),
          6,
        );
      }),
      { numRuns: 50 },
    );
  });
});

/** Each hour read back by itself, from before its beginning until it is settled, as the history is. */
async function hourByHour(snapshots: readonly Snapshot[], hours: number): Promise<RigDayAggregate[]> {
  const found: HourAggregate[] = [];
  for (let hourMs = start; hourMs < start + hours * HOUR; hourMs += HOUR) {
    const fromMs = hourMs - timing.settleMs - timing.maxGapMs;
    const toMs = hourMs + HOUR + timing.settleMs;
    const read = await fold(snapshots.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs));
    found.push(...read.filter((hour) => hour.fromMs >= hourMs && hour.fromMs < hourMs + HOUR));
  }
  return found;
}

test('hours that are read back one by one say what the scrapes said as they came', async () => {
  // Two hours in runs: seen, silent and then down, or in no observation at all.
  const run = fc.record({
    steps: fc.integer({ min: 1, max: 40 }),
    kind: fc.constantFrom('seen', 'seen', 'silent', 'missing'),
    celsius: fc.integer({ min: 60, max: 110 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(run, { minLength: 30, maxLength: 60 }), async (runs) => {
      const endMs = start + 2 * HOUR + 2 * timing.settleMs;
      const snapshots: Snapshot[] = [];
      let atMs = start - HOUR / 4;
      for (let index = 0; atMs <= endMs; index += 1) {
        const { steps, kind, celsius } = runs[index % runs.length] ?? { steps: 1, kind: 'seen', celsius: 60 };
        const silentSinceMs = atMs;
        for (let step = 0; step < steps && atMs <= endMs; step += 1, atMs += STEP) {
          const isDown = atMs - silentSinceMs >= 120_000;
          const card = gpuOf({
            coreTemperatureCelsius: celsius,
            health: { pcieReplays: (atMs - start + HOUR) / STEP },
          });
          const away = rigOf([gpuOf()], { state: isDown ? 'down' : 'silent', silentSinceMs });
          const rigs = kind === 'seen' ? [rigOf([card])] : kind === 'silent' ? [away] : [];
          snapshots.push(snapshotOf(rigs, { atMs }));
        }
      }
      const inHours = ({ fromMs }: HourAggregate) => fromMs >= start && fromMs < start + 2 * HOUR;
      const live = (await fold(snapshots)).filter(inHours);
      const back = await hourByHour(snapshots, 2);
      expect(back.map(({ untilMs }) => untilMs)).toEqual(live.map(({ untilMs }) => untilMs));
      for (const [index, hour] of live.entries()) {
        expect(rounded(back[index]?.host)).toEqual(rounded(hour.host));
        expect(rounded(back[index]?.cards)).toEqual(rounded(hour.cards));
      }
    }),
    { numRuns: 20 },
  );
});

/** Sums of parts differ in their last bits. */
function rounded(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value ?? null, (_key, of) => (typeof of === 'number' ? Math.round(of * 1e6) / 1e6 : of)),
  );
}

test('every signal names its criterion, and its thresholds rise', () => {
  for (const { criterion, thresholds } of [...Object.values(cardSignalTable), ...Object.values(hostSignalTable)]) {
    expect(criterion).toMatch(/^C\d\d$/);
    expect(thresholds).toEqual([...thresholds].sort((a, b) => a - b));
  }
});
