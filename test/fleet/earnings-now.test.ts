import { describe, expect, it } from 'vitest';
import type { Farm } from '../../src/domain/farm.ts';
import type { Gpu, Rig } from '../../src/domain/rig.ts';
import { noStates } from '../../src/domain/work-state.ts';
import { earningsNow } from '../../src/fleet/earnings-now.ts';
import { nowMoney } from '../../src/fleet/profit-facts.ts';
import { rigRows } from '../../src/fleet/rig-rows.ts';
import { coinQuote, farmOf, nothingDeclared, siteOf } from '../support/farms.ts';
import { gpuOf, miningCard, rigOf } from '../support/rigs.ts';
import { snapshotOf } from '../support/snapshots.ts';

const now = (rigs: readonly Rig[], farm: Farm = farmOf()) => earningsNow(rigs, snapshotOf(rigs), farm);
const rented = (known: Partial<Gpu> = {}) => gpuOf({ model: 'RTX 3090', state: 'rented', powerWatts: 300, ...known });
const powerPerDay = (watts: number) => (watts / 1000) * 24 * 0.06;

describe('a rig as it works now', () => {
  it('mines: revenue less power', async () => {
    const { mining, net, powerCost, hashrates, rentedGpus } = await now([rigOf([miningCard(), miningCard()])]);
    expect(mining).toEqual({ amount: expect.closeTo(0.24, 12), gpus: 2, of: 2 });
    expect(powerCost.amount).toBeCloseTo(powerPerDay(588), 12);
    expect(net).toEqual({ amount: expect.closeTo(0.24 - powerPerDay(588), 12), gpus: 2, of: 2 });
    expect([...hashrates]).toEqual([['kawpow', 240e6]]);
    expect(rentedGpus).toBe(0);
  });

  it('is rented: the quote net of its fee', async () => {
    const { rental, net } = await now([rigOf([rented()])]);
    expect(rental).toEqual({ amount: expect.closeTo(24 * 0.22 * 0.75, 12), gpus: 1, of: 1 });
    expect(net.amount).toBeCloseTo(24 * 0.22 * 0.75 - powerPerDay(300), 12);
  });

  it('is partly rented: which card it is does not matter in a rig of one model', async () => {
    const cards = [rented({ state: 'unknown' }), rented({ state: 'unknown' })];
    const counted = { ...noStates(), rented: 1, 'idle-listed': 1 };
    const { rental, net } = await now([rigOf(cards, { gpuStates: counted })]);
    expect(rental).toMatchObject({ gpus: 1, of: 1 });
    expect(net).toMatchObject({ gpus: 2, of: 2 });
  });

  it('is partly rented: in a rig of two models it does, and the money is unknown', async () => {
    const cards = [rented({ state: 'unknown' }), rented({ state: 'unknown', model: 'RTX 3070' })];
    const { rental, net, missing } = await now([
      rigOf(cards, { gpuStates: { ...noStates(), rented: 1, 'idle-listed': 1 } }),
    ]);
    expect(rental).toMatchObject({ gpus: 0, of: 1 });
    expect(net).toMatchObject({ gpus: 0, of: 2 });
    expect([...missing]).toEqual([['rented without a quote', 2]]);
  });

  it('does not earn twice with a card that is rented and hashes', async () => {
    const cards = [miningCard(), miningCard(), gpuOf({ model: 'RTX 3090', powerWatts: 300 })];
    const rig = rigOf(cards, { gpuStates: { ...noStates(), rented: 2, mining: 1 } });
    const { net, missing } = await now([rig]);
    expect(net).toMatchObject({ gpus: 0, of: 3 });
    expect([...missing]).toEqual([['more cards hash than are free of rentals', 3]]);
  });

  it('counts the work of cards that could not be tied, once', async () => {
    const loose = {
      model: 'RTX 3090',
      algorithm: 'kawpow',
      coin: null,
      hashrate: 120e6,
      powerWatts: null,
      sharesAccepted: null,
      sharesRejected: null,
    };
    const idle = gpuOf({ state: 'idle-unlisted', powerWatts: 20 });
    const rig = rigOf([idle, idle], {
      looseMiners: [loose],
      gpuStates: { ...noStates(), mining: 1, 'idle-unlisted': 1 },
    });
    expect((await now([rig])).net).toEqual({ amount: expect.closeTo(0.12 - powerPerDay(40), 12), gpus: 2, of: 2 });
  });

  it('adds hashrates of one algorithm alone', async () => {
    const { hashrates } = await now([rigOf([miningCard(), miningCard({ algorithm: 'etchash', hashrate: 1 })])]);
    expect([...hashrates]).toEqual([
      ['kawpow', 120e6],
      ['etchash', 1],
    ]);
  });
});

