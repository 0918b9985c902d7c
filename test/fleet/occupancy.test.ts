import { describe, expect, it } from 'vitest';
import { OccupancyMeter } from '../../src/fleet/occupancy.ts';
import type { ModelUse } from '../../src/ports/store.ts';

const DAY_MS = 86_400_000;
const HOUR = 3_600;
/** 2026-11-22T12:00:00Z */
const nowMs = 1_795_348_800_000;
const today = Math.floor(nowMs / DAY_MS) * DAY_MS;

/** A ledger that answers day by day, and remembers which days it was asked for. */
function ledgerOf(days: Readonly<Record<number, readonly ModelUse[]>>) {
  const asked: number[] = [];
  return {
    asked,
    modelUse: async ({ fromMs }: { fromMs: number }) => {
      asked.push((fromMs - today) / DAY_MS);
      return days[(fromMs - today) / DAY_MS] ?? [];
    },
  };
}

const use = (model: string, ownedHours: number, rentedHours: number): ModelUse => ({
  model,
  observedSeconds: ownedHours * HOUR,
  rentedSeconds: rentedHours * HOUR,
});

describe('occupancy measured from the ledger', () => {
  it('is rented over owned GPU-hours of the last 30 days, today included', async () => {
    const ledger = ledgerOf({
      [-31]: [use('RTX 3090', 1_000, 1_000)],
      [-30]: [use('RTX 3090', 100, 10)],
      [-1]: [use('RTX 3090', 100, 50)],
      [0]: [use('RTX 3090', 50, 40)],
    });
    const measured = await new OccupancyMeter(ledger).measure(nowMs);
    expect(measured.get('RTX 3090')).toEqual({ occupancy: 0.4, gpuHours: 250 });
  });

  it('is unknown under 200 owned GPU-hours and known from there', async () => {
    const ledger = ledgerOf({ [-1]: [use('few', 199.9, 100), use('enough', 200, 100)] });
    const measured = await new OccupancyMeter(ledger).measure(nowMs);
    expect([...measured.keys()]).toEqual(['enough']);
  });

  it('is unknown, not 0, for cards that were never rented', async () => {
    const ledger = ledgerOf({ [-1]: [use('RTX 3070', 10_000, 0)] });
    expect((await new OccupancyMeter(ledger).measure(nowMs)).size).toBe(0);
  });

  it('sums a day that is over once, and yesterday again until its last hours are written', async () => {
    const ledger = ledgerOf({});
    const meter = new OccupancyMeter(ledger);
    await meter.measure(today + 3_600_000);
    ledger.asked.length = 0;
    await meter.measure(today + 3_600_000 + 1);
    expect(ledger.asked).toEqual([-1, 0]);
    await meter.measure(nowMs);
    ledger.asked.length = 0;
    await meter.measure(nowMs + 1);
    expect(ledger.asked).toEqual([0]);
  });
});
