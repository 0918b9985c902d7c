import type { RequestListener } from 'node:http';
import { expect, it } from 'vitest';
import { type HttpTargetsOptions, httpTargets } from '../../adapters/exporters/http-targets.ts';
import type { ListTargets } from '../../adapters/exporters/scrape-target.ts';
import { UpstreamError } from '../../src/domain/errors.ts';
import { FakeTime } from '../support/fake-time.ts';
import { until } from '../support/prometheus-server.ts';
import { serve } from './serve.ts';

const { signal } = new AbortController();
const startMs = 1_700_000_000_000;

/** A list that a server hands out, as it answers now. */
async function served(first: RequestListener, options: Partial<HttpTargetsOptions> = {}) {
  const time = new FakeTime(startMs);
  let requests = 0;
  const state = { answer: first };
  const server = await serve((request, response) => {
    requests++;
    state.answer(request, response);
  });
  const { list, inspect } = httpTargets(`${server.url}/sd`, { clock: time, patienceMs: 5_000, ...options });
  return {
    ...server,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    time,
    list,
    inspect,
    answerWith: (answer: RequestListener) => {
      state.answer = answer;
    },
    requests: () => requests,
  };
}

const lists =
  (...addresses: readonly string[]): RequestListener =>
  (_request, response) => {
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.end(JSON.stringify([{ targets: addresses, labels: { rack: '7' } }]));
  };
const says =
  (status: number, type: string, body: string | Buffer): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': type }).end(body);

const instances = async (list: ListTargets) => {
  const { targets, warnings, incomplete } = await list(signal);
  expect(incomplete).toBe(false);
  return { instances: targets.map(({ identity }) => identity.instance), warnings };
};

it('is asked for as Prometheus asks', async () => {
  let asked: Readonly<Record<string, unknown>> = {};
  await using server = await served((request, response) => {
    asked = { ...request.headers, method: request.method, path: request.url };
    lists('a:1')(request, response);
  });
  const { targets } = await server.list(signal);
  expect(targets).toMatchObject([{ identity: { instance: 'a:1', labels: { rack: '7' } } }]);
  expect(asked).toMatchObject({
    method: 'GET',
    path: '/sd',
    accept: 'application/json',
    'x-prometheus-refresh-interval-seconds': '60',
  });
});

it('is asked for again once a minute, and is always the whole list', async () => {
  await using server = await served(lists('a:1', 'b:1'));
  expect((await instances(server.list)).instances).toEqual(['a:1', 'b:1']);
  server.answerWith(lists('c:1'));
  server.time.jump(startMs + 59_999);
  expect((await instances(server.list)).instances).toEqual(['a:1', 'b:1']);
  expect(server.requests()).toBe(1);
  server.time.jump(startMs + 60_000);
  expect(await instances(server.list)).toEqual({ instances: ['c:1'], warnings: [] });
  server.answerWith(says(200, 'application/json', '[]'));
  server.time.jump(startMs + 120_000);
  expect(await instances(server.list)).toEqual({ instances: [], warnings: [] });
  expect(server.requests()).toBe(3);
});

it.each<[string, RequestListener, RegExp]>([
  ['is refused', says(503, 'application/json', '[]'), /HTTP 503/],
  ['is empty without saying so', says(204, 'application/json', ''), /HTTP 204/],
  ['is a page', says(200, 'text/html', '<p>'), /content type is "text\/html" and not application\/json/],
  ['is no JSON', says(200, 'application/json', '[{'), /JSON/],
  ['is no list', says(200, 'application/json', '{"targets":[]}'), /expected array/],
  ['is not UTF-8', says(200, 'application/json', Buffer.from([0x5b, 0xff, 0x5d])), /encoded data was not valid/],
  ['breaks off', (request) => request.socket.destroy(), /other side closed|ECONNRESET|terminated/],
  ['redirects for ever', (_request, response) => void response.writeHead(302, { location: '/sd' }).end(), /redirect/],
  ['does not answer', () => {}, /no answer within 0.5 s/],
])('that %s warns, and the last good one is used until there is a better one', async (name, answer, message) => {
  const timeoutMs = name === 'does not answer' ? 500 : 10_000;
  await using server = await served(lists('a:1'), { timeoutMs });
  await server.list(signal);
  server.answerWith(answer);
  server.time.jump(startMs + 60_000);
  for (let times = 0; times < 2; times++) {
    const { instances: found, warnings } = await instances(server.list);
    expect(found).toEqual(['a:1']);
    expect(warnings).toEqual([expect.stringMatching(message)]);
    expect(warnings[0]).toMatch(/^http_sd http:\/\/127\.0\.0\.1:\d+\/sd: .*; the last good list is used$/);
  }
  server.answerWith(lists('b:1'));
  server.time.jump(startMs + 120_000);
  expect(await instances(server.list)).toEqual({ instances: ['b:1'], warnings: [] });
});

