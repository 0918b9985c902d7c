import { describe, expect, it } from 'vitest';
import { type Post, SendFailure } from '../../src/ports/chat.ts';
import { plainReply } from '../support/chat-host.ts';
import { prepareBot, type SlackBot, startBot, textOf } from './slack-bot.ts';

const digest: Post = {
  key: 'digest-2026-11-22',
  channel: 'C0FARM',
  reply: plainReply('12 rigs earned 84 USD.'),
  locale: 'en',
  possibleRepeat: false,
};

async function failureOf(work: Promise<unknown>): Promise<SendFailure> {
  const failure = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(failure instanceof SendFailure)) throw new Error(`no SendFailure: ${String(failure)}`);
  return failure;
}

function find({ adapter }: SlackBot, channel = 'C0FARM', key = digest.key) {
  return adapter.sender.find({ key, channel, sinceMs: Date.now() - 1_000 });
}

describe('posting on Slack', () => {
  it('posts what can be found and edited, without previews of links', async () => {
    await using bot = await startBot();
    const { slack, adapter } = bot;
    expect(await find(bot)).toEqual({ kind: 'not there' });
    const receipt = await adapter.sender.send(digest, 'digest');
    const [message] = slack.messages('farm');
    expect(receipt).toEqual({ channel: 'C0FARM', message: message?.ts });
    expect(message?.metadata).toEqual({ event_type: 'rigshift_post', event_payload: { key: digest.key } });
    expect(slack.log.requests('chat.postMessage')[0]?.body).toMatchObject({
      unfurl_links: 'false',
      unfurl_media: 'false',
    });
    expect(await find(bot)).toEqual({ kind: 'there', receipt });
    await adapter.sender.edit(receipt, { ...digest, reply: plainReply('12 rigs earned 85 USD.') });
    expect(message).toMatchObject({ edits: 1, text: '12 rigs earned 85 USD.' });
    expect(await find(bot)).toEqual({ kind: 'there', receipt });
    await slack.assertClean();
  });

  it('finds a post among many', async () => {
    await using bot = await startBot();
    const receipt = await bot.adapter.sender.send(digest, 'digest');
    for (let count = 0; count < 450; count += 1) {
      bot.slack.state.addMessage({ channel: 'C0FARM', user: 'U0ALICE', byBot: false, text: 'x', origin: 'person' });
    }
    expect(await find(bot)).toEqual({ kind: 'there', receipt });
    expect(bot.slack.log.requests('conversations.history')).toHaveLength(3);
    await bot.slack.assertClean();
  });

  it('edits of one message that wait become one; what a channel is posted stands one second apart', async () => {
    await using bot = await startBot({ pace: { postGapMs: 200 } });
    const { slack, adapter } = bot;
    const receipt = await adapter.sender.send(digest, 'digest');
    const posts = ['page' as const, 'digest' as const].map((priority) =>
      adapter.sender.send({ ...digest, key: `${priority}-2` }, priority),
    );
    const edits = [1, 2, 3, 4].map((usd) =>
      adapter.sender.edit(receipt, { ...digest, reply: plainReply(`${usd} USD`) }),
    );
    await Promise.all([...posts, ...edits]);
    expect(slack.messages('farm')[0]?.text).toBe('4 USD');
    expect(slack.log.requests('chat.update').length).toBeLessThan(4);
    const atMs = slack.log.requests('chat.postMessage').map((request) => request.atMs);
    for (const [index, ms] of atMs.slice(1).entries()) expect(ms - (atMs[index] ?? 0)).toBeGreaterThanOrEqual(190);
    await slack.assertClean();
  });

  it('the budget of edits in a workspace is kept, posts go on', async () => {
    await using bot = await startBot({ emulator: { limits: { updatesPerMinute: 48, postBurst: 100 } } });
    const { slack, adapter } = bot;
    const receipts = await Promise.all(
      Array.from({ length: 52 }, (_, index) => adapter.sender.send({ ...digest, key: `post-${index}` }, 'digest')),
    );
    const edits = receipts.map((receipt) => adapter.sender.edit(receipt, digest).catch(() => null));
    await slack.until(() => slack.log.requests('chat.update').length === 48);
    await adapter.sender.send({ ...digest, key: 'page-1' }, 'page');
    expect(slack.log.requests('chat.update')).toHaveLength(48);
    await slack.assertClean();
    await adapter.stop();
    await Promise.all(edits);
  });

  it('waits as long as Slack asks, in that channel only', async () => {
    await using bot = await startBot();
    const { slack, adapter } = bot;
    slack.fault({ kind: '429', retryAfterSeconds: 1, method: 'chat.postMessage', times: 1 });
    await adapter.sender.send(digest, 'digest');
    expect(slack.log.requests('chat.postMessage').map(({ status }) => status)).toEqual([429, 200]);
    await slack.assertClean();
  });

  it('files stand in the thread of the post', async () => {
    await using bot = await startBot();
    const files = [{ name: 'a.csv', mediaType: 'text/csv' as const, text: 'a\n1\n', description: 'all' }];
    const receipt = await bot.adapter.sender.send({ ...digest, reply: { ...digest.reply, files } }, 'digest');
    const shared = await bot.slack.expectMessage('farm', ({ fileIds }) => fileIds.length === 1);
    expect(shared.threadTs).toBe(receipt.message);
    await bot.slack.assertClean();
  });

  it('says what may be a repeat', async () => {
    await using bot = await startBot();
    await bot.adapter.sender.send({ ...digest, possibleRepeat: true }, 'page');
    expect(bot.slack.messages('farm').map(textOf)[0]).toContain('may be a repeat');
    await bot.slack.assertClean();
  });
});

