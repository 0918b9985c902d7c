import { expect, test } from 'vitest';
import { nonceOf } from '../../adapters/discord/channel-messages.ts';
import type { Post } from '../../src/ports/chat.ts';
import { plainReply } from '../support/chat-host.ts';
import { type DiscordBot, prepareBot, startBot } from './discord-bot.ts';

const posting = '/channels/:channel/messages';

const postIn = (channel: string, key: string, headline = `The digest ${key}.`): Post => ({
  ...{ key, channel, locale: 'en-US', possibleRepeat: false },
  reply: { ...plainReply(headline), next: [{ label: 'Why', command: 'rig name:a1' }] },
});

const texts = ({ discord, channel }: DiscordBot) => discord.messages(channel).map(({ content }) => content);

test('a post carries its key, is found by it, and is edited', async () => {
  await using bot = await startBot();
  const { sender } = bot.adapter;
  const sinceMs = Date.now();
  const receipt = await sender.send(postIn(bot.channel.id, 'digest-2026-11-22'), 'digest');
  await sender.send(postIn(bot.channel.id, 'digest-2026-11-23'), 'digest');
  const find = (key: string) => sender.find({ key, channel: bot.channel.id, sinceMs });
  expect(await find('digest-2026-11-22')).toEqual({ kind: 'there', receipt });
  expect(await find('digest-2026-11-24')).toEqual({ kind: 'not there' });
  await sender.edit(receipt, postIn(bot.channel.id, 'digest-2026-11-22', 'Put right.'));
  expect(texts(bot)).toEqual([expect.stringContaining('Put right'), expect.stringContaining('2026-11-23')]);
  expect(await find('digest-2026-11-22')).toEqual({ kind: 'there', receipt });
  bot.discord.assertClean();
});

test('a nonce is short, and its own for each key', () => {
  expect(nonceOf('a').length).toBeLessThanOrEqual(25);
  expect(nonceOf('incident-1-a-key-of-forty-characters-xyz')).not.toBe(
    nonceOf('incident-2-a-key-of-forty-characters-xyz'),
  );
});

test('a post whose answer was lost is unknown, is found, and sent again is the same message', async () => {
  await using bot = await startBot();
  const { sender } = bot.adapter;
  const post = postIn(bot.channel.id, 'page-1');
  using lost = bot.discord.faults.rest({ kind: 'apply then reset', method: 'POST', route: posting });
  await expect(sender.send(post, 'page')).rejects.toMatchObject({ name: 'SendFailure', kind: 'unknown' });
  expect(lost.hits).toBe(1);
  const found = await sender.find({ key: 'page-1', channel: bot.channel.id, sinceMs: Date.now() });
  const again = await sender.send(post, 'page');
  expect(found).toEqual({ kind: 'there', receipt: again });
  expect(bot.discord.messages(bot.channel)).toHaveLength(1);
  bot.discord.assertClean();
});

test.each([
  { fault: '500', kind: 'unknown' },
  { fault: '502', kind: 'unknown' },
  { fault: 'reset', kind: 'unknown' },
  { fault: 'hang', kind: 'unknown' },
] as const)(
  '$fault while posting is $kind, and not tried again behind the back of who posts',
  async ({ fault, kind }) => {
    await using bot = await startBot({ pace: { requestLimitMs: 400 } });
    using planned = bot.discord.faults.rest({ kind: fault, method: 'POST', route: posting, times: 9 });
    await expect(bot.adapter.sender.send(postIn(bot.channel.id, 'page-1'), 'page')).rejects.toMatchObject({ kind });
    expect(planned.hits).toBe(1);
    bot.discord.assertClean();
  },
);

test('where there is no connection, a post was not sent', async () => {
  const bot = await startBot();
  await bot.discord[Symbol.asyncDispose]();
  await expect(bot.adapter.sender.send(postIn(bot.channel.id, 'page-1'), 'page')).rejects.toMatchObject({
    kind: 'not sent',
  });
  await bot.adapter.stop();
});

test.each(['429 route', '429 global'] as const)('%s is waited for; nothing is posted before', async (kind) => {
  await using bot = await startBot();
  using limit = bot.discord.faults.rest({ kind, method: 'POST', route: posting });
  const startedMs = performance.now();
  await bot.adapter.sender.send(postIn(bot.channel.id, 'page-1'), 'page');
  expect(performance.now() - startedMs).toBeGreaterThan(900);
  expect(limit.hits).toBe(1);
  bot.discord.assertClean();
});

test('a channel never gets more than Discord takes, and a page overtakes what waits', async () => {
  await using bot = await startBot({
    emulator: { rateLimits: { routes: { [`POST ${posting}`]: { limit: 2, windowMs: 300 } } } },
  });
  const { sender } = bot.adapter;
  const digests = [1, 2, 3, 4].map((n) => sender.send(postIn(bot.channel.id, `digest-${n}`), 'digest'));
  await bot.discord.until('the first', () => bot.discord.messages(bot.channel).length > 0);
  await Promise.all([...digests, sender.send(postIn(bot.channel.id, 'page-1'), 'page')]);
  const order = texts(bot).map((text) => /(page|digest)\W*(\d)/.exec(text)?.[0].replace(/\W+/g, ' '));
  expect(order).toHaveLength(5);
  expect(order.indexOf('page 1')).toBeLessThan(4);
  // Not one request was refused for being too many.
  bot.discord.assertClean();
});

