import { describe, expect, it } from 'vitest';
import { checkReport } from '../../src/fleet/check-report.ts';
import { peersOf } from '../../src/fleet/peers.ts';
import { createRigTerms } from '../../src/fleet/rig-terms.ts';
import { farmOf, siteOf } from '../support/farms.ts';
import { gpuOf, miningCard, rigOf } from '../support/rigs.ts';
import { snapshotOf } from '../support/snapshots.ts';

const noOverride = { site: null, mining: { coin: null, poolFee: null }, hostWatts: null, psuEfficiency: null };

describe('checkReport', () => {
  it('finds nothing where nothing is wrong', () => {
    expect(checkReport(snapshotOf([rigOf([miningCard()])]), farmOf())).toMatchObject({
      rigs: 1,
      gpus: 1,
      targetsUp: 2,
      targetsTotal: 2,
      failures: [],
      findings: [],
    });
  });

  it('names targets that fail, conflicts, rigs without a site and rigs that nobody saw', () => {
    const rigs = [rigOf([], { site: null, problems: ['two names'] })];
    const failures = [{ instance: 'x:1', rig: null, kind: 'refused' as const, message: 'connection refused' }];
    const farm = farmOf({ rigs: new Map([['ghost', noOverride]]) });
    const report = checkReport(snapshotOf(rigs, { failures, warnings: ['partial'] }), farm);
    expect(report.failures).toEqual(['x:1: x:1 connection refused']);
    expect(report.findings).toEqual([
      'partial',
      'a1: two names',
      'a1: no site, so no power price; set sites[].match or rigs.a1.site',
      'ghost: declared, but no target of this name answers or is known',
    ]);
  });

  it('says which dialects nobody recorded', () => {
    expect(checkReport(snapshotOf([]), farmOf()).remarks.map((remark) => remark.split(':')[0])).toEqual([
      'dialect lolminer_exporter',
      'dialect trex_exporter',
      'dialect vastai_exporter',
    ]);
  });
});

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

describe('peers', () => {
  const rigs = [
    rigOf([miningCard({ hashrate: 100e6, powerWatts: 290 }), miningCard({ hashrate: 140e6, powerWatts: null })]),
    rigOf(
      [
        gpuOf({ model: 'RTX 3090', state: 'idle-listed', powerWatts: 20 }),
        gpuOf({ model: 'RTX 3090', state: 'rented', powerWatts: 310 }),
      ],
      { name: 'b1' },
    ),
    rigOf(
      [gpuOf({ model: 'RTX 3090', state: 'unknown', powerWatts: 150 }), gpuOf({ model: 'RTX 3090', state: 'down' })],
      {
        name: 'c1',
      },
    ),
  ];
  it('tell what cards of a model do, as the mean of those that do it', () => {
    const peers = peersOf(snapshotOf(rigs), farmOf());
    expect(peers.hashrate('RTX 3090', 'RVN')).toBe(120e6);
    expect(peers.miningWatts('RTX 3090', 'RVN')).toBe(290);
    expect(peers.idleWatts('RTX 3090')).toBe(20);
    expect(peers.rentalWatts('RTX 3090')).toBe(310);
  });

  it('know nothing of other models and coins', () => {
    const peers = peersOf(snapshotOf(rigs), farmOf());
    expect(peers.hashrate('RTX 3090', 'ERG')).toBeNull();
    expect(peers.miningWatts('RTX 3070', 'RVN')).toBeNull();
    expect(peers.idleWatts('RTX 3070')).toBeNull();
    expect(peers.rentalWatts('RTX 3070')).toBeNull();
  });
});
