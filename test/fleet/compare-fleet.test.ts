import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Farm, Operations } from '../../src/domain/farm.ts';
import type { Rig } from '../../src/domain/rig.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { compareFleet } from '../../src/fleet/compare-fleet.ts';
import { bestPerModel, bestWay, quotesUsed } from '../../src/fleet/profit-facts.ts';
import { coinQuote, farmOf, nothingDeclared, rentalQuote, siteOf } from '../support/farms.ts';
import { atMs, gib, gpuOf, miningCard, rigOf } from '../support/rigs.ts';
import { marketplaceQuoteOf, snapshotOf } from '../support/snapshots.ts';

const compare = (rigs: readonly Rig[], farm: Farm = farmOf(), known: Partial<Snapshot> = {}) =>
  compareFleet(rigs, snapshotOf(rigs, known), farm);
const market = (known: Partial<Farm['market']>) => ({ market: { ...farmOf().market, ...known } });
const operations = (known: Partial<Operations>) => ({ operations: { ...nothingDeclared, ...known } });
const watts = operations({ rentalWatts: new Map([['RTX 3090', 300]]), idleWatts: 25 });
const usd = (amount: number) => ({ amount, currency: 'USD' });
const usdToCad = [{ base: 'USD', quote: 'CAD', rate: 1.5, asOf: '2026-11-01' }];

describe('figures of one card', () => {
  it('are those of ECONOMICS.md, G26, through site, tariff, quotes and measured power', async () => {
    const farm = farmOf({
      sites: [siteOf({ pue: 1.1 })],
      market: { coins: [coinQuote()], rentals: [rentalQuote()], fx: [] },
      ...operations({
        miningPerGpuDay: usd(0.02),
        rentalPerGpuDay: usd(0.05),
        idleWatts: 25,
        rentalWatts: new Map([['RTX 3090', 300]]),
      }),
    });
    const { comparison } = await compare([rigOf([miningCard({ hashrate: 600e6 })])], farm);
    expect(comparison.mine?.net.toFixed(6)).toBe('0.114304');
    expect(comparison.rent?.net.toFixed(6)).toBe('2.025040');
    expect(comparison.mixed?.net.toFixed(7)).toBe('2.0946016');
    expect(comparison.breakEven.occupancy?.toFixed(7)).toBe('0.0578550');
  });

  it('share the watts of the host, behind PSU and PUE', async () => {
    const farm = farmOf({ sites: [siteOf({ hostWatts: 100, psuEfficiency: 0.9, pue: 1.2 })], ...watts });
    const { comparison } = await compare([rigOf([miningCard(), miningCard()])], farm);
    expect(comparison.mine?.power).toBeCloseTo((((2 * 294 + 100) / 0.9) * 1.2 * 24 * 0.06) / 1000, 12);
  });

  it('lose what the pool refuses', async () => {
    const { comparison } = await compare([rigOf([miningCard({ sharesAccepted: 90, sharesRejected: 10 })])]);
    expect(comparison.mine?.revenue).toBeCloseTo(0.12 * 0.9, 12);
  });
});

describe('currencies', () => {
  const cad = { sites: [siteOf({ tariff: { pricePerKwh: { amount: 0.09, currency: 'CAD' } } })] };
  it('a tariff in another currency is converted', async () => {
    const { comparison } = await compare([rigOf([miningCard()])], farmOf({ ...cad, ...market({ fx: usdToCad }) }));
    expect(comparison.mine?.power).toBeCloseTo(0.294 * 24 * 0.06, 12);
  });

  it.each<[string, Partial<Farm>, string]>([
    ['a tariff', cad, 'no exchange rate CAD/USD'],
    ['a coin', market({ coins: [coinQuote({ price: { amount: 1, currency: 'EUR' } })] }), 'no exchange rate EUR/USD'],
    [
      'operations',
      operations({ miningPerGpuDay: { amount: 1, currency: 'SEK' } }),
      'no exchange rate to USD for operations',
    ],
  ])('%s that no rate converts: not compared', async (_name, known, reason) => {
    const fleet = await compare([rigOf([miningCard({ model: 'Odd card' })])], farmOf(known));
    expect(fleet).toMatchObject({ gpus: 1, compared: 0, comparison: { mine: null, rent: null, mixed: null } });
    expect(fleet.excluded).toEqual([{ reason, gpus: 1 }]);
  });

  it('operations that no rate converts leave off unknown too', async () => {
    const farm = farmOf(operations({ offPerGpuDay: { amount: 1, currency: 'SEK' } }));
    expect((await compare([rigOf([miningCard()])], farm)).comparison.off).toBeNull();
  });

  it('the rates are among the quotes only where they are needed', async () => {
    const rigs = [rigOf([miningCard()])];
    const what = async (farm: Farm) => quotesUsed(await compare(rigs, farm), farm, atMs).map((quote) => quote.what);
    expect(await what(farmOf({ ...cad, ...market({ fx: usdToCad }) }))).toEqual([
      'power quebec',
      'RVN',
      'rental RTX 3090',
      'USD/CAD',
    ]);
    expect(await what(farmOf(market({ fx: usdToCad })))).toEqual(['power quebec', 'RVN', 'rental RTX 3090']);
  });
});

