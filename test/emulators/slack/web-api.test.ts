import { expect, test } from 'vitest';
import { type SlackEmulator, startSlackEmulator } from './emulator.ts';
import { type JsonObject, objectsOf } from './json.ts';
import { callApi, openSocket } from './raw-client.ts';

async function ok(slack: SlackEmulator, method: string, body: JsonObject): Promise<JsonObject> {
  const answer = await callApi(slack, method, body);
  expect(answer.body).toMatchObject({ ok: true });
  return answer.body;
}

const metadata = { event_type: 'rigshift', event_payload: { key: 'digest-7' } };

test('history shows posts newest first, with metadata where asked, without replies and ephemeral ones', async () => {
  await using slack = await startSlackEmulator({ limits: { postBurst: 20 } });
  const first = await ok(slack, 'chat.postMessage', { channel: 'C0FARM', text: '*mrkdwn* &amp; <b>', metadata });
  await ok(slack, 'chat.postMessage', { channel: 'C0FARM', text: 'reply', thread_ts: first['ts'] });
  await ok(slack, 'chat.postEphemeral', { channel: 'C0FARM', text: 'secret', user: 'U0ALICE' });
  await ok(slack, 'chat.postMessage', { channel: '#farm', text: 'last' });

  const plain = await ok(slack, 'conversations.history', { channel: 'C0FARM' });
  expect(objectsOf(plain['messages']).map(({ text }) => text)).toEqual(['last', '*mrkdwn* &amp; <b>']);
  expect(objectsOf(plain['messages'])[1]).not.toHaveProperty('metadata');

  const all = await ok(slack, 'conversations.history', { channel: 'C0FARM', include_all_metadata: true, limit: 1 });
  expect(all).toMatchObject({ has_more: true });
  const cursor = (all['response_metadata'] as JsonObject)['next_cursor'];
  const rest = await ok(slack, 'conversations.history', {
    channel: 'C0FARM',
    include_all_metadata: true,
    limit: 1,
    cursor,
  });
  expect(objectsOf(rest['messages'])[0]).toMatchObject({ ts: first['ts'], metadata, reply_count: 1 });

  const since = await ok(slack, 'conversations.history', { channel: 'C0FARM', oldest: first['ts'] });
  expect(objectsOf(since['messages'])).toHaveLength(1);
  const thread = await ok(slack, 'conversations.replies', { channel: 'C0FARM', ts: first['ts'] });
  expect(objectsOf(thread['messages']).map(({ text }) => text)).toEqual(['*mrkdwn* &amp; <b>', 'reply']);
  expect(
    slack
      .person('alice')
      .sees('farm')
      .map(({ text }) => text),
  ).toContain('secret');
  expect(
    slack
      .person('olivia')
      .sees('farm')
      .map(({ text }) => text),
  ).not.toContain('secret');
  await slack.assertClean();
});

test('an update keeps what it does not name, an empty object takes the metadata away', async () => {
  await using slack = await startSlackEmulator();
  const blocks = [{ type: 'divider' }];
  const { ts } = await ok(slack, 'chat.postMessage', { channel: 'C0FARM', text: 'a', blocks, metadata });
  const message = await slack.expectMessage('farm');
  await ok(slack, 'chat.update', { channel: 'C0FARM', ts, text: 'b' });
  expect(message).toMatchObject({ text: 'b', blocks, metadata, edits: 1 });
  await ok(slack, 'chat.update', { channel: 'C0FARM', ts, text: 'c', blocks: [], metadata: {} });
  expect(message).toMatchObject({ text: 'c', blocks: [], metadata: null, edits: 2 });
  await ok(slack, 'reactions.add', { channel: 'C0FARM', timestamp: ts, name: 'eyes' });
  expect(message.reactions).toEqual(['eyes']);
  await ok(slack, 'chat.delete', { channel: 'C0FARM', ts });
  expect(slack.messages('farm')).toEqual([]);
  await slack.assertClean();
});

