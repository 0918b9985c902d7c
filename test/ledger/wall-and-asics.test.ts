import { describe, expect, test } from 'vitest';
import type { Farm } from '../../src/domain/farm.ts';
import { Integrator } from '../../src/domain/ledger/integrator.ts';
import { ledgerTiming } from '../../src/domain/ledger/timing.ts';
import { addRow, knownMoney, noTotals } from '../../src/domain/ledger/totals.ts';
import type { LedgerRow } from '../../src/domain/ledger.ts';
import type { Rig } from '../../src/domain/rig.ts';
import { zoneOffsetMinutes } from '../../src/fleet/accounting-day.ts';
import { northCard, northFarm, northSite } from '../support/north-farm.ts';
import { asicOf, rigOf } from '../support/rigs.ts';
import { snapshotOf } from '../support/snapshots.ts';

const STEP = 15_000;
const HOUR = 3_600_000;
const start = Date.UTC(2026, 10, 21, 10);
const site = northSite({ hostWatts: 60, psuEfficiency: 0.9 });
const farm = northFarm({ sites: [site] });

async function hourOf(rigAt: (atMs: number) => Rig, of: Farm = farm): Promise<LedgerRow> {
  const timing = ledgerTiming(STEP, { miningGapMs: 0, downAfterMs: 0 });
  const integrator = new Integrator(of, { timing, offsetMinutes: zoneOffsetMinutes });
  for (let atMs = start; atMs <= start + HOUR; atMs += STEP) await integrator.add(snapshotOf([rigAt(atMs)], { atMs }));
  const [row] = (await integrator.takeClosed()).rows;
  if (row === undefined) throw new Error('no row');
  return row;
}

const half = start + HOUR / 2;
const metered = (row: LedgerRow) => row.quotes.find(({ what }) => what === 'metered')?.amount;

describe('energy at the wall', () => {
  test('is what the meter of the rig says, and the cards say theirs', async () => {
    const row = await hourOf(() => rigOf([northCard()], { wallWatts: 500 }));
    expect(row.wallJoules).toBeCloseTo(500 * 3600, 3);
    expect(row.cardJoules).toBeCloseTo(300 * 3600, 3);
    expect([metered(row), row.powerSeconds]).toEqual([1, expect.closeTo(3600, 6)]);
    expect(row.powerCost?.amount).toBeCloseTo(0.5 * 0.05, 9);
  });

  test('is known by the meter also where no card prints its power', async () => {
    const row = await hourOf(() => rigOf([northCard({ powerWatts: null })], { wallWatts: 500 }));
    expect(row).toMatchObject({ cardJoules: null, wallJoules: expect.closeTo(500 * 3600, 3) });
    expect(row.powerSeconds).toBeCloseTo(3600, 6);
  });

  test('is worked out for the time without a meter, and the row says which share was measured', async () => {
    const row = await hourOf((atMs) => rigOf([northCard()], { wallWatts: atMs <= half ? 500 : null }));
    expect(row.wallJoules).toBeCloseTo(500 * 1800 + ((300 + 60) / 0.9) * 1800, 3);
    expect(row.cardJoules).toBeCloseTo(300 * 3600, 3);
    expect(metered(row)).toBeCloseTo(0.5, 9);
  });

  test('of a rig without a meter says nothing of one', async () => {
    expect(metered(await hourOf(() => rigOf([northCard()])))).toBeUndefined();
  });
});

describe('a coin that the miner prints', () => {
  const work = async (coin: string | null, algorithm: string | null) =>
    (await hourOf(() => rigOf([northCard({ coin, algorithm })]))).mined[0];

  test('decides before the configuration does', async () => {
    // 50 MH/s over an hour: 1.8e11 hashes of 1e15 * 2 ... worth of ETC, not of RVN.
    expect(await work('ETC', 'etchash')).toMatchObject({ coin: 'ETC', algorithm: 'etchash' });
    expect(await work('ETC', null)).toMatchObject({ coin: 'ETC', algorithm: 'etchash' });
    expect((await work('ETC', null))?.revenue?.amount).toBeCloseTo((1.8e11 / 2e15) * 2 * 20 * 0.99, 9);
  });

  test('without a price, or of another algorithm, is worth what nobody knows', async () => {
    expect(await work('CLORE', 'kawpow')).toMatchObject({ coin: 'CLORE', algorithm: 'kawpow', revenue: null });
    expect(await work('RVN', 'etchash')).toMatchObject({ coin: 'RVN', algorithm: 'etchash', revenue: null });
  });
});

