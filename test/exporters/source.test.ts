import type { IncomingHttpHeaders } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dueTargets } from '../../adapters/exporters/due-targets.ts';
import { createExportersSource, type ExportersOptions } from '../../adapters/exporters/source.ts';
import { inlineTargets } from '../../adapters/exporters/targets.ts';
import { UpstreamError } from '../../src/domain/errors.ts';
import type { Labels, MetricsSource, SystemReport } from '../../src/ports/metrics.ts';
import { type Behaviour, type FakeExporter, startExporter } from '../support/exporter-farm.ts';
import { LockstepTime } from '../support/lockstep-time.ts';
import { until } from '../support/prometheus-server.ts';
import { record } from '../support/recording-sinks.ts';
import { serve } from './serve.ts';

/** Moves on to the next waking when everybody sleeps. */
class SteppingTime extends LockstepTime {
  get isAsleep(): boolean {
    return this.sleepers.size > 0;
  }
}

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
    const { sinks } = await record(
      sourceOf([broken.url, healthy.url], { timeoutMs: kind === 'timeout' ? 300 : 10_000 }),
      ['m'],
    );
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

it('takes no more of gzip data that hold nothing than of others', async () => {
  const empty = gzipSync('');
  const block = Buffer.concat(Array.from({ length: 1_000 }, () => empty));
  await using server = await serve((_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    const fill = () => {
      while (!response.destroyed && response.write(block));
    };
    response.on('drain', fill);
    fill();
  });
  const { sinks } = await record(sourceOf([`${server.url}/metrics`], { maxBytes: 2 ** 20, timeoutMs: 10_000 }), ['m']);
  expect(sinks.targets[0]?.outcome).toMatchObject({ failure: 'too-large', message: 'more than 1048576 bytes' });
});

it('takes no endless headers', async () => {
  await using server = await serve((_request, response) => {
    response.writeHead(200, { 'x-long': 'x'.repeat(100_000) }).end('m 1\n');
  });
  const { sinks } = await record(sourceOf([`${server.url}/metrics`]), ['m']);
  expect(sinks.targets[0]?.outcome).toMatchObject({ failure: 'too-large', message: 'the headers are too large' });
});

it('asks for text, packed where the exporter can', async () => {
  let headers: IncomingHttpHeaders = {};
  await using server = await serve((request, response) => {
    headers = request.headers;
    response.end('m 1\n');
  });
  await record(sourceOf([`${server.url}/metrics`]), ['m']);
  expect(headers).toMatchObject({ accept: 'text/plain;version=0.0.4;q=1,*/*;q=0.1', 'accept-encoding': 'gzip' });
});

it('unpacks gzip', async () => {
  const text = 'm{x="y"} 1\n'.repeat(5_000);
  const packed = await exporter({ kind: 'gzip', text });
  const { sinks, report } = await record(sourceOf([packed.url]), ['m']);
  expect(sinks.of(packed.instance).outcome).toMatchObject({ kind: 'done', samples: 5_000 });
  expect(report.bytesRead).toBe(text.length);
});

it('reads OpenMetrics where the exporter says that it is', async () => {
  const open = await exporter(prints('m 1 0.5\n# EOF\n', 'application/openmetrics-text; version=1.0.0; charset=utf-8'));
  const { sinks } = await record(sourceOf([open.url]), ['m']);
  expect(sinks.of(open.instance).samples).toMatchObject([{ value: 1, timestampMs: 500 }]);
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
    { concurrency: 2, timeoutMs: 10_000, slowAfterMs: 60_000 },
  );
  const observed = record(source, ['m'], cancel.signal);
  const requests = () => hanging.reduce((sum, one) => sum + one.requests(), 0);
  await until(5_000, () => requests() >= 2);
  await Promise.all(Array.from({ length: 3 }, () => fetch(healthy.url).then((answer) => answer.text())));
  expect(requests()).toBe(2);
  cancel.abort(new Error('enough'));
  await expect(observed).rejects.toThrow('enough');
});

it('waits for nobody who is slow before others are read', async () => {
  const hanging = await Promise.all(Array.from({ length: 4 }, () => exporter({ kind: 'hangs' })));
  const cancel = new AbortController();
  const source = sourceOf([...hanging.map(({ url }) => url), healthy.url], {
    concurrency: 1,
    timeoutMs: 60_000,
    slowAfterMs: 20,
  });
  const observed = record(source, ['m'], cancel.signal);
  await until(5_000, () => healthy.requests() === 1);
  cancel.abort(new Error('enough'));
  await expect(observed).rejects.toThrow('enough');
});

it('gives a target less time where its list says so, and never more', async () => {
  const short = await exporter({ kind: 'hangs' });
  const long = await exporter({ kind: 'hangs' });
  const timed = (one: FakeExporter, text: string) =>
    inlineTargets([{ rig: null, site: null, urls: [one.url], labels: { __scrape_timeout__: text } }]);
  const targets = [...timed(short, '400ms'), ...timed(long, '1m')];
  const { sinks } = await record(sourceOf([], { targets, timeoutMs: 900 }), ['m']);
  expect(sinks.of(short.instance).outcome).toMatchObject({ failure: 'timeout', message: 'no answer within 0.4 s' });
  expect(sinks.of(long.instance).outcome).toMatchObject({ failure: 'timeout', message: 'no answer within 0.9 s' });
});

