import { expect, test } from 'vitest';
import { startSlackEmulator } from './emulator.ts';
import type { Interaction } from './interaction.ts';
import { callApi, openSocket, postJson } from './raw-client.ts';

const title = { type: 'plain_text', text: 'T' };
const inputs = {
  type: 'modal',
  title,
  submit: title,
  blocks: [
    { type: 'input', block_id: 'note', label: title, element: { type: 'plain_text_input', action_id: 'text' } },
    {
      type: 'input',
      block_id: 'tier',
      label: title,
      element: {
        type: 'static_select',
        action_id: 'tier',
        initial_option: { text: title, value: 'hpc' },
        options: [
          { text: title, value: 'hpc' },
          { text: title, value: 'render' },
        ],
      },
    },
    {
      type: 'input',
      block_id: 'until',
      optional: true,
      label: title,
      element: { type: 'datepicker', action_id: 'until' },
    },
  ],
};

function openInputs(slack: Awaited<ReturnType<typeof startSlackEmulator>>) {
  const fields = { type: 'modal', userId: 'U0ALICE', triggerId: null, previous: null } as const;
  return slack.state.addView({ ...fields, definition: inputs });
}

test('what Slack does not let people do, they cannot do here', async () => {
  await using slack = await startSlackEmulator({
    channels: [
      { id: 'C0FARM', name: 'farm' },
      { id: 'C0OTHER', name: 'other', botIsMember: false },
    ],
  });
  const alice = slack.person('alice');
  expect(() => alice.slash('farm', '/fleet status', { thread: '1.2' })).toThrow('threads');
  expect(() => alice.slash('farm', '/float status')).toThrow('not a valid command');
  expect(() => alice.mention('other', 'status')).toThrow('not in #other');
  expect(() => slack.person('mallory')).toThrow('nobody is called mallory');

  const elements = [{ type: 'button', action_id: 'why', text: { type: 'plain_text', text: 'Why' } }];
  const blocks = [{ type: 'actions', elements }];
  await callApi(slack, 'chat.postEphemeral', { channel: 'C0FARM', user: 'U0ALICE', text: 'a', blocks });
  const own = await slack.expectMessage('farm');
  expect(() => slack.person('olivia').click(own, 'Why')).toThrow('only its reader');
  expect(() => alice.click(own, 'What if')).toThrow('there is: why (Why)');
  slack.state.deleteMessage(own);
  expect(() => alice.click(own, 'Why')).toThrow('gone');
  await slack.assertClean();
});

test('without its scope the bot is told nothing', async () => {
  await using slack = await startSlackEmulator({ scopes: ['chat:write'] });
  const alice = slack.person('alice');
  expect(() => alice.slash('farm', '/fleet status')).toThrow('without commands');
  expect(() => alice.mention('farm', 'status')).toThrow('without app_mentions:read');
  expect(() => alice.directMessage('status')).toThrow('without im:history');
});

test('an answer to what nobody heard is not waited for', async () => {
  await using slack = await startSlackEmulator();
  const asked = slack.person('alice').slash('farm', '/fleet status');
  await expect(asked.answer()).rejects.toThrow('the person saw dispatch_failed');
  await expect(asked.acknowledged()).rejects.toThrow('the person saw dispatch_failed');
});

test('a modal goes out only filled in, with what was set from the start', async () => {
  await using slack = await startSlackEmulator();
  using _socket = await openSocket(slack);
  const alice = slack.person('alice');
  const view = openInputs(slack);
  expect(() => alice.submit(view)).toThrow('note.text must be filled in');
  expect(() => alice.submit(view, { text: 'a', tier: 'gold' })).toThrow('offered: hpc, render');
  expect(() => alice.submit(view, { nothing: 'a' })).toThrow('No input nothing');
  expect(() => slack.person('olivia').submit(view, { text: 'a' })).toThrow('somebody else');
  const sent = alice.submit(view, { 'note.text': 'seen', until: '2027-03-01' });
  expect(view.values).toMatchObject({
    note: { text: { type: 'plain_text_input', value: 'seen' } },
    tier: { tier: { type: 'static_select', selected_option: { value: 'hpc' } } },
    until: { until: { type: 'datepicker', selected_date: '2027-03-01' } },
  });
  await sent.acknowledged();
  expect(view.isOpen).toBe(false);
  expect(() => alice.submit(view, { text: 'a' })).toThrow('closed');
  await slack.assertClean();
});

