import { createHmac } from 'node:crypto';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { expect, it } from 'vitest';
import { prepareBot, startBot } from './slack-bot.ts';

const signingSecret = 'signing-secret';
const body = new URLSearchParams({
  ...{ command: '/fleet', text: 'rig a1', trigger_id: '1.2.3', channel_id: 'C0FARM', channel_name: 'farm' },
  ...{ user_id: 'U0ALICE', user_name: 'alice', team_id: 'T0RIGSHIFT', response_url: '' },
}).toString();

function signed(sent: string, atMs = Date.now()): Record<string, string> {
  const timestamp = String(Math.floor(atMs / 1_000));
  const hash = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${sent}`).digest('hex');
  return {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${hash}`,
  };
}

function post(url: string | null, sent: string, headers: Record<string, string>): Promise<Response> {
  return fetch(url ?? '', { method: 'POST', body: sent, headers });
}

/** The status of the answer; null where the connection was cut. */
function statusOf(sent: ClientRequest): Promise<number | null> {
  const { promise, resolve } = Promise.withResolvers<number | null>();
  sent.on('response', (response: IncomingMessage) => resolve(response.statusCode ?? null));
  sent.on('error', () => resolve(null));
  return promise;
}

it('a request that comes once more, as it was signed, is answered once', async () => {
  await using bot = await startBot({ mode: 'http' });
  const headers = signed(body);
  for (const _time of [1, 2]) expect((await post(bot.requestUrl, body, headers)).status).toBe(200);
  await bot.slack.until(() => bot.host.invocations.length > 0);
  expect(bot.host.invocations).toHaveLength(1);
});

it.each([
  ['signed six minutes ago', body, signed(body, Date.now() - 360_000), 401],
  ['signed for another body', `${body}&text=attest`, signed(body), 401],
  ['without a signature', body, {}, 401],
  ['signed with something short', body, { ...signed(body), 'x-slack-signature': 'v0=00' }, 401],
  ['larger than anything that Slack sends', 'x'.repeat(1_200_000), {}, 413],
])('a request %s is refused', async (_what, sent, headers, status) => {
  await using bot = await startBot({ mode: 'http' });
  expect((await post(bot.requestUrl, sent, headers)).status).toBe(status);
  expect(bot.host.invocations).toEqual([]);
});

it('before it is started it asks Slack to come again', async () => {
  await using bot = await prepareBot({ mode: 'http' });
  expect((await post(bot.requestUrl, body, signed(body))).status).toBe(503);
  expect(bot.host.invocations).toEqual([]);
});

it('what has come whole when it stops is answered', async () => {
  await using bot = await startBot({ mode: 'http' });
  const sent = request(bot.requestUrl ?? '', {
    method: 'POST',
    headers: { ...signed(body), 'content-length': body.length },
  });
  const status = statusOf(sent);
  let stopped: Promise<void> | null = null;
  bot.whenHeard((request) => request.once('end', () => (stopped = bot.adapter.stop())));
  sent.end(body);
  expect(await status).toBe(200);
  await stopped;
  expect(bot.host.invocations).toHaveLength(1);
});

it('a request whose end has not come when it stops is not taken: Slack comes again, or says so', async () => {
  await using bot = await startBot({ mode: 'http' });
  const sent = request(bot.requestUrl ?? '', {
    method: 'POST',
    headers: { ...signed(body), 'content-length': body.length },
  });
  const status = statusOf(sent);
  const begun = Promise.withResolvers<unknown>();
  bot.whenHeard(begun.resolve);
  sent.write(body.slice(0, 20));
  await begun.promise;
  const stopped = bot.adapter.stop();
  sent.end(body.slice(20));
  expect(await status).not.toBe(200);
  await stopped;
  expect(bot.host.invocations).toEqual([]);
});
