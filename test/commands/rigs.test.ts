import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rigs } from '../../commands/rigs.ts';
import { answer } from '../support/answers.ts';
import { anySituation } from '../support/any-farm.ts';
import { farmOf, siteOf } from '../support/farms.ts';
import { asicOf, gpuOf, looseMinerOf, miningCard, rigOf } from '../support/rigs.ts';
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
  expect(reply.next).toEqual([
    { label: 'Filter', command: 'rigs state:idle-unlisted', form: true },
    { label: 'As a file', command: 'rigs state:idle-unlisted format:csv' },
  ]);
  expect(reply.pick).toEqual({ label: 'A rig', options: [{ label: 'dim', command: 'rig name:dim' }] });
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
      more: { count: 1, hint: 'rigs site:texas state:mining model:"RTX 3090" sort:power page:3' },
    });
  });

  it('turn forth and back in place of the page before', async () => {
    const turns = async (page: string) =>
      (await answer(rigs, { page }, pages)).reply.next.filter(({ replaces }) => replaces).map(({ command }) => command);
    expect(await turns('1')).toEqual(['rigs page:2']);
    expect(await turns('2')).toEqual(['rigs page:3', 'rigs page:1']);
    expect(await turns('3')).toEqual(['rigs page:2']);
  });

  it('end', async () => {
    const { reply } = await answer(rigs, { page: '3' }, pages);
    expect(reply.blocks[0]).toMatchObject({ more: null });
    await expect(answer(rigs, { page: '4' }, pages)).rejects.toThrow('There is no page 4: the last is 3.');
  });
});