test.each([
  ['errors of no input', { response_action: 'errors', errors: { rig: 'no such rig' } }, 'errors for no input'],
  ['a view that is refused', { response_action: 'update', view: { type: 'modal' } }, 'refused acknowledgement'],
  ['an unknown action', { response_action: 'vanish' }, 'refused acknowledgement'],
])('an acknowledged submission with %s', async (_what, body, violation) => {
  await using slack = await startSlackEmulator();
  using socket = await openSocket(slack, { acknowledges: false });
  slack.person('alice').submit(openInputs(slack), { text: 'a' });
  socket.acknowledge(await slack.until(() => socket.envelopes()[0]), body);
  await slack.until(() => slack.violations().length > 0);
  expect(slack.violations()[0]?.kind).toBe(violation);
});

test('a submission can change, push and clear views', async () => {
  await using slack = await startSlackEmulator();
  using socket = await openSocket(slack, { acknowledges: false });
  const alice = slack.person('alice');
  const view = openInputs(slack);
  const submit = async (body: Record<string, unknown>) => {
    const count = socket.envelopes().length;
    const sent = alice.submit(view, { text: 'a' });
    socket.acknowledge(await slack.until(() => socket.envelopes()[count]), body);
    await sent.acknowledged();
  };
  await submit({ response_action: 'update', view: { ...inputs, callback_id: 'second' } });
  expect(view).toMatchObject({ edits: 1, isOpen: true, definition: { callback_id: 'second' } });
  await submit({ response_action: 'push', view: inputs });
  const pushed = [...slack.state.views.values()].at(-1);
  expect(pushed).toMatchObject({ previousViewId: view.id, rootViewId: view.id, isOpen: true });
  await submit({ response_action: 'clear' });
  expect([view.isOpen, pushed?.isOpen]).toEqual([false, false]);
  await slack.assertClean();
});

test('suggestions over a limit are refused', async () => {
  await using slack = await startSlackEmulator();
  using socket = await openSocket(slack, { acknowledges: false });
  const element = { type: 'external_select', action_id: 'rig' };
  const message = slack.state.addMessage({
    channel: 'C0FARM',
    user: 'U0BOT',
    byBot: true,
    text: 'a',
    origin: 'web api',
    blocks: [{ type: 'actions', elements: [element] }],
  });
  const suggested = slack.person('alice').suggest(message, 'rig', 'a');
  const options = [{ text: { type: 'plain_text', text: 'x'.repeat(76) }, value: 'a' }];
  const envelope = await slack.until(() => socket.envelopes()[0]);
  expect(envelope['payload']).toMatchObject({ type: 'block_suggestion', action_id: 'rig', value: 'a' });
  socket.acknowledge(envelope, { options });
  expect(await suggested).toEqual([]);
  expect(slack.takeViolations('refused suggestions')).toHaveLength(1);
});

const respond = (of: Interaction, text: string) =>
  postJson(String(of.payload['response_url']), { text, response_type: 'in_channel' });

test("an answer is not somebody else's", async () => {
  await using slack = await startSlackEmulator();
  using _socket = await openSocket(slack);
  const mention = slack.person('alice').mention('farm', 'status');
  const asked = slack.person('olivia').slash('farm', '/fleet status');
  await respond(asked, 'for olivia');
  await callApi(slack, 'chat.postMessage', { channel: 'C0ALERTS', text: 'elsewhere' });
  const thread = slack.messages('farm')[0]?.ts;
  await callApi(slack, 'chat.postMessage', { channel: 'C0FARM', text: 'in the thread', thread_ts: thread });
  expect((await mention.answer()).text).toBe('in the thread');
  expect((await asked.answer()).text).toBe('for olivia');
  await slack.assertClean();
});

test('what came through its own response_url goes before what was posted beside it', async () => {
  await using slack = await startSlackEmulator();
  using _socket = await openSocket(slack);
  const first = slack.person('alice').slash('farm', '/fleet status');
  const second = slack.person('alice').slash('farm', '/fleet status');
  await callApi(slack, 'chat.postMessage', { channel: 'C0FARM', text: 'beside' });
  await respond(second, 'second');
  await respond(first, 'first');
  expect((await first.answer()).text).toBe('first');
  expect((await second.answer()).text).toBe('second');
  await slack.assertClean();
});

test('waiting ends with what was seen', async () => {
  await using slack = await startSlackEmulator();
  await callApi(slack, 'chat.postMessage', { channel: 'C0FARM', text: 'not this' });
  const waiting = slack.expectMessage('farm', ({ text }) => text === 'this', 20);
  await expect(waiting).rejects.toThrow(/No message in farm within 20 ms[\s\S]*not this/);
});
