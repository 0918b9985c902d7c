import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeBatches } from '../../src/domain/ledger/batch.ts';
import { Integrator } from '../../src/domain/ledger/integrator.ts';
import { growth } from '../../src/domain/ledger/sight.ts';
import { MOST_CARD_WATTS } from '../../src/domain/ledger/stretch-energy.ts';
import { ledgerTiming } from '../../src/domain/ledger/timing.ts';
import type { LedgerBatch } from '../../src/domain/ledger.ts';
import { zoneOffsetMinutes } from '../../src/fleet/accounting-day.ts';
import { northCard, northFarm } from '../support/north-farm.ts';
import { rigOf } from '../support/rigs.ts';
import { snapshotOf } from '../support/snapshots.ts';

const HOUR = 3_600_000;
const start = Date.UTC(2026, 10, 21, 10);
const timing = ledgerTiming(60_000, { miningGapMs: 0, downAfterMs: 0 });

interface Reading {
  readonly atMs: number;
  /** Of each card, by its key. */
  readonly energies: Readonly<Record<string, number | null>>;
}

/** Joules by hour, of cards whose only evidence of power is their counter. */
async function joulesOf(readings: readonly Reading[], order: 1 | -1 = 1): Promise<ReadonlyMap<number, number>> {
  const integrator = new Integrator(northFarm(), { timing, offsetMinutes: zoneOffsetMinutes });
  const batches: LedgerBatch[] = [];
  const closing = { atMs: start + 5 * HOUR, energies: {} };
  for (const { atMs, energies } of [...readings, closing]) {
    const cards = Object.entries(energies).map(([key, energyJoules]) =>
      northCard({ key, energyJoules, powerWatts: null }),
    );
    await integrator.add(snapshotOf([rigOf(order === 1 ? cards : cards.toReversed())], { atMs }));
    batches.push(await integrator.takeClosed());
  }
  return new Map(mergeBatches(batches).rows.map(({ startMs, cardJoules }) => [startMs, cardJoules ?? 0]));
}

const total = (hours: ReadonlyMap<number, number>) => [...hours.values()].reduce((sum, joules) => sum + joules, 0);

/** Instants within three hours, no two further apart than a gap. */
const instants = fc
  .array(fc.integer({ min: 1_000, max: timing.maxGapMs }), { minLength: 2, maxLength: 120 })
  .map((gaps) => {
    let atMs = start;
    return [atMs, ...gaps.map((gap) => (atMs += gap)).filter((at) => at < start + 3 * HOUR)];
  });

describe('growth of a counter', () => {
  const value = fc.double({ min: 0, max: 1e12, noNaN: true });

  test('is never negative, and no more than the counter shows', () => {
    fc.assert(
      fc.property(value, value, (before, after) => {
        const grown = growth(before, after) ?? Number.NaN;
        expect(grown).toBeGreaterThanOrEqual(0);
        expect(grown).toBeLessThanOrEqual(after);
      }),
    );
  });

  test('is unknown where one of its ends is', () => {
    expect([growth(null, 5), growth(5, null), growth(undefined, 5)]).toEqual([null, null, null]);
  });
});

describe('energy by a counter', () => {
  test('adds up over the hours to the whole, whatever the sampling', async () => {
    await fc.assert(
      fc.asyncProperty(instants, fc.double({ min: 1, max: 450, noNaN: true }), async (times, watts) => {
        const readings = times.map((atMs) => ({ atMs, energies: { a: ((atMs - start) / 1000) * watts } }));
        const hours = await joulesOf(readings);
        const lastMs = times.at(-1) ?? start;
        expect(total(hours)).toBeCloseTo(((lastMs - start) / 1000) * watts, 3);
        for (const [startMs, joules] of hours) {
          const inHour = (Math.min(lastMs, startMs + HOUR) - startMs) / 1000;
          expect(joules).toBeCloseTo(inHour * watts, 3);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('loses by a reset at most what was counted since the last sight, and is never negative', async () => {
    const resets = fc.array(fc.nat({ max: 119 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(instants, resets, async (times, at) => {
        const watts = 300;
        const resetAt = new Set(at);
        // It has counted for a day; a counter that a reset left as high as it was has a reset that nobody can see.
        let baseMs = start - 24 * HOUR;
        let lost = 0;
        const readings = times.map((atMs, index) => {
          const beforeMs = times[index - 1] ?? start;
          const middleMs = (beforeMs + atMs) / 2;
          const isVisible = atMs - middleMs < beforeMs - baseMs;
          if (resetAt.has(index) && index > 0 && isVisible) {
            // In the middle of the stretch: what had been counted since the last sight is gone with it.
            baseMs = middleMs;
            lost += ((baseMs - beforeMs) / 1000) * watts;
          }
          return { atMs, energies: { a: ((atMs - baseMs) / 1000) * watts } };
        });
        const hours = await joulesOf(readings);
        const real = (((times.at(-1) ?? start) - start) / 1000) * watts;
        for (const joules of hours.values()) expect(joules).toBeGreaterThanOrEqual(0);
        expect(total(hours)).toBeLessThanOrEqual(real + 1e-3);
        expect(total(hours)).toBeGreaterThanOrEqual(real - lost - 1e-3);
      }),
      { numRuns: 50 },
    );
  });

  test('is the same in whatever order the cards are printed', async () => {
    const energies = fc.record({
      a: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })),
      b: fc.double({ min: 0, max: 1e6, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(instants, fc.array(energies, { minLength: 121, maxLength: 121 }), async (times, values) => {
        const readings = times.map((atMs, index) => ({ atMs, energies: values[index] ?? {} }));
        const [there, back] = [await joulesOf(readings), await joulesOf(readings, -1)];
        expect([...back.keys()]).toEqual([...there.keys()]);
        for (const [startMs, joules] of there) expect(back.get(startMs)).toBeCloseTo(joules, 3);
      }),
      { numRuns: 30 },
    );
  });

  test('is never more than a card can draw, wherever the counter jumps', async () => {
    const energies = fc.array(fc.double({ min: 0, max: 1e15, noNaN: true }), { minLength: 121, maxLength: 121 });
    await fc.assert(
      fc.asyncProperty(instants, energies, async (times, values) => {
        const readings = times.map((atMs, index) => ({ atMs, energies: { a: values[index] ?? 0 } }));
        const seconds = ((times.at(-1) ?? start) - start) / 1000;
        expect(total(await joulesOf(readings))).toBeLessThanOrEqual(MOST_CARD_WATTS * seconds * (1 + 1e-9));
      }),
      { numRuns: 50 },
    );
  });
});
