import { afterEach, beforeEach, expect, it } from 'vitest';
import type { PrometheusOptions } from '../../adapters/prometheus/source.ts';
import { chooseReplica, type TargetState, UpTargets } from '../../adapters/prometheus/up-targets.ts';
import { record } from '../support/recording-sinks.ts';
import { type FakeApi, sourceAt, startFakeApi } from './fake-api.ts';
import { thanosReplay, withoutStores } from './thanos-replay.ts';

let api: FakeApi;

beforeEach(async () => {
  api = await startFakeApi();
});
afterEach(() => api.stop());

const observe = async (options: Partial<PrometheusOptions> = {}) => {
  const source = sourceAt(api.url, options);
  try {
    return await record(source, ['m']);
  } finally {
    await source.close();
  }
};

it.each([
  [{}, null, null],
  [{ dedup: true, partialResponse: true }, 'true', 'true'],
  [{ dedup: false, partialResponse: false }, 'false', 'false'],
])('is asked with %j', async (options, dedup, partialResponse) => {
  api.handle = thanosReplay();
  await observe(options);
  for (const { query } of api.requests) {
    expect(query.get('dedup')).toBe(dedup);
    expect(query.get('partial_response')).toBe(partialResponse);
    expect(query.get('max_source_resolution')).toBe(dedup === null ? null : '0s');
  }
});

it('is read once where it merges its replicas', async () => {
  api.handle = thanosReplay();
  const { report, sinks } = await observe({ dedup: true });
  expect(sinks.targets.map(({ samples }) => samples.length)).toEqual([2]);
  expect(report).toMatchObject({ warnings: [], incomplete: false });
});

it('is read once where it does not, and that is said', async () => {
  api.handle = thanosReplay();
  const { report, sinks } = await observe({ dedup: false });
  expect(sinks.targets).toMatchObject([
    { identity: { labels: { replica: 'a' } }, outcome: { kind: 'done', samples: 2 } },
  ]);
  expect(sinks.targets[0]!.samples.map(({ value }) => value)).toEqual([6, 6]);
  expect(report.warnings).toEqual([
    'targets come several times, told apart by label replica alone, and one of each is read; let the server deduplicate them',
  ]);
  expect(report.incomplete).toBe(false);
});

it('is incomplete where a store does not answer', async () => {
  api.handle = thanosReplay({ storeIsDown: true });
  const { report, sinks } = await observe({ dedup: true, partialResponse: true });
  expect(sinks.targets).toHaveLength(1);
  expect(report).toMatchObject({
    incomplete: true,
    warnings: [expect.stringMatching(/^prometheus: receive series from Addr: 10\.0\.0\.7/)],
  });
  await expect(observe({ partialResponse: false })).rejects.toThrow(/HTTP 422: receive series from Addr/);
});

it('is incomplete where it has no store', async () => {
  api.handle = withoutStores;
  const { report } = await observe();
  expect(report.incomplete).toBe(true);
  expect(report.warnings).toContain('prometheus: No StoreAPIs matched for this query');
});

it('keeps two pages of one address apart', () => {
  const at = (path: string) => ({
    labels: { __name__: 'up', job: 'rigs', instance: 'a:1', path },
    times: [1],
    values: [1],
    nanEnds: false,
  });
  expect(new UpTargets([at('/x'), at('/y')])).toMatchObject({ replicaLabel: null, exporters: [{}, {}] });
});

it.each(['replica', 'prometheus_replica', '__replica__', 'receive_replica'])(
  'takes %s for the label of a replica',
  (label) => {
    const by = (replica: string) => ({
      labels: { __name__: 'up', job: 'rigs', instance: 'a:1', [label]: replica },
      times: [1],
      values: [1],
      nanEnds: false,
    });
    const targets = new UpTargets([by('a'), by('b')]);
    expect(targets.exporters).toHaveLength(1);
    expect(targets.replicaLabel).toBe(label);
  },
);

it.each<[string, readonly TargetState[], number]>([
  ['the first, while it is fresh', [reached(20_000), reached(29_000)], 0],
  ['the one that is fresh', [reached(10_000), reached(29_000)], 1],
  ['the one that reaches it', [{ kind: 'down', atMs: 30_000 }, reached(20_000)], 1],
  ['the one that knows that it is down', [{ kind: 'absent' }, { kind: 'down', atMs: 30_000 }], 1],
  ['any, where none knows it', [{ kind: 'absent' }, { kind: 'absent' }], 0],
])('reads of replicas %s', (_name, states, expected) => {
  const [target] = new UpTargets([
    { labels: { __name__: 'up', job: 'rigs', instance: 'a:1' }, times: [1], values: [1], nanEnds: false },
  ]).all;
  const pairs = states.map((state) => [target!, state] as const);
  expect(chooseReplica(pairs, 10_000)).toBe(pairs[expected]);
});

function reached(lastMs: number): TargetState {
  return { kind: 'up', scrapes: { at: new Set([lastMs]), lastMs, previousMs: lastMs - 10_000 }, samples: null };
}
