import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileTargets, parseTargets } from '../../adapters/exporters/file-targets.ts';
import { inlineTargets, joinTargets } from '../../adapters/exporters/targets.ts';
import { UpstreamError } from '../../src/domain/errors.ts';

const { signal } = new AbortController();

const summary = (path: string, text: string) =>
  parseTargets(path, text).map(({ url, identity }) => ({
    url: url.href,
    labels: identity.labels,
    instance: identity.instance,
  }));

describe('a file_sd file', () => {
  it('is read as Prometheus reads it', () => {
    const text = JSON.stringify([
      { targets: ['a1:9835', 'a2'], labels: { site: 'north', __meta_x: 'y', empty: '' } },
      { targets: ['[::1]:9100'] },
      {
        targets: ['b1'],
        labels: {
          __scheme__: 'https',
          __metrics_path__: '/probe',
          __param_module: 'gpu & more',
          instance: 'b-one',
          job: 'probe',
        },
      },
    ]);
    expect(summary('targets.json', text)).toEqual([
      {
        url: 'http://a1:9835/metrics',
        labels: { instance: 'a1:9835', job: 'exporters', site: 'north' },
        instance: 'a1:9835',
      },
      { url: 'http://a2/metrics', labels: { instance: 'a2:80', job: 'exporters', site: 'north' }, instance: 'a2:80' },
      {
        url: 'http://[::1]:9100/metrics',
        labels: { instance: '[::1]:9100', job: 'exporters' },
        instance: '[::1]:9100',
      },
      { url: 'https://b1/probe?module=gpu+%26+more', labels: { instance: 'b-one', job: 'probe' }, instance: 'b-one' },
    ]);
  });

  it('may be YAML, where every scalar is a string', () => {
    expect(summary('targets.yml', '- targets: ["a1:9835"]\n  labels: {rack: 7, on: yes}\n')).toMatchObject([
      { labels: { rack: '7', on: 'yes' } },
    ]);
    expect(summary('targets.yaml', '')).toEqual([]);
  });

  it.each([
    ['targets.json', '[{', /JSON/],
    ['targets.json', '{"targets":[]}', /expected array/],
    ['targets.json', '[{"targets":["a1"],"labels":{"site":1}}]', /0\.labels\.site/],
    ['targets.json', '[{"targets":["a1"],"label":{}}]', /label/],
    ['targets.json', '[{"targets":["http://a1/metrics"]}]', /"http:\/\/a1\/metrics" is no host:port/],
    ['targets.json', '[{"targets":["a1:x"]}]', /is no host:port/],
    ['targets.json', '[{"targets":["a1"],"labels":{"__scheme__":"ftp"}}]', /unknown __scheme__/],
    ['targets.json', '[{"targets":["a1"],"labels":{"__scrape_timeout__":"soon"}}]', /"soon" is no __scrape_timeout__/],
    ['targets.txt', '[]', /must end in/],
  ])('is refused with a reason: %s %s', (path, text, message) => {
    expect(() => parseTargets(path, text)).toThrow(message);
  });
});

describe('the list of a file', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rigshift-targets-'));
    path = join(folder, 'targets.json');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const addresses = async (list: ReturnType<typeof fileTargets>) => {
    const { targets, warnings } = await list(signal);
    return { instances: targets.map(({ identity }) => identity.instance), warnings };
  };

  it('follows the file, and keeps the last good list while the file is broken', async () => {
    const list = fileTargets(path);
    await writeFile(path, '[{"targets":["a:1"]}]');
    expect(await addresses(list)).toEqual({ instances: ['a:1'], warnings: [] });
    await writeFile(path, '[{"targets":["a:1","b:1"]}]');
    expect(await addresses(list)).toEqual({ instances: ['a:1', 'b:1'], warnings: [] });
    await writeFile(path, '[{"targets":');
    for (let times = 0; times < 2; times++) {
      const { instances, warnings } = await addresses(list);
      expect(instances).toEqual(['a:1', 'b:1']);
      expect(warnings).toEqual([expect.stringMatching(/targets\.json: .*JSON.*; the last good list is used$/)]);
    }
    await rm(path);
    expect((await addresses(list)).warnings).toEqual([expect.stringMatching(/ENOENT/)]);
    await writeFile(path, '[{"targets":["c:1"]}]');
    expect(await addresses(list)).toEqual({ instances: ['c:1'], warnings: [] });
  });

  it('is not taken for empty while the file is written anew in place', async () => {
    path = join(folder, 'targets.yml');
    const list = fileTargets(path);
    await writeFile(path, '- targets: ["a:1"]\n');
    expect((await addresses(list)).instances).toEqual(['a:1']);
    await writeFile(path, '\n');
    const { instances, warnings } = await addresses(list);
    expect(instances).toEqual(['a:1']);
    expect(warnings).toEqual([expect.stringMatching(/is empty; \[\] says that .*; the last good list is used$/)]);
    await writeFile(path, '[]\n');
    expect(await addresses(list)).toEqual({ instances: [], warnings: [] });
  });

  it('is an error as long as there never was a good one', async () => {
    const list = fileTargets(path);
    await expect(list(signal)).rejects.toThrow(UpstreamError);
    await writeFile(path, '{}');
    await expect(list(signal)).rejects.toThrow(/targets\.json: .*expected array/);
    await expect(list(signal)).rejects.toThrow(/targets\.json: .*expected array/);
  });
});

