import { expect, test } from 'vitest';
import { startSlackEmulator } from './emulator.ts';
import { callApi, openSocket, postJson } from './raw-client.ts';

/** A clock that only the test moves. */
function startClock() {
  let nowMs = Date.UTC(2026, 0, 2, 3, 4, 5);
  return {
    now: () => nowMs,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

const modal = { type: 'modal', title: { type: 'plain_text', text: 'T' }, blocks: [{ type: 'divider' }] };
const minuteMs = 60_000;

test('a response_url is good five times', async () => {
  await using slack = await startSlackEmulator();
  const url = String(slack.person('alice').slash('farm', '/fleet status').payload['response_url']);
  for (let count = 0; count < 5; count += 1) expect((await postJson(url, { text: `${count}` })).status).toBe(200);
  expect(await postJson(url, { text: '6' })).toMatchObject({ status: 404, body: { ok: false, error: 'used_url' } });
  expect(slack.takeViolations('refused response_url')).toHaveLength(1);
  expect(
    slack
      .person('alice')
      .sees('farm')
      .map(({ text }) => text),
  ).toEqual(['0', '1', '2', '3', '4']);
  await slack.assertClean();
});

test('a response_url is good for thirty minutes', async () => {
  const clock = startClock();
  await using slack = await startSlackEmulator({ now: clock.now });
  const url = String(slack.person('alice').slash('farm', '/fleet status').payload['response_url']);
  clock.pass(30 * minuteMs);
  expect((await postJson(url, { text: 'in time' })).status).toBe(200);
  clock.pass(1);
  expect(await postJson(url, { text: 'late' })).toMatchObject({ status: 404, body: { error: 'expired_url' } });
});

test('a response_url changes and deletes the pressed message, and says so where there is none', async () => {
  await using slack = await startSlackEmulator();
  const alice = slack.person('alice');
  const button = { type: 'button', action_id: 'a', text: { type: 'plain_text', text: 'Why' } };
  const blocks = [{ type: 'actions', elements: [button] }];
  const { body } = await callApi(slack, 'chat.postMessage', { channel: 'C0FARM', text: 'a', blocks });
  const message = slack.state.findMessage('C0FARM', String(body['ts']));
  if (message === null) throw new Error('nothing was posted');
  const url = String(alice.click(message, 'Why').payload['response_url']);
  await postJson(url, { replace_original: true, text: 'b' });
  expect(message).toMatchObject({ text: 'b', blocks: [], edits: 1 });
  await postJson(url, { delete_original: true });
  expect(message.isDeleted).toBe(true);
  await slack.assertClean();

  const ofCommand = String(alice.slash('farm', '/fleet status').payload['response_url']);
  await postJson(ofCommand, { replace_original: true, text: 'c' });
  expect(slack.takeViolations('response_url without an original')).toHaveLength(1);
});

test('a trigger is good once, for three seconds', async () => {
  const clock = startClock();
  await using slack = await startSlackEmulator({ now: clock.now });
  const trigger = () => slack.person('alice').slash('farm', '/fleet status').payload['trigger_id'];
  const open = async (id: unknown) => (await callApi(slack, 'views.open', { trigger_id: id, view: modal })).body;
  const first = trigger();
  clock.pass(3_000);
  expect(await open(first)).toMatchObject({ ok: true });
  expect(await open(first)).toMatchObject({ ok: false, error: 'exchanged_trigger_id' });
  const second = trigger();
  clock.pass(3_001);
  expect(await open(second)).toMatchObject({ ok: false, error: 'expired_trigger_id' });
});

test('posts: a short burst, then one a second for each channel', async () => {
  const clock = startClock();
  await using slack = await startSlackEmulator({ now: clock.now });
  const post = (channel: string) => callApi(slack, 'chat.postMessage', { channel, text: 'a' });
  for (let count = 0; count < 4; count += 1) expect((await post('C0FARM')).status).toBe(200);
  expect(await post('C0FARM')).toMatchObject({ status: 429, retryAfter: '1', body: { error: 'ratelimited' } });
  expect((await post('C0ALERTS')).status).toBe(200);
  await slack.assertClean();

  clock.pass(500);
  expect((await post('C0FARM')).status).toBe(429);
  expect(slack.takeViolations('refused chat.postMessage')).toHaveLength(1);
  clock.pass(500);
  for (let second = 0; second < 20; second += 1) {
    expect((await post('C0FARM')).status).toBe(200);
    clock.pass(1_000);
  }
  await slack.assertClean();
});

test('updates: fifty a minute over the whole workspace', async () => {
  const clock = startClock();
  await using slack = await startSlackEmulator({ now: clock.now });
  const messages = ['C0FARM', 'C0ALERTS'].map((channel) =>
    slack.state.addMessage({ channel, user: 'U0BOT', byBot: true, text: 'a', origin: 'web api' }),
  );
  const update = (count: number) => {
    const { channel, ts } = messages[count % 2] ?? { channel: '', ts: '' };
    return callApi(slack, 'chat.update', { channel, ts, text: `${count}` });
  };
  for (let count = 0; count < 50; count += 1) expect((await update(count)).status).toBe(200);
  clock.pass(20_000);
  expect(await update(50)).toMatchObject({ status: 429, retryAfter: '40' });
  clock.pass(40_001);
  for (let count = 51; count < 101; count += 1) expect((await update(count)).status).toBe(200);
  expect(await update(101)).toMatchObject({ status: 429, retryAfter: '60' });
  await slack.assertClean();
});

test("times of messages are the clock's, and no two are the same", async () => {
  const clock = startClock();
  await using slack = await startSlackEmulator({ now: clock.now });
  using _socket = await openSocket(slack);
  const alice = slack.person('alice');
  for (const text of ['a', 'b']) await alice.mention('farm', text).acknowledged();
  clock.pass(1_500);
  await alice.mention('farm', 'c').acknowledged();
  expect(slack.messages('farm').map(({ ts }) => ts)).toEqual([
    '1767323045.000000',
    '1767323045.000001',
    '1767323046.500000',
  ]);
});
