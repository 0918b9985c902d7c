import { describe, expect, it } from 'vitest';
import { plainReply } from '../support/chat-host.ts';
import { type ModeKind, prepareBot, startBot, textOf } from './slack-bot.ts';

const modes: ModeKind[] = ['socket', 'http'];

describe.each(modes)('faults while answering on Slack (%s)', (mode) => {
  it('an event that is delivered twice, or retried, is answered once', async () => {
    await using bot = await startBot({ mode });
    const { slack, host } = bot;
    const asked = slack.person('alice').mention('farm', 'rig a1');
    await asked.answer();
    const again = [asked.redeliver(), asked.redeliver({ attempt: 1, reason: 'timeout' })];
    await slack.until(() => again.every(({ acknowledgement }) => acknowledgement !== null));
    const next = slack.person('alice').mention('farm', 'rig b1');
    await next.answer();
    expect(host.invocations.map(({ text }) => text)).toEqual(['rig a1', 'rig b1']);
    await slack.assertClean();
  });

  it('commands and clicks that come twice are answered once', async () => {
    await using bot = await startBot({ mode });
    const { slack, host } = bot;
    bot.host.answerWith(({ text }) => ({ ...plainReply(text), next: [{ label: 'Go', command: 'rig b1' }] }));
    const alice = slack.person('alice');
    const asked = alice.slash('farm', '/fleet rig a1');
    const clicked = alice.click(await asked.answer(), 'Go');
    await clicked.answer();
    const again = [asked.redeliver(), clicked.redeliver()];
    await slack.until(() => again.every(({ acknowledgement }) => acknowledgement !== null));
    expect(host.invocations.map(({ text }) => text)).toEqual(['rig a1', 'rig b1']);
    await slack.assertClean();
  });

  it.each(['5xx', 'reset', 'hang'] as const)(
    'a response_url that fails (%s) is tried again, as a possible repeat',
    async (kind) => {
      await using bot = await startBot({ mode, pace: { requestLimitMs: 300 } });
      bot.slack.fault({ kind, method: 'response_url', times: 2 });
      const answer = await bot.slack.person('alice').slash('farm', '/fleet rig a1').answer();
      expect(textOf(answer)).toContain('may be a repeat');
      expect(bot.slack.messages('farm')).toHaveLength(1);
      await bot.slack.assertClean();
    },
  );

  it('an answer that stands although its confirmation was lost is marked where it is said again', async () => {
    await using bot = await startBot({ mode, pace: { requestLimitMs: 300 } });
    bot.slack.fault({ kind: 'apply then reset', method: 'response_url', times: 1 });
    await bot.slack.person('alice').slash('farm', '/fleet rig a1').answer();
    await bot.slack.until(() => bot.slack.messages('farm').length === 2);
    const [first, second] = bot.slack.messages('farm').map(textOf);
    expect(first).not.toContain('may be a repeat');
    expect(second).toContain('may be a repeat');
    await bot.slack.assertClean();
  });

  it('a mention whose answer stands although its confirmation was lost is not answered again', async () => {
    await using bot = await startBot({ mode });
    const { slack } = bot;
    slack.fault({ kind: 'apply then reset', method: 'chat.postMessage', times: 1 });
    const answer = await slack.person('alice').mention('farm', 'rig a1').answer();
    await slack.until(() => slack.log.requests('conversations.replies').length === 1);
    await slack.person('alice').mention('farm', 'rig b1').answer();
    expect(slack.messages('farm').filter(({ text }) => text === answer.text)).toHaveLength(1);
    await slack.assertClean();
  });

  it('limits are waited for', async () => {
    await using bot = await startBot({ mode });
    const { slack } = bot;
    slack.fault({ kind: '429', retryAfterSeconds: 1, method: 'response_url', times: 1 });
    slack.fault({ kind: '429', retryAfterSeconds: 1, method: 'chat.postMessage', times: 1 });
    const alice = slack.person('alice');
    const answers = [alice.slash('farm', '/fleet rig a1').answer(), alice.mention('farm', 'rig b1').answer()];
    const texts = (await Promise.all(answers)).map(textOf);
    for (const text of texts) expect(text).not.toContain('may be a repeat');
    await slack.assertClean();
  });

  it.each(['used_url', 'expired_url'])('a response_url that is over (%s) is replaced by a message', async (error) => {
    await using bot = await startBot({ mode });
    bot.slack.fault({ kind: 'refusal', error, method: 'response_url' });
    const asked = bot.slack.person('alice').slash('farm', '/fleet rig a1');
    await bot.slack.expectMessage('farm', ({ text }) => text === 'You asked: rig a1');
    await asked.acknowledged();
    await bot.slack.assertClean();
  });

  it('where no message may stand either, the asker is told directly', async () => {
    const emulator = { channels: [{ id: 'C0OPS', name: 'ops', botIsMember: false }], scopes: withoutPublic };
    await using bot = await startBot({ mode, emulator });
    const { slack } = bot;
    slack.fault({ kind: 'refusal', error: 'expired_url', method: 'response_url' });
    slack.person('alice').slash('ops', '/fleet rig a1');
    const direct = slack.state.openDirectMessage('U0ALICE').id;
    await slack.expectMessage(direct, ({ text }) => text === 'You asked: rig a1');
    slack.takeViolations('refused chat.postMessage');
    await slack.assertClean();
  });

  it('an answer that Slack does not take is apologised for', async () => {
    await using bot = await startBot({ mode });
    bot.slack.fault({ kind: 'refusal', error: 'msg_blocks_too_long', method: 'response_url', times: 1 });
    const answer = await bot.slack.person('alice').slash('farm', '/fleet rig a1').answer();
    expect(answer.ephemeralTo).toBe('U0ALICE');
    expect(textOf(answer)).toContain('msg_blocks_too_long');
    await bot.slack.assertClean();
  });

  it('a token that Slack refuses once is tried again; refused for longer it is said, until Slack takes it', async () => {
    await using bot = await startBot({ mode });
    const { slack, adapter, log } = bot;
    slack.fault({ kind: 'invalid_auth', method: 'chat.postMessage', times: 1 });
    await slack.person('alice').mention('farm', 'rig a1').answer();
    expect(adapter.connected()).toBe(true);
    const fault = slack.fault({ kind: 'invalid_auth' });
    slack.person('alice').mention('farm', 'rig b1');
    await slack.until(() => !adapter.connected());
    expect(adapter.detail()).toBe('Slack refuses the bot token: check SLACK_BOT_TOKEN');
    await slack.until(() => fault.hits() > 8);
    fault.release();
    await slack.until(() => adapter.connected());
    expect(adapter.detail()).toBe('connected');
    expect(log.lines.filter((line) => line === 'warn: Slack does not know the bot')).toHaveLength(1);
    await slack.person('alice').mention('farm', 'rig c1').answer();
    await slack.assertClean();
  });
});

