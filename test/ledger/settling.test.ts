import { describe, expect, test } from 'vitest';
import { Integrator } from '../../src/domain/ledger/integrator.ts';
import { ledgerTiming } from '../../src/domain/ledger/timing.ts';
import type { LedgerRow } from '../../src/domain/ledger.ts';
import type { Gpu, Rig } from '../../src/domain/rig.ts';
import { noStates, type WorkState } from '../../src/domain/work-state.ts';
import { zoneOffsetMinutes } from '../../src/fleet/accounting-day.ts';
import { northCard, northFarm } from '../support/north-farm.ts';
import { asicOf, gpuOf, rigOf } from '../support/rigs.ts';
import { snapshotOf } from '../support/snapshots.ts';

const STEP = 15_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;
const start = Date.UTC(2026, 10, 21, 10);
const timing = ledgerTiming(STEP, { miningGapMs: 120_000, downAfterMs: 120_000 });

function create(): Integrator {
  return new Integrator(northFarm(), { timing, offsetMinutes: zoneOffsetMinutes });
}

/** Rows of the hours from `start` that close until `toMs`, each observation as `rigAt` has it; null for none. */
async function rowsOf(rigAt: (atMs: number) => Rig | null, toMs: number): Promise<readonly LedgerRow[]> {
  const integrator = create();
  const rows: LedgerRow[] = [];
  for (let atMs = start; atMs <= toMs; atMs += STEP) {
    const rig = rigAt(atMs);
    await integrator.add(snapshotOf(rig === null ? [] : [rig], { atMs }));
    rows.push(...(await integrator.takeClosed()).rows);
  }
  return rows;
}

function statesOf(row: LedgerRow | undefined): Partial<Record<WorkState, number>> {
  const known = Object.entries(row?.stateSeconds ?? noStates()).filter(([, seconds]) => seconds > 1e-6);
  return Object.fromEntries(known.map(([state, seconds]) => [state, Math.round(seconds)]));
}

const held = (seen: WorkState, sinceMs: number, changes: Partial<Gpu> = {}) =>
  northCard({ hashrate: 0, unsettled: { seen, sinceMs }, ...changes });
const idle = gpuOf({ model: 'RTX 3090', state: 'idle-unlisted', powerWatts: 20 });
const end = start + HOUR + timing.settleMs;

describe('a card that is not believed yet to be what it is seen to be', () => {
  test('was what it was seen to be since then, where it stays so', async () => {
    const stoppedMs = start + 20 * MINUTE;
    const rigAt = (atMs: number) => {
      if (atMs <= stoppedMs) return rigOf([northCard()]);
      return rigOf([atMs < stoppedMs + 2 * MINUTE ? held('idle-unlisted', stoppedMs + STEP) : idle]);
    };
    const [row] = await rowsOf(rigAt, end);
    expect(statesOf(row)).toEqual({ mining: 20 * 60, 'idle-unlisted': 40 * 60 });
    expect(row?.observedSeconds).toBeCloseTo(3600, 6);
  });

  test('was what it was held in, where it goes on', async () => {
    const pauses = (atMs: number) => (atMs - start) % (10 * MINUTE) === STEP;
    const rigAt = (atMs: number) => rigOf([pauses(atMs) ? held('idle-unlisted', atMs) : northCard()]);
    const [row] = await rowsOf(rigAt, end);
    expect(statesOf(row)).toEqual({ mining: 3600 });
    expect(row?.mined[0]?.gpuSeconds).toBeCloseTo(3600 - 6 * 15, 6);
  });

  test('is believed over the edge of an hour, in both hours', async () => {
    const stoppedMs = start + HOUR - MINUTE;
    const rigAt = (atMs: number) => {
      if (atMs <= stoppedMs) return rigOf([northCard()]);
      return rigOf([atMs < stoppedMs + 2 * MINUTE ? held('idle-unlisted', stoppedMs + STEP) : idle]);
    };
    const rows = await rowsOf(rigAt, end + HOUR);
    expect(rows.map(statesOf)).toEqual([{ mining: 3540, 'idle-unlisted': 60 }, { 'idle-unlisted': 3600 }]);
  });

  test('that nobody ever tells is what was seen of it, once its hour closes', async () => {
    const rigAt = (atMs: number) =>
      rigOf([atMs <= start + 30 * MINUTE ? northCard() : held('idle-unlisted', start + 30 * MINUTE + STEP)]);
    const [row] = await rowsOf(rigAt, end);
    expect(statesOf(row)).toEqual({ mining: 1800, 'idle-unlisted': 1800 });
  });

  test('and vanishes from its rig is what was seen of it', async () => {
    const rigAt = (atMs: number) => {
      if (atMs <= start + 30 * MINUTE) return rigOf([northCard(), { ...idle, key: 'other' }]);
      if (atMs <= start + 31 * MINUTE) return rigOf([held('idle-unlisted', start), { ...idle, key: 'other' }]);
      return rigOf([{ ...idle, key: 'other' }]);
    };
    const [row] = await rowsOf(rigAt, end);
    expect(statesOf(row)).toEqual({ mining: 1800, 'idle-unlisted': 3660 });
  });

  test('brings rent where it turns out to be rented, and none where it does not', async () => {
    const waits = gpuOf({ model: 'RTX 3090', state: 'rented', unsettled: { seen: 'unknown', sinceMs: start } });
    const rented = gpuOf({ model: 'RTX 3090', state: 'rented' });
    const unknown = gpuOf({ model: 'RTX 3090', state: 'unknown' });
    const over = (then: Gpu) => (atMs: number) => rigOf([atMs <= start + MINUTE ? waits : then]);
    const [back] = await rowsOf(over(rented), end);
    expect([statesOf(back), back?.models[0]?.rentedSeconds]).toEqual([{ rented: 3600 }, expect.closeTo(3600, 6)]);
    expect(back?.rentedRevenue?.amount).toBeCloseTo(0.15, 9);
    const [gone] = await rowsOf(over(unknown), end);
    expect([statesOf(gone), gone?.models[0]?.rentedSeconds]).toEqual([{ unknown: 3600 }, 0]);
  });

  test('counts once, whatever the marketplace counts', async () => {
    // Two of three are rented, nobody says which: the count holds, and the cards may add no third state.
    const rig = rigOf([held('idle-unlisted', start), gpuOf({ key: 'b' }), gpuOf({ key: 'c', state: 'unknown' })], {
      gpuStates: { ...noStates(), rented: 2, unknown: 1 },
    });
    const [row] = await rowsOf(() => rig, end);
    expect(statesOf(row)).toEqual({ rented: 7200, unknown: 3600 });
  });

  test('is saved and read back to the bit', async () => {
    const rigAt = (atMs: number) =>
      rigOf([atMs <= start + 30 * MINUTE ? northCard() : held('idle-unlisted', start + 30 * MINUTE)], {
        asics: [asicOf({ state: 'mining', unsettled: { seen: 'unknown', sinceMs: start } })],
      });
    const whole = create();
    let restored = create();
    for (let atMs = start; atMs <= end; atMs += STEP) {
      const snapshot = snapshotOf([rigAt(atMs)], { atMs });
      await whole.add(snapshot);
      await restored.add(snapshot);
      if (atMs % (7 * STEP) !== 0) continue;
      const text = await restored.state();
      restored = create();
      expect(restored.restore(text, null)).toBe(true);
    }
    const closed = await whole.takeClosed();
    expect(closed.rows).toHaveLength(1);
    expect(await restored.takeClosed()).toEqual(closed);
  });
});

