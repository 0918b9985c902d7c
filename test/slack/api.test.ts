import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { SlackApi } from '../../adapters/slack/api.ts';
import { failureOf } from '../../adapters/slack/api-failure.ts';
import type { SlackMethod } from '../../adapters/slack/methods.ts';
import { type Clock, systemClock } from '../../src/ports/clock.ts';
import { recordingLog } from '../support/recording-log.ts';

it.each([
  [404, 'expired_url', { kind: 'refused', code: 'expired_url' }],
  [404, '{"ok":false,"error":"used_url"}', { kind: 'refused', code: 'used_url' }],
  [500, '{"ok":false,"error":"internal_error"}', { kind: 'unknown' }],
  [500, 'rollup_error', { kind: 'unknown' }],
  [403, '<html>Blocked by the proxy</html>', { kind: 'unknown' }],
])('a response_url that answers %i %s', async (status, text, expected) => {
  await using server = createServer((_request, response) => response.writeHead(status).end(text));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const api = apiAt(null);
  const { port } = server.address() as AddressInfo;
  const failed = api.respond(`http://127.0.0.1:${port}/`, { text: 'x' }).then(
    () => null,
    (error: unknown) => failureOf(error),
  );
  expect(await failed).toMatchObject(expected);
  server.closeAllConnections();
});

it('a method is left alone for as long as Slack asks; the others and messages are not', async () => {
  const asked: string[] = [];
  await using server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(429, { 'retry-after': '2' }).end('{"ok":false,"error":"ratelimited"}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  let nowMs = 0;
  const api = apiAt(`http://127.0.0.1:${port}/`, { now: () => nowMs });
  const failed = (method: SlackMethod) =>
    api.call(method).then(
      () => null,
      (error: unknown) => failureOf(error),
    );
  const limitedFor = (retryAfterMs: number) => ({ kind: 'limited', retryAfterMs });
  expect(await failed('users.info')).toEqual(limitedFor(2_000));
  nowMs = 1_200;
  expect(await failed('users.info')).toEqual(limitedFor(1_000));
  expect(asked).toEqual(['/users.info']);
  for (const method of ['users.list', 'chat.postMessage', 'chat.postMessage'] as const) await failed(method);
  expect(asked).toEqual(['/users.info', '/users.list', '/chat.postMessage', '/chat.postMessage']);
  nowMs = 2_000;
  await failed('users.info');
  expect(asked.at(-1)).toBe('/users.info');
  server.closeAllConnections();
});

function apiAt(url: string | null, clock: Clock = systemClock): SlackApi {
  const { signal } = new AbortController();
  return new SlackApi({ token: 'xoxb-none', url, requestLimitMs: 1_000, clock, log: recordingLog(), signal });
}
