import { expect, test } from 'vitest';
import { type SlackEmulator, startSlackEmulator } from './emulator.ts';
import type { JsonObject } from './json.ts';
import { callApi, postJson } from './raw-client.ts';
import { modal, section, times, x } from './sample-blocks.ts';

const workspace = {
  channels: [
    { id: 'C0FARM', name: 'farm' },
    { id: 'C0PUBLIC', name: 'public', botIsMember: false },
    { id: 'C0SECRET', name: 'secret', kind: 'private', botIsMember: false },
    { id: 'C0OLD', name: 'old', isArchived: true },
  ],
} as const;

interface Refused {
  readonly method: string;
  readonly body: JsonObject | ((slack: SlackEmulator) => JsonObject);
  readonly error: string;
  readonly token?: string | null;
}

const longBlocks = times(5, () => section(x(2_700)));
const message = { channel: 'C0FARM', text: 'a' };
const posted = (
  slack: SlackEmulator,
  fields: { byBot?: boolean; ephemeralTo?: string; channel?: string } = {},
): string =>
  slack.state.addMessage({ channel: 'C0FARM', user: 'U0BOT', byBot: true, text: 'a', origin: 'web api', ...fields }).ts;

test.each<Refused>([
  { method: 'auth.test', body: {}, error: 'not_authed', token: null },
  { method: 'auth.test', body: {}, error: 'invalid_auth', token: 'xoxb-another' },
  { method: 'auth.test', body: {}, error: 'not_allowed_token_type', token: 'xapp-emulator-app' },
  { method: 'apps.connections.open', body: {}, error: 'not_allowed_token_type' },
  { method: 'chat.postMessage', body: { channel: 'C0NOWHERE', text: 'a' }, error: 'channel_not_found' },
  { method: 'chat.postMessage', body: { channel: 'C0PUBLIC', text: 'a' }, error: 'not_in_channel' },
  { method: 'chat.postMessage', body: { channel: 'C0SECRET', text: 'a' }, error: 'channel_not_found' },
  { method: 'chat.postMessage', body: { channel: 'C0OLD', text: 'a' }, error: 'is_archived' },
  { method: 'chat.postMessage', body: { channel: 'C0FARM' }, error: 'no_text' },
  { method: 'chat.postMessage', body: { channel: 'C0FARM', text: x(40_001) }, error: 'msg_too_long' },
  { method: 'chat.postMessage', body: { ...message, blocks: 'nonsense' }, error: 'invalid_blocks_format' },
  { method: 'chat.postMessage', body: { ...message, blocks: longBlocks }, error: 'msg_blocks_too_long' },
  { method: 'chat.postMessage', body: { ...message, thread_ts: '1.2' }, error: 'thread_not_found' },
  { method: 'chat.postMessage', body: { ...message, metadata: { event_type: 'a' } }, error: 'invalid_metadata_format' },
  { method: 'chat.postEphemeral', body: { ...message, user: 'U0NOBODY' }, error: 'user_not_in_channel' },
  { method: 'chat.update', body: { ...message, ts: '1.2' }, error: 'message_not_found' },
  {
    method: 'chat.update',
    body: (slack) => ({ ...message, ts: posted(slack, { ephemeralTo: 'U0ALICE' }) }),
    error: 'message_not_found',
  },
  {
    method: 'chat.update',
    body: (slack) => ({ ...message, ts: posted(slack, { byBot: false }) }),
    error: 'cant_update_message',
  },
  {
    method: 'chat.update',
    body: (slack) => ({ ...message, ts: posted(slack), text: x(4_001) }),
    error: 'msg_too_long',
  },
  {
    method: 'chat.update',
    body: (slack) => ({ text: 'a', channel: 'C0OLD', ts: posted(slack, { channel: 'C0OLD' }) }),
    error: 'is_inactive',
  },
  {
    method: 'chat.delete',
    body: (slack) => ({ channel: 'C0FARM', ts: posted(slack, { byBot: false }) }),
    error: 'cant_delete_message',
  },
  { method: 'conversations.history', body: { channel: 'C0PUBLIC' }, error: 'not_in_channel' },
  { method: 'conversations.info', body: { channel: 'C0SECRET' }, error: 'channel_not_found' },
  { method: 'conversations.replies', body: { channel: 'C0FARM', ts: '1.2' }, error: 'thread_not_found' },
  { method: 'conversations.open', body: { users: 'U0NOBODY' }, error: 'user_not_found' },
  { method: 'users.info', body: { user: 'U0NOBODY' }, error: 'user_not_found' },
  { method: 'usergroups.users.list', body: { usergroup: 'S0NONE' }, error: 'no_such_subteam' },
  { method: 'views.open', body: { trigger_id: '1.2.3', view: modal() }, error: 'invalid_trigger_id' },
  { method: 'views.update', body: { view_id: 'V0', view: modal() }, error: 'not_found' },
  { method: 'files.getUploadURLExternal', body: { filename: 'a.png', length: 0 }, error: 'invalid_arguments' },
  { method: 'files.completeUploadExternal', body: { files: [{ id: 'F0' }] }, error: 'file_not_found' },
  { method: 'files.info', body: { file: 'F0' }, error: 'file_not_found' },
  { method: 'reactions.add', body: { channel: 'C0FARM', timestamp: '1.2', name: 'eyes' }, error: 'message_not_found' },
])('$method answers $error', async ({ method, body, error, token }) => {
  await using slack = await startSlackEmulator(workspace);
  const sent = typeof body === 'function' ? body(slack) : body;
  const answer = await callApi(slack, method, sent, token === undefined ? slack.botToken : token);
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ ok: false, error });
  expect(slack.violations()).toHaveLength(1);
  await expect(slack.assertClean()).rejects.toThrow(`refused ${method}`);
});

