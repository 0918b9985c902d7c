import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseCoin, sameAlgorithm } from '../../src/domain/economics/coin-choice.ts';
import { convertMoney, exchangeRate } from '../../src/domain/economics/exchange.ts';
import { rentalRate } from '../../src/domain/economics/rental.ts';
import type { FxRate } from '../../src/domain/farm.ts';
import { coinQuote, rentalQuote } from '../support/farms.ts';
import { marketplaceQuoteOf } from '../support/snapshots.ts';

const fx = (base: string, quote: string, rate: number): FxRate => ({ base, quote, rate, asOf: null });

describe('exchangeRate', () => {
  const rates = [fx('USD', 'CAD', 1.4), fx('EUR', 'USD', 1.1), fx('USD', 'SEK', 10), fx('GBP', 'CHF', 1.2)];
  it.each([
    ['USD', 'USD', 1],
    ['XXX', 'XXX', 1],
    ['USD', 'CAD', 1.4],
    ['CAD', 'USD', 1 / 1.4],
    ['EUR', 'CAD', 1.54],
    ['CAD', 'SEK', 10 / 1.4],
    ['SEK', 'EUR', 1 / 11],
    ['USD', 'GBP', null],
    ['USD', 'XXX', null],
    // Through two currencies in between: too far.
    ['CAD', 'CHF', null],
  ])('%s in %s', (from, to, rate) => {
    const found = exchangeRate(from, to, rates);
    if (rate === null) expect(found).toBeNull();
    else expect(found).toBeCloseTo(rate, 12);
  });

  it('knows no way without rates, nor by a rate that is none', () => {
    expect(exchangeRate('USD', 'CAD', [])).toBeNull();
    expect(exchangeRate('USD', 'CAD', [fx('USD', 'CAD', 0)])).toBeNull();
    expect(exchangeRate('CAD', 'USD', [fx('USD', 'CAD', 0)])).toBeNull();
    expect(exchangeRate('USD', 'CAD', [fx('USD', 'CAD', Number.NaN)])).toBeNull();
  });

  it('there and back is where it began', () => {
    const rate = fc.double({ min: 0.001, max: 1000, noNaN: true });
    fc.assert(
      fc.property(rate, rate, (a, b) => {
        const both = [fx('AAA', 'BBB', a), fx('CCC', 'BBB', b)];
        const there = exchangeRate('AAA', 'CCC', both) ?? Number.NaN;
        const back = exchangeRate('CCC', 'AAA', both) ?? Number.NaN;
        expect(there * back).toBeCloseTo(1, 9);
      }),
    );
  });

  it('leaves an amount apart that no rate converts', () => {
    expect(convertMoney({ amount: 2, currency: 'USD' }, 'CAD', rates)).toEqual({ amount: 2.8, currency: 'CAD' });
    expect(convertMoney({ amount: 2, currency: 'USD' }, 'CHF', rates)).toBeNull();
  });
});

describe('chooseCoin', () => {
  const rvn = coinQuote({ coin: 'RVN', algorithm: 'kawpow' });
  const clore = coinQuote({ coin: 'CLORE', algorithm: 'KawPow' });
  const erg = coinQuote({ coin: 'ERG', algorithm: 'autolykos2' });
  it.each([
    ['the only coin of the algorithm', 'autolykos2', null, [rvn, erg], 'ERG'],
    ['the algorithm beats the configured coin', 'autolykos2', 'RVN', [rvn, erg], 'ERG'],
    ['the configured coin among those of the algorithm', 'kawpow', 'CLORE', [rvn, clore, erg], 'CLORE'],
    ['two coins of the algorithm and none configured', 'kawpow', null, [rvn, clore], null],
    ['two coins of the algorithm, another configured', 'kawpow', 'ERG', [rvn, clore, erg], null],
    ['an algorithm without a coin', 'octopus', 'RVN', [rvn, erg], null],
    ['no algorithm, a configured coin', null, 'ERG', [rvn, erg], 'ERG'],
    ['no algorithm, a configured coin without a quote', null, 'KAS', [rvn], null],
    ['neither, one coin', null, null, [rvn], 'RVN'],
    ['neither, two coins', null, null, [rvn, erg], null],
    ['no coins', 'kawpow', 'RVN', [], null],
  ])('%s', (_name, algorithm, configured, coins, coin) => {
    expect(chooseCoin(algorithm, configured, coins)?.coin ?? null).toBe(coin);
  });

  it('spelling makes no algorithm of its own', () => {
    expect(sameAlgorithm('KawPow', 'kaw-pow')).toBe(true);
    expect(sameAlgorithm('autolykos2', 'autolykos')).toBe(false);
  });
});

