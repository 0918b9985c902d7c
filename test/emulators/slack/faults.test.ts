import { expect, test } from 'vitest';
import { type SlackEmulator, startSlackEmulator } from './emulator.ts';
import { callApi, postJson } from './raw-client.ts';

const post = (slack: SlackEmulator) => callApi(slack, 'chat.postMessage', { channel: 'C0FARM', text: 'a' });

test.each([
  [{ kind: '5xx' } as const, { status: 503 }],
  [{ kind: '5xx', status: 500 } as const, { status: 500 }],
  [{ kind: 'invalid_auth' } as const, { status: 200, body: { ok: false, error: 'invalid_auth' } }],
  [
    { kind: 'refusal', error: 'internal_error' } as const,
    { status: 200, body: { ok: false, error: 'internal_error' } },
  ],
])('$kind, once, and no violation', async (kind, answer) => {
  await using slack = await startSlackEmulator();
  const fault = slack.fault({ ...kind, method: 'chat.postMessage', times: 1 });
  expect((await callApi(slack, 'auth.test')).body['ok']).toBe(true);
  expect(await post(slack)).toMatchObject(answer);
  expect(fault.hits()).toBe(1);
  expect(slack.messages('farm')).toEqual([]);
  expect((await post(slack)).body['ok']).toBe(true);
  await slack.assertClean();
});

test('a planned 429 closes a method, but of messages one channel and of response_urls one', async () => {
  let nowMs = 1_000_000;
  await using slack = await startSlackEmulator({ now: () => nowMs });
  const postIn = (channel: string) => callApi(slack, 'chat.postMessage', { channel, text: 'a' });
  const urls = ['status', 'rigs'].map((line) => {
    const asked = slack.person('alice').slash('farm', `/fleet ${line}`);
    return String(asked.payload['response_url']);
  });
  const respond = (index: number) => postJson(urls[index] ?? '', { text: 'a' });
  const history = (channel: string) => callApi(slack, 'conversations.history', { channel });
  const pairs = [
    ['chat.postMessage', () => postIn('C0FARM'), () => postIn('C0ALERTS'), 200],
    ['response_url', () => respond(0), () => respond(1), 200],
    ['conversations.history', () => history('C0FARM'), () => history('C0ALERTS'), 429],
  ] as const;
  for (const [method, met, other, status] of pairs) {
    slack.fault({ kind: '429', retryAfterSeconds: 30, method, times: 1 });
    expect((await met()).status, method).toBe(429);
    // What was under way by then could not know.
    expect((await met()).status, method).toBe(429);
    nowMs += 200;
    expect((await other()).status, method).toBe(status);
  }
  expect(slack.takeViolations('refused conversations.history')).toHaveLength(1);
  expect((await respond(0)).status).toBe(429);
  expect(slack.takeViolations('refused response_url')).toHaveLength(1);
  expect(slack.violations()).toEqual([]);
});

test('a planned 429 closes the method for its time', async () => {
  let nowMs = 1_000_000;
  await using slack = await startSlackEmulator({ now: () => nowMs });
  slack.fault({ kind: '429', retryAfterSeconds: 30, method: 'chat.postMessage', times: 1 });
  expect(await post(slack)).toMatchObject({ status: 429, retryAfter: '30' });
  await slack.assertClean();
  nowMs += 10_000;
  expect(await post(slack)).toMatchObject({ status: 429, retryAfter: '20' });
  expect(slack.takeViolations('refused chat.postMessage')).toHaveLength(1);
  nowMs += 20_000;
  expect((await post(slack)).status).toBe(200);
});

test('a reset does nothing, "apply then reset" does it and loses the answer', async () => {
  await using slack = await startSlackEmulator();
  slack.fault({ kind: 'reset', times: 1 });
  await expect(post(slack)).rejects.toThrow();
  expect(slack.messages('farm')).toEqual([]);
  slack.fault({ kind: 'apply then reset', times: 1 });
  await expect(post(slack)).rejects.toThrow();
  expect(slack.messages('farm')).toHaveLength(1);
  expect(slack.log.requests('chat.postMessage').map(({ status }) => status)).toEqual([null, null]);
  await slack.assertClean();
});

test('what hangs is cut when the fault is released', async () => {
  await using slack = await startSlackEmulator();
  const fault = slack.fault({ kind: 'hang' });
  const hanging = post(slack).then(
    () => 'answered',
    () => 'cut',
  );
  await slack.until(() => fault.hits() === 1);
  fault.release();
  expect(await hanging).toBe('cut');
  expect((await post(slack)).status).toBe(200);
});

test('response_urls and uploads have faults of their own', async () => {
  await using slack = await startSlackEmulator();
  const url = String(slack.person('alice').slash('farm', '/fleet status').payload['response_url']);
  slack.fault({ kind: '5xx', method: 'response_url', times: 1 });
  expect((await postJson(url, { text: 'a' })).status).toBe(503);
  expect((await postJson(url, { text: 'a' })).status).toBe(200);
  await slack.assertClean();
});