describe('what cannot be posted', () => {
  it.each([
    ['is archived', 'is_archived', { id: 'C0OLD', name: 'old', isArchived: true }],
    [
      'is private and without it',
      'channel_not_found',
      { id: 'C0OLD', name: 'old', kind: 'private', botIsMember: false },
    ],
  ] as const)('a channel that %s is refused, and the admins are told once', async (_why, code, channel) => {
    await using bot = await startBot({ emulator: { channels: [channel] } });
    const { slack, adapter, host } = bot;
    for (const key of ['one', 'two']) {
      expect((await failureOf(adapter.sender.send({ ...digest, key, channel: 'C0OLD' }, 'digest'))).kind).toBe(
        'refused',
      );
    }
    expect(host.notices).toMatchObject([{ platform: 'slack', key: `${code} slack C0OLD` }]);
    slack.takeViolations('refused chat.postMessage');
    await slack.assertClean();
  });

  it.each([
    ['5xx', 'unknown'],
    ['reset', 'unknown'],
    ['apply then reset', 'unknown'],
    ['invalid_auth', 'not sent'],
  ] as const)('%s is %s', async (kind, expected) => {
    await using bot = await startBot();
    bot.slack.fault({ kind, method: 'chat.postMessage' });
    const failure = await failureOf(bot.adapter.sender.send(digest, 'digest'));
    expect(failure.kind).toBe(expected);
    expect(bot.host.notices).toEqual([]);
    expect((await find(bot)).kind).toBe(kind === 'apply then reset' ? 'there' : 'not there');
    await bot.slack.assertClean();
  });

  it.each([
    ['fatal_error', 'unknown'],
    ['ratelimited', 'not sent'],
    ['<html>Bad gateway</html>', 'unknown'],
    ['missing_scope', 'refused'],
    ['restricted_action', 'refused'],
  ] as const)('an answer of Slack %s is %s', async (error, expected) => {
    await using bot = await startBot();
    bot.slack.fault({ kind: 'refusal', error, method: 'chat.postMessage' });
    const sent = failureOf(bot.adapter.sender.send(digest, 'digest'));
    if (error === 'ratelimited') {
      await bot.slack.until(() => bot.slack.log.requests('chat.postMessage').length > 0);
      await bot.adapter.stop();
    }
    expect((await sent).kind).toBe(expected);
    expect(bot.host.notices).toHaveLength(expected === 'refused' ? 1 : 0);
    await bot.slack.assertClean();
  });

  it('nothing is sent for certain where Slack cannot be reached', async () => {
    const { adapter, slack } = await prepareBot();
    await slack[Symbol.asyncDispose]();
    expect((await failureOf(adapter.sender.send(digest, 'digest'))).kind).toBe('not sent');
    await adapter.stop();
  });

  it('a message that was deleted cannot be edited', async () => {
    await using bot = await startBot();
    const { slack, adapter } = bot;
    const receipt = await adapter.sender.send(digest, 'digest');
    const [message] = slack.messages('farm');
    if (message !== undefined) slack.state.deleteMessage(message);
    expect((await failureOf(adapter.sender.edit(receipt, digest))).kind).toBe('refused');
    slack.takeViolations('refused chat.update');
    await slack.assertClean();
  });

  it.each([
    ['without the scope', { scopes: ['chat:write', 'commands', 'users:read'] }],
    ['where it is no member', { channels: [{ id: 'C0FARM', name: 'farm', botIsMember: false }] }],
  ])('it cannot look %s', async (_why, emulator) => {
    await using bot = await startBot({ emulator });
    expect((await find(bot)).kind).toBe('cannot look');
    bot.slack.takeViolations('refused conversations.history');
    await bot.slack.assertClean();
  });
});

describe('telling the admins', () => {
  const notice = { ...digest, key: 'notice', channel: 'admins' };

  it.each([
    ['the configured channel', { adminChannel: 'C0ALERTS' }, 'C0ALERTS'],
    ['the first configured admin', { admins: ['S0OPS', 'U0ALICE'] }, 'U0ALICE'],
    ["the workspace's owner", {}, 'U0OWNER'],
  ])('goes to %s', async (_where, settings, expected) => {
    await using bot = await startBot({ settings });
    const { slack, adapter } = bot;
    for (const key of ['one', 'two']) await adapter.sender.send({ ...notice, key }, 'page');
    const channel = expected.startsWith('U') ? slack.state.openDirectMessage(expected).id : expected;
    expect(slack.messages(channel)).toHaveLength(2);
    expect(slack.log.requests('users.list').length).toBe(expected === 'U0OWNER' ? 1 : 0);
    await slack.assertClean();
  });

  it('is not sent for certain where it is not known who they are', async () => {
    await using bot = await startBot();
    bot.slack.fault({ kind: '5xx', method: 'users.list' });
    expect((await failureOf(bot.adapter.sender.send(notice, 'page'))).kind).toBe('not sent');
    await bot.slack.assertClean();
  });
});
