import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { acceptedEncoding } from '../../adapters/prometheus/connection.ts';
import type { PrometheusOptions } from '../../adapters/prometheus/source.ts';
import { record } from '../support/recording-sinks.ts';
import {
  type Asked,
  answering,
  asksUp,
  type FakeApi,
  type Handler,
  matrix,
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

const observe = async (options: Partial<PrometheusOptions> = {}) => {
  const source = sourceAt(api.url, options);
  try {
    return await record(source, ['m']);
  } finally {
    await source.close();
  }
};

const failure = (options: Partial<PrometheusOptions> = {}): Promise<string> =>
  observe(options).then(
    () => 'it did not fail',
    (error: Error) => error.message,
  );

it('sends its own headers with every request', async () => {
  api.handle = answering([up], []);
  await observe({
    headers: { 'X-Scope-OrgID': 'farm-7' },
    credentials: { kind: 'basic', username: 'u', password: 'p' },
  });
  expect(api.requests.length).toBeGreaterThan(1);
  for (const { headers } of api.requests) {
    expect(headers['x-scope-orgid']).toBe('farm-7');
    expect(headers.authorization).toBe(`Basic ${btoa('u:p')}`);
  }
});

it.each<[string, Partial<PrometheusOptions>]>([
  ['a header', { headers: { 'X-Api-Key': 'hush-hush' } }],
  ['a token', { credentials: { kind: 'bearer', token: 'hush-hush' } }],
  ['a password', { credentials: { kind: 'basic', username: 'u', password: 'hush-hush' } }],
])('keeps %s to itself where the server repeats what it was sent', async (_name, options) => {
  const repeat: Handler = ({ headers }, response) =>
    void response.writeHead(400).end(JSON.stringify({ error: `bad request: ${JSON.stringify(headers)} hush-hush` }));
  api.handle = repeat;
  const message = await failure(options);
  expect(message).toMatch(/HTTP 400: bad request/);
  expect(message).not.toMatch(/hush-hush/);
  expect(message).not.toContain(btoa('u:hush-hush'));

  api.handle = answering([up], [], { warnings: ['no store for hush-hush'] });
  expect((await observe(options)).report.warnings).toEqual(['prometheus: no store for ***']);
});

it.each(['', '/', '/prometheus', '/a/b/'])('finds the API under the path %j', async (path) => {
  api.handle = answering([up], []);
  await observe({ url: `${api.url}${path}` });
  const prefix = path.replace(/\/$/, '');
  expect(new Set(api.requests.map((asked) => asked.path))).toEqual(new Set([`${prefix}/api/v1/query`]));
});

it.each([405, 501])('asks by GET from then on where POST is refused with %d', async (status) => {
  const others: Handler = answering([up], [[{ __name__: 'm', ...target }, [30, '5']]]);
  api.handle = (asked, response) =>
    asked.method === 'POST' ? void response.writeHead(status).end('not here') : others(asked, response);
  const { sinks } = await observe();
  expect(sinks.of('a:1').samples).toMatchObject([{ value: 5 }]);
  expect(api.requests.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET']);
});

it('does not take a refusal of the credentials for one of POST', async () => {
  api.handle = (_asked, response) => void response.writeHead(403).end();
  expect(await failure()).toMatch(/HTTP 403: these credentials may not read it/);
  expect(api.requests.map(({ method }) => method)).toEqual(['POST']);
});

it('names the place that it is sent to, without what may be secret of it, and does not go there', async () => {
  api.handle = (_asked, response) =>
    void response.writeHead(302, { location: 'https://login.example/start?session=hush' }).end();
  expect(await failure()).toMatch(/HTTP 302: it redirects to https:\/\/login\.example\/start; give that URL$/);
  expect(api.requests).toHaveLength(1);
});

it('reads what is compressed', async () => {
  api.handle = (asked: Asked, response) => {
    response.setHeader('content-encoding', 'gzip');
    response.end(gzipSync(asksUp(asked) ? matrix([up]) : matrix([[{ __name__: 'm', ...target }, [30, '5']]])));
  };
  expect((await observe()).sinks.of('a:1').samples).toMatchObject([{ value: 5 }]);
});

it('says so where what is compressed is broken', async () => {
  api.handle = (_asked, response) => {
    response.setHeader('content-encoding', 'gzip');
    response.end(gzipSync(matrix([up])).subarray(0, 60));
  };
  expect(await failure()).toMatch(/its compressed answer is broken/);
});

it('asks for compression where there is a way to save', () => {
  expect(['localhost', '127.0.0.1', '[::1]'].map(acceptedEncoding)).toEqual(Array(3).fill('identity'));
  expect(['prometheus', '10.0.0.5', 'localhost.example'].map(acceptedEncoding)).toEqual(Array(3).fill('gzip'));
});