it('ends with its time limit, and who was not asked by then has failed', async () => {
  const hanging = await exporter({ kind: 'hangs' });
  const clock = { now: () => (hanging.requests() === 0 ? 1_000 : 1_200) };
  const source = sourceOf([hanging.url, healthy.url], { clock, limitMs: 200, timeoutMs: 10_000, concurrency: 1 });
  const { sinks, report } = await record(source, ['m']);
  expect(sinks.of(hanging.instance).outcome).toMatchObject({
    failure: 'timeout',
    message: 'no answer before the time for all targets together was over',
  });
  expect(sinks.of(healthy.instance).outcome).toMatchObject({
    failure: 'timeout',
    message: 'not asked: the time for all targets together was over',
  });
  expect(report.atMs).toBe(1_200);
});

it('leaves out samples that are not of now, and warns of them', async () => {
  const old = await exporter(prints('m 1 1699999000000\nm{a="b"} 2\nunwanted 3 0\n'));
  const older = await exporter(prints('m 1 0\nm{a="b"} 2 0\n'));
  const source = sourceOf([old.url, older.url, healthy.url], { clock: { now: () => 1_700_000_000_000 } });
  const { sinks, report } = await record(source, ['m']);
  expect(sinks.of(old.instance).samples).toMatchObject([{ value: 2 }]);
  expect(sinks.of(older.instance)).toMatchObject({ samples: [], outcome: { kind: 'done', samples: 2 } });
  const [first] = [old.instance, older.instance].sort();
  expect(report.warnings).toEqual([
    `3 samples are left out, on ${first} for example: the time they bear is not the scrape's`,
  ]);
});

describe('scrapes that are spread', () => {
  const spreadMs = 6_000;
  const startMs = 1_700_000_000_000;

  async function observeAt(time: SteppingTime, source: MetricsSource, atMs: number) {
    time.jump(atMs);
    const observed = record(source, ['m']);
    let ended = false;
    const end = () => {
      ended = true;
    };
    observed.then(end, end);
    await until(10_000, async () => {
      // Who reads answers sooner than a settled turn; who sleeps is woken.
      if (!ended && time.isAsleep) await time.next(() => true);
      return ended;
    });
    return observed;
  }

  it('begin each at its own time in the interval, always the same, and end it', async () => {
    const all = await Promise.all(Array.from({ length: 12 }, () => exporter(prints('m 1\n'))));
    const time = new SteppingTime(startMs);
    const source = sourceOf(
      all.map(({ url }) => url),
      { clock: time, sleep: time.sleep, spreadMs, concurrency: 3 },
    );
    const first = await observeAt(time, source, startMs);
    expect(first.report.atMs).toBe(startMs);
    const offsets: number[][] = [];
    for (const atMs of [startMs + 15_000, startMs + 30_000]) {
      const { sinks, report } = await observeAt(time, source, atMs);
      const times = all.map(({ instance }) => {
        const { samples, outcome } = sinks.of(instance);
        expect(outcome).toMatchObject({ kind: 'done', atMs: samples[0]?.timestampMs });
        return (samples[0]?.timestampMs ?? Number.NaN) - atMs;
      });
      offsets.push(times);
      expect(report.atMs - atMs).toBe(Math.max(...times));
    }
    expect(offsets[1]).toEqual(offsets[0]);
    for (const offsetMs of offsets[0] ?? []) expect(offsetMs).toBeLessThan(spreadMs);
    expect(new Set(offsets[0]).size).toBeGreaterThan(8);
  });

  it('lie evenly over the interval, whatever the targets are called', () => {
    const rigs = Array.from({ length: 1_000 }, (_, rig) => `http://rig-${rig}:9100/metrics`);
    const due = dueTargets(inlineTargets([{ rig: null, site: null, urls: rigs, labels: {} }]), spreadMs);
    for (let quarter = 0; quarter < 4; quarter++) {
      const from = (quarter * spreadMs) / 4;
      const count = due.filter(({ offsetMs }) => offsetMs >= from && offsetMs < from + spreadMs / 4).length;
      expect(count).toBeGreaterThan(200);
      expect(count).toBeLessThan(300);
    }
    expect(due.map(({ offsetMs }) => offsetMs)).toEqual(due.map(({ offsetMs }) => offsetMs).sort((a, b) => a - b));
  });

  it('end with the signal, even where all wait', async () => {
    const time = new SteppingTime(startMs);
    const source = sourceOf([healthy.url], { clock: time, sleep: time.sleep, spreadMs: 1e9 });
    await record(source, ['m']);
    const cancel = new AbortController();
    const observed = record(source, ['m'], cancel.signal);
    await until(5_000, () => time.isAsleep);
    cancel.abort(new Error('enough'));
    await expect(observed).rejects.toThrow('enough');
    expect(healthy.requests()).toBe(1);
  });
});

describe('what it says of itself', () => {
  const never = new AbortController().signal;
  it('is how many targets there are, and how its lists are', async () => {
    const served: SystemReport = {
      system: 'http_sd',
      address: 'http://sd.example/',
      version: null,
      latencyMs: 3,
      clockAheadMs: 0,
      failure: null,
      assumptions: [],
    };
    const source = sourceOf([healthy.url], { served: [{ inspect: async () => served }] });
    expect(await source.inspect(never)).toEqual([
      {
        system: 'exporters',
        address: '1 target',
        version: null,
        latencyMs: null,
        clockAheadMs: null,
        failure: null,
        assumptions: ['exporters keep no history: hours in which Rigshift does not run stay gaps'],
      },
      served,
    ]);
    expect(healthy.requests()).toBe(0);
  });

  it('is why there are none', async () => {
    const targets = async () => {
      throw new UpstreamError('exporters', 'targets file x: gone');
    };
    const source = sourceOf([], { targets });
    expect(await source.inspect(never)).toMatchObject([
      { address: 'no targets known', failure: 'targets file x: gone' },
    ]);
  });
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
