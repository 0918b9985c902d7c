import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { profit } from '../../commands/profit.ts';
import { UserError } from '../../src/domain/errors.ts';
import type { Farm } from '../../src/domain/farm.ts';
import { answer } from '../support/answers.ts';
import { anySituation } from '../support/any-farm.ts';
import { coinQuote, farmOf, nothingDeclared, rentalQuote, siteOf } from '../support/farms.ts';
import { gpuOf, miningCard, rigOf } from '../support/rigs.ts';
import { contextOf, marketplaceQuoteOf, snapshotOf } from '../support/snapshots.ts';

const usd = (amount: number) => ({ amount, currency: 'USD' });
const operations = { ...nothingDeclared, idleWatts: 25, rentalWatts: new Map([['RTX 3090', 300]]) };
const g26 = farmOf({
  sites: [siteOf({ pue: 1.1 })],
  operations: { ...operations, miningPerGpuDay: usd(0.02), rentalPerGpuDay: usd(0.05) },
});
const one = snapshotOf([rigOf([miningCard({ hashrate: 600e6 })])]);
const quotes = (known: Partial<Farm['market']>) => ({ market: { ...farmOf().market, ...known } });

describe('one rig of one card', () => {
  it('the first line is the answer', async () => {
    const { reply, facts } = await answer(profit, { rig: 'A1' }, contextOf(one, g26));
    expect(reply.headline).toBe(
      'a1: mine while idle nets most, $2.09 per day (est.) over 1 GPU; mining $0.114, GPU rental $2.03, off $0.00.',
    );
    expect(facts).toMatchObject({
      scope: { kind: 'rig', name: 'a1' },
      basis: 'estimated',
      best: 'mixed',
      gpus: { total: 1, mining: 1 },
      coverage: { gpus: 1, compared: 1, excluded: [], hashrate: { measured: 1 } },
      occupancy: { used: 0.6, basis: 'declared', market: null },
      bestPerModel: { net: { currency: 'USD' }, gpus: 1 },
    });
    expect(facts.bestPerModel.net?.amount.toFixed(7)).toBe('2.0946016');
  });

  it('uses the occupancy of its own last 30 days before a declared one, and says so', async () => {
    const measured = new Map([['RTX 3090', { occupancy: 0.31, gpuHours: 412.4 }]]);
    const { facts, texts } = await answer(profit, {}, { ...contextOf(one, g26), occupancies: () => measured });
    expect(facts.occupancy.used).toBe(0.31);
    expect(facts.occupancy.basis).toBe('measured');
    expect(texts).toContainEqual(expect.stringMatching(/%; yours 31% \(30 d, real\.\)$/));
    expect(texts.join('\n')).toContain('occupancy 31 %, 30 d, real., over 412 GPU-hours');
  });

  it('shows its break-evens, quotes and assumptions', async () => {
    const { texts } = await answer(profit, {}, contextOf(one, g26));
    expect(texts).toEqual(
      expect.arrayContaining([
        '5.8%; yours 60% (declared)',
        '$0.043 per GPU-hour at your occupancy',
        '$0.075 per kWh',
        'power quebec: $0.060 per kWh, tariff; configuration, undated',
        'rental RTX 3090: $0.220 per GPU-hour, renter side, platform fee 25 %, occupancy 60 % declared; static, undated',
        'assumed: host power 0 W (hostWatts is not declared)',
      ]),
    );
    expect(texts.filter((text) => text.startsWith('each model'))).toEqual([]);
  });

  it('draws the nets of its ways, an unknown one as a gap', async () => {
    const { reply } = await answer(profit, {}, contextOf(one, { ...g26, ...quotes({ rentals: [] }) }));
    expect(reply.blocks.map(({ kind }) => kind).slice(0, 3)).toEqual(['table', 'fields', 'chart']);
    expect(reply.blocks[2]).toEqual({
      kind: 'chart',
      title: 'Net per day by way, est.',
      alt: 'Mine $0.114, GPU rental unknown, Mine while idle unknown, Off $0.00',
      form: 'bars',
      unit: 'USD per day',
      along: { kind: 'names', names: ['Mine', 'GPU rental', 'Mine while idle', 'Off'] },
      series: [{ name: 'Net', values: [expect.closeTo(0.1143, 4), null, null, 0] }],
    });
  });

  it('draws nothing where only one way is known', async () => {
    const farm = { ...g26, ...quotes({ rentals: [], coins: [] }), mining: { coin: null, poolFee: 0 } };
    const { reply } = await answer(profit, {}, contextOf(one, farm));
    expect(reply.blocks.filter(({ kind }) => kind === 'chart')).toEqual([]);
  });

  it.each<[string, Partial<Farm>, RegExp]>([
    [
      'no occupancy',
      quotes({ rentals: [rentalQuote({ occupancy: null })] }),
      /GPU rental overtakes mining above .*% occupancy, yours is unknown\.$/,
    ],
    ['no quote', quotes({ rentals: [] }), /mining nets most, \$\S+ per day \(est\.\) over 1 GPU; off \$0\.00\.$/],
    [
      'no site',
      { sites: [] },
      /^The fleet: what to do with the GPUs is unknown \(its rig has no site, so no power price\)\.$/,
    ],
    ['nothing', { ...quotes({ rentals: [], coins: [] }), mining: { coin: null, poolFee: 0 } }, /is unknown \(no coin/],
  ])('with %s', async (_name, known, headline) => {
    const rigs = [rigOf([miningCard({ hashrate: 600e6 })], known.sites === undefined ? {} : { site: null })];
    const { reply } = await answer(profit, {}, contextOf(snapshotOf(rigs), { ...g26, ...known }));
    expect(reply.headline).toMatch(headline);
  });

  it("the market's occupancy stands beside the break-even, labelled", async () => {
    const snapshot = { ...one, marketplace: [marketplaceQuoteOf()] };
    const { facts, texts } = await answer(profit, {}, contextOf(snapshot, { ...g26, ...quotes({ rentals: [] }) }));
    expect(facts).toMatchObject({ perDay: { rent: { net: null } }, occupancy: { used: null, market: 0.8 } });
    expect(texts).toContainEqual(expect.stringMatching(/%; yours unknown, the market's 80%$/));
    expect(texts).toContain('assumed: platform fee 25 % of what a renter pays for RTX 3090');
  });

  it.each<[string, Partial<Farm>, RegExp]>([
    ['never', { ...quotes({ coins: [coinQuote({ price: usd(50) })] }) }, /even fully rented/],
    [
      'always',
      { operations: { ...operations, miningPerGpuDay: usd(2) } },
      /mining loses more than an empty rig; off is better than mining/,
    ],
    [
      'no gain',
      { ...quotes({ rentals: [rentalQuote({ pricePerGpuHour: usd(0.001) })] }) },
      /a rented hour earns no more than its power/,
    ],
  ])('a break-even occupancy that is %s is said in words', async (_name, known, words) => {
    const { texts } = await answer(profit, {}, contextOf(one, { ...g26, ...known }));
    expect(texts).toContainEqual(expect.stringMatching(words));
  });
});

describe('a fleet', () => {
  const rigs = [
    rigOf([miningCard({ hashrate: 600e6 })]),
    rigOf([miningCard({ model: 'RTX 3070' }), gpuOf({ model: 'Odd card', state: 'down' })], { name: 'b1' }),
    rigOf([gpuOf({ model: 'Odd card' })], { name: 'c1', site: 'texas' }),
  ];
  const farm = { ...g26, sites: [siteOf({ pue: 1.1 }), siteOf({ name: 'texas' })] };
  const context = contextOf(snapshotOf(rigs), farm);

  it('says over how many GPUs it speaks, and of which not', async () => {
    const { facts, reply, texts } = await answer(profit, {}, context);
    expect(reply.headline).toMatch(/over 1 of 4 GPUs; /);
    expect(facts.coverage.excluded.reduce((sum, { gpus }) => sum + gpus, facts.coverage.compared)).toBe(4);
    expect(texts).toEqual(
      expect.arrayContaining([
        'not compared: 1 GPU, down',
        'not compared: 1 GPU, no rental quote for RTX 3070',
        'not compared: 1 GPU, no kawpow hashrate for Odd card',
      ]),
    );
  });

  it('each model has its own best, and they add up in one line', async () => {
    const { facts, texts } = await answer(profit, {}, context);
    expect(facts.models.map(({ model, best }) => `${model} ${best}`)).toEqual([
      'Odd card null',
      'RTX 3070 off',
      'RTX 3090 mixed',
    ]);
    expect(facts.models[0]).toMatchObject({ compared: 0, perDay: { mine: { net: null }, off: { net: usd(0) } } });
    expect(facts.bestPerModel.gpus).toBe(2);
    expect(texts).toContain('each model at its best: $2.09 per day (est.) over 2 GPUs');
  });

  it('leads to the other sites, and to what is next of this one', async () => {
    const { reply } = await answer(profit, { site: 'texas' }, context);
    expect(reply.pick?.options).toEqual([{ label: 'quebec', command: 'profit site:quebec' }]);
    expect(reply.next.map(({ command }) => command)).toEqual([
      'rigs site:texas sort:margin',
      'readiness site:texas',
      'status site:texas',
    ]);
    expect((await answer(profit, {}, context)).reply.pick?.options).toHaveLength(2);
    expect((await answer(profit, { rig: 'a1' }, context)).reply.pick).toBeUndefined();
  });

  it('a site has its own rigs alone', async () => {
    const { facts } = await answer(profit, { site: 'Texas' }, context);
    expect(facts).toMatchObject({ scope: { kind: 'site', name: 'texas' }, gpus: { total: 1 }, best: null });
  });

  it.each([
    [{ rig: 'a2' }, /no rig called "a2"/],
    [{ site: 'quebeck' }, /no site called "quebeck"/],
  ])('%j is not there', async (asked, message) => {
    await expect(profit.run(profit.parse.parse(asked), context)).rejects.toThrow(message);
  });
});

it('says that nothing was observed yet', async () => {
  await expect(profit.run({}, contextOf(null, g26))).rejects.toThrow(UserError);
});

it('has an answer for a farm without rigs', async () => {
  const { reply } = await answer(profit, {}, contextOf(snapshotOf([]), g26));
  expect(reply.headline).toBe('The fleet: what to do with the GPUs is unknown (no GPU was seen).');
});

it('whatever is known, the facts fit and the reply reads well', async () => {
  await fc.assert(
    fc.asyncProperty(anySituation, async ({ snapshot, farm }) => {
      const { facts } = await answer(profit, {}, contextOf(snapshot, farm));
      expect(facts.coverage.excluded.reduce((sum, { gpus }) => sum + gpus, facts.coverage.compared)).toBe(
        facts.coverage.gpus,
      );
    }),
  );
});
