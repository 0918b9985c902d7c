import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Integrator } from '../../src/domain/ledger/integrator.ts';
import { ledgerTiming } from '../../src/domain/ledger/timing.ts';
import type { LedgerRow } from '../../src/domain/ledger.ts';
import type { Asic, Gpu, Rig } from '../../src/domain/rig.ts';
import { noStates, type PerState, type WorkState, workStates } from '../../src/domain/work-state.ts';
import { zoneOffsetMinutes } from '../../src/fleet/accounting-day.ts';
import { northFarm } from '../support/north-farm.ts';
import { asicOf, gpuOf, miningCard, rigOf } from '../support/rigs.ts';
import { snapshotOf } from '../support/snapshots.ts';

const STEP = 15_000;
const HOUR = 3_600_000;
const start = Date.UTC(2026, 10, 21, 10);
const timing = ledgerTiming(STEP, { miningGapMs: 120_000, downAfterMs: 120_000 });

function sum(states: PerState): number {
  return workStates.reduce((total, state) => total + states[state], 0);
}

async function rowsOf(sights: readonly (Rig | null)[], fromMs = start): Promise<readonly LedgerRow[]> {
  const integrator = new Integrator(northFarm(), { timing, offsetMinutes: zoneOffsetMinutes });
  let atMs = fromMs;
  const rows: LedgerRow[] = [];
  for (const rig of sights) {
    await integrator.add(snapshotOf(rig === null ? [] : [rig], { atMs }));
    rows.push(...(await integrator.takeClosed()).rows);
    atMs += STEP;
  }
  await integrator.add(snapshotOf([], { atMs: atMs + 10 * HOUR }));
  return [...rows, ...(await integrator.takeClosed()).rows];
}

const state = fc.constantFrom(...workStates);
const seen = fc.option(state, { nil: null });
/** A card's state, what it is seen to be instead, its power and its counter. */
const anyCard = fc.record({
  state,
  seen,
  watts: fc.option(fc.double({ min: -10, max: 1e308, noNaN: true }), { nil: null }),
  energy: fc.option(fc.double({ min: 0, max: 1e12, noNaN: true }), { nil: null }),
  hashrate: fc.option(fc.double({ min: 0, max: 1e308, noNaN: true }), { nil: null }),
});
const anySight = fc.record({
  kind: fc.constantFrom('up', 'up', 'up', 'partial', 'silent', 'absent'),
  cards: fc.array(anyCard, { minLength: 3, maxLength: 3 }),
  asic: fc.record({ state: fc.constantFrom<WorkState>('mining', 'unknown', 'down'), seen }),
  wallWatts: fc.option(fc.double({ min: -1, max: 1e308, noNaN: true }), { nil: null }),
  lasts: fc.integer({ min: 1, max: 30 }),
});

type Sight = typeof anySight extends fc.Arbitrary<infer T> ? T : never;

function rigAt({ kind, cards, asic, wallWatts }: Sight): Rig | null {
  if (kind === 'absent') return null;
  const unsettled = (now: WorkState | null) => (now === null ? null : { seen: now, sinceMs: start });
  const gpus = cards.map(
    (card, index): Gpu =>
      gpuOf({
        key: `a1/#${index}`,
        model: index === 2 ? 'RTX 3080' : 'RTX 3090',
        state: card.state,
        unsettled: unsettled(card.seen),
        powerWatts: card.watts,
        energyJoules: card.energy,
        hashrate: card.hashrate,
        algorithm: 'kawpow',
      }),
  );
  const asics: readonly Asic[] = [asicOf({ key: 'a1/asic', state: asic.state, unsettled: unsettled(asic.seen) })];
  return rigOf(gpus, { state: kind, asics, wallWatts });
}

const anyTimeline = fc.array(anySight, { minLength: 1, maxLength: 20 }).map((sights) => {
  return sights.flatMap((sight) => Array.from({ length: sight.lasts }, () => rigAt(sight)));
});

test('the states of what was observed and the rest are what is owned, and nothing is negative or infinite', async () => {
  await fc.assert(
    fc.asyncProperty(anyTimeline, fc.integer({ min: 0, max: 59 }), async (sights, minutes) => {
      for (const row of await rowsOf(sights, start + minutes * 60_000)) {
        const observed = row.models.reduce((total, model) => total + model.observedSeconds, 0);
        const owned = row.models.reduce((total, model) => total + model.ownedSeconds, 0);
        expect(sum(row.stateSeconds)).toBeCloseTo(observed, 6);
        expect(owned).toBeCloseTo(3 * row.seconds, 6);
        expect(row.observedSeconds).toBeLessThanOrEqual(row.seconds + 1e-6);
        expect(sum(row.asicSeconds ?? noStates())).toBeCloseTo(row.observedSeconds, 6);
        for (const known of [...Object.values(row.stateSeconds), row.cardJoules, row.wallJoules, row.powerSeconds]) {
          expect(known ?? 0).toBeGreaterThanOrEqual(0);
          expect(known ?? 0).toBeLessThan(1e15);
        }
        for (const { hashes, revenue } of row.mined) {
          expect(hashes).toBeLessThan(1e24);
          expect(Number.isFinite(revenue?.amount ?? 0)).toBe(true);
        }
        for (const { rentedSeconds, ownedSeconds } of row.models) {
          expect(rentedSeconds ?? 0).toBeLessThanOrEqual(ownedSeconds + 1e-6);
        }
      }
    }),
    { numRuns: 150 },
  );
});

test('what no card can do is as if it were not printed', async () => {
  const honest = miningCard({ key: 'a1/#0' });
  const liar = miningCard({ key: 'a1/#1', hashrate: 1e300, powerWatts: 1e300 });
  const [row] = await rowsOf(Array.from({ length: 240 }, () => rigOf([honest, liar])));
  const seconds = 239 * 15;
  expect(row?.mined).toMatchObject([{ gpuSeconds: seconds }]);
  expect([row?.powerSeconds, row?.stateSeconds.mining]).toEqual([seconds, 2 * seconds]);
});