describe('a rig of which no exporter answers', () => {
  const silentMs = start + 30 * MINUTE;
  const card = gpuOf({ model: 'RTX 3090', state: 'unknown', unsettled: { seen: 'down', sinceMs: silentMs } });
  const silent = rigOf([card], { state: 'silent', silentSinceMs: silentMs });
  const down = rigOf([{ ...card, state: 'down', unsettled: null }], { state: 'down', silentSinceMs: silentMs });

  test('and that turns out to be down was down since it was last seen', async () => {
    const rigAt = (atMs: number) => {
      if (atMs < silentMs) return rigOf([northCard()]);
      return atMs < silentMs + 2 * MINUTE ? silent : down;
    };
    const [row] = await rowsOf(rigAt, end);
    expect(statesOf(row)).toEqual({ mining: 1785, down: 1815 });
    expect(row?.observedSeconds).toBeCloseTo(3600, 6);
    expect(row?.powerSeconds).toBeCloseTo(1785, 6);
  });

  test('over the edge of an hour was down in both', async () => {
    const lateMs = start + HOUR - MINUTE;
    const rigAt = (atMs: number) => {
      if (atMs < lateMs) return rigOf([northCard()]);
      const since = { silentSinceMs: lateMs };
      return atMs < lateMs + 2 * MINUTE ? { ...silent, ...since } : { ...down, ...since };
    };
    const rows = await rowsOf(rigAt, end + HOUR);
    expect(rows.map(statesOf)).toEqual([{ mining: 3525, down: 75 }, { down: 3600 }]);
  });

  test.each([
    ['is back after no more than a gap was doing what it does', 2, 3600],
    ['is back later was seen by nobody', 5, 3600 - 90],
  ])('and %s', async (_name, sights, observed) => {
    const isSilent = (atMs: number) => atMs >= silentMs && atMs < silentMs + sights * STEP;
    const rigAt = (atMs: number) => (isSilent(atMs) ? silent : rigOf([northCard()]));
    const [row] = await rowsOf(rigAt, end);
    expect(row?.observedSeconds).toBeCloseTo(observed, 6);
    expect(statesOf(row)).toEqual({ mining: observed });
  });

  test('and of which nobody saw when it fell silent is down from the first sight on', async () => {
    const old = { ...down, silentSinceMs: start + 29 * MINUTE };
    const rigAt = (atMs: number) => {
      if (atMs < start + 10 * MINUTE) return rigOf([northCard()]);
      return atMs < silentMs ? null : old;
    };
    const [row] = await rowsOf(rigAt, end);
    expect(statesOf(row)).toEqual({ mining: 585, down: 1800 });
  });
});

describe('an hour closes', () => {
  test('when what was seen at its end is settled, not before', async () => {
    const rig = rigOf([northCard()]);
    expect(await rowsOf(() => rig, end - STEP)).toEqual([]);
    expect(await rowsOf(() => rig, end)).toHaveLength(1);
  });

  test('once: what was committed is not begun again after a restart', async () => {
    const integrator = create();
    for (let atMs = start; atMs <= start + HOUR + MINUTE; atMs += STEP) {
      await integrator.add(snapshotOf([rigOf([northCard()])], { atMs }));
    }
    const restored = create();
    restored.restore(await integrator.state(), start);
    await restored.add(snapshotOf([rigOf([northCard()])], { atMs: end }));
    expect((await restored.takeClosed()).rows.map(({ startMs }) => startMs)).toEqual([start]);
    const committed = create();
    committed.restore(await integrator.state(), start + HOUR);
    await committed.add(snapshotOf([rigOf([northCard()])], { atMs: end }));
    expect((await committed.takeClosed()).rows).toEqual([]);
  });
});
