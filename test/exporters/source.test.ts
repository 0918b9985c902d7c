import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createExportersSource, type ExportersOptions } from '../../adapters/exporters/source.ts';
import { inlineTargets } from '../../adapters/exporters/targets.ts';
import type { Labels, MetricsSource } from '../../src/ports/metrics.ts';
import { type Behaviour, type FakeExporter, startExporter } from '../support/exporter-farm.ts';
import { until } from '../support/prometheus-server.ts';
import { record } from '../support/recording-sinks.ts';

const exporters: FakeExporter[] = [];
const sources: MetricsSource[] = [];

const exporter = async (behaviour: Behaviour) => {
  const started = await startExporter(behaviour);
  exporters.push(started);
  return started;
};

const prints = (text: string | Buffer, contentType?: string): Behaviour =>
  contentType === undefined ? { kind: 'prints', text } : { kind: 'prints', text, contentType };

function sourceOf(urls: readonly string[], options: Partial<ExportersOptions> = {}): MetricsSource {
  const targets = inlineTargets([{ rig: 'rig-1', site: 'north', urls, labels: {} }]);
  const source = createExportersSource({ targets, clock: { now: () => 1_000 }, timeoutMs: 2_000, ...options });
  sources.push(source);
  return source;
}

let healthy: FakeExporter;
beforeEach(async () => {
  healthy = await exporter(prints('m 1\nother 2\n'));
});
afterEach(async () => {
  await Promise.all(sources.splice(0).map((source) => source.close()));
  await Promise.all(exporters.splice(0).map((one) => one.stop()));
});

it('reads wanted families of a target under its own labels', async () => {
  const text = 'm{instance="mine",gpu="0"} 1.5\nunwanted 2\nm{gpu="1"} NaN 42\n';
  const one = await exporter(prints(text));
  const targets = inlineTargets([{ rig: 'rig-1', site: 'north', urls: [one.url], labels: { rack: 'a', empty: '' } }]);
  const { report, sinks } = await record(sourceOf([], { targets }), ['m']);
  const labels: Labels = { instance: one.instance, job: 'exporters', rack: 'a' };
  expect(sinks.targets).toEqual([
    {
      identity: { instance: one.instance, labels, rig: 'rig-1', site: 'north' },
      samples: [
        { name: 'm', labels: { ...labels, gpu: '0', exported_instance: 'mine' }, value: 1.5, timestampMs: 1_000 },
        { name: 'm', labels: { ...labels, gpu: '1' }, value: Number.NaN, timestampMs: 42 },
      ],
      outcome: { kind: 'done', atMs: 1_000, samples: 3 },
    },
  ]);
  expect(report).toEqual({ atMs: 1_000, samplesRead: 3, bytesRead: text.length, warnings: [], incomplete: false });
});

describe('an exporter that is broken is reported as that, and its neighbour is read', () => {
  const manyLines = 'm{x="y"} 1\n'.repeat(5_000);
  it.each<[string, Behaviour, string, RegExp]>([
    ['answers 500', { kind: 'status', status: 500 }, 'http-status', /HTTP 500/],
    ['never answers', { kind: 'hangs' }, 'timeout', /no answer within 0.3 s/],
    ['stalls', { kind: 'stalls', text: 'm 1\n' }, 'timeout', /not complete within 0.3 s, 4 bytes came/],
    ['drips', { kind: 'drips', text: 'm 1\n'.repeat(100), everyMs: 20 }, 'timeout', /not complete/],
    ['breaks off', { kind: 'breaks off', text: manyLines }, 'truncated', /broke after 55000 bytes/],
    ['ends within a line', { kind: 'half a line', text: 'm 1\nm 2' }, 'truncated', /ends within line 2: "m 2"/],
    ['sends binary', prints(Buffer.from([0, 1, 2, 255, 254, 10, 0])), 'malformed', /binary data in line 1/],
    ['sends a page', prints('<html>\n', 'text/html'), 'malformed', /not the Prometheus text format/],
    ['sends a bad line', prints('m 1\nm one\n'), 'malformed', /bad value in line 2: "m one"/],
    ['hangs up', { kind: 'hangs up', afterwards: null }, 'network', /the connection broke before an answer/],
    ['is not HTTP', { kind: 'garbage' }, 'malformed', /not HTTP/],
    ['redirects away', { kind: 'redirects', location: 'http://other.example/' }, 'http-status', /another host/],
    ['redirects for ever', { kind: 'redirects', location: '/again' }, 'http-status', /HTTP 302, a redirect after 3/],
    ['cuts its gzip', { kind: 'gzip', text: manyLines, cutTo: 60 }, 'truncated', /gzip data ends early/],
  ])('%s', async (_name, behaviour, kind, message) => {
    const broken = await exporter(behaviour);
    const { sinks } = await record(sourceOf([broken.url, healthy.url], { timeoutMs: 300 }), ['m']);
    expect(sinks.of(broken.instance).outcome).toEqual({
      kind: 'failed',
      failure: kind,
      message: expect.stringMatching(message),
    });
    expect(sinks.of(healthy.instance)).toMatchObject({
      outcome: { kind: 'done', samples: 2 },
      samples: [{ value: 1 }],
    });
  });

  it('refuses connections', async () => {
    const gone = await exporter(prints('m 1\n'));
    await gone.stop();
    const { sinks } = await record(sourceOf([gone.url, healthy.url]), ['m']);
    expect(sinks.of(gone.instance).outcome).toMatchObject({ kind: 'failed', failure: 'refused' });
    expect(sinks.of(healthy.instance).outcome.kind).toBe('done');
  });

  it('has no address', async () => {
    const { sinks } = await record(sourceOf(['http://no-such-rig.invalid:9100/metrics']), ['m']);
    expect(sinks.of('no-such-rig.invalid:9100').outcome).toMatchObject({ kind: 'failed', failure: 'network' });
  });

  it('never stops: the connection is cut near the limit', async () => {
    const endless = await exporter({ kind: 'endless', line: `other{x="${'y'.repeat(80)}"} 1\n` });
    const maxBytes = 4 * 1024 * 1024;
    const { sinks, report } = await record(sourceOf([endless.url, healthy.url], { maxBytes, timeoutMs: 10_000 }), [
      'm',
    ]);
    expect(sinks.of(endless.instance).outcome).toEqual({
      kind: 'failed',
      failure: 'too-large',
      message: 'more than 4194304 bytes',
    });
    expect(sinks.of(healthy.instance).outcome.kind).toBe('done');
    // One read of the socket beyond the limit, and what lay in the kernel's buffers.
    expect(report.bytesRead).toBeLessThan(maxBytes + 256 * 1024);
    expect(endless.bytesSent()).toBeLessThan(maxBytes + 16 * 1024 * 1024);
  });

  it('says beforehand that it is too large, or only once it is unpacked', async () => {
    const long = await exporter({ kind: 'breaks off', text: 'm 1\n' });
    const packed = await exporter({ kind: 'gzip', text: 'm 1\n'.repeat(100_000) });
    const { sinks, report } = await record(sourceOf([long.url, packed.url], { maxBytes: 1_000 }), ['m']);
    for (const { instance } of [long, packed]) {
      expect(sinks.of(instance).outcome).toMatchObject({ kind: 'failed', failure: 'too-large' });
    }
    expect(report.bytesRead).toBeLessThan(100_000);
  });
});

