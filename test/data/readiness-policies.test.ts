import { describe, expect, it } from 'vitest';
import { dialects } from '../../src/data/dialects/index.ts';
import { vast202608 } from '../../src/data/readiness-policies.ts';
import { xids } from '../../src/data/xids.ts';
import { gateTiers } from '../../src/domain/readiness/tier.ts';

describe('the policy vast-2026-08', () => {
  it('names as evidence only series that some dialect reads', () => {
    const read = new Set(dialects.flatMap((dialect) => Object.keys(dialect.series)));
    for (const [id, { families }] of Object.entries(vast202608.criteria)) {
      expect([id, families.filter((family) => !read.has(family))]).toEqual([id, []]);
    }
  });

  it('gives every threshold a source', () => {
    for (const tier of gateTiers) {
      const { requirements, asOf, anchor } = vast202608.tiers[tier];
      expect(asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(anchor).not.toBe('');
      for (const [name, requirement] of Object.entries(requirements)) {
        if (requirement !== null) expect([name, requirement.source]).not.toEqual([name, '']);
      }
    }
  });

  it('prints a name for every tier and never its number', () => {
    const names = Object.values(vast202608.names);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).not.toMatch(/T\d/);
  });

  it.each([
    ['T1', [48, 64, 79, 95]],
    ['T2', [46, 48, 54, 57, 58, 62, 64, 79, 95, 110, 119, 120, 140, 143, 156, 158, 160]],
    ['T4', [46, 48, 54, 57, 58, 62, 64, 79, 95, 110, 119, 120, 140, 143, 156, 158, 160, 74, 136]],
  ] as const)('%s: fatal XIDs', (tier, fatal) => {
    expect(vast202608.tiers[tier].requirements.xids.fatal).toEqual(fatal);
  });

  it('puts every XID of the table into exactly one list of each tier', () => {
    const codes = xids.map((xid) => xid.code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const tier of gateTiers) {
      const { fatal, warning, ignored } = vast202608.tiers[tier].requirements.xids;
      expect([...fatal, ...warning, ...ignored].sort((a, b) => a - b)).toEqual(codes.toSorted((a, b) => a - b));
    }
  });
});
