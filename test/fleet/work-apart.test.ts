import { describe, expect, it } from 'vitest';
import type { Asic, Rig } from '../../src/domain/rig.ts';
import { asicsNow, wholeRigHashrates } from '../../src/fleet/work-apart.ts';
import { coinQuote, farmOf } from '../support/farms.ts';
import { asicOf, looseMinerOf, miningCard, rigOf } from '../support/rigs.ts';

const btc = coinQuote({ coin: 'BTC', algorithm: 'sha256d' });
const rvn = coinQuote();
const settings = { site: null, hostWatts: null, psuEfficiency: null, formerly: [] };
const minesBtc = new Map([['a1', { ...settings, mining: { coin: 'BTC', poolFee: null } }]]);
const market = { coins: [rvn, btc], rentals: [], fx: [] };
const rigWith = (...asics: readonly Partial<Asic>[]): Rig =>
  rigOf([], { asics: asics.map((known, index) => asicOf({ key: `a1/asic#${index}`, ...known })) });

it('ASICs are counted by what they do, and by model', () => {
  const rig = rigWith(
    { state: 'mining', model: 'Antminer S9' },
    { state: 'mining', model: 'Antminer S19j Pro' },
    { state: 'down', model: 'Antminer S19j Pro' },
    { state: 'idle-unlisted' },
  );
  expect(asicsNow([rig, rigWith({})], farmOf())).toMatchObject({
    total: 5,
    states: { mining: 2, 'idle-unlisted': 1, down: 1, unknown: 1 },
    models: [
      { model: null, asics: 2 },
      { model: 'Antminer S19j Pro', asics: 2 },
      { model: 'Antminer S9', asics: 1 },
    ],
  });
});

it('watts are a sum over those that print them, out of those that are not down', () => {
  const rig = rigWith({ powerWatts: 3_400 }, { powerWatts: 1_300 }, {}, { state: 'down' });
  expect(asicsNow([rig], farmOf()).wall).toEqual({ watts: 4_700, asics: 2, of: 3 });
  expect(asicsNow([rigWith({})], farmOf()).wall).toEqual({ watts: null, asics: 0, of: 1 });
});

it('the hottest is the hottest of those that say so', () => {
  const rig = rigWith({ temperatureCelsius: 60 }, { temperatureCelsius: 71 }, {});
  expect(asicsNow([rig], farmOf()).hottestCelsius).toBe(71);
  expect(asicsNow([rigWith({})], farmOf()).hottestCelsius).toBeNull();
});

describe('of which algorithm hashes are', () => {
  const hash = { hashrate: 1e14 };
  it.each([
    ['as printed', rigWith({ ...hash, algorithm: 'scrypt' }), farmOf({ market }), 'scrypt'],
    ['by the printed coin', rigWith({ ...hash, coin: 'BTC' }), farmOf({ market }), 'sha256d'],
    ['by the coin of this very rig', rigWith(hash), farmOf({ market, rigs: minesBtc }), 'sha256d'],
    ["not by the farm's coin, which its GPUs mine", rigWith(hash), farmOf({ market }), 'unknown algorithm of ASICs'],
    [
      'not by the only coin there is',
      rigWith(hash),
      farmOf({ mining: { coin: null, poolFee: null } }),
      'unknown algorithm of ASICs',
    ],
  ])('%s', (_, rig, farm, algorithm) => {
    expect([...asicsNow([rig], farm).hashrates]).toEqual([[algorithm, 1e14]]);
  });

  it('those of one algorithm add up, those of two do not', () => {
    const rig = rigWith({ ...hash, coin: 'BTC' }, { ...hash, coin: 'BTC' }, { hashrate: 1e9, algorithm: 'scrypt' });
    expect([...asicsNow([rig], farmOf({ market })).hashrates]).toEqual([
      ['sha256d', 2e14],
      ['scrypt', 1e9],
    ]);
  });
});

describe('a miner that prints no cards', () => {
  const looseMiners = [looseMinerOf({ algorithm: 'randomx', hashrate: 17_000 })];

  it('speaks for the whole rig', () => {
    expect([...wholeRigHashrates(rigOf([], { looseMiners }), farmOf())]).toEqual([['randomx', 17_000]]);
    const unnamed = rigOf([], { looseMiners: [looseMinerOf({ hashrate: 17_000 })] });
    expect([...wholeRigHashrates(unnamed, farmOf())]).toEqual([['unknown algorithm', 17_000]]);
  });

  it('does not where the rig has cards or ASICs, nor while it hashes nothing', () => {
    expect(wholeRigHashrates(rigOf([miningCard()], { looseMiners }), farmOf()).size).toBe(0);
    expect(wholeRigHashrates(rigOf([], { looseMiners, asics: [asicOf()] }), farmOf()).size).toBe(0);
    expect(wholeRigHashrates(rigOf([], { looseMiners: [looseMinerOf({ hashrate: 0 })] }), farmOf()).size).toBe(0);
  });
});