it('unpacks gzip', async () => {
  const text = 'm{x="y"} 1\n'.repeat(5_000);
  const packed = await exporter({ kind: 'gzip', text });
  const { sinks, report } = await record(sourceOf([packed.url]), ['m']);
  expect(sinks.of(packed.instance).outcome).toMatchObject({ kind: 'done', samples: 5_000 });
  expect(report.bytesRead).toBe(text.length);
});

it('reads OpenMetrics where the exporter says that it is', async () => {
  const open = await exporter(prints('m 1 1.5\n# EOF\n', 'application/openmetrics-text; version=1.0.0; charset=utf-8'));
  const { sinks } = await record(sourceOf([open.url]), ['m']);
  expect(sinks.of(open.instance).samples).toMatchObject([{ value: 1, timestampMs: 1_500 }]);
});

it('follows a redirect on the same host', async () => {
  const moved = await exporter({ kind: 'redirects', location: healthy.url });
  const { sinks } = await record(sourceOf([moved.url]), ['m']);
  expect(sinks.of(moved.instance).outcome).toMatchObject({ kind: 'done', samples: 2 });
});

it('keeps the connection from scrape to scrape, and opens a new one where the exporter dropped it', async () => {
  const source = sourceOf([healthy.url]);
  await record(source, ['m']);
  await record(source, ['m']);
  expect([healthy.requests(), healthy.connections()]).toEqual([2, 1]);
  healthy.dropConnections();
  const { sinks } = await record(source, ['m']);
  expect(sinks.of(healthy.instance).outcome.kind).toBe('done');
});

it('asks again where a kept connection was closed just then', async () => {
  healthy.behaviour = { kind: 'hangs up', afterwards: prints('m 1\n') };
  const { sinks } = await record(sourceOf([healthy.url]), ['m']);
  expect(sinks.of(healthy.instance).outcome.kind).toBe('done');
  expect(healthy.requests()).toBe(2);
});

it('gives a target that recovers its values again', async () => {
  const source = sourceOf([healthy.url]);
  healthy.behaviour = prints('m{a="b"} 1\nm{a="b"');
  expect((await record(source, ['m'])).sinks.of(healthy.instance).outcome.kind).toBe('failed');
  healthy.behaviour = prints('m{a="b"} 2\n');
  expect((await record(source, ['m'])).sinks.of(healthy.instance).samples).toMatchObject([{ value: 2 }]);
});

it('reads no more targets at a time than allowed', async () => {
  const hanging = await Promise.all(Array.from({ length: 6 }, () => exporter({ kind: 'hangs' })));
  const cancel = new AbortController();
  const source = sourceOf(
    hanging.map(({ url }) => url),
    { concurrency: 2, timeoutMs: 10_000 },
  );
  const observed = record(source, ['m'], cancel.signal);
  const requests = () => hanging.reduce((sum, one) => sum + one.requests(), 0);
  await until(5_000, () => requests() >= 2);
  await Promise.all(Array.from({ length: 3 }, () => fetch(healthy.url).then((answer) => answer.text())));
  expect(requests()).toBe(2);
  cancel.abort(new Error('enough'));
  await expect(observed).rejects.toThrow('enough');
});

it('ends a running observation when it is closed', async () => {
  const hanging = await exporter({ kind: 'hangs' });
  const source = sourceOf([hanging.url], { timeoutMs: 10_000 });
  const observed = record(source, ['m']);
  const ended = expect(observed).rejects.toThrow('the source is closed');
  await until(5_000, () => hanging.requests() === 1);
  await source.close();
  await ended;
});

it('explains a figure as a command that finds it', async () => {
  const source = sourceOf([`${healthy.url}?collect=gpu&x='`]);
  await record(source, ['m']);
  expect(source.explain(['m', 'up'], healthy.instance)).toBe(
    `curl -s 'http://${healthy.instance}/metrics?collect=gpu&x=%27' | grep -E '^(m|up)[{ ]'`,
  );
  expect(source.explain(['m'], 'other:1')).toBe("curl -s http://other:1/metrics | grep -E '^(m)[{ ]'");
});
