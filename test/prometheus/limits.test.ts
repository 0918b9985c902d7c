import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PrometheusOptions } from '../../adapters/prometheus/source.ts';
import { systemClock } from '../../src/ports/clock.ts';
import { type FakeExporter, startExporter } from '../support/exporter-farm.ts';
import { startPrometheusServer, until } from '../support/prometheus-server.ts';
import { RecordingSinks, record, wholeFamilies } from '../support/recording-sinks.ts';
import { missingServers } from '../support/servers.ts';
import { startVictoriaMetricsServer, victoriaMetricsProgram } from '../support/victoria-metrics-server.ts';
import {
  answering,
  asksUp,
  type FakeApi,
  matrix,
  type Series,
  sourceAt,
  startFakeApi,
  target,
  up,
} from './fake-api.ts';

const failure = async (url: string, options: Partial<PrometheusOptions> = {}): Promise<string> => {
  const source = sourceAt(url, options);
  const message = await record(source, ['m']).then(
    () => 'it did not fail',
    (error: Error) => error.message,
  );
  await source.close();
  return message;
};

describe('an answer that is too large', () => {
  let api: FakeApi;
  beforeEach(async () => {
    api = await startFakeApi();
  });
  afterEach(() => api.stop());

  const cards: Series[] = Array.from({ length: 500 }, (_, gpu) => [
    { __name__: 'm', ...target, gpu: `${gpu}` },
    [20, '1'],
    [30, '2'],
  ]);

  it('is given up by its samples, and it is said what to do', async () => {
    api.handle = answering([up], cards);
    expect(await failure(api.url, { maxSamples: 999 })).toMatch(
      /more than 999 samples in one answer; .* metrics\.prometheus\.shardBy, or raise metrics\.prometheus\.maxSamples$/,
    );
    expect(await failure(api.url, { maxSamples: 1_000 })).toBe('it did not fail');
  });

  it('is given up by its bytes, however small they were on the way', async () => {
    const bytes = Buffer.byteLength(matrix(cards));
    api.handle = (asked, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync(asksUp(asked) ? matrix([up]) : matrix(cards)));
    };
    expect(gzipSync(matrix(cards)).length).toBeLessThan(bytes / 5);
    expect(await failure(api.url, { maxBytes: bytes - 1 })).toMatch(
      /more than \d+ bytes in one answer; .* raise metrics\.prometheus\.maxBytes$/,
    );
    expect(await failure(api.url, { maxBytes: bytes })).toBe('it did not fail');
  });

  it('is asked for once only', async () => {
    api.handle = answering([up], cards);
    await failure(api.url, { maxSamples: 10 });
    expect(api.requests).toHaveLength(2);
  });

  it.each([
    ['Prometheus', 'query processing would load too many samples into memory in query execution'],
    ['Mimir', 'the query exceeded the maximum number of chunks (limit: 2000000 chunks)'],
    ['VictoriaMetrics', 'the number of matching timeseries exceeds 300000; -search.maxUniqueTimeseries'],
  ])("of %s is the server's limit, and it is said what to do", async (_name, error) => {
    api.handle = (_asked, response) => void response.writeHead(422).end(JSON.stringify({ status: 'error', error }));
    expect(await failure(api.url)).toMatch(
      /; a limit of the server: raise it there, or .* metrics\.prometheus\.shardBy$/,
    );
  });

  it('tells the server how long there is time', async () => {
    api.handle = answering([up], []);
    await failure(api.url, { timeoutMs: 1_500 });
    for (const { query } of api.requests) {
      const given = Number(/^(\d+)ms$/.exec(query.get('timeout') ?? '')?.[1]);
      expect(given).toBeGreaterThan(1_000);
      expect(given).toBeLessThanOrEqual(1_500);
    }
  });

  it('takes longer than there is time: history is read in smaller parts', async () => {
    api.handle = (asked, response) => {
      const windowMs = Number(/\[(\d+)ms\]/.exec(asked.query.get('query') ?? '')?.[1]);
      // The long stretches are never answered.
      if (windowMs > 400_000) return;
      const atMs = Number(asked.query.get('time')) * 1000;
      const times = Array.from({ length: 30 }, (_, index) => (Math.floor(atMs / 10_000) - 29 + index) * 10);
      response.end(asksUp(asked) ? matrix([[up[0], ...times.map((time) => [time, '1'] as const)]]) : matrix([]));
    };
    const steps: RecordingSinks[] = [];
    const source = sourceAt(api.url, { timeoutMs: 300 });
    await source.history({
      families: wholeFamilies(['m']),
      fromMs: 600_000,
      toMs: 1_200_000,
      stepMs: 30_000,
      signal: new AbortController().signal,
      step: async () => {
        const sinks = new RecordingSinks();
        steps.push(sinks);
        return sinks.open;
      },
    });
    await source.close();
    expect(steps).toHaveLength(21);
    expect(steps.every(({ targets }) => targets[0]?.outcome.kind === 'done')).toBe(true);
  });
});

describe.each([
  {
    name: 'Prometheus',
    program: 'prometheus',
    flags: ['--query.max-samples=40'],
    start: startPrometheusServer,
    words: /HTTP 422: query processing would load too many samples .*shardBy$/,
  },
  {
    name: 'VictoriaMetrics',
    program: victoriaMetricsProgram,
    flags: ['-search.maxExportSeries=20'],
    start: startVictoriaMetricsServer,
    words: /HTTP 422: .* exceeds 20; .*shardBy$/,
  },
])('a real $name at its own limit', ({ program, flags, start, words }) => {
  const skipped = missingServers(program);
  let exporter: FakeExporter;
  let server: Awaited<ReturnType<typeof start>>;
  beforeEach(async () => {
    if (skipped) return;
    const text = Array.from({ length: 50 }, (_, gpu) => `m{gpu="${gpu}"} 1\n`).join('');
    exporter = await startExporter({ kind: 'prints', text });
    server = await start({ targets: [{ address: exporter.instance, labels: {} }], flags });
  });
  afterEach(async () => {
    await server?.stop();
    await exporter?.stop();
  });

  it.skipIf(skipped)(
    'says so, and nothing is answered in part',
    async () => {
      let message = '';
      await until(30_000, async () => {
        message = await failure(server.url, { intervalMs: 1_000, clock: systemClock });
        return message !== 'it did not fail';
      });
      expect(message).toMatch(words);
    },
    60_000,
  );
});
