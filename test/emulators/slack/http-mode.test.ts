import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { readBody } from '../shared/read-body.ts';
import { startSlackEmulator } from './emulator.ts';

const signingSecret = 'not-a-real-signing-secret';

interface Received {
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

/** A bot's endpoint of the barest kind: answers as told, remembers everything. */
async function startEndpoint(answer: (response: ServerResponse, count: number) => void) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const body = await readBody(request, 1_000_000);
    received.push({ body: String(body), headers: request.headers });
    answer(response, received.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    received,
    requestUrl: `http://127.0.0.1:${port}/slack/events`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('what is pushed is signed over its timestamp and its bytes', async () => {
  await using slack = await startSlackEmulator();
  await using endpoint = await startEndpoint((response) => response.end());
  slack.httpMode({ requestUrl: endpoint.requestUrl, signingSecret });
  await slack.person('alice').slash('farm', '/fleet rig name:"Ü & 1"').acknowledged();
  const { body, headers } = endpoint.received[0] ?? { body: '', headers: {} };
  const timestamp = String(headers['x-slack-request-timestamp']);
  const expected = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  expect(headers['x-slack-signature']).toBe(`v0=${expected}`);
  expect(Math.abs(Number(timestamp) - Date.now() / 1_000)).toBeLessThan(5);
  expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
  expect(new URLSearchParams(body).get('text')).toBe('rig name:"Ü & 1"');
  await slack.assertClean();
});

test('an event is sent again after errors, with count and reason, until it is taken', async () => {
  await using slack = await startSlackEmulator();
  await using endpoint = await startEndpoint((response, count) => {
    response.statusCode = count < 3 ? 500 : 200;
    response.end();
  });
  slack.httpMode({ requestUrl: endpoint.requestUrl, signingSecret, retryDelaysMs: [0, 5, 5] });
  await slack.person('alice').mention('farm', 'status').acknowledged();
  const retries = endpoint.received.map(({ headers }) => [
    headers['x-slack-retry-num'],
    headers['x-slack-retry-reason'],
  ]);
  expect(retries).toEqual([
    [undefined, undefined],
    ['1', 'http_error'],
    ['2', 'http_error'],
  ]);
  expect(new Set(endpoint.received.map(({ body }) => body)).size).toBe(1);
  expect(slack.takeViolations('refused push')).toHaveLength(2);
  await slack.assertClean();
});

test('after three repetitions Slack gives up; x-slack-no-retry ends it at once', async () => {
  await using slack = await startSlackEmulator();
  await using endpoint = await startEndpoint((response, count) => {
    response.writeHead(500, count > 4 ? { 'x-slack-no-retry': '1' } : {});
    response.end();
  });
  slack.httpMode({ requestUrl: endpoint.requestUrl, signingSecret, retryDelaysMs: [0, 0, 0] });
  slack.person('alice').mention('farm', 'one');
  await slack.until(() => slack.violations().length === 4);
  slack.person('alice').mention('farm', 'two');
  await slack.until(() => slack.violations().length === 5);
  // Commands follow one after another: had the event been sent again at once, it would have come between them.
  for (let count = 6; count <= 10; count += 1) {
    slack.person('alice').slash('farm', '/fleet status');
    await slack.until(() => slack.violations().length >= count);
  }
  const pushed = slack.log.entries().flatMap((entry) => (entry.kind === 'push' ? [entry.type] : []));
  expect(pushed.filter((type) => type === 'events_api')).toHaveLength(5);
});

test('a slow answer: the event comes again with http_timeout, the command never', async () => {
  await using slack = await startSlackEmulator({ acknowledgementMs: 250 });
  await using endpoint = await startEndpoint((response, count) => {
    if (count > 2) response.end();
  });
  slack.httpMode({ requestUrl: endpoint.requestUrl, signingSecret });
  const command = slack.person('alice').slash('farm', '/fleet status');
  await slack.until(() => command.failure);
  expect(command.failure).toBe('operation_timeout');
  const event = slack.person('alice').mention('farm', 'status');
  await event.acknowledged();
  expect(endpoint.received).toHaveLength(3);
  expect(endpoint.received[2]?.headers['x-slack-retry-reason']).toBe('http_timeout');
  expect(slack.takeViolations('missing acknowledgement')).toHaveLength(2);
  await slack.assertClean();
});

test('nobody there: the command fails, without a violation', async () => {
  await using slack = await startSlackEmulator();
  const endpoint = await startEndpoint((response) => response.end());
  await endpoint[Symbol.asyncDispose]();
  slack.httpMode({ requestUrl: endpoint.requestUrl, signingSecret });
  const command = slack.person('alice').slash('farm', '/fleet status');
  await slack.until(() => command.failure);
  expect(command.failure).toBe('dispatch_failed');
  await slack.assertClean();
});

test('the body of an acknowledgement is the answer, as text or as a message', async () => {
  await using slack = await startSlackEmulator();
  const bodies = ['only text', JSON.stringify({ response_type: 'in_channel', text: 'for all' }), '{}'];
  await using endpoint = await startEndpoint((response, count) => response.end(bodies[count - 1]));
  slack.httpMode({ requestUrl: endpoint.requestUrl, signingSecret });
  const alice = slack.person('alice');
  const own = await alice.slash('farm', '/fleet status').answer();
  expect(own).toMatchObject({ text: 'only text', ephemeralTo: 'U0ALICE', origin: 'acknowledgement' });
  expect(await alice.slash('farm', '/fleet status').answer()).toMatchObject({ text: 'for all', ephemeralTo: null });
  expect((await alice.slash('farm', '/fleet status').acknowledged()).body).toBeNull();
  await slack.assertClean();
});
