import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { SlackApi } from '../../adapters/slack/api.ts';
import { failureOf } from '../../adapters/slack/api-failure.ts';
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
  const { signal } = new AbortController();
  const api = new SlackApi({ token: 'xoxb-none', url: null, requestLimitMs: 1_000, log: recordingLog(), signal });
  const { port } = server.address() as AddressInfo;
  const failed = api.respond(`http://127.0.0.1:${port}/`, { text: 'x' }).then(
    () => null,
    (error: unknown) => failureOf(error),
  );
  expect(await failed).toMatchObject(expected);
  server.closeAllConnections();
});