describe('unknown is not zero', () => {
  const figures = async (rig: Rig, farm = farmOf()) => {
    const { missing, ...sums } = nowMoney(await now([rig], farm), farm.currency);
    const unknown = Object.entries(sums).flatMap(([name, { value }]) => (value === null ? [name] : []));
    return { unknown, missing: missing.map(({ reason }) => reason) };
  };
  const sek = { amount: 1, currency: 'SEK' };
  it.each<[string, Rig, Partial<Farm>, readonly string[], string]>([
    ['no coin', rigOf([miningCard({ algorithm: 'octopus' })]), {}, ['mining', 'net'], 'a hashrate without a price'],
    [
      'no rate for the coin',
      rigOf([miningCard()]),
      { market: { ...farmOf().market, coins: [coinQuote({ price: sek })] } },
      ['mining', 'net'],
      'a hashrate without a price',
    ],
    ['no quote', rigOf([rented({ model: 'Odd card' })]), {}, ['rental', 'net'], 'rented without a quote'],
    ['no watts', rigOf([miningCard({ powerWatts: null })]), {}, ['power', 'net'], 'power not printed'],
    ['no site', rigOf([miningCard()], { site: null }), {}, ['power', 'net'], 'no power price'],
    [
      'no rate for the tariff',
      rigOf([miningCard()]),
      { sites: [siteOf({ tariff: { pricePerKwh: sek } })] },
      ['power', 'net'],
      'no power price',
    ],
    [
      'no rate for operations',
      rigOf([miningCard()]),
      { operations: { ...nothingDeclared, miningPerGpuDay: sek } },
      ['operations', 'net'],
      'operations cannot be converted',
    ],
    ['no work state', rigOf([gpuOf({ powerWatts: 300 })]), {}, ['mining', 'rental', 'net'], 'work state unknown'],
  ])('%s', async (_name, rig, known, unknown, reason) => {
    expect(await figures(rig, farmOf(known))).toEqual({ unknown, missing: [reason] });
  });

  it('one card without watts leaves the power of its rig unknown, not that of others', async () => {
    const one = rigOf([miningCard(), miningCard({ powerWatts: null })]);
    const { cardWatts, facilityWatts, net } = await now([one, rigOf([miningCard()], { name: 'b1' })]);
    expect(cardWatts).toEqual({ amount: 588, gpus: 2, of: 3 });
    expect(facilityWatts).toEqual({ amount: 294, gpus: 1, of: 3 });
    expect(net).toMatchObject({ gpus: 1, of: 3 });
  });

  it('a rig that is down earns nothing and costs nothing, and is not asked for', async () => {
    expect((await now([rigOf([gpuOf({ state: 'down' })], { state: 'down' })])).net).toEqual({
      amount: 0,
      gpus: 0,
      of: 0,
    });
  });

  it('a row of a table has no net where one card of it is unknown', async () => {
    const rigs = [rigOf([miningCard(), miningCard({ powerWatts: null })]), rigOf([], { name: 'b1' })];
    const rows = await rigRows(rigs, snapshotOf(rigs), farmOf());
    expect(rows).toMatchObject([
      { rig: 'a1', netPerDay: null, cardWatts: null, hottestCelsius: null },
      { rig: 'b1', netPerDay: null, cardWatts: null, gpus: 0 },
    ]);
  });
});

it('idle and busy cards cost power and operations', async () => {
  const farm = farmOf({
    operations: {
      ...nothingDeclared,
      miningPerGpuDay: { amount: 0.02, currency: 'USD' },
      rentalPerGpuDay: { amount: 0.05, currency: 'USD' },
    },
  });
  const rig = rigOf([
    gpuOf({ state: 'idle-unlisted', powerWatts: 20 }),
    gpuOf({ state: 'busy', powerWatts: 200 }),
    rented(),
  ]);
  const { operations, powerCost } = await now([rig], farm);
  expect(operations.amount).toBeCloseTo(0.02 + 0.02 + 0.05, 12);
  expect(powerCost.amount).toBeCloseTo(powerPerDay(520), 12);
});
