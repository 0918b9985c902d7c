import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  coinsPerDay,
  coinsPerDayFromNetwork,
  hashesPerBlock,
  miningRevenue,
  rejectRatio,
} from '../../src/domain/economics/mining.ts';
import { facilityWatts, kwhPerDay, wallWatts } from '../../src/domain/economics/power.ts';
import { SECONDS_PER_DAY } from '../../src/domain/quantities.ts';
import { coinQuote } from '../support/farms.ts';

const ether = { difficultyUnit: 'hashes', blockReward: 2.91 } as const;
const bitcoin = { difficultyUnit: 'btc', blockReward: 3.125 } as const;

describe('the reference cases of ECONOMICS.md, section 4', () => {
  it('G1: WhatToMine, 84 MH/s of ETH', () => {
    const coins = coinsPerDay(84e6, { ...ether, difficulty: 3.25620720085259e15 });
    expect(coins.toFixed(7)).toBe('0.0064860');
    expect((coins * 0.073289).toFixed(8)).toBe('0.00047535');
  });

  it('G1: the same from network hashrate and block time', () => {
    const hashrate = hashesPerBlock(3.25620720085259e15, 'hashes') / 15.2385;
    // The block time is printed to four decimals.
    expect(hashrate / 213_682_921_603_346).toBeCloseTo(1, 5);
    const coins = coinsPerDayFromNetwork(84e6, { hashrate, blockTimeSeconds: 15.2385, blockReward: 2.91 });
    expect(coins).toBeCloseTo(coinsPerDay(84e6, { ...ether, difficulty: 3.25620720085259e15 }), 15);
  });

  it('G2: the 24 h column, difficulty24 with the present exchange rate', () => {
    const coins = coinsPerDay(84e6, { ...ether, difficulty: 3.22891863103978e15 });
    expect(coins.toFixed(7)).toBe('0.0065408');
    expect((coins * 0.073289).toFixed(8)).toBe('0.00047937');
  });

  it('G3: revenue, cost and profit of a coin page', () => {
    const coins = coinsPerDay(84e6, { ...ether, difficulty: 3.2289629306661e15 });
    const bitcoins = coins * 0.07327;
    const cost = kwhPerDay(405) * 0.1;
    expect(coins.toFixed(6)).toBe('0.006541');
    expect(bitcoins.toFixed(8)).toBe('0.00047924');
    expect(cost.toFixed(3)).toBe('0.972');
    expect((bitcoins * 7094.6).toFixed(2)).toBe('3.40');
    expect((bitcoins * 7094.6 - cost).toFixed(2)).toBe('2.43');
  });

  it('G4: 3500 W at $0.10', () => {
    expect((kwhPerDay(3500) * 0.1).toFixed(2)).toBe('8.40');
    expect((121.18 - kwhPerDay(3500) * 0.1).toFixed(2)).toBe('112.78');
  });

  it('G6: hashprice of a Bitcoin-style difficulty', () => {
    const blocks = coinsPerDay(1e15, { ...bitcoin, blockReward: 1, difficulty: 1e14 });
    expect(blocks.toExponential(7)).toBe('2.0116568e-4');
    const coin = coinQuote({ ...bitcoin, difficulty: 1e14, price: { amount: 100_000, currency: 'USD' } });
    const hashprice = miningRevenue(1e15 * SECONDS_PER_DAY, coin, { poolFee: 0, rejectRatio: 0 });
    expect(hashprice.toFixed(4)).toBe('62.8643');
  });

  it('G7: network hashrate and coins per PH of a difficulty', () => {
    const difficulty = 133_869_853_540_305.4;
    expect((hashesPerBlock(difficulty, 'btc') / 600).toExponential(5)).toBe('9.58278e+20');
    expect(coinsPerDay(1e15, { ...bitcoin, difficulty }).toFixed(9)).toBe('0.000469592');
  });
});

describe('rejectRatio', () => {
  it.each([
    [99, 1, 0.01],
    [0, 5, 1],
    [5, 0, 0],
    [0, 0, null],
    [null, 0, null],
    [5, null, null],
  ])('%s accepted, %s rejected: %s', (accepted, rejected, ratio) => {
    expect(rejectRatio(accepted, rejected)).toBe(ratio);
  });
});

it('revenue falls by pool fee and rejected shares', () => {
  const coin = coinQuote({ price: { amount: 2, currency: 'USD' } });
  expect(miningRevenue(1e9 * SECONDS_PER_DAY, coin, { poolFee: 0.01, rejectRatio: 0.02 })).toBeCloseTo(
    2 * 0.99 * 0.98,
    12,
  );
});

it('a Bitcoin-style difficulty counts 2^32 hashes', () => {
  const difficulty = fc.double({ min: 1, max: 1e15, noNaN: true });
  fc.assert(
    fc.property(
      difficulty,
      (value) => hashesPerBlock(value, 'btc') === hashesPerBlock(value, 'hashes') * 4_294_967_296,
    ),
  );
});

it('the meter of a site sees (cards + host) / PSU efficiency * PUE', () => {
  const path = { hostWatts: 60, psuEfficiency: 0.9, pue: 1.2 };
  expect(wallWatts(300, path)).toBeCloseTo(400, 12);
  expect(facilityWatts(300, path)).toBeCloseTo(480, 12);
});