test.each([
  {
    what: 'no permission',
    spoil: (bot: DiscordBot) => bot.discord.denyPermission(bot.channel, 'SEND_MESSAGES'),
    key: 'missing permission',
  },
  {
    what: 'no access',
    spoil: (bot: DiscordBot) => bot.discord.denyPermission(bot.channel, 'VIEW_CHANNEL'),
    key: 'missing permission',
  },
  {
    what: 'no such channel',
    spoil: (bot: DiscordBot) => bot.discord.deleteChannel(bot.channel),
    key: 'unknown channel',
  },
])('$what: refused, and the admins are told once', async ({ spoil, key }) => {
  await using bot = await startBot();
  spoil(bot);
  for (const n of [1, 2]) {
    const post = postIn(bot.channel.id, `page-${n}`);
    await expect(bot.adapter.sender.send(post, 'page')).rejects.toMatchObject({ kind: 'refused' });
  }
  expect(bot.host.notices).toMatchObject([{ platform: 'discord', key: `${key} discord ${bot.channel.id}` }]);
  bot.discord.assertClean();
});

test('a message that was deleted cannot be edited: refused', async () => {
  await using bot = await startBot();
  const post = postIn(bot.channel.id, 'card-1');
  const receipt = await bot.adapter.sender.send(post, 'page');
  bot.discord.deleteMessage({ id: receipt.message, channel_id: receipt.channel });
  await expect(bot.adapter.sender.edit(receipt, post)).rejects.toMatchObject({ kind: 'refused' });
  expect(bot.host.notices).toEqual([]);
  bot.discord.assertClean();
});

test('history that may not be read is no proof that nothing stands there', async () => {
  await using bot = await startBot();
  const { sender } = bot.adapter;
  await sender.send(postIn(bot.channel.id, 'page-1'), 'page');
  bot.discord.denyPermission(bot.channel, 'READ_MESSAGE_HISTORY');
  const sought = { key: 'page-1', channel: bot.channel.id, sinceMs: Date.now() };
  expect(await sender.find(sought)).toMatchObject({ kind: 'cannot look' });
  bot.discord.allowPermission(bot.channel, 'READ_MESSAGE_HISTORY');
  const empty = bot.discord.addChannel(bot.guild, 'empty');
  expect(await sender.find({ ...sought, channel: empty.id })).toEqual({ kind: 'not there' });
  bot.discord.assertClean();
});

test('before there is a session, an empty channel is none that was read', async () => {
  await using bot = await prepareBot();
  const { sender } = bot.adapter;
  const sought = { key: 'page-1', channel: bot.channel.id, sinceMs: Date.now() };
  expect(await sender.find(sought)).toMatchObject({ kind: 'cannot look' });
  bot.ada.say(bot.channel, 'something');
  expect(await sender.find(sought)).toEqual({ kind: 'not there' });
  bot.discord.assertClean();
});

test('a post is found behind hundreds of others; behind more than a thousand nobody looks', async () => {
  await using bot = await startBot({ emulator: { rateLimits: { routes: {} } } });
  const { sender } = bot.adapter;
  const sinceMs = Date.now();
  const find = (key: string) => sender.find({ key, channel: bot.channel.id, sinceMs });
  for (let n = 0; n < 250; n += 1) bot.ada.say(bot.channel, `talk ${n}`);
  const receipt = await sender.send(postIn(bot.channel.id, 'page-1'), 'page');
  expect(await find('page-1')).toEqual({ kind: 'there', receipt });
  for (let n = 0; n < 800; n += 1) bot.ada.say(bot.channel, `talk ${n}`);
  expect(await find('page-2')).toMatchObject({ kind: 'cannot look' });
  bot.discord.assertClean();
});

test("without a channel the admins are told in the owner's direct messages", async () => {
  await using bot = await startBot();
  const { owner } = bot.discord;
  const receipt = await bot.adapter.sender.send(postIn('admins', 'notice-1'), 'page');
  await bot.discord.expectMessage(owner.directChannel(), /notice-1/);
  expect(receipt.channel).toBe(owner.directChannel().id);
  const sought = { key: 'notice-1', channel: 'admins', sinceMs: Date.now() };
  expect(await bot.adapter.sender.find(sought)).toEqual({ kind: 'there', receipt });
  owner.closeDirectMessages();
  await expect(bot.adapter.sender.send(postIn('admins', 'notice-2'), 'page')).rejects.toMatchObject({
    kind: 'refused',
  });
  bot.discord.assertClean();
});

test('the admins are told in their channel where there is one', async () => {
  let adminChannel = '';
  const prepare: NonNullable<Parameters<typeof startBot>[0]>['prepare'] = (discord, guild) => {
    adminChannel = discord.addChannel(guild, 'admins').id;
  };
  const settings = {
    get adminChannel() {
      return adminChannel;
    },
  };
  await using bot = await startBot({ prepare, settings });
  const receipt = await bot.adapter.sender.send(postIn('admins', 'notice-1'), 'page');
  expect(receipt.channel).toBe(adminChannel);
  bot.discord.assertClean();
});

test('edits of one message that wait become one', async () => {
  await using bot = await startBot();
  const { sender } = bot.adapter;
  const receipt = await sender.send(postIn(bot.channel.id, 'card-1'), 'page');
  const edits = [1, 2, 3, 4, 5].map((n) => sender.edit(receipt, postIn(bot.channel.id, 'card-1', `State ${n}.`)));
  await Promise.all(edits);
  expect(texts(bot)[0]).toContain('State 5');
  const patches = bot.discord.log.requests.filter(({ method, status }) => method === 'PATCH' && status === 200);
  expect(patches.length).toBeLessThan(5);
  bot.discord.assertClean();
});

test('a direct channel without a single message is looked through all the same', async () => {
  await using bot = await startBot();
  const sought = { key: 'notice-1', channel: 'admins', sinceMs: Date.now() };
  expect(await bot.adapter.sender.find(sought)).toEqual({ kind: 'not there' });
  bot.discord.assertClean();
});