const withoutPublic = [
  'app_mentions:read',
  'chat:write',
  'commands',
  'im:history',
  'im:write',
  'users:read',
  'usergroups:read',
];

it.each(modes)('a wrong token at start (%s) is said and tried again', async (mode) => {
  await using bot = await prepareBot({ mode, botToken: 'xoxb-wrong' });
  await bot.adapter.start();
  await bot.slack.until(() => bot.slack.log.requests('auth.test').length >= 4);
  expect(bot.adapter.connected()).toBe(false);
  expect(bot.adapter.detail()).toBe('Slack refuses the bot token: check SLACK_BOT_TOKEN');
  expect(bot.log.lines.filter((line) => line === 'warn: Slack does not know the bot')).toHaveLength(1);
  bot.slack.takeViolations('refused auth.test');
  await bot.slack.assertClean();
});

it('whoever is in charge is a viewer while it is not known of which workspace', async () => {
  await using bot = await prepareBot();
  const { slack, adapter, host } = bot;
  const fault = slack.fault({ kind: '5xx', method: 'auth.test' });
  await adapter.start();
  await slack.until(() => slack.socketMode.connections() === 2);
  await slack.person('olivia').slash('farm', '/fleet rig a1').answer();
  fault.release();
  await slack.until(() => adapter.connected());
  await slack.person('olivia').slash('farm', '/fleet rig a1').answer();
  expect(host.invocations.map(({ user }) => user.administers)).toEqual([false, true]);
  await slack.assertClean();
});

it('files that cannot stand in the channel go to the asker', async () => {
  await using bot = await startBot({ emulator: { channels: [{ id: 'C0OPS', name: 'ops', botIsMember: false }] } });
  const { slack, host } = bot;
  const files = [{ name: 'rigs.csv', mediaType: 'text/csv' as const, text: 'rig\n', description: 'all' }];
  host.answerWith(() => ({ ...plainReply('Every rig.'), files }));
  const alice = slack.person('alice');
  await alice.slash('ops', '/fleet rigs').answer();
  await slack.expectMessage(slack.state.openDirectMessage('U0ALICE').id, ({ fileIds }) => fileIds.length === 1);
  await slack.until(() => alice.sees('ops').some(({ text }) => text.includes('direct messages')));
  slack.takeViolations('refused files.completeUploadExternal');
  await slack.assertClean();
});

it('files that cannot be uploaded are said to be missing', async () => {
  await using bot = await startBot();
  const { slack, host } = bot;
  const files = [{ name: 'rigs.csv', mediaType: 'text/csv' as const, text: 'rig\n', description: 'all' }];
  host.answerWith(() => ({ ...plainReply('Every rig.'), files }));
  slack.fault({ kind: '5xx', method: 'upload' });
  const alice = slack.person('alice');
  await alice.slash('farm', '/fleet rigs').answer();
  await slack.until(() => alice.sees('farm').some(({ text }) => text.includes('could not be uploaded')));
  await slack.assertClean();
});

it('requests that Slack did not sign are refused, and said once', async () => {
  await using bot = await startBot({ mode: 'http' });
  const { slack, adapter, log } = bot;
  const { requestUrl } = bot;
  for (const _time of [1, 2]) {
    const response = await fetch(requestUrl ?? '', { method: 'POST', body: 'command=/fleet' });
    expect(response.status).toBe(401);
  }
  expect((await fetch(requestUrl ?? '')).status).toBe(404);
  expect(adapter.detail()).toContain('SLACK_SIGNING_SECRET');
  expect(log.lines.filter((line) => line.includes('not signed'))).toHaveLength(1);
  await slack.person('alice').slash('farm', '/fleet rig a1').answer();
  expect(adapter.detail()).toBe('connected');
  await adapter.stop();
  expect((await fetch(requestUrl ?? '', { method: 'POST' })).status).toBe(503);
  await slack.assertClean();
});