describe('as a file', () => {
  const many = Array.from({ length: 21 }, (_, index) => rigOf([miningCard({ hashrate: 1e9 })], { name: `=r${index}` }));

  it('comes whole, whatever the page would hold', async () => {
    const { facts, reply } = await answer(rigs, { format: 'csv', page: '9' }, contextOf(snapshotOf(many), farm));
    expect(facts.rigs).toHaveLength(21);
    expect(reply.blocks[0]).toMatchObject({ more: { count: 1, hint: 'all of them are in rigs.csv' } });
    const [file] = reply.files ?? [];
    expect(file).toMatchObject({ name: 'rigs.csv', mediaType: 'text/csv', description: '21 rigs' });
    expect(file?.text.split('\r\n')).toHaveLength(23);
  });

  it('has units in its header, and nothing where nothing is known', async () => {
    const file = (await answer(rigs, { format: 'csv', sort: 'margin' }, context)).reply.files?.[0];
    expect(file?.text.split('\r\n')).toEqual([
      'rig,site,state,gpus,gpus down,gpus rented,gpus mining,gpus busy,gpus idle-listed,gpus idle-unlisted,gpus unknown,models,net per day (est.) (USD),card power (W),hottest core (°C),hottest memory (°C)',
      expect.stringMatching(/^rich,texas,up,2,0,0,2,0,0,0,0,2x RTX 3090,5\.\d+,588,70,$/),
      expect.stringMatching(/^hot,quebec,up,1,0,0,1,0,0,0,0,1x RTX 3090,0\.\d+,294,60,94$/),
      'cold,quebec,down,1,1,0,0,0,0,0,0,1x RTX 3070,,,,',
      'dim,,up,1,0,0,0,0,0,1,0,1x RTX 3070,,,,',
      '',
    ]);
  });

  it('cannot run as a formula', async () => {
    const { reply } = await answer(rigs, { format: 'csv' }, contextOf(snapshotOf(many), farm));
    expect(reply.files?.[0]?.text).toContain(`\r\n"'=r0",`);
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

describe('a rig whose cards nobody sees', () => {
  const dark = contextOf(snapshotOf([rigOf([], { name: 'dark', state: 'down' })]), farm);

  it('has an unknown number of them, not 0', async () => {
    const { facts, reply } = await answer(rigs, {}, dark);
    expect(facts.rigs).toMatchObject([{ rig: 'dark', gpus: null }]);
    expect(reply.blocks[0]).toMatchObject({
      rows: [['dark', 'quebec', 'unknown', 'rig down', ...Array(4).fill('unknown')]],
    });
  });

  it('leaves their columns empty in a file', async () => {
    const { reply } = await answer(rigs, { format: 'csv' }, dark);
    expect(reply.files?.[0]?.text.split('\r\n')[1]).toBe(`dark,quebec,down${','.repeat(13)}`);
  });
});

describe('rigs that mine without GPUs', () => {
  const s19 = { model: 'Antminer S19j Pro', state: 'mining', hashrate: 1e14, algorithm: 'sha256d' } as const;
  const apart = contextOf(
    snapshotOf([
      rigOf([miningCard({ hashrate: 1e9 })], { name: 'gpu', wallWatts: 380 }),
      rigOf([], { name: 's19', asics: [asicOf({ ...s19, powerWatts: 3_400, temperatureCelsius: 71 })] }),
      rigOf([], { name: 'a9', asics: [asicOf({ model: 'Antminer S9', state: 'idle-unlisted' })] }),
      rigOf([], {
        name: 'cpu',
        looseMiners: [looseMinerOf({ algorithm: 'randomx', hashrate: 17_000 })],
        wallWatts: 150,
      }),
    ]),
    farm,
  );
  const rowsOf = async (asked: Record<string, string>) => {
    const [table] = (await answer(rigs, asked, apart)).reply.blocks;
    return table?.kind === 'table' ? table.rows.map(([name, , ...cells]) => [name, ...cells]) : [];
  };

  it('show what they are, do, draw at the wall, and how hot it is', async () => {
    const [a9, cpu, gpu, s19Row] = await rowsOf({});
    const nothing = 'unknown';
    expect(cpu).toEqual([
      'cpu',
      nothing,
      'whole rig mining, 17.00 kH/s randomx',
      nothing,
      '150 W at the wall',
      nothing,
      nothing,
    ]);
    expect(gpu?.[4]).toBe('294 W');
    expect(a9).toEqual(['a9', '1× Antminer S9 (ASIC)', '1 ASIC idle', nothing, nothing, nothing, nothing]);
    expect(s19Row).toEqual([
      's19',
      '1× Antminer S19j Pro (ASIC)',
      '1 ASIC mining',
      nothing,
      '3.40 kW at the wall',
      '71 °C',
      nothing,
    ]);
  });

  it('have no GPUs; how many a miner without cards has is unknown', async () => {
    const { facts } = await answer(rigs, {}, apart);
    expect(facts.rigs.map(({ gpus }) => gpus?.total ?? null)).toEqual([0, null, 1, 0]);
    expect(facts.rigs[3]?.asics).toMatchObject({ total: 1, mining: 1, wall: { watts: 3_400, asics: 1, of: 1 } });
  });

  it.each<[Record<string, string>, readonly string[]]>([
    [{ state: 'mining' }, ['gpu', 's19']],
    [{ state: 'idle-unlisted' }, ['a9']],
    [{ model: 'antminer s9' }, ['a9']],
    [{ sort: 'power' }, ['s19', 'gpu', 'cpu', 'a9']],
    [{ sort: 'temp' }, ['s19', 'a9', 'cpu', 'gpu']],
  ])('%j', async (asked, expected) => expect((await rowsOf(asked)).map(([name]) => name)).toEqual(expected));

  it('add columns to a file, the last ones', async () => {
    const file = (await answer(rigs, { format: 'csv' }, apart)).reply.files?.[0]?.text.split('\r\n') ?? [];
    expect(file[0]).toMatch(
      /,hottest memory \(°C\),asics,asics mining,asics idle-unlisted,asics down,asics unknown,asic models,asic hashrates \(H\/s\),asic power at the wall \(W\),asics of which power is known,hottest asic \(°C\),whole rig hashrates \(H\/s\),rig power at the wall \(W\)$/,
    );
    expect(file[2]).toBe(`cpu,quebec,up${','.repeat(24)}randomx 17000,150`);
    expect(file[4]).toMatch(/^s19,quebec,up,0,.*,1,1,0,0,0,1x Antminer S19j Pro,sha256d 100000000000000,3400,1,71,,$/);
    expect(new Set(file.slice(0, -1).map((line) => line.split(',').length)).size).toBe(1);
  });
});
