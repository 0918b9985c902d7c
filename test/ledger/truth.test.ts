import { expect, test } from 'vitest';
import { createFarm, type GpuAccount } from '../../adapters/simulator/farm.ts';
import { Integrator } from '../../src/domain/ledger/integrator.ts';
import { ledgerTiming } from '../../src/domain/ledger/timing.ts';
import type { LedgerRow } from '../../src/domain/ledger.ts';
import { type WorkState, workStates } from '../../src/domain/work-state.ts';
import { zoneOffsetMinutes } from '../../src/fleet/accounting-day.ts';
import { createObserver } from '../../src/fleet/observe.ts';
import { metricsSettings } from '../support/metrics-settings.ts';
import { northFarm, northSite } from '../support/north-farm.ts';
import { simulatedSource } from './simulated-farm.ts';

const STEP = 15_000;
const HOUR = 3_600_000;
const epochMs = Date.parse('2026-10-01T00:00:00Z');
const from = Date.parse('2026-10-02T07:00:00Z');
const hours = 3;

interface Sums {
  states: Record<WorkState, number>;
  joules: number;
  powerSeconds: number;
  hashes: Record<string, number>;
}

function sumsOf(rig: string, rows: readonly LedgerRow[]): Sums {
  const own = rows.filter((row) => row.rig === rig);
  const sum = (pick: (row: LedgerRow) => number) => own.reduce((total, row) => total + pick(row), 0);
  const hashes: Record<string, number> = {};
  for (const { algorithm, hashes: done } of own.flatMap((row) => row.mined)) {
    hashes[algorithm ?? 'unknown'] = (hashes[algorithm ?? 'unknown'] ?? 0) + done;
  }
  return {
    states: Object.fromEntries(
      workStates.map((state) => [state, sum((row) => row.stateSeconds[state])]),
    ) as Sums['states'],
    joules: sum((row) => row.cardJoules ?? 0),
    powerSeconds: sum((row) => row.powerSeconds),
    hashes,
  };
}

test.each([
  ['everything is believed at once', { miningGapMs: 0, downAfterMs: 0 }],
  ['what may pass is held back for two minutes', { miningGapMs: 120_000, downAfterMs: 120_000 }],
])('three hours of scrapes agree with what really happened, where %s', { timeout: 60_000 }, async (_name, states) => {
  const simulated = createFarm({ rigs: 9, gpus: 3, seed: 7, epochMs });
  let nowMs = from;
  const farm = northFarm({
    sites: [northSite(), northSite({ name: 'texas' })],
    mining: { coin: 'RVN', poolFee: 0 },
  });
  const metrics = metricsSettings({ intervalMs: STEP, states });
  const clock = { now: () => nowMs };
  const source = simulatedSource(simulated, clock);
  const observer = createObserver({ source, farm, metrics });
  const timing = ledgerTiming(STEP, states);
  const integrator = new Integrator(farm, { timing, offsetMinutes: zoneOffsetMinutes });
  const rows: LedgerRow[] = [];
  for (; nowMs <= from + hours * HOUR + timing.settleMs; nowMs += STEP) {
    await integrator.add(await observer.observe(AbortSignal.timeout(60_000)));
    rows.push(...(await integrator.takeClosed()).rows);
  }
  const truth = Map.groupBy(simulated.truth(from + hours * HOUR, from).gpus, ({ rig }) => rig);
  const up = new Set(
    simulated.targets.filter(({ down, rigName }) => !down && rigName !== null).map(({ rigName }) => rigName),
  );
  expect(up.size).toBeGreaterThan(6);
  const powered: string[] = [];
  for (const [rig, cards] of truth) {
    if (!up.has(rig)) continue;
    const found = sumsOf(rig, rows);
    const gpuSeconds = cards.length * hours * 3600;
    for (const state of workStates) {
      const real = cards.reduce((sum, card) => sum + card.stateSeconds[state], 0);
      // In a machine rented in part nobody prints which card is: those may be unknown, and never something else.
      const hidden = state === 'unknown' ? 0 : found.states.unknown;
      if (state === 'unknown' && partlyRented(cards)) continue;
      expect(found.states[state] - real, `${rig} ${state}`).toBeLessThanOrEqual(0.005 * gpuSeconds);
      expect(real - hidden - found.states[state], `${rig} ${state}`).toBeLessThanOrEqual(0.005 * gpuSeconds);
    }
    const joules = cards.reduce((sum, card) => sum + card.joules, 0);
    expect(found.joules, `${rig} joules`).toBeLessThanOrEqual(1.005 * joules);
    if (found.powerSeconds > 0.999 * gpuSeconds) {
      powered.push(rig);
      expect(found.joules, `${rig} joules`).toBeGreaterThanOrEqual(0.995 * joules);
    }
    const hashes = cards.reduce((sum, card) => sum + Object.values(card.hashes).reduce((a, b) => a + b, 0), 0);
    const foundHashes = Object.values(found.hashes).reduce((a, b) => a + b, 0);
    expect(Math.abs(foundHashes - hashes), `${rig} hashes`).toBeLessThanOrEqual(0.005 * hashes);
  }
  expect(powered.length).toBeGreaterThan(up.size / 2);
});

function partlyRented(cards: readonly GpuAccount[]): boolean {
  return new Set(cards.map((card) => card.stateSeconds.rented)).size > 1;
}
