import { describe, expect, it } from 'vitest';
import { readiness } from '../../commands/readiness.ts';
import { assessFleet, currentPolicy } from '../../src/fleet/assess.ts';
import { rigRows } from '../../src/fleet/rig-rows.ts';
import { farmOf } from '../support/farms.ts';
import { atMs, mixedRiserRig, serverRig } from '../support/rigs.ts';
import { contextOf, snapshotOf } from '../support/snapshots.ts';

const farm = farmOf();
const fewRigs = [mixedRiserRig(), serverRig()];
/** More than have their gates kept. */
const manyRigs = Array.from({ length: 201 }, (_, index) => ({ ...mixedRiserRig(), name: `r${index}` }));

describe('rows of rigs', () => {
  it('are worked out once for the questions over a snapshot, and anew for the next', async () => {
    const snapshot = snapshotOf(fewRigs);
    const [first, second] = await rigRows(snapshot.rigs, snapshot, farm);
    const ofSecond = await rigRows(fewRigs.slice(1), snapshot, farm);
    expect(ofSecond).toHaveLength(1);
    expect(ofSecond[0]).toBe(second);
    const [next] = await rigRows(fewRigs, snapshotOf(fewRigs), farm);
    expect(next).toEqual(first);
    expect(next).not.toBe(first);
  });

  it('come in the order asked for', async () => {
    const rows = await rigRows(fewRigs.toReversed(), snapshotOf(fewRigs), farm);
    expect(rows.map(({ rig }) => rig)).toEqual(fewRigs.toReversed().map(({ name }) => name));
  });
});

describe('verdicts', () => {
  const assess = (snapshot = snapshotOf(fewRigs), rigs = snapshot.rigs) =>
    assessFleet(snapshot, farm, currentPolicy, atMs, rigs);

  it('are worked out once for the questions over a snapshot, and anew for the next', async () => {
    const snapshot = snapshotOf(fewRigs);
    const whole = await assess(snapshot);
    const part = await assess(snapshot, fewRigs.slice(1));
    expect(part.rigs).toHaveLength(1);
    expect(part.rigs[0]).toBe(whole.rigs[1]);
    expect(part.gpus.total).toBe(whole.rigs[1]?.gpus);
    const next = await assess();
    expect(next).toEqual(whole);
    expect(next.rigs[1]).not.toBe(whole.rigs[1]);
  });

  it('of a large fleet are kept without gates, and those of few of its rigs have them', async () => {
    const snapshot = snapshotOf(manyRigs);
    const whole = await assess(snapshot);
    expect(whole.rigs.every(({ gates }) => gates.length === 0)).toBe(true);
    const [one] = (await assess(snapshot, manyRigs.slice(0, 1))).rigs;
    const [alone] = (await assess(snapshotOf(manyRigs.slice(0, 1)))).rigs;
    expect(one).toEqual(alone);
    expect(one?.gates.length).toBeGreaterThan(0);
  });
});

describe('queries behind gates', () => {
  it('are written once for each criterion of a rig, however many tiers and questions', async () => {
    let snapshot = snapshotOf(fewRigs);
    const explained: string[] = [];
    const context = contextOf(null, farm, {
      snapshot: () => snapshot,
      explain: (families, instance) => {
        const query = `${families.join('|')} of ${instance}`;
        explained.push(query);
        return query;
      },
    });
    const ask = () => readiness.run(readiness.parse.parse({ rig: serverRig().name }), context);
    const first = await ask();
    const written = explained.length;
    const criteria = new Set(first.rigs[0]?.gates.map(({ criterion }) => criterion));
    expect(written).toBe(criteria.size * serverRig().instances.length);
    expect(await ask()).toEqual(first);
    expect(explained).toHaveLength(written);
    snapshot = snapshotOf(fewRigs);
    expect(await ask()).toEqual(first);
    expect(explained).toHaveLength(2 * written);
  });
});
