import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PrometheusOptions } from '../../adapters/prometheus/source.ts';
import { UpstreamError } from '../../src/domain/errors.ts';
import { RecordingSinks, record, wholeFamilies } from '../support/recording-sinks.ts';
import {
  type Asked,
  answering,
  asksUp,
  type FakeApi,
  type Handler,
  matrix,
  type Series,
  sourceAt,
  startFakeApi,
  target,
  up,
} from './fake-api.ts';

let api: FakeApi;

beforeEach(async () => {
  api = await startFakeApi();
});
afterEach(() => api.stop());

const sourceOf = (options: Partial<PrometheusOptions> = {}) => sourceAt(api.url, options);

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
  api.handle = answering(
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

it('asks as often for many rigs as for one, at one instant', async () => {
  const families = Array.from({ length: 100 }, (_, index) => `family_${index}`);
  const asked = async (rigs: number) => {
    const targets = Array.from({ length: rigs }, (_, rig) => ({ job: 'rigs', instance: `rig-${rig}:1` }));
    const ups = targets.map((one): Series => [{ __name__: 'up', ...one }, [20, '1'], [30, '1']]);
    const others = targets.map((one): Series => [{ __name__: 'family_1', ...one }, [20, '1'], [30, '1']]);
    api.handle = answering(ups, others);
    api.requests.length = 0;
    const { sinks } = await record(sourceOf({ shards: { label: 'site', values: ['north', 'south'] } }), families);
    // Each of the three parts got the same answer here.
    expect(sinks.targets.length % rigs).toBe(0);
    return api.requests.map(({ query }) => [query.get('query'), query.get('time')]);
  };
  const one = await asked(1);
  expect(one).toHaveLength(3 * 3);
  expect(new Set(one.map(([, time]) => time))).toEqual(new Set(['31.000']));
  expect(one.at(-1)?.[0]).toMatch(/\[30000ms\]$/);
  expect(await asked(400)).toEqual(one);
});

it('asks one after the other', async () => {
  let open = 0;
  let most = 0;
  const others = answering([up], []);
  api.handle = (asked, response) => {
    open++;
    most = Math.max(most, open);
    setImmediate(() => {
      open--;
      others(asked, response);
    });
  };
  await record(sourceOf({ shards: { label: 'site', values: ['north', 'south'] } }), ['m']);
  expect(api.requests).toHaveLength(6);
  expect(most).toBe(1);
});

it('can look at a moment ago', async () => {
  api.handle = answering([up], []);
  const { report } = await record(sourceOf({ delayMs: 1_500 }), ['m']);
  expect(report.atMs).toBe(29_500);
  expect(new Set(api.requests.map(({ query }) => query.get('time')))).toEqual(new Set(['29.500']));
});

describe('a server whose clock is wrong', () => {
  it.each([
    [120, "the server's clock runs 120 s ahead of this one, and its times are corrected by that; set the clocks right"],
    [-20, "the server's clock runs 20 s behind this one, and its times are corrected by that; set the clocks right"],
  ])('is read at its own time: %d s ahead', async (ahead, warning) => {
    api.seconds = 31.001 + ahead;
    const at = (seconds: number) => seconds + ahead;
    api.handle = (asked, response) => {
      const serverMs = Number(asked.query.get('time')) * 1000;
      const seen = ([labels, ...samples]: Series): Series => [
        labels,
        ...samples.filter(([seconds]) => seconds * 1000 <= serverMs && seconds * 1000 > serverMs - 30_000),
      ];
      const ups: Series = [{ __name__: 'up', ...target }, [at(20), '1'], [at(30), '1']];
      const dead: Series = [{ __name__: 'up', job: 'rigs', instance: 'b:1' }, [at(20), '1'], [at(30), '0']];
      const others: Series = [{ __name__: 'm', ...target }, [at(20), '1'], [at(30), '2']];
      answering([seen(ups), seen(dead)], [seen(others)])(asked, response);
    };
    const { report, sinks } = await record(sourceOf(), ['m']);
    expect(report).toMatchObject({ atMs: 31_000, incomplete: false, warnings: [warning] });
    const near = (ms: number) => Math.abs(ms - 30_000) < 500;
    const { samples, outcome } = sinks.of('a:1');
    expect(samples.map(({ value, timestampMs }) => [value, near(timestampMs)])).toEqual([[2, true]]);
    expect(outcome.kind === 'done' && near(outcome.atMs)).toBe(true);
    expect(sinks.of('b:1').outcome).toMatchObject({ message: expect.stringMatching(/T00:00:(?:29|30)\./) });
  });

  it('is not corrected by what the way may take, nor asked again each time', async () => {
    api.seconds = 33;
    api.handle = answering([up], []);
    const source = sourceOf();
    await record(source, ['m']);
    api.seconds = 400;
    const { report } = await record(source, ['m']);
    expect(report.warnings).toEqual([]);
    expect(new Set(api.requests.map(({ query }) => query.get('time')))).toEqual(new Set(['31.000']));
  });

  it('is believed where it does not tell its time', async () => {
    api.seconds = null;
    api.handle = (asked, response) => {
      if (asked.query.get('query') === 'time()') response.writeHead(403).end();
      else answering([up], [])(asked, response);
    };
    expect((await record(sourceOf(), ['m'])).report).toMatchObject({ incomplete: false, warnings: [] });
  });
});

it('reads two servers behind one address that scrape at different times', async () => {
  // One answered for up, the other for the rest: its series are as old as one scrape, and what it no longer shows is gone.
  api.handle = answering(
    [[{ __name__: 'up', ...target }, [10, '1'], [20, '1'], [30, '1']]],
    [
      [{ __name__: 'm', ...target, gpu: '0' }, [7, '1'], [17, '2'], [27, '3']],
      [{ __name__: 'm', ...target, gpu: '1' }, [7, '1'], [17, '2']],
    ],
  );
  const { sinks } = await record(sourceOf(), ['m']);
  expect(sinks.of('a:1').samples.map(({ labels, value }) => [labels['gpu'], value])).toEqual([['0', 3]]);
});

it('ends at once where it is closed while it observes', async () => {
  const asked = Promise.withResolvers<void>();
  api.handle = () => asked.resolve();
  const source = sourceOf({ timeoutMs: 60_000 });
  const observed = record(source, ['m']);
  await asked.promise;
  const closedMs = performance.now();
  await Promise.all([expect(observed).rejects.toThrow(UpstreamError), source.close()]);
  expect(performance.now() - closedMs).toBeLessThan(1_000);
});

it('takes samples that several writers sent at the same time for one', async () => {
  // The exporter prints a time of its own, which lies between two scrapes.
  const ups: Series = [{ __name__: 'up', ...target }, [20, '1'], [20, '1'], [30, '1'], [30, '1']];
  api.handle = answering([ups], [[{ __name__: 'm', ...target }, [19.4, '1'], [29.4, '2'], [29.4, '2']]]);
  const { sinks } = await record(sourceOf(), ['m']);
  expect(sinks.of('a:1').samples.map(({ value }) => value)).toEqual([2]);
});

it('leaves the older edge of its window out, as some servers do and others do not', async () => {
  const at = (instance: string, seconds: number): Series => [{ __name__: 'up', job: 'rigs', instance }, [seconds, '1']];
  api.handle = answering([at('edge:1', 1), at('inside:1', 1.001)], []);
  const { sinks } = await record(sourceOf(), ['m']);
  expect(sinks.targets.map(({ identity }) => identity.instance)).toEqual(['inside:1']);
});

describe('a NaN', () => {
  const ups: Series = [{ __name__: 'up', ...target }, [10, '1'], [20, '1'], [30, '1']];
  const values = async (...samples: (readonly [number, string])[]) => {
    const others = answering([ups], [[{ __name__: 'm', ...target }, ...samples]]);
    const found: number[][] = [];
    for (const header of [null, 'vm']) {
      api.handle = (asked, response) => {
        if (header !== null) response.setHeader('x-server-hostname', header);
        others(asked, response);
      };
      const { sinks } = await record(sourceOf(), ['m']);
      found.push(sinks.of('a:1').samples.map(({ value }) => value));
    }
    return { prometheus: found[0], victoriaMetrics: found[1] };
  };

  it('was printed, or is the end of a series in VictoriaMetrics', async () => {
    expect(await values([20, '1'], [30, 'NaN'])).toEqual({ prometheus: [Number.NaN], victoriaMetrics: [] });
    expect(await values([20, 'NaN'], [30, '1'])).toEqual({ prometheus: [1], victoriaMetrics: [1] });
  });

  it("does not hide the value of the same time where the exporter's own times are stored", async () => {
    expect((await values([19.4, '1'], [29.4, '2'], [29.4, 'NaN'])).victoriaMetrics).toEqual([2]);
  });
});

it('asks shard by shard, and for what is in none, and only for the wanted series', async () => {
  api.handle = answering([up], []);
  const families = new Map([
    ['m', null],
    ['cpu', { label: 'mode', value: 'idle' }],
  ]);
  await record(sourceOf({ shards: { label: 'site', values: ['north'] } }), families);
  expect(api.requests.filter((request) => !asksUp(request)).map(({ query }) => query.get('query'))).toEqual([
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
  api.handle = (_request, response) => void response.writeHead(401).end();
  const { message } = await failure({ credentials });
  expect(api.requests[0]!.headers.authorization).toBe(header);
  expect(message).toMatch(/HTTP 401: it wants credentials/);
  expect(message).not.toMatch(/secret|Basic|Bearer/);
});

describe('an answer that is not whole', () => {
  it('is used and marked where the server warns', async () => {
    api.handle = answering([up], [], { warnings: ['store gateway is down'] });
    const { report } = await record(sourceOf(), ['m']);
    expect(report).toMatchObject({ incomplete: true, warnings: ['prometheus: store gateway is down'] });
  });

  it('is used and marked where VictoriaMetrics says that it is partial', async () => {
    api.handle = answering([up], [], { isPartial: true });
    expect((await record(sourceOf(), ['m'])).report.incomplete).toBe(true);
  });

  it('is whole where the server has only something to remark', async () => {
    api.handle = answering([up], [], { infos: ['metric might not be a counter'] });
    const { report } = await record(sourceOf(), ['m']);
    expect(report).toMatchObject({ incomplete: false, warnings: ['prometheus: metric might not be a counter'] });
  });

  it('is marked where nothing was scraped', async () => {
    api.handle = answering([], []);
    const { report } = await record(sourceOf(), ['m']);
    expect(report).toMatchObject({ incomplete: true, warnings: [expect.stringMatching(/scraped no target lately/)] });
  });

  it('is marked where every target was scraped once and none is any more: whoever scrapes is gone', async () => {
    api.handle = answering([[{ __name__: 'up', ...target }, [-100, '1'], [-90, '1']]], []);
    const { report, sinks } = await record(sourceOf(), ['m']);
    expect(report).toMatchObject({ incomplete: true, warnings: [expect.stringMatching(/scraped no target lately/)] });
    expect(sinks.targets).toEqual([]);
  });

  it('is marked where the interval is set too short for the targets', async () => {
    api.handle = answering([[{ __name__: 'up', job: 'rigs', instance: 'b:1' }, [-60, '1'], [0, '1']], up], []);
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
    ['overloaded', (_, to) => void to.writeHead(503, { 'retry-after': '7' }).end('busy'), /HTTP 503/, 1],
    ['HTML', (_, to) => void to.end('<html>Sign in</html>'), /not a complete Prometheus answer .* "<html>Sign in/, 3],
    ['nothing', (_, to) => void to.end(), /after 0 bytes/, 3],
    [
      'cut short after a series',
      (_, to) => void to.end(matrix([up]).slice(0, -3)),
      /not a complete Prometheus answer/,
      1,
    ],
    ['cut short', (_, to) => void to.end(matrix([up]).slice(0, -20)), /not a complete Prometheus answer/, 3],
    ['breaks off', (_, to) => void to.write('{"status":', () => to.destroy()), /the connection broke/, 3],
    [
      'a vector',
      (_, to) => void to.end('{"status":"success","data":{"resultType":"vector","result":[]}}'),
      /a vector result/,
      3,
    ],
    [
      'samples out of order',
      (_, to) => void to.end(matrix([[{ __name__: 'up', ...target }, [30, '1'], [20, '1']]])),
      /not a complete Prometheus answer/,
      3,
    ],
    [
      'an empty value',
      (_, to) => void to.end(matrix([[{ __name__: 'up', ...target }, [30, '']]])),
      /not a complete Prometheus answer/,
      3,
    ],
    [
      'an error as 200',
      (_, to) => void to.end('{"status":"error","errorType":"timeout","error":"query timed out"}'),
      /timeout: query timed out/,
      3,
    ],
    ['hangs', () => {}, /no answer within 0.3 s/, 1],
  ])('says so: %s', async (name, handler, message, tries) => {
    api.handle = handler;
    // Only what hangs has to wait for the limit; it is shorter than the pause that an overloaded server asks for.
    expect((await failure({ timeoutMs: name === 'hangs' ? 300 : 5_000 })).message).toMatch(message);
    expect(api.requests).toHaveLength(tries);
  });

  it('says when to come back', async () => {
    api.handle = (_request, response) => void response.writeHead(503, { 'retry-after': '7' }).end();
    expect(await failure()).toMatchObject({ system: 'prometheus', retryable: true, retryAfterMs: 7_000 });
  });

  it('says so where nobody listens', async () => {
    const nowhere = api.url;
    await api.stop();
    api.stop = async () => {};
    expect((await failure({ url: nowhere })).message).toMatch(/connection refused; check the URL and that it runs/);
  });

  it('is asked again where the fault passes', async () => {
    api.handle = (request, response) => {
      if (api.requests.length === 1) response.writeHead(502).end();
      else answering([up], [])(request, response);
    };
    expect((await record(sourceOf(), ['m'])).sinks.targets).toHaveLength(1);
  });

  it('can be given up', async () => {
    const cancel = new AbortController();
    api.handle = () => cancel.abort(new Error('enough'));
    await expect(record(sourceOf(), ['m'], cancel.signal)).rejects.toThrow('enough');
  });
});

describe('history', () => {
  // Scraped every 10 s from 0 to 1 h; the card counts the scrapes, and is not there between 1000 and 2000 s.
  const scrapes = Array.from({ length: 361 }, (_, index) => index * 10);
  const within = ({ query }: Asked) => {
    const to = Number(query.get('time'));
    const from = to - Number(/\[(\d+)ms\]/.exec(query.get('query')!)![1]) / 1000;
    return (time: number) => time >= from && time <= to;
  };
  const recorded: Handler = (request, response) => {
    const times = scrapes.filter(within(request));
    if (asksUp(request)) response.end(matrix([[up[0], ...times.map((time) => [time, '1'] as const)]]));
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
    api.handle = recorded;
    const steps = await replay(15_000);
    expect(steps.size).toBe(240);
    for (const [atMs, { targets }] of steps) {
      const scraped = Math.floor(atMs / 10_000) * 10_000;
      const there = scraped < 1_000_000 || scraped >= 2_000_000;
      expect(targets).toMatchObject([{ outcome: { kind: 'done', atMs: scraped } }]);
      expect(targets[0]!.samples.map(({ value }) => value)).toEqual(there ? [scraped / 1000] : []);
    }
    expect(api.requests.length).toBeLessThan(8);
  });

  it('leaves out the instants at which the server had scraped nothing: nobody knows what was then', async () => {
    const outage = (time: number) => time > 600 && time <= 1_800;
    api.handle = (request, response) => {
      const times = scrapes.filter(within(request)).filter((time) => !outage(time));
      const series = asksUp(request) ? up[0] : { __name__: 'm', ...target };
      response.end(matrix([[series, ...times.map((time) => [time, '1'] as const)]]));
    };
    const steps = [...(await replay(15_000)).keys()];
    // The last sample counts for three intervals.
    const missing = Array.from({ length: 240 }, (_, index) => 3_000 + index * 15_000).filter(
      (ms) => !steps.includes(ms),
    );
    expect(missing.every((ms) => ms >= 630_000 && ms < 1_810_000)).toBe(true);
    expect(missing).toHaveLength(79);
  });

  it('takes smaller stretches where the server refuses large ones', async () => {
    api.handle = (request, response) => {
      const seconds = Number(/\[(\d+)ms\]/.exec(request.query.get('query')!)![1]) / 1000;
      if (seconds > 700) response.writeHead(422).end('{"error":"too many samples"}');
      else recorded(request, response);
    };
    expect((await replay(60_000)).size).toBe(60);
  });

  it('fails where even one step is refused', async () => {
    api.handle = (_request, response) => void response.writeHead(422).end('{"error":"too many samples"}');
    await expect(replay(60_000)).rejects.toThrow('too many samples');
  });
});

it('explains a figure as a query', () => {
  expect(sourceOf().explain(['a', 'b'], 'x:1')).toBe('{__name__=~"a|b",instance="x:1"}');
});
