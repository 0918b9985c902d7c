import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileTargets, parseTargets } from '../../adapters/exporters/file-targets.ts';
import { inlineTargets, joinTargets } from '../../adapters/exporters/targets.ts';
import { UpstreamError } from '../../src/domain/errors.ts';

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
    const { targets, warnings } = await list();
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

  it('is an error as long as there never was a good one', async () => {
    const list = fileTargets(path);
    await expect(list()).rejects.toThrow(UpstreamError);
    await writeFile(path, '{}');
    await expect(list()).rejects.toThrow(/targets\.json: .*expected array/);
    await expect(list()).rejects.toThrow(/targets\.json: .*expected array/);
  });
});

it('joins lists, and scrapes once what is listed twice', async () => {
  const target = { rig: 'a', site: null, urls: ['http://a:1/metrics'], labels: {} };
  const one = async () => ({ targets: inlineTargets([target]), warnings: ['w'] });
  const other = async () => ({ targets: inlineTargets([target, { ...target, labels: { x: 'y' } }]), warnings: [] });
  const { targets, warnings } = await joinTargets([one, other])();
  expect(targets.map(({ identity }) => identity.labels['x'])).toEqual([undefined, 'y']);
  expect(warnings).toEqual(['w']);
});
