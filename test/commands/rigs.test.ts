import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rigs } from '../../commands/rigs.ts';
import { answer } from '../support/answers.ts';
import { anySituation } from '../support/any-farm.ts';
import { farmOf, siteOf } from '../support/farms.ts';
import { gpuOf, miningCard, rigOf } from '../support/rigs.ts';
import { contextOf, snapshotOf } from '../support/snapshots.ts';

const farm = farmOf({ sites: [siteOf(), siteOf({ name: 'texas' })] });
const fleet = [
  rigOf([miningCard({ hashrate: 1e9, coreTemperatureCelsius: 60, memoryTemperatureCelsius: 94 })], { name: 'hot' }),
  rigOf([miningCard({ hashrate: 3e9, coreTemperatureCelsius: 70 }), miningCard({ hashrate: 3e9 })], {
    name: 'rich',
    site: 'texas',
  }),
  rigOf([gpuOf({ model: 'RTX 3070', state: 'idle-unlisted' })], { name: 'dim', site: null }),
  rigOf([gpuOf({ model: 'RTX 3070', state: 'down' })], { name: 'cold', state: 'down' }),
];
const context = contextOf(snapshotOf(fleet), farm);
const names = async (asked: Record<string, string>) =>
  (await answer(rigs, asked, context)).facts.rigs.map(({ rig }) => rig);

describe('order and filters', () => {
  it.each<[Record<string, string>, readonly string[]]>([
    [{}, ['cold', 'dim', 'hot', 'rich']],
    [{ sort: 'margin' }, ['rich', 'hot', 'cold', 'dim']],
    [{ sort: 'temp' }, ['hot', 'rich', 'cold', 'dim']],
    [{ sort: 'power' }, ['rich', 'hot', 'cold', 'dim']],
    [{ sort: 'gpus' }, ['rich', 'cold', 'dim', 'hot']],
    [{ site: 'TEXAS' }, ['rich']],
    [{ state: 'down' }, ['cold']],
    [{ state: 'mining' }, ['hot', 'rich']],
    [{ state: 'up' }, ['dim', 'hot', 'rich']],
    [{ model: 'geforce rtx3070' }, ['cold', 'dim']],
    [{ model: 'RTX 3070', state: 'idle-unlisted' }, ['dim']],
    [{ model: 'RTX 4090' }, []],
  ])('%j', async (asked, expected) => {
    expect(await names(asked)).toEqual(expected);
  });
});

it('says how many, and what is unknown', async () => {
  const { reply, texts, facts } = await answer(rigs, { state: 'idle-unlisted' }, context);
  expect(reply.headline).toBe('1 rig (idle-unlisted) at all sites, by name.');
  expect(facts.rigs).toMatchObject([{ rig: 'dim', netPerDay: null, cardWatts: null, hottestCelsius: null }]);
  expect(texts).toContain('1× RTX 3070');
  expect(reply.next).toEqual([{ label: 'dim', command: 'rig name:"dim"' }]);
});

describe('pages', () => {
  const many = Array.from({ length: 41 }, (_, index) =>
    rigOf([miningCard()], { name: `r${`${index}`.padStart(2, '0')}`, site: 'texas' }),
  );
  const pages = contextOf(snapshotOf(many), farm);

  it('lead on with the same question', async () => {
    const asked = { site: 'texas', state: 'mining', model: 'RTX 3090', sort: 'power', page: '2' };
    const { facts, reply } = await answer(rigs, asked, pages);
    expect(facts).toMatchObject({ matching: 41, page: 2, pages: 3 });
    expect(facts.rigs.map(({ rig }) => rig).at(0)).toBe('r20');
    expect(reply.blocks[0]).toMatchObject({
      more: { count: 1, hint: 'rigs site:"texas" state:mining model:"RTX 3090" sort:power page:3' },
    });
  });

  it('end', async () => {
    const { reply } = await answer(rigs, { page: '3' }, pages);
    expect(reply.blocks[0]).toMatchObject({ more: null });
    await expect(answer(rigs, { page: '4' }, pages)).rejects.toThrow('There is no page 4: the last is 3.');
  });
});

it('whatever is known, the facts fit and the reply reads well', async () => {
  await fc.assert(
    fc.asyncProperty(
      anySituation,
      fc.constantFrom('name', 'margin', 'temp', 'power', 'gpus'),
      async ({ snapshot, farm: any }, sort) => {
        const { facts } = await answer(rigs, { sort }, contextOf(snapshot, any));
        expect(facts.matching).toBe(2);
      },
    ),
  );
});
