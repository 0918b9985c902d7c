import { describe, expect, test } from 'vitest';
import type { Farm, RentalQuote } from '../../src/domain/farm.ts';
import { type OpenPeriod, openPeriod } from '../../src/domain/ledger/open-period.ts';
import type { StretchModel } from '../../src/domain/ledger/stretch.ts';
import type { StretchEnergy } from '../../src/domain/ledger/stretch-energy.ts';
import type { StretchWork } from '../../src/domain/ledger/stretch-work.ts';
import { valuePeriod } from '../../src/domain/ledger/value-period.ts';
import type { MarketplaceQuote } from '../../src/domain/snapshot.ts';
import { northCoins, northFarm, northRentals, northSite } from '../support/north-farm.ts';

const startMs = Date.UTC(2026, 10, 21, 10);

function period(changes: Partial<OpenPeriod>): OpenPeriod {
  return { ...openPeriod(startMs, 3600), seenSeconds: 3600, observedSeconds: 3600, ...changes };
}

function work(changes: Partial<StretchWork> = {}): StretchWork {
  return {
    algorithm: 'kawpow',
    coin: null,
    isApart: false,
    hashes: 1e12,
    gpuSeconds: 3600,
    sharesAccepted: 0,
    sharesRejected: 0,
    ...changes,
  };
}

/** One card over an hour, without a meter. */
function drawn(changes: Partial<StretchEnergy> = {}): StretchEnergy {
  return {
    cardJoules: 3.6e6,
    cardSeconds: 3600,
    powerSeconds: 3600,
    measuredJoules: 0,
    meteredSeconds: 0,
    unmeteredJoules: 3.6e6,
    unmeteredSeconds: 3600,
    ...changes,
  };
}

function rented(changes: Partial<StretchModel> = {}): StretchModel {
  return { model: 'RTX 3090', ownedSeconds: 7200, observedSeconds: 7200, rentedSeconds: 3600, ...changes };
}

function value(
  open: OpenPeriod,
  farm: Farm = northFarm(),
  site: string | null = 'quebec',
  marketplace: readonly MarketplaceQuote[] = [],
) {
  return valuePeriod(open, { rig: 'a1', site }, farm, marketplace);
}

const market = northFarm().market;
const mining = (coin: string | null, poolFee: number | null = null) => ({ coin, poolFee });

describe('mined revenue', () => {
  // 1e12 hashes are one block of RVN: 2500 coins at 0.02 USD.
  test.each([
    ['net of the pool fee', work(), northFarm(), 50 * 0.99],
    ['net of rejected shares', work({ sharesAccepted: 90, sharesRejected: 10 }), northFarm(), 50 * 0.9 * 0.99],
    ['of a miner that names no algorithm is the configured coin', work({ algorithm: null }), northFarm(), 50 * 0.99],
    [
      "of the coin that has the miner's algorithm, whatever is configured",
      work({ algorithm: 'etchash', hashes: 2e15 }),
      northFarm(),
      40 * 0.99,
    ],
    ['is unknown for an algorithm without a coin', work({ algorithm: 'autolykos2' }), northFarm(), null],
    ['is unknown where nobody says the coin', work({ algorithm: null }), northFarm({ mining: mining(null) }), null],
    [
      'is unknown where several coins share the algorithm',
      work(),
      northFarm({
        mining: mining(null),
        market: { ...market, coins: [...northCoins, { ...northCoins[0], coin: 'CLORE' }] },
      }),
      null,
    ],
    [
      'chooses coin and fee field by field, rig over site over farm',
      work({ algorithm: 'etchash', hashes: 2e15 }),
      northFarm({
        rigs: new Map([
          ['a1', { site: null, mining: mining('ETC'), hostWatts: null, psuEfficiency: null, formerly: [] }],
        ]),
        sites: [northSite({ mining: mining('RVN', 0.5) })],
      }),
      40 * 0.5,
    ],
  ])('%s', (_name, done, farm, expected) => {
    const revenue = value(period({ work: [done] }), farm).mined[0]?.revenue;
    if (expected === null) expect(revenue).toBeNull();
    else expect(revenue?.amount).toBeCloseTo(expected, 9);
  });

  test('of one algorithm is one entry, said by the miner or by the configuration', () => {
    const { mined } = value(period({ work: [work(), work({ algorithm: null })] }));
    expect(mined).toEqual([
      expect.objectContaining({ algorithm: 'kawpow', coin: 'RVN', hashes: 2e12, gpuSeconds: 7200 }),
    ]);
  });

  test('can be recomputed from the quotes of its row', () => {
    const row = value(period({ work: [work({ sharesAccepted: 90, sharesRejected: 10 })] }));
    const amount = (what: string) => row.quotes.find((quote) => quote.what === what)?.amount ?? Number.NaN;
    const [mined] = row.mined;
    expect(
      (mined?.hashes ?? 0) *
        (1 - amount('rejects:kawpow')) *
        amount('yield:RVN') *
        (1 - amount('pool-fee:RVN')) *
        amount('coin:RVN'),
    ).toBeCloseTo(mined?.revenue?.amount ?? 0, 9);
  });

  test('says that a fee nobody declared is assumed', () => {
    const { quotes } = value(period({ work: [work()] }), northFarm({ mining: mining('RVN') }));
    expect(quotes).toContainEqual(expect.objectContaining({ what: 'pool-fee:RVN', amount: 0, source: 'assumed' }));
  });
});

