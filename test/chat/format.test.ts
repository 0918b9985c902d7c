import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Presentation } from '../../src/chat/command.ts';
import {
  formatAge,
  formatAmount,
  formatBytes,
  formatDuration,
  formatEnergy,
  formatHashrate,
  formatHashrates,
  formatInstant,
  formatMoney,
  formatNumber,
  formatPercent,
  formatRatio,
  formatTemperature,
  formatWatts,
} from '../../src/chat/format.ts';
import { sayEnglish } from '../../src/chat/languages/say.ts';
import { money } from '../../src/domain/quantities.ts';

const nowMs = Date.UTC(2026, 10, 22, 23, 5, 0);
const en: Presentation = { locale: 'en', timeZone: 'America/Toronto', nowMs, say: sayEnglish('en') };
const fr: Presentation = { locale: 'fr', timeZone: 'Europe/Paris', nowMs, say: sayEnglish('fr') };

/** Intl separates with no-break spaces, which nobody can tell apart in a table of cases. */
function plain(text: string): string {
  return text.replace(/[\u00a0\u202f]/g, ' ');
}

describe('money', () => {
  it.each([
    [1234.5, 'USD', '$1,234.50', '1 234,50 $US'],
    [12.4, 'CAD', 'CA$12.40', '12,40 $CA'],
    [1, 'EUR', '€1.00', '1,00 €'],
    [0.18, 'USD', '$0.180', '0,180 $US'],
    [-0.1844, 'USD', '-$0.184', '-0,184 $US'],
    [-2.345, 'USD', '-$2.35', '-2,35 $US'],
    [0, 'USD', '$0.00', '0,00 $US'],
    [0.0000123, 'USD', '$0.000012', '0,000012 $US'],
    [2, 'points', '2.00 points', '2,00 points'],
  ])('%d %s', (amount, currency, english, french) => {
    expect(plain(formatMoney(money(amount, currency), en))).toBe(english);
    expect(plain(formatMoney(money(amount, currency), fr))).toBe(french);
  });

  it('tells a reader in Canada which dollar it is', () => {
    const canadian = { ...en, locale: 'en-CA' };
    expect(formatMoney(money(5, 'USD'), canadian)).toBe('US$5.00');
    expect(formatMoney(money(5, 'CAD'), canadian)).toBe('$5.00');
  });

  it('is printed alone where a title names the currency', () => {
    const amounts = [12.4, 0.18, 0, -1234.5, 0.0000123].map((amount) => formatAmount(money(amount, 'CAD'), en));
    expect(amounts).toEqual(['12.40', '0.180', '0.00', '-1,234.50', '0.000012']);
    expect(plain(formatAmount(money(-1234.5, 'CAD'), fr))).toBe('-1 234,50');
    expect(formatAmount(null, en)).toBe('unknown');
    expect(formatAmount(money(Number.NaN, 'CAD'), en)).toBe('unknown');
  });

  it('never prints an amount that is not nothing as nothing', () => {
    const amounts = fc.double({ noNaN: true, min: -1e6, max: 1e6 }).filter((amount) => Math.abs(amount) > 1e-15);
    fc.assert(
      fc.property(amounts, (amount) => {
        expect(formatMoney(money(amount, 'USD'), en)).toMatch(/[1-9]/);
      }),
    );
  });
});

describe('power and energy', () => {
  it.each([
    [0, '0 W'],
    [0.44, '0.4 W'],
    [320.4, '320 W'],
    [999.4, '999 W'],
    [999.6, '1.00 kW'],
    [1250, '1.25 kW'],
    [187_432, '187.43 kW'],
    [2_500_000, '2.50 MW'],
    [-1250, '-1.25 kW'],
  ])('%d W', (watts, expected) => expect(formatWatts(watts, en)).toBe(expected));

  it.each([
    [3_600_000, '1.00 kWh'],
    [3_060_000, '850 Wh'],
    [27_648_000, '7.68 kWh'],
    [3.6e9 * 12.5, '12.50 MWh'],
  ])('%d J', (joules, expected) => expect(formatEnergy(joules, en)).toBe(expected));
});

describe('hashrates', () => {
  it.each([
    [61_170_000, 'kawpow', '61.17 MH/s'],
    [61_170_000, null, '61.17 MH/s'],
    [999_999_999, 'ethash', '1.00 GH/s'],
    [54.2, 'equihash125_4', '54.20 Sol/s'],
    [54.2, 'ZelHash', '54.20 Sol/s'],
    [31.4, 'beamhash3', '31.40 Sol/s'],
    [8.1, 'cuckatoo32', '8.10 g/s'],
    [8.1, 'c32', '8.10 g/s'],
    [650, 'kheavyhash', '650.00 H/s'],
    [0, 'kawpow', '0.00 H/s'],
  ])('%d of %s', (hashrate, algorithm, expected) => expect(formatHashrate(hashrate, algorithm, en)).toBe(expected));

  it('stand side by side, one per algorithm', () => {
    expect(
      formatHashrates(
        [
          ['kawpow', 2.45e9],
          ['zelhash', 540],
          [null, null],
        ],
        fr,
      ),
    ).toBe('2,45 GH/s kawpow, 540,00 Sol/s zelhash, unknown of an unknown algorithm');
    expect(formatHashrates([], en)).toBe('unknown');
  });
});

describe('other quantities', () => {
  it.each([
    [formatPercent(0.061, en), '6.1%'],
    [formatPercent(0.061, fr), '6,1 %'],
    [formatPercent(0.061, en, 0), '6%'],
    [formatRatio(1.254, en), '1.25'],
    [formatNumber(10_432, en), '10,432'],
    [formatNumber(-0.2, en), '0'],
    [formatTemperature(61.4, en), '61 °C'],
    [formatBytes(25_769_803_776, en), '24 GiB'],
    [formatBytes(67_324_817_408, en), '62.7 GiB'],
    [formatBytes(5 * 2 ** 20, en), '5 MiB'],
    [formatBytes(2048 * 2 ** 30, en), '2,048 GiB'],
    [formatBytes(12, en), '12 B'],
    [formatDuration(90_000, en), '1 min'],
    [formatAge(nowMs - 12_400, en), '12 s ago'],
    [formatAge(nowMs + 300, en), '0 s ago'],
    [formatAge(nowMs + 65_000, en), 'in 1 min'],
    [formatAge(nowMs - 7_199_000, en), '1 h ago'],
    [formatAge(nowMs - 86_400_000 * 3, en), '3 d ago'],
    [formatInstant(nowMs, en), 'Nov 22, 2026, 18:05 EST'],
    [formatInstant(nowMs, fr), '23 nov. 2026, 00:05 UTC+1'],
  ])('%s', (text, expected) => expect(plain(text)).toBe(expected));
});

describe('what nobody knows', () => {
  it.each([null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%s is unknown, never 0', (value) => {
    const texts = [
      formatMoney(value === null ? null : money(value, 'USD'), en),
      formatNumber(value, en),
      formatWatts(value, en),
      formatEnergy(value, en),
      formatHashrate(value, 'kawpow', en),
      formatPercent(value, en),
      formatRatio(value, en),
      formatTemperature(value, en),
      formatBytes(value, en),
      formatDuration(value, en),
      formatAge(value, en),
      formatInstant(value, en),
    ];
    expect(new Set(texts)).toEqual(new Set(['unknown']));
  });
});