describe('rentalRate', () => {
  const market = [marketplaceQuoteOf()];
  it('takes the fee off renter prices, and off no host price', () => {
    expect(rentalRate(['RTX 3090'], [rentalQuote({ platformFee: 0.1 })], [])).toMatchObject({
      platformFee: 0.1,
      platformFeeAssumed: false,
    });
    expect(rentalRate(['RTX 3090'], [rentalQuote({ side: 'host', platformFee: 0.1 })], [])).toMatchObject({
      platformFee: 0,
      platformFeeAssumed: false,
    });
  });

  it('assumes a fee that nobody stated, for renter prices alone', () => {
    const unstated = { platformFee: null };
    expect(rentalRate(['RTX 3090'], [rentalQuote(unstated)], [])).toMatchObject({
      platformFee: 0.25,
      platformFeeAssumed: true,
    });
    expect(rentalRate(['RTX 3090'], [rentalQuote({ ...unstated, side: 'host' })], [])).toMatchObject({
      platformFee: 0,
      platformFeeAssumed: false,
    });
  });

  it('prefers the own quote under any name of the model to the marketplace', () => {
    const own = rentalQuote({ model: 'RTX 3080 10GB', pricePerGpuHour: { amount: 0.11, currency: 'USD' } });
    const offered = marketplaceQuoteOf({ model: 'RTX 3080' });
    expect(rentalRate(['RTX 3080', 'RTX 3080 10GB'], [own], [offered])).toMatchObject({
      pricePerGpuHour: { amount: 0.11 },
      marketOccupancy: 0.8,
    });
  });

  it('takes the occupancy that we measured, else the declared one, else none', () => {
    const measured = new Map([['RTX 3080 10GB', { occupancy: 0.31, gpuHours: 412 }]]);
    const declared = rentalQuote({ model: 'RTX 3080', occupancy: 0.6 });
    const names = ['RTX 3080', 'RTX 3080 10GB'];
    expect(rentalRate(names, [declared], [], measured)).toMatchObject({ occupancy: 0.31, measuredOverGpuHours: 412 });
    expect(rentalRate(names, [declared], [])).toMatchObject({ occupancy: 0.6, measuredOverGpuHours: null });
    expect(rentalRate(['RTX 3090'], [], market, measured)).toMatchObject({
      occupancy: null,
      measuredOverGpuHours: null,
    });
    const offered = [marketplaceQuoteOf({ model: 'RTX 3080' })];
    expect(rentalRate(names, [], offered, measured)).toMatchObject({ occupancy: 0.31, measuredOverGpuHours: 412 });
  });

  it("never takes the market's occupancy for ours", () => {
    expect(rentalRate(['RTX 3090'], [], market)).toMatchObject({
      pricePerGpuHour: { amount: 0.2, currency: 'USD' },
      side: 'renter',
      platformFee: 0.25,
      platformFeeAssumed: true,
      occupancy: null,
      marketOccupancy: 0.8,
    });
  });

  it('is unknown without a quote or a median', () => {
    expect(rentalRate(['RTX 3070'], [rentalQuote()], market)).toBeNull();
    expect(rentalRate(['RTX 3090'], [], [marketplaceQuoteOf({ medianUsdPerGpuHour: null })])).toBeNull();
  });
});