describe('rented revenue', () => {
  const withRental = (changes: Partial<RentalQuote>) =>
    northFarm({ market: { ...market, rentals: northRentals.map((quote) => ({ ...quote, ...changes })) } });
  const unpriced = northFarm({ market: { ...market, rentals: [] } });

  test.each([
    ["takes the platform's fee off renter prices", rented(), northFarm(), 0.15],
    ['and not off host prices', rented(), withRental({ side: 'host' }), 0.2],
    ['is 0 where nothing was rented, price or no price', rented({ rentedSeconds: 0 }), unpriced, 0],
    ['is unknown without a price', rented(), unpriced, null],
    ['is unknown for a card without a model', rented({ model: null }), northFarm(), null],
    ['is unknown where nothing says which model is rented', rented({ rentedSeconds: null }), northFarm(), null],
    ['is unknown where no exchange rate is', rented(), northFarm({ currency: 'CAD' }), null],
    [
      "is in the farm's currency",
      rented(),
      northFarm({
        currency: 'CAD',
        market: { ...market, fx: [{ base: 'USD', quote: 'CAD', rate: 1.4, asOf: null }] },
      }),
      0.21,
    ],
  ])('%s', (_name, model, farm, expected) => {
    const revenue = value(period({ models: [model] }), farm).rentedRevenue;
    if (expected === null) expect(revenue).toBeNull();
    else expect(revenue).toEqual({ amount: expect.closeTo(expected, 9), currency: farm.currency });
  });

  test('one model without a price makes all of it unknown', () => {
    const models = [rented(), rented({ model: 'RTX 3080' })];
    expect(value(period({ models })).rentedRevenue).toBeNull();
  });

  test('takes what the marketplace prints where nothing is declared, less its fee', () => {
    const quote = {
      platform: 'vast',
      model: 'RTX 3090',
      medianUsdPerGpuHour: 0.16,
      p10UsdPerGpuHour: null,
      p90UsdPerGpuHour: null,
      occupancy: null,
      kind: 'median',
      sampledAtMs: startMs,
    } as const;
    const row = value(period({ models: [rented()] }), unpriced, 'quebec', [quote]);
    expect(row.rentedRevenue?.amount).toBeCloseTo(0.12, 9);
    expect(row.quotes).toContainEqual({
      what: 'rental:RTX 3090',
      amount: 0.16,
      currency: 'USD',
      unit: 'GPU-hour',
      source: 'vast, median',
      asOfMs: startMs,
    });
  });
});

describe('power', () => {
  test('of a rig that no site has is energy without a cost', () => {
    const row = value(period({ energy: drawn() }), northFarm(), null);
    expect(row).toMatchObject({ cardJoules: 3.6e6, wallJoules: 3.6e6, powerCost: null });
  });

  test("follows the rig's own host watts and PSU, where declared", () => {
    const settings = { site: null, mining: mining(null), hostWatts: 100, psuEfficiency: 0.8, formerly: [] };
    const farm = northFarm({ rigs: new Map([['a1', settings]]) });
    const row = value(period({ energy: drawn() }), farm);
    expect(row.wallJoules).toBeCloseTo((3.6e6 + 100 * 3600) / 0.8, 3);
  });
});

describe('what an ASIC mines', () => {
  const unnamed = work({ algorithm: null, isApart: true, gpuSeconds: 0 });

  test('is not the coin that its farm is configured to mine with cards', () => {
    const [mined] = valuePeriod(period({ work: [unnamed] }), { rig: 's19', site: null }, northFarm(), []).mined;
    expect(mined).toMatchObject({ algorithm: null, coin: null, revenue: null });
  });

  test('is the coin of its own rig, where one is configured', () => {
    const own = { site: null, mining: { coin: 'RVN', poolFee: 0 }, hostWatts: null, psuEfficiency: null, formerly: [] };
    const farm = northFarm({ rigs: new Map([['s19', own]]) });
    const [mined] = valuePeriod(period({ work: [unnamed] }), { rig: 's19', site: null }, farm, []).mined;
    expect(mined).toMatchObject({ coin: 'RVN', revenue: { currency: 'USD' } });
  });

  test('is not added to what cards hash, where nobody names either', () => {
    const cards = work({ algorithm: 'unheard-of' });
    const { mined } = valuePeriod(
      period({ work: [cards, { ...unnamed, algorithm: 'unheard-of' }] }),
      { rig: 'a1', site: null },
      northFarm(),
      [],
    );
    expect(mined.map(({ hashes, gpuSeconds }) => [hashes, gpuSeconds])).toEqual([
      [1e12, 3600],
      [1e12, 0],
    ]);
  });
});