test('a rig of ASICs alone that answers in part was observed', async () => {
  const row = await hourOf(() => rigOf([], { state: 'partial', asics: [asicOf({ state: 'mining' })] }));
  expect(row.observedSeconds).toBeCloseTo(3600, 6);
  expect(row.asicSeconds?.mining).toBeCloseTo(3600, 6);
});

describe('ASICs', () => {
  const asic = (changes = {}) =>
    asicOf({ state: 'mining', hashrate: 100e6, algorithm: 'kawpow', powerWatts: 3250, ...changes });
  const totalsOf = (row: LedgerRow) => {
    const totals = noTotals();
    addRow(totals, row, 1, 'USD', []);
    return totals;
  };

  test('mine like cards, without GPU-seconds, and draw at the wall already', async () => {
    const row = await hourOf(() => rigOf([], { asics: [asic()] }));
    expect(row.mined).toEqual([
      expect.objectContaining({ algorithm: 'kawpow', coin: 'RVN', hashes: expect.closeTo(3.6e11, 0), gpuSeconds: 0 }),
    ]);
    expect(row.mined[0]?.revenue?.amount).toBeCloseTo(17.82, 6);
    expect(row).toMatchObject({ cardJoules: null, models: [], wallJoules: expect.closeTo(3250 * 3600, 3) });
    expect(row.asicSeconds?.mining).toBeCloseTo(3600, 6);
    expect(Object.values(row.stateSeconds).every((seconds) => seconds === 0)).toBe(true);
    expect(row.observedSeconds).toBeCloseTo(3600, 6);
  });

  test('earn money that is known, and take power of which mining has all', async () => {
    const totals = totalsOf(await hourOf(() => rigOf([], { asics: [asic()] })));
    expect(knownMoney(totals.mined, totals, 'USD')?.amount).toBeCloseTo(17.82, 6);
    expect(totals.mined).toMatchObject({ knownSeconds: expect.closeTo(3600, 6), unknownSeconds: 0 });
    expect(totals.power).toMatchObject({ knownSeconds: expect.closeTo(3600, 6), unknownSeconds: 0 });
    expect(totals.attributedPower.mining).toBeCloseTo(totals.power.amount, 9);
  });

  test('of a coin without a price earn what is unknown, never 0', async () => {
    const totals = totalsOf(await hourOf(() => rigOf([], { asics: [asic({ algorithm: 'scrypt' })] })));
    expect(totals.mined.unknownSeconds).toBeCloseTo(3600, 6);
    expect(knownMoney(totals.mined, totals, 'USD')).toBeNull();
  });

  test('that print no power cost what is unknown, never 0', async () => {
    const totals = totalsOf(await hourOf(() => rigOf([], { asics: [asic({ powerWatts: null })] })));
    expect(totals.power.unknownSeconds).toBeCloseTo(3600, 6);
    expect(knownMoney(totals.power, totals, 'USD')).toBeNull();
  });

  test('are in what the meter of their rig says', async () => {
    const row = await hourOf(() => rigOf([northCard()], { asics: [asic()], wallWatts: 4000 }));
    expect(row.wallJoules).toBeCloseTo(4000 * 3600, 3);
    expect(row.powerSeconds).toBeCloseTo(7200, 6);
  });

  test('that are held in a state are settled like cards', async () => {
    const stopped = asic({ hashrate: 0, unsettled: { seen: 'idle-unlisted', sinceMs: half } });
    const idle = asic({ hashrate: 0, state: 'idle-unlisted' });
    const row = await hourOf((atMs) =>
      rigOf([], { asics: [atMs <= half ? asic() : atMs <= half + 60_000 ? stopped : idle] }),
    );
    expect(row.asicSeconds).toMatchObject({
      mining: expect.closeTo(1800, 6),
      'idle-unlisted': expect.closeTo(1800, 6),
    });
  });
});
