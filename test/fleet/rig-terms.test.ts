import { describe, expect, it } from 'vitest';
import { createRigTerms } from '../../src/fleet/rig-terms.ts';
import { farmOf, siteOf } from '../support/farms.ts';

const noOverride = {
  site: null,
  mining: { coin: null, poolFee: null },
  hostWatts: null,
  psuEfficiency: null,
  formerly: [],
};

describe('the terms of a rig', () => {
  it('are its own before those of its site before those of the farm, field by field', () => {
    const farm = farmOf({
      sites: [siteOf({ hostWatts: 80, pue: 1.2, mining: { coin: 'ERG', poolFee: null } })],
      rigs: new Map([['a1', { ...noOverride, hostWatts: 120 }]]),
      mining: { coin: 'RVN', poolFee: 0.01 },
    });
    const termsOf = createRigTerms(farm);
    expect(termsOf({ name: 'a1', site: 'quebec' })).toMatchObject({
      path: { hostWatts: 120, psuEfficiency: 1, pue: 1.2 },
      coin: 'ERG',
      poolFee: 0.01,
      pricePerKwh: 0.06,
      assumptions: ['PSU efficiency 1 (psuEfficiency is not declared)'],
    });
    expect(termsOf({ name: 'b1', site: 'quebec' }).path.hostWatts).toBe(80);
    expect(termsOf({ name: 'c1', site: null })).toMatchObject({ site: null, pricePerKwh: null, coin: 'RVN' });
  });

  it('assume what nobody declared, and say so', () => {
    const { assumptions } = createRigTerms(farmOf({ mining: { coin: null, poolFee: null } }))({
      name: 'a1',
      site: 'quebec',
    });
    expect(assumptions.map((assumption) => assumption.split(' (')[0])).toEqual([
      'host power 0 W',
      'PSU efficiency 1',
      'PUE 1',
      'pool fee 0',
    ]);
  });
});
