import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPrometheusSource, type PrometheusOptions } from '../../adapters/prometheus/source.ts';
import { UpstreamError } from '../../src/domain/errors.ts';
import { RecordingSinks, record, wholeFamilies } from '../support/recording-sinks.ts';

interface Request {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
}

type Handler = (request: Request, response: ServerResponse) => void;

const requests: Request[] = [];
let handle: Handler;
let stop: () => Promise<void>;
let url: string;

beforeEach(async () => {
  requests.length = 0;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const asked = {
      path: request.url ?? '',
      query: new URLSearchParams(body),
      authorization: request.headers.authorization,
    };
    requests.push(asked);
    handle(asked, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stop = async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
});
afterEach(() => stop());

const sourceOf = (options: Partial<PrometheusOptions> = {}) =>
  createPrometheusSource({
    url,
    credentials: { kind: 'none' },
    intervalMs: 10_000,
    timeoutMs: 2_000,
    clock: { now: () => 31_000 },
    ...options,
  });

type Series = readonly [labels: Record<string, string>, ...samples: (readonly [seconds: number, value: string])[]];

const matrix = (series: readonly Series[], more: object = {}) =>
  JSON.stringify({
    status: 'success',
    data: { resultType: 'matrix', result: series.map(([metric, ...values]) => ({ metric, values })) },
    ...more,
  });

const target = { job: 'rigs', instance: 'a:1' };
const up: Series = [{ __name__: 'up', ...target }, [20, '1'], [30, '1']];
const isUp = ({ query }: Request) => query.get('query')!.includes('up|') || query.get('query')!.includes('|up');

/** Answers `up` with the given series and everything else with others. */
const answering =
  (ups: readonly Series[], others: readonly Series[], more: object = {}): Handler =>
  (request, response) =>
    void response.end(isUp(request) ? matrix(ups) : matrix(others, more));

const failure = async (options: Partial<PrometheusOptions> = {}): Promise<UpstreamError> => {
  const source = sourceOf(options);
  const error = await record(source, ['m']).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  await source.close();
  expect(error).toBeInstanceOf(UpstreamError);
  return error as UpstreamError;
};

it('gives each target the samples of its last scrape', async () => {
  const counted: Series = [{ __name__: 'scrape_samples_scraped', ...target }, [20, '8'], [30, '9']];
  const twin = { job: 'rigs', instance: 'b:1' };
  handle = answering(
    [
      counted,
      up,
      [{ __name__: 'up', ...twin, path: '/x' }, [29, '1']],
      [{ __name__: 'up', ...twin, path: '/y' }, [28, '1']],
      [{ __name__: 'up', job: 'rigs', instance: 'c:1' }, [29, '0']],
    ],
    [
      [{ __name__: 'm', ...target, gpu: '0' }, [20, '1'], [30, '2']],
      [{ __name__: 'm', ...target, gpu: '1' }, [30, 'NaN']],
      [{ __name__: 'm', ...target, gpu: '2' }, [20, '3']],
      [{ __name__: 'm', ...twin, path: '/y' }, [28, '+Inf']],
      [{ __name__: 'm', job: 'rigs', instance: 'c:1' }, [19, '5']],
      [{ __name__: 'm', job: 'rules' }, [30, '6']],
    ],
  );
  const { report, sinks } = await record(sourceOf(), ['m']);
  const found = sinks.targets.map(({ identity, samples, outcome }) => ({ of: identity.labels, samples, outcome }));
  expect(found).toEqual([
    {
      of: target,
      samples: [
        { name: 'm', labels: { ...target, gpu: '0' }, value: 2, timestampMs: 30_000 },
        { name: 'm', labels: { ...target, gpu: '1' }, value: Number.NaN, timestampMs: 30_000 },
      ],
      outcome: { kind: 'done', atMs: 30_000, samples: 9 },
    },
    { of: { ...twin, path: '/x' }, samples: [], outcome: { kind: 'done', atMs: 29_000, samples: 0 } },
    {
      of: { ...twin, path: '/y' },
      samples: [{ name: 'm', labels: { ...twin, path: '/y' }, value: Number.POSITIVE_INFINITY, timestampMs: 28_000 }],
      outcome: { kind: 'done', atMs: 28_000, samples: 1 },
    },
    {
      of: { job: 'rigs', instance: 'c:1' },
      samples: [],
      outcome: { kind: 'failed', failure: 'down', message: 'up is 0 at the scrape of 1970-01-01T00:00:29.000Z' },
    },
  ]);
  expect(report).toMatchObject({
    atMs: 31_000,
    samplesRead: 14,
    incomplete: false,
    warnings: ['1 series belong to no target with up and are left out'],
  });
});

it('asks as often for many rigs as for one, at one instant and under a path prefix', async () => {
  handle = answering([up], []);
  const families = Array.from({ length: 100 }, (_, index) => `family_${index}`);
  await record(sourceOf({ url: `${url}/prometheus/` }), families);
  expect(requests.map(({ path }) => path)).toEqual(Array(3).fill('/prometheus/api/v1/query'));
  expect(new Set(requests.map(({ query }) => query.get('time')))).toEqual(new Set(['31.000']));
  expect(requests[1]!.query.get('query')).toMatch(/\[30000ms\]$/);
});

it('asks shard by shard, and for what is in none, and only for the wanted series', async () => {
  handle = answering([up], []);
  const families = new Map([
    ['m', null],
    ['cpu', { label: 'mode', value: 'idle' }],
  ]);
  await record(sourceOf({ shards: { label: 'site', values: ['north'] } }), families);
  expect(requests.filter((request) => !isUp(request)).map(({ query }) => query.get('query'))).toEqual([
    '{__name__=~"m",site="north"}[30000ms]',
    '{__name__=~"cpu",mode="idle",site="north"}[30000ms]',
    '{__name__=~"m",site!~"north"}[30000ms]',
    '{__name__=~"cpu",mode="idle",site!~"north"}[30000ms]',
  ]);
});

it.each([
  [
    { kind: 'basic', username: 'u', password: 'secret' } as const,
    `Basic ${Buffer.from('u:secret').toString('base64')}`,
  ],
  [{ kind: 'bearer', token: 'secret' } as const, 'Bearer secret'],
])('signs in, and never tells how', async (credentials, header) => {
  handle = (_request, response) => void response.writeHead(401).end();
  const { message } = await failure({ credentials });
  expect(requests[0]!.authorization).toBe(header);
  expect(message).toMatch(/HTTP 401: it wants credentials/);
  expect(message).not.toMatch(/secret|Basic|Bearer/);
});

describe('an answer that is not whole', () => {
  it('is used and marked where the server warns', async () => {
    handle = answering([up], [], { warnings: ['store gateway is down'] });
    const { report } = await record(sourceOf(), ['m']);
    expect(report).toMatchObject({ incomplete: true, warnings: ['prometheus: store gateway is down'] });
  });

  it('is used and marked where VictoriaMetrics says that it is partial', async () => {
    handle = answering([up], [], { isPartial: true });
    expect((await record(sourceOf(), ['m'])).report.incomplete).toBe(true);
  });

  it('is marked where nothing was scraped', async () => {
    handle = answering([], []);
    const { report } = await record(sourceOf(), ['m']);
    expect(report).toMatchObject({ incomplete: true, warnings: [expect.stringMatching(/scraped no target lately/)] });
  });

  it('is marked where the interval is set too short for the targets', async () => {
    handle = answering([[{ __name__: 'up', ...target }, [-60, '1'], [0, '1']], up], []);
    const { report } = await record(sourceOf(), ['m']);
    expect(report.warnings).toEqual([expect.stringMatching(/scraped every 60 s only .* set the interval to 60 s/)]);
    expect(report.incomplete).toBe(true);
  });
});

describe('a server that cannot be read', () => {
  it.each<[string, Handler, RegExp, number]>([
    ['wrong path', (_, to) => void to.writeHead(404).end('404 page not found'), /HTTP 404: no Prometheus API/, 1],
    [
      'its own error',
      (_, to) => void to.writeHead(422).end('{"status":"error","errorType":"execution","error":"too many samples"}'),
      /HTTP 422: too many samples/,
      1,
    ],
    ['overloaded', (_, to) => void to.writeHead(503, { 'retry-after': '7' }).end('busy'), /HTTP 503/, 2],
    ['HTML', (_, to) => void to.end('<html>Sign in</html>'), /not a complete Prometheus answer .* "<html>Sign in/, 2],
    ['nothing', (_, to) => void to.end(), /after 0 bytes/, 2],
    [
      'cut short after a series',
      (_, to) => void to.end(matrix([up]).slice(0, -3)),
      /not a complete Prometheus answer/,
      1,
    ],
    ['cut short', (_, to) => void to.end(matrix([up]).slice(0, -20)), /not a complete Prometheus answer/, 2],
    ['breaks off', (_, to) => void to.write('{"status":', () => to.destroy()), /the connection broke/, 2],
    [
      'a vector',
      (_, to) => void to.end('{"status":"success","data":{"resultType":"vector","result":[]}}'),
      /a vector result/,
      2,
    ],
    [
      'an error as 200',
      (_, to) => void to.end('{"status":"error","errorType":"timeout","error":"query timed out"}'),
      /timeout: query timed out/,
      2,
    ],
    ['hangs', () => {}, /no answer within 0.3 s/, 1],
  ])('says so: %s', async (_name, handler, message, tries) => {
    handle = handler;
    expect((await failure({ timeoutMs: 300 })).message).toMatch(message);
    expect(requests).toHaveLength(tries);
  });

  it('says when to come back', async () => {
    handle = (_request, response) => void response.writeHead(503, { 'retry-after': '7' }).end();
    expect(await failure()).toMatchObject({ system: 'prometheus', retryable: true, retryAfterMs: 7_000 });
  });

  it('says so where nobody listens', async () => {
    const nowhere = url;
    await stop();
    stop = async () => {};
    expect((await failure({ url: nowhere })).message).toMatch(/connection refused; check the URL and that it runs/);
  });

  it('is asked once more where the fault passes', async () => {
    handle = (request, response) => {
      if (requests.length === 1) response.writeHead(502).end();
      else answering([up], [])(request, response);
    };
    expect((await record(sourceOf(), ['m'])).sinks.targets).toHaveLength(1);
  });

  it('can be given up', async () => {
    const cancel = new AbortController();
    handle = () => cancel.abort(new Error('enough'));
    await expect(record(sourceOf(), ['m'], cancel.signal)).rejects.toThrow('enough');
  });
});

describe('history', () => {
  // Scraped every 10 s from 0 to 1 h; the card counts the scrapes, and is not there between 1000 and 2000 s.
  const scrapes = Array.from({ length: 361 }, (_, index) => index * 10);
  const within = ({ query }: Request) => {
    const to = Number(query.get('time'));
    const from = to - Number(/\[(\d+)ms\]/.exec(query.get('query')!)![1]) / 1000;
    return (time: number) => time >= from && time <= to;
  };
  const recorded: Handler = (request, response) => {
    const times = scrapes.filter(within(request));
    if (isUp(request)) response.end(matrix([[up[0], ...times.map((time) => [time, '1'] as const)]]));
    else {
      const there = times.filter((time) => time < 1000 || time >= 2000);
      response.end(matrix([[{ __name__: 'm', ...target }, ...there.map((time) => [time, `${time}`] as const)]]));
    }
  };

  const replay = async (stepMs: number) => {
    const steps = new Map<number, RecordingSinks>();
    const step = async (atMs: number) => {
      const sinks = new RecordingSinks();
      steps.set(atMs, sinks);
      return sinks.open;
    };
    const signal = new AbortController().signal;
    await sourceOf().history({ families: wholeFamilies(['m']), fromMs: 3_000, toMs: 3_599_000, stepMs, signal, step });
    return steps;
  };

  it('shows at each step what was known then', async () => {
    handle = recorded;
    const steps = await replay(15_000);
    expect(steps.size).toBe(240);
    for (const [atMs, { targets }] of steps) {
      const scraped = Math.floor(atMs / 10_000) * 10_000;
      const there = scraped < 1_000_000 || scraped >= 2_000_000;
      expect(targets).toMatchObject([{ outcome: { kind: 'done', atMs: scraped } }]);
      expect(targets[0]!.samples.map(({ value }) => value)).toEqual(there ? [scraped / 1000] : []);
    }
    expect(requests.length).toBeLessThan(8);
  });

  it('takes smaller stretches where the server refuses large ones', async () => {
    handle = (request, response) => {
      const seconds = Number(/\[(\d+)ms\]/.exec(request.query.get('query')!)![1]) / 1000;
      if (seconds > 700) response.writeHead(422).end('{"error":"too many samples"}');
      else recorded(request, response);
    };
    expect((await replay(60_000)).size).toBe(60);
  });

  it('fails where even one step is refused', async () => {
    handle = (_request, response) => void response.writeHead(422).end('{"error":"too many samples"}');
    await expect(replay(60_000)).rejects.toThrow('too many samples');
  });
});

it('explains a figure as a query', () => {
  expect(sourceOf().explain(['a', 'b'], 'x:1')).toBe('{__name__=~"a|b",instance="x:1"}');
});