describe('what is not known', () => {
  it.each<[string, Rig, Partial<Farm>, readonly string[], string | null]>([
    ['no site', rigOf([miningCard()], { site: null }), watts, [], 'its rig has no site, so no power price'],
    ['no rental quote', rigOf([miningCard()]), { ...watts, ...market({ rentals: [] }) }, ['mine', 'off'], null],
    [
      'no occupancy',
      rigOf([miningCard()]),
      { ...watts, ...market({ rentals: [rentalQuote({ occupancy: null })] }) },
      ['mine', 'off'],
      null,
    ],
    ['no coin', rigOf([miningCard()]), { ...watts, ...market({ coins: [] }) }, ['rent', 'off'], null],
    ['no model', rigOf([miningCard({ model: null })]), watts, ['mine', 'off'], null],
    [
      'nothing but the power price',
      rigOf([gpuOf({ model: 'Odd card' })]),
      {},
      ['off'],
      'no kawpow hashrate for Odd card',
    ],
    ['down', rigOf([gpuOf({ model: 'RTX 3090', state: 'down' })], { state: 'down' }), watts, [], 'down'],
    ['no cards', rigOf([]), watts, [], null],
  ])('%s', async (_name, rig, known, ways, reason) => {
    const { comparison, excluded } = await compare([rig], farmOf(known));
    expect((['mine', 'rent', 'mixed', 'off'] as const).filter((way) => comparison[way] !== null)).toEqual(ways);
    expect(excluded[0]?.reason ?? null).toBe(reason);
  });

  it('without an occupancy the break-even is known all the same', async () => {
    const farm = farmOf({ ...watts, ...market({ rentals: [rentalQuote({ occupancy: null })] }) });
    const { comparison, occupancy } = await compare([rigOf([miningCard()])], farm);
    expect(occupancy).toBeNull();
    expect(comparison.breakEven).toMatchObject({
      occupancyMeaning: expect.stringMatching(/reachable|always/),
      rentPerGpuHour: null,
    });
    expect(comparison.breakEven.occupancy).not.toBeNull();
  });

  it('a median of the marketplace stands in for a quote, with a fee that is assumed and said', async () => {
    const farm = farmOf({ ...watts, ...market({ rentals: [] }) });
    const { models, assumptions, comparison } = await compare([rigOf([miningCard()])], farm, {
      marketplace: [marketplaceQuoteOf()],
    });
    expect(models[0]?.rate).toMatchObject({ pricePerGpuHour: usd(0.2), occupancy: null, marketOccupancy: 0.8 });
    expect(comparison.rent).toBeNull();
    expect(assumptions).toContain('platform fee 25 % of what a renter pays for RTX 3090');
  });

  it('a host price has no fee to assume', async () => {
    const host = rentalQuote({ side: 'host', platformFee: null });
    const { comparison, assumptions } = await compare(
      [rigOf([miningCard()])],
      farmOf({ ...watts, ...market({ rentals: [host] }) }),
    );
    expect(comparison.rent?.revenue).toBeCloseTo(24 * 0.22 * 0.6, 12);
    expect(assumptions.filter((assumption) => assumption.includes('fee'))).toEqual([]);
  });

  it('everything assumed is said', async () => {
    const farm = farmOf({ mining: { coin: 'RVN', poolFee: null } });
    const { assumptions } = await compare([rigOf([miningCard({ sharesAccepted: null, sharesRejected: null })])], farm);
    for (const word of [
      'host power 0 W',
      'PSU efficiency 1',
      'PUE 1',
      'pool fee 0',
      '25 W per waiting card',
      'draws its TDP, 350 W',
      'operations 0 while mining',
      'operations 0 while rented',
      'operations 0 while off',
      '0 W per card that is off',
      'no rejected shares',
    ]) {
      expect(assumptions).toContainEqual(expect.stringContaining(word));
    }
  });

  it('rejected shares that a miner counts are no assumption', async () => {
    const { assumptions } = await compare([rigOf([miningCard({ sharesAccepted: 98, sharesRejected: 2 })])], farmOf());
    expect(assumptions.filter((assumption) => assumption.includes('rejected'))).toEqual([]);
  });
});