test.each([
  ['chat.postMessage', { channel: 'C0FARM', text: 'a' }, 'chat:write'],
  ['conversations.history', { channel: 'C0FARM' }, 'channels:history'],
  ['conversations.info', { channel: 'C0FARM' }, 'channels:read'],
  ['conversations.open', { users: 'U0ALICE' }, 'im:write'],
  ['users.info', { user: 'U0ALICE' }, 'users:read'],
  ['usergroups.list', {}, 'usergroups:read'],
  ['files.getUploadURLExternal', { filename: 'a', length: 1 }, 'files:write'],
])('%s without its scope', async (method, body, needed) => {
  await using slack = await startSlackEmulator({ scopes: ['commands'] });
  const answer = await callApi(slack, method, body);
  expect(answer.body).toEqual({ ok: false, error: 'missing_scope', needed, provided: 'commands' });
});

test('blocks without a text are taken, and a violation', async () => {
  await using slack = await startSlackEmulator();
  const { body } = await callApi(slack, 'chat.postMessage', { channel: 'C0FARM', blocks: [section('a')] });
  expect(body).toMatchObject({ ok: true });
  expect(slack.takeViolations('missing text')).toHaveLength(1);
  await slack.assertClean();
});

test('methods and routes that nobody handles are named', async () => {
  await using slack = await startSlackEmulator();
  expect((await callApi(slack, 'files.upload', {})).body).toMatchObject({ ok: false, error: 'unknown_method' });
  expect((await postJson(slack.apiUrl.replace('/api/', '/elsewhere'), {})).status).toBe(404);
  expect(slack.unhandledRoutes()).toEqual(['files.upload', '/elsewhere']);
  await expect(slack.assertClean()).rejects.toThrow('unhandled route: files.upload');
});

test('a response_url takes longer blocks than chat.postMessage, and refuses bad ones', async () => {
  await using slack = await startSlackEmulator();
  const url = String(slack.person('alice').slash('farm', '/fleet status').payload['response_url']);
  expect((await postJson(url, { text: 'a', blocks: longBlocks })).status).toBe(200);
  await slack.assertClean();
  const refused = await postJson(url, { text: 'a', blocks: [section(x(3_001))] });
  expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_blocks' } });
});