test('people, groups and channels', async () => {
  await using slack = await startSlackEmulator({
    users: [{ id: 'U0CHLOE', name: 'chloe', locale: 'fr-CA', tz: 'America/Toronto', isAdmin: true }],
    userGroups: [{ id: 'S0OPS', handle: 'ops', users: ['U0CHLOE'] }],
    channels: [{ id: 'C0PUBLIC', name: 'public', botIsMember: false }],
  });
  expect((await ok(slack, 'users.info', { user: 'U0CHLOE' }))['user']).not.toHaveProperty('locale');
  expect(await ok(slack, 'users.info', { user: 'U0CHLOE', include_locale: true })).toMatchObject({
    user: { name: 'chloe', locale: 'fr-CA', tz: 'America/Toronto', is_admin: true, is_owner: false },
  });
  expect(await ok(slack, 'usergroups.list', {})).toMatchObject({ usergroups: [{ id: 'S0OPS', handle: 'ops' }] });
  expect(await ok(slack, 'usergroups.users.list', { usergroup: 'S0OPS' })).toMatchObject({ users: ['U0CHLOE'] });
  expect(await ok(slack, 'conversations.list', {})).toMatchObject({ channels: [{ name: 'public', is_member: false }] });
  await ok(slack, 'conversations.join', { channel: 'C0PUBLIC' });
  await ok(slack, 'chat.postMessage', { channel: 'C0PUBLIC', text: 'here I am' });
  const { channel } = await ok(slack, 'conversations.open', { users: 'U0CHLOE' });
  await ok(slack, 'chat.postMessage', { channel: 'U0CHLOE', text: 'directly' });
  expect(slack.messages(String((channel as JsonObject)['id']))).toHaveLength(1);
  await slack.assertClean();
});

test.each(['raw', 'multipart'])('%s bytes of an upload arrive as they were', async (how) => {
  await using slack = await startSlackEmulator();
  const content = Buffer.from([0, 255, 13, 10, 45, 45, 7]);
  const length = content.length;
  const { upload_url: url, file_id: id } = await ok(slack, 'files.getUploadURLExternal', { filename: 'a.bin', length });
  const form = new FormData();
  form.append('filename', new Blob([content]), 'a.bin');
  const wrong = await fetch(String(url), { method: 'POST', body: content.subarray(1) });
  expect(wrong.status).toBe(400);
  expect(slack.takeViolations('refused upload')).toHaveLength(1);

  const sent = await fetch(String(url), { method: 'POST', body: how === 'raw' ? content : form });
  expect(await sent.text()).toBe('OK - 7');
  const shared = { files: [{ id, title: 'A' }], channel_id: 'C0FARM', initial_comment: 'see' };
  await ok(slack, 'files.completeUploadExternal', shared);
  expect(slack.state.files.get(String(id))?.content).toEqual(content);
  expect(await ok(slack, 'files.info', { file: id })).toMatchObject({
    file: { title: 'A', size: 7, channels: ['C0FARM'] },
  });
  expect((await slack.expectMessage('farm')).fileIds).toEqual([id]);
  await slack.assertClean();
});

test('views: three on a stack, changed by id with a hash that fits', async () => {
  await using slack = await startSlackEmulator();
  using _socket = await openSocket(slack);
  const alice = slack.person('alice');
  const view = {
    type: 'modal',
    title: { type: 'plain_text', text: 'T' },
    blocks: [
      {
        type: 'actions',
        elements: [{ type: 'button', action_id: 'next', text: { type: 'plain_text', text: 'Next' } }],
      },
    ],
  };
  const asked = alice.slash('farm', '/fleet status');
  await ok(slack, 'views.open', { trigger_id: asked.payload['trigger_id'], view });
  let top = await asked.view();
  for (let depth = 2; depth <= 3; depth += 1) {
    const pressed = alice.click(top, 'Next');
    await ok(slack, 'views.push', { trigger_id: pressed.payload['trigger_id'], view });
    top = await pressed.view();
  }
  const tooMany = await callApi(slack, 'views.push', {
    trigger_id: alice.click(top, 'Next').payload['trigger_id'],
    view,
  });
  expect(tooMany.body).toMatchObject({ ok: false, error: 'push_limit_reached' });
  slack.takeViolations('refused views.push');
  const { hash } = top;
  await ok(slack, 'views.update', { view_id: top.id, hash, view });
  const stale = await callApi(slack, 'views.update', { view_id: top.id, hash, view });
  expect(stale.body).toMatchObject({ ok: false, error: 'hash_conflict' });
  slack.takeViolations('refused views.update');
  await slack.assertClean();
});

test('form bodies carry objects as JSON text, tokens stay out of the log', async () => {
  await using slack = await startSlackEmulator();
  const body = new URLSearchParams({
    token: slack.botToken,
    channel: 'C0FARM',
    text: 'a',
    blocks: JSON.stringify([{ type: 'divider' }]),
  });
  const response = await fetch(`${slack.apiUrl}chat.postMessage`, { method: 'POST', body });
  expect(await response.json()).toMatchObject({ ok: true });
  expect((await slack.expectMessage('farm')).blocks).toMatchObject([{ type: 'divider' }]);
  expect(JSON.stringify(slack.log.entries())).not.toContain(slack.botToken);
});
