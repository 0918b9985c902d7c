import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PrometheusOptions } from '../../adapters/prometheus/source.ts';
import { systemClock } from '../../src/ports/clock.ts';
import { type FakeExporter, startExporter } from '../support/exporter-farm.ts';
import { startPrometheusServer, until } from '../support/prometheus-server.ts';
import { missingServers } from '../support/servers.ts';
import { startVictoriaMetricsServer, victoriaMetricsProgram } from '../support/victoria-metrics-server.ts';
import { type FakeApi, type Handler, matrix, type Series, sourceAt, startFakeApi, up } from './fake-api.ts';

const inspect = async (url: string, options: Partial<PrometheusOptions> = {}) => {
  const source = sourceAt(url, options);
  const [report] = await source.inspect(new AbortController().signal);
  await source.close();
  return report!;
};

describe('what a server says of itself', () => {
  let api: FakeApi;
  beforeEach(async () => {
    api = await startFakeApi();
    api.seconds = null;
  });
  afterEach(() => api.stop());

  const scalar = (seconds: number) =>
    JSON.stringify({ status: 'success', data: { resultType: 'scalar', result: [seconds, `${seconds}`] } });

  interface Said {
    readonly build?: object | number;
    readonly seconds?: number;
    readonly ups?: readonly Series[];
    readonly metrics?: string;
    readonly headers?: Readonly<Record<string, string>>;
  }

  const saying =
    ({ build = 404, seconds = 31.25, ups = [up], metrics = '', headers = {} }: Said): Handler =>
    ({ path, query }, response) => {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      if (path.endsWith('/metrics')) response.end(metrics);
      else if (path.endsWith('/buildinfo')) {
        if (typeof build === 'number') response.writeHead(build).end('no');
        else response.end(JSON.stringify({ status: 'success', data: build }));
      } else response.end(query.get('query') === 'time()' ? scalar(seconds) : matrix(ups));
    };

  it.each<[string | null, Said]>([
    ['Prometheus 2.42.0', { build: { version: '2.42.0', revision: 'x' } }],
    ['Thanos 0.31.0', { build: { version: '0.31.0' } }],
    ['Grafana Mimir 2.9.0', { build: { application: 'Grafana Mimir', version: '2.9.0' } }],
    [null, { build: 404 }],
    [null, { build: 403 }],
    [null, { build: {} }],
    ['VictoriaMetrics', { build: { version: '2.24.0' }, headers: { 'x-server-hostname': 'vm' } }],
    [
      'VictoriaMetrics v1.90.0',
      {
        headers: { 'x-server-hostname': 'vm' },
        build: { version: '2.24.0' },
        metrics: 'a 1\nvm_app_version{version="victoria-metrics-x-tags-v1.90.0", short_version="v1.90.0"} 1\n',
      },
    ],
  ])('%s', async (version, said) => {
    api.handle = saying(said);
    expect(await inspect(`${api.url}/prefix/`)).toMatchObject({
      system: 'prometheus',
      address: api.url,
      version,
      failure: null,
    });
  });

  it('is its time, against the middle of the request', async () => {
    api.handle = saying({ seconds: 151.25 });
    const { clockAheadMs, latencyMs } = await inspect(api.url);
    expect(latencyMs).toBeGreaterThan(0);
    expect(clockAheadMs).toBe(Math.round(120_250 - latencyMs! / 2));
  });

  it.each([
    [31, 0],
    [36, 5_000],
    [1, -30_000],
  ])('is its time of %d s although it is in whole seconds', async (seconds, expected) => {
    api.handle = saying({ seconds });
    const { clockAheadMs, assumptions } = await inspect(api.url);
    expect(Math.abs(clockAheadMs! - expected)).toBeLessThan(700);
    if (expected === 0) expect(clockAheadMs).toBe(0);
    expect(assumptions).toContain(
      'the server tells its time in whole seconds: a difference below one second is not seen',
    );
  });

  const every = (seconds: number): Series => [{ ...up[0] }, ...[0, 1, 2].map((n) => [n * seconds, '1'] as const)];
  it.each<[string, readonly Series[], readonly RegExp[]]>([
    ['as often', [every(10)], [/counts for 30 s after its last sample/]],
    ['too rarely', [every(15)], [/30 s/, /scrapes every 15 s, but metrics\.interval is 10 s: set it/]],
    ['more often', [every(5)], [/30 s/, /scrapes every 5 s, but metrics\.interval is 10 s: the scrapes between/]],
    ['nothing', [], [/30 s/, /whether the server scrapes as often is not known/]],
  ])('compares its interval: it scrapes %s', async (_name, ups, expected) => {
    api.handle = saying({ ups });
    expect((await inspect(api.url)).assumptions).toEqual(expected.map((text) => expect.stringMatching(text)));
  });

  it.each<[string, Handler, RegExp]>([
    ['refuses', (_, to) => void to.writeHead(401).end(), /HTTP 401: it wants credentials/],
    ['shows a page', (_, to) => void to.end('<html>'), /no JSON at \/api\/v1\/query, but "<html>"; check the URL/],
    ['answers something else', (_, to) => void to.end('{"a":1}'), /its answer to time\(\) is none/],
    ['hangs', () => {}, /no answer within 0\.5 s/],
  ])('is nothing where it %s, in words', async (_name, handler, words) => {
    api.handle = handler;
    const report = await inspect(api.url, { timeoutMs: 500 });
    expect(report).toMatchObject({ version: null, latencyMs: null, clockAheadMs: null, assumptions: [] });
    expect(report.failure).toMatch(words);
  });

  it('can be given up', async () => {
    const cancel = new AbortController();
    api.handle = () => cancel.abort(new Error('enough'));
    const source = sourceAt(api.url);
    await expect(source.inspect(cancel.signal)).rejects.toThrow('enough');
    await source.close();
  });
});

describe.each([
  { program: 'prometheus', start: startPrometheusServer, version: /^Prometheus \d+\.\d+/ },
  { program: victoriaMetricsProgram, start: startVictoriaMetricsServer, version: /^VictoriaMetrics/ },
])('a real $program', ({ program, start, version }) => {
  const skipped = missingServers(program);
  let exporter: FakeExporter;
  let server: Awaited<ReturnType<typeof start>>;
  beforeEach(async () => {
    if (skipped) return;
    exporter = await startExporter({ kind: 'prints', text: 'm 1\n' });
    server = await start({ targets: [{ address: exporter.instance, labels: {} }] });
  });
  afterEach(async () => {
    await server?.stop();
    await exporter?.stop();
  });

  it.skipIf(skipped)(
    'tells its version, its time and its interval',
    async () => {
      const options = { intervalMs: 5_000, clock: systemClock };
      await until(30_000, async () =>
        (await inspect(server.url, options)).assumptions.some((one) => /every/.test(one)),
      );
      const report = await inspect(server.url, options);
      expect(report).toMatchObject({ failure: null, version: expect.stringMatching(version) });
      expect(report.assumptions).toContainEqual(
        expect.stringMatching(/scrapes every 1 s, but metrics\.interval is 5 s/),
      );
      expect(Math.abs(report.clockAheadMs!)).toBeLessThan(200 + report.latencyMs!);
    },
    60_000,
  );
});