describe('what a card would mine', () => {
  const waiting = (known = {}) =>
    gpuOf({ key: 'a1/#1', index: 1, model: 'RTX 3090', state: 'idle-unlisted', powerWatts: 20, ...known });
  const origins = async (rig: Rig) => {
    const { hashrateOrigins, wattsOrigins, comparison } = await compare([rig]);
    return { hashrate: hashrateOrigins, watts: wattsOrigins, revenue: comparison.mine?.revenue };
  };
  it('is what its peers mine, before the table', async () => {
    const { hashrate, watts: power, revenue } = await origins(rigOf([miningCard(), waiting()]));
    expect(hashrate).toEqual({ measured: 1, peers: 1, table: 0, unknown: 0 });
    expect(power).toEqual({ measured: 1, peers: 1, table: 0, unknown: 0 });
    expect(revenue).toBeCloseTo(2 * 0.12, 12);
  });

  it('is what the table says of its model without peers', async () => {
    const { hashrate, revenue } = await origins(rigOf([waiting()]));
    expect(hashrate).toEqual({ measured: 0, peers: 0, table: 1, unknown: 0 });
    expect(revenue).toBeCloseTo(0.06117, 12);
  });

  it('is unknown of a model that nobody knows', async () => {
    const { hashrate, revenue } = await origins(rigOf([waiting({ model: 'Odd card' })]));
    expect(hashrate).toEqual({ measured: 0, peers: 0, table: 0, unknown: 1 });
    expect(revenue).toBeUndefined();
  });
});

describe('one printed name, two models of the table', () => {
  const family = (vram: number) => miningCard({ model: 'RTX 3080', vramTotalBytes: gib(vram) });
  const quoted = rentalQuote({ model: 'RTX 3080 10GB' });
  it.each([[[10, 12]], [[12, 10]]])('are rented at their own quotes: %j GB', async (sizes) => {
    const { comparison, compared } = await compare([rigOf(sizes.map(family))], farmOf(market({ rentals: [quoted] })));
    expect(compared).toBe(1);
    expect(comparison.rent?.revenue).toBeCloseTo(24 * 0.22 * 0.75 * 0.6, 12);
  });
});

describe('a mixed fleet', () => {
  const rigs = [
    rigOf([miningCard(), miningCard()]),
    rigOf([miningCard({ model: 'RTX 3070' }), gpuOf({ model: 'RTX 3070', state: 'down' })], { name: 'b1' }),
    rigOf([gpuOf({ model: 'Odd card' })], { name: 'c1' }),
    rigOf([miningCard()], { name: 'd1', site: null }),
  ];
  it('is compared over the cards of which most is known, and the rest is counted', async () => {
    const fleet = await compare(rigs, farmOf(watts));
    expect(fleet).toMatchObject({ gpus: 6, compared: 2, states: { mining: 4, down: 1, unknown: 1 } });
    expect(fleet.excluded.reduce((sum, { gpus }) => sum + gpus, fleet.compared)).toBe(6);
  });

  it('has off alone for a model of which nothing else is known, and compares nothing', async () => {
    const { models } = await compare(rigs, farmOf({ ...watts, ...operations({ offWatts: 10 }) }));
    const odd = models.find(({ model }) => model === 'Odd card');
    expect(odd).toMatchObject({ gpus: 1, compared: 0, comparison: { mine: null, off: { power: 0.01 * 24 * 0.06 } } });
    expect(odd === undefined ? 'missing' : bestWay(odd.comparison)).toBeNull();
  });

  it('adds up the best way of each model', async () => {
    const farm = farmOf(watts);
    const fleet = await compare(rigs, farm);
    const best = fleet.models.map(({ comparison }) => {
      const way = bestWay(comparison);
      return way === null ? 0 : (comparison[way]?.net ?? 0);
    });
    const { net, gpus } = bestPerModel(fleet, 'USD');
    expect(gpus).toBe(3);
    expect(net?.amount).toBeCloseTo(
      best.reduce((sum, amount) => sum + amount, 0),
      12,
    );
    expect(net?.amount).toBeGreaterThan(fleet.comparison.mixed?.net ?? Number.POSITIVE_INFINITY);
  });

  it('has no best where nothing is known', async () => {
    expect(bestPerModel(await compare([rigOf([gpuOf()])]), 'USD')).toEqual({ net: null, gpus: 0 });
  });

  it('whatever the order of rigs, the figures are the same and the coverage adds up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(rigs), async (some) => {
        const fleet = await compare(some, farmOf(watts));
        const again = await compare(some.toReversed(), farmOf(watts));
        expect(fleet.excluded.reduce((sum, { gpus }) => sum + gpus, fleet.compared)).toBe(fleet.gpus);
        expect(again.compared).toBe(fleet.compared);
        expect(again.comparison.mixed?.net ?? 0).toBeCloseTo(fleet.comparison.mixed?.net ?? 0, 9);
        expect(again.excluded).toEqual(fleet.excluded);
      }),
    );
  });
});
