import { describe, expect, it } from 'vitest';
import type { RigSettings } from '../../src/domain/farm.ts';
import { marketplaceQuote } from '../../src/domain/observation/marketplace.ts';
import { placeRig } from '../../src/domain/observation/place-rig.ts';
import { farmOf, siteOf } from '../support/farms.ts';
import { atMs } from '../support/rigs.ts';
import { groupOf, readingOf } from './readings.ts';

describe('placeRig', () => {
  const sites = [
    siteOf({ name: 'quebec', match: { dc: 'qc' } }),
    siteOf({ name: 'texas', match: { dc: 'tx', hall: '1' } }),
  ];
  const declared: RigSettings = {
    site: 'texas',
    mining: { coin: null, poolFee: null },
    hostWatts: null,
    psuEfficiency: null,
    formerly: [],
  };
  const place = (
    labels: Record<string, string>,
    site: string | null = null,
    known: Parameters<typeof farmOf>[0] = { sites },
  ) => placeRig(groupOf([readingOf('', { labels, site })]), farmOf(known));

  it.each<[string, string | null, string | null]>([
    ['what the configuration says of a target', place({ dc: 'tx', hall: '1' }, 'quebec'), 'quebec'],
    [
      'what it says of the rig, before labels',
      place({ dc: 'qc' }, null, { sites, rigs: new Map([['a1', declared]]) }),
      'texas',
    ],
    ['labels', place({ dc: 'qc' }), 'quebec'],
    ['all of the labels', place({ dc: 'tx' }), null],
    ['all of the labels, indeed', place({ dc: 'tx', hall: '1' }), 'texas'],
    ['nothing', place({}), null],
    ['the only site, which asks for no labels', place({}, null, { sites: [siteOf()] }), 'quebec'],
    ['the only site, which asks for labels', place({}, null, { sites: [siteOf({ match: { dc: 'qc' } })] }), null],
    ['no sites', place({}, null, { sites: [] }), null],
  ])('%s', (_name, found, site) => {
    expect(found).toBe(site);
  });
});

describe('marketplaceQuote', () => {
  const price = (rented: string, verified: string, value: number) => ({
    quantile: 'median' as const,
    rented,
    verified,
    value,
  });
  const count = (rented: string, verified: string, value: number) => ({ rented, verified, value });
  const quote = (prices: ReturnType<typeof price>[], counts: ReturnType<typeof count>[]) => {
    const { medianUsdPerGpuHour, occupancy, kind } = marketplaceQuote({ model: 'RTX 3090', prices, counts }, atMs);
    return { medianUsdPerGpuHour, occupancy, kind };
  };

  it('prefers what verified offers are rented at', () => {
    const prices = [
      price('any', 'any', 0.3),
      price('no', 'yes', 1.1),
      price('yes', 'yes', 0.38),
      price('yes', 'no', 0.2),
    ];
    const counts = [count('yes', 'yes', 30), count('no', 'yes', 10), count('yes', 'no', 500)];
    expect(quote(prices, counts)).toEqual({
      medianUsdPerGpuHour: 0.38,
      occupancy: 0.75,
      kind: 'on-demand median of rented verified offers, renter side',
    });
  });

  it('says so where it has to take asking prices, or offers of any status', () => {
    expect(quote([price('no', 'yes', 1.1)], [count('no', 'yes', 1)]).kind).toBe(
      'on-demand median of unrented verified offers, renter side',
    );
    expect(quote([price('any', 'any', 0.3)], [count('no', 'yes', 1)]).kind).toBe(
      'on-demand median of offers, renter side',
    );
    expect(quote([price('yes', 'no', 0.3)], [count('yes', 'no', 1), count('no', 'no', 1)])).toMatchObject({
      occupancy: 0.5,
      kind: 'on-demand median of rented unverified offers, renter side',
    });
  });

  it('knows no occupancy of nothing, and no price without one', () => {
    expect(quote([], [])).toMatchObject({ medianUsdPerGpuHour: null, occupancy: null });
    expect(quote([], [count('yes', 'yes', 0), count('no', 'yes', 0)])).toMatchObject({ occupancy: null });
  });
});