it.each([
  ['5s', 5_000],
  ['1m30s', 90_000],
  ['250ms', 250],
  ['', null],
])('takes __scrape_timeout__ %j from the labels', (text, timeoutMs) => {
  const labels = { __scrape_timeout__: text, __scrape_interval__: '1s' };
  expect(parseTargets('targets.json', JSON.stringify([{ targets: ['a1'], labels }]))).toMatchObject([{ timeoutMs }]);
});

it('holds no more targets than there can be', () => {
  const targets = Array.from({ length: 100_001 }, () => 'a1');
  expect(() => parseTargets('targets.json', JSON.stringify([{ targets }]))).toThrow('more than 100000 targets');
});

describe('a path with a star', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rigshift-targets-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const write = (name: string, ...addresses: readonly string[]) =>
    writeFile(join(folder, name), JSON.stringify([{ targets: addresses }]));
  const listed = async (list: ReturnType<typeof fileTargets>) => {
    const { targets, ...rest } = await list(signal);
    return { instances: targets.map(({ identity }) => identity.instance), ...rest };
  };

  it('means the files that match, new ones too, and none that is gone', async () => {
    const list = fileTargets(join(folder, 'rigs-*.json'));
    expect(await listed(list)).toEqual({
      instances: [],
      warnings: [expect.stringMatching(/rigs-\*\.json: no file matches$/)],
      incomplete: false,
    });
    await write('rigs-a.json', 'a:1');
    await write('rigs-b.json', 'b:1', 'a:1');
    await write('other.json', 'c:1');
    await write('rigs-xjson', 'd:1');
    expect(await listed(list)).toEqual({ instances: ['a:1', 'b:1'], warnings: [], incomplete: false });
    await write('rigs-.json', 'e:1');
    await rm(join(folder, 'rigs-b.json'));
    expect((await listed(list)).instances).toEqual(['e:1', 'a:1']);
  });

  it('keeps the last good list of a file that broke, and says where one was never good', async () => {
    const list = fileTargets(join(folder, '*.json'));
    await write('a.json', 'a:1');
    await write('b.json', 'b:1');
    await list(signal);
    await writeFile(join(folder, 'a.json'), '[{');
    expect(await listed(list)).toEqual({
      instances: ['a:1', 'b:1'],
      warnings: [expect.stringMatching(/a\.json: .*; the last good list is used$/)],
      incomplete: false,
    });
    await writeFile(join(folder, 'c.json'), '{}');
    const { instances, warnings, incomplete } = await listed(list);
    expect({ instances, incomplete }).toEqual({ instances: ['a:1', 'b:1'], incomplete: true });
    expect(warnings[1]).toMatch(/c\.json: .*; its targets are not known$/);
  });

  it('keeps what it knows while its folder cannot be read, and fails where it knows nothing', async () => {
    const list = fileTargets(join(folder, '*.json'));
    await write('a.json', 'a:1');
    await list(signal);
    await rm(folder, { recursive: true });
    const { instances, warnings } = await listed(list);
    expect(instances).toEqual(['a:1']);
    expect(warnings).toEqual([
      expect.stringMatching(/\*\.json: ENOENT.*; the last good list is used$/),
      expect.stringMatching(/a\.json: ENOENT.*; the last good list is used$/),
    ]);
    await expect(fileTargets(join(folder, '*.json'))(signal)).rejects.toThrow(UpstreamError);
  });
});

it('joins what is known with a list that was never read, and fails where nothing is known', async () => {
  const target = { rig: 'a', site: null, urls: ['http://a:1/metrics'], labels: {} };
  const known = async () => ({ targets: inlineTargets([target]), warnings: [], incomplete: false });
  const none = async () => ({ targets: [], warnings: [], incomplete: false });
  const unread = async () => {
    throw new UpstreamError('exporters', 'targets file x: gone');
  };
  const { targets, ...rest } = await joinTargets([known, unread])(signal);
  expect(targets).toHaveLength(1);
  expect(rest).toEqual({ warnings: ['targets file x: gone; its targets are not known'], incomplete: true });
  await expect(joinTargets([none, unread])(signal)).rejects.toThrow('targets file x: gone');
});

it('joins lists, and scrapes once what is listed twice', async () => {
  const target = { rig: 'a', site: null, urls: ['http://a:1/metrics'], labels: {} };
  const one = async () => ({ targets: inlineTargets([target]), warnings: ['w'], incomplete: false });
  const other = async () => ({
    targets: inlineTargets([target, { ...target, labels: { x: 'y' } }]),
    warnings: [],
    incomplete: false,
  });
  const { targets, warnings } = await joinTargets([one, other])(signal);
  expect(targets.map(({ identity }) => identity.labels['x'])).toEqual([undefined, 'y']);
  expect(warnings).toEqual(['w']);
});