it('is an error as long as there never was a good one, and is asked for each time', async () => {
  await using server = await served(says(500, 'text/plain', 'no'));
  await expect(server.list(signal)).rejects.toThrow(UpstreamError);
  await expect(server.list(signal)).rejects.toThrow(/http_sd .*: HTTP 500/);
  server.answerWith(lists('a:1'));
  expect((await instances(server.list)).instances).toEqual(['a:1']);
});

it('follows redirects', async () => {
  await using server = await served((request, response) => {
    if (request.url === '/sd') response.writeHead(301, { location: '/moved' }).end();
    else lists('a:1')(request, response);
  });
  expect((await instances(server.list)).instances).toEqual(['a:1']);
});

it('that is slow is not waited for where an older one is known', async () => {
  await using server = await served(lists('a:1'), { patienceMs: 10 });
  await server.list(signal);
  let release = () => {};
  server.answerWith((request, response) => {
    release = () => lists('b:1')(request, response);
  });
  server.time.jump(startMs + 60_000);
  expect(await instances(server.list)).toEqual({ instances: ['a:1'], warnings: [] });
  await until(5_000, () => server.requests() === 2);
  release();
  await until(5_000, async () => (await instances(server.list)).instances[0] === 'b:1');
  expect(server.requests()).toBe(2);
});

it('is given up with the signal, and asked for anew by the next', async () => {
  await using server = await served(() => {});
  const cancel = new AbortController();
  const listed = server.list(cancel.signal);
  const ended = expect(listed).rejects.toThrow('enough');
  await until(5_000, () => server.requests() === 1);
  cancel.abort(new Error('enough'));
  await ended;
  server.answerWith(lists('a:1'));
  expect((await instances(server.list)).instances).toEqual(['a:1']);
});

it('is asked for anew where the last time was given up', async () => {
  await using server = await served(lists('a:1'));
  await server.list(signal);
  server.time.jump(startMs + 60_000);
  server.answerWith(() => {});
  const cancel = new AbortController();
  const ended = expect(server.list(cancel.signal)).rejects.toThrow('enough');
  await until(5_000, () => server.requests() === 2);
  cancel.abort(new Error('enough'));
  await ended;
  server.answerWith(lists('b:1'));
  // What was given up may take a moment to end.
  await until(5_000, async () => {
    const { instances: found, warnings } = await instances(server.list);
    expect(warnings).toEqual([]);
    return found[0] === 'b:1';
  });
});

it('that never ends is too large', async () => {
  await using server = await served((_request, response) => {
    const block = Buffer.alloc(2 ** 20, ' ');
    response.writeHead(200, { 'content-type': 'application/json' });
    const fill = () => {
      while (!response.destroyed && response.write(block));
    };
    response.on('drain', fill);
    fill();
  });
  await expect(server.list(signal)).rejects.toThrow(/is larger than 67108864 bytes/);
});

it.each([
  ['the same second', 400, 0],
  ['ahead', -12_300, 12_300],
  ['behind', 30_400, -29_400],
])('says how its server is and its clock: %s', async (_name, oursAheadMs, clockAheadMs) => {
  await using server = await served((request, response) => {
    response.setHeader('date', new Date(startMs).toUTCString());
    lists('a:1')(request, response);
  });
  server.time.jump(startMs + oursAheadMs);
  expect(await server.inspect(signal)).toEqual({
    system: 'http_sd',
    address: `${server.url}/sd`,
    version: null,
    latencyMs: expect.any(Number),
    clockAheadMs,
    failure: null,
    assumptions: [],
  });
});

it('says why it cannot be asked', async () => {
  await using server = await served(says(404, 'text/plain', 'no'));
  expect(await server.inspect(signal)).toMatchObject({ latencyMs: null, clockAheadMs: null, failure: 'HTTP 404' });
});
