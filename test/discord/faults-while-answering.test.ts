import { expect, test } from 'vitest';
import { sampleCommands } from '../chat/sample-commands.ts';
import { FakeChatHost, plainReply } from '../support/chat-host.ts';
import { startBot } from './discord-bot.ts';

const callback = /\/callback$/;
const original = /@original$|%40original$/;
const slash = { command: 'fleet', subcommand: 'rigs' } as const;

const privately = () =>
  new FakeChatHost(sampleCommands.map((command) => ({ ...command, visibility: 'asker' as const })));

test.each(['500', '502', 'reset', 'apply then reset', 'hang'] as const)(
  'an acknowledgement that meets %s is tried again in time',
  async (kind) => {
    await using bot = await startBot({ pace: kind === 'hang' ? { acknowledgeLimitMs: 300 } : {} });
    using fault = bot.discord.faults.rest({ kind, route: callback });
    const asked = bot.ada.slash(bot.channel, slash);
    expect((await asked.answer()).content).toContain('You asked');
    expect(fault.hits).toBe(1);
    expect(bot.host.invocations).toHaveLength(1);
    bot.discord.assertClean();
  },
);

test.each(['500', '429 route', '429 global', 'reset', 'apply then reset', 'hang'] as const)(
  'an answer that meets %s again and again is given in the end',
  async (kind) => {
    await using bot = await startBot({ pace: kind === 'hang' ? { requestLimitMs: 100 } : {} });
    // The least that a 429 can ask for is a second.
    const times = kind.startsWith('429') ? 2 : 6;
    using fault = bot.discord.faults.rest({ kind, route: original, times, retryAfterSeconds: 0.02 });
    expect((await bot.ada.slash(bot.channel, slash).answer()).content).toContain('You asked');
    await bot.discord.until('every fault was met', () => fault.hits === times);
    bot.discord.assertClean();
  },
);

test('an interaction that is delivered twice is acknowledged and answered once', async () => {
  await using bot = await startBot();
  bot.discord.faults.repeatNextInteraction();
  await bot.ada.slash(bot.channel, slash).answer();
  await bot.ada.slash(bot.channel, slash).answer();
  expect(bot.host.invocations).toHaveLength(2);
  expect(bot.discord.log.requests.filter(({ path }) => callback.test(path))).toHaveLength(2);
  bot.discord.assertClean();
});

test('of two sessions that get each interaction one answers, and the other says nothing', async () => {
  await using bot = await startBot();
  const { discord } = bot;
  const { createDiscordAdapter } = await import('../../adapters/discord/discord.ts');
  const { FakeImage, quickPace } = await import('./discord-bot.ts');
  const host = new FakeChatHost();
  const second = createDiscordAdapter({
    ...{ host, image: new FakeImage(), log: bot.log, token: discord.token, apiUrl: discord.apiUrl, pace: quickPace },
    settings: { admins: [], operators: [], adminChannel: null },
    clock: { now: Date.now },
    demo: false,
  });
  await second.start();
  await discord.until('the second session', () => second.connected());
  for (let count = 0; count < 4; count += 1) await bot.ada.slash(bot.channel, slash).answer();
  expect(host.invocations.length + bot.host.invocations.length).toBe(4);
  await second.stop();
  // Whoever is second is told 40060: that is how replicas learn it.
  expect(discord.violations().filter(({ detail }) => !detail.includes('40060'))).toEqual([]);
});

test('an unknown interaction (10062) is answered in the channel, and says for whom', async () => {
  await using bot = await startBot();
  const eve = bot.discord.addMember(bot.guild, { name: '*eve*' });
  bot.discord.faults.unknownInteractions();
  eve.slash(bot.channel, slash);
  const message = await bot.discord.expectMessage(bot.channel, /You asked/);
  expect(message.content).toContain('For \\*eve\\*:');
  expect(message.mentions).toEqual([]);
  bot.discord.assertClean();
});

test('an unknown interaction whose answer is private is not answered in public', async () => {
  await using bot = await startBot({ host: privately() });
  bot.discord.faults.unknownInteractions();
  bot.ada.slash(bot.channel, slash);
  await bot.discord.until('it is logged', () => bot.log.lines.some((line) => line.includes('acknowledged too late')));
  expect((await bot.ada.slash(bot.channel, slash).answer()).ephemeral).toBe(true);
  expect(bot.discord.messages(bot.channel)).toEqual([]);
  bot.discord.assertClean();
});

test.each([
  { whose: 'an answer', host: () => new FakeChatHost(), inChannel: 1 },
  { whose: 'a private answer', host: privately, inChannel: 0 },
])('$whose after 15 minutes: $inChannel in the channel', async ({ host, inChannel }) => {
  let nowMs = Date.now();
  await using bot = await startBot({ host: host(), emulator: { now: () => nowMs } });
  const held = Promise.withResolvers<void>();
  bot.host.answerWith(async () => {
    await held.promise;
    return plainReply('At last.');
  });
  const asked = bot.ada.slash(bot.channel, slash);
  await asked.acknowledged();
  await bot.discord.until('it is asked', () => bot.host.invocations.length === 1);
  nowMs += 16 * 60_000;
  held.resolve();
  const said = /came too late|into the channel/;
  await bot.discord.until('it is noticed', () => bot.log.lines.some((line) => said.test(line)));
  if (inChannel === 1) await bot.discord.expectMessage(bot.channel, /At last/);
  expect(bot.discord.messages(bot.channel).filter(({ content }) => content.includes('At last'))).toHaveLength(
    inChannel,
  );
  // What is refused for being late is no carelessness: nobody knows before.
  expect(bot.discord.violations().filter(({ detail }) => !/50027|10015/.test(detail))).toEqual([]);
});

test('an answer for a channel where the bot may not write any more: the admins are told', async () => {
  await using bot = await startBot();
  bot.discord.denyPermission(bot.channel, 'SEND_MESSAGES');
  bot.discord.faults.unknownInteractions();
  bot.ada.slash(bot.channel, slash);
  await bot.discord.until('the admins are told', () => bot.host.notices.length === 1);
  expect(bot.host.notices[0]?.key).toBe(`missing permission discord ${bot.channel.id}`);
  bot.discord.assertClean();
});

test('a message, or its channel, that is deleted while it is answered is let go of', async () => {
  await using bot = await startBot();
  const next = { ...plainReply('Page 1'), next: [{ label: 'Next', command: 'rigs page:2', replaces: true as const }] };
  bot.host.answerWith(() => next);
  const message = await bot.ada.slash(bot.channel, slash).answer();
  bot.host.answerWith(() => {
    bot.discord.deleteMessage(message);
    return plainReply('Page 2');
  });
  bot.ada.click(message, 'Next');
  await bot.discord.until('it is noticed', () => bot.log.lines.some((line) => line.includes('deleted meanwhile')));
  bot.host.answerWith(() => {
    bot.discord.deleteChannel(bot.channel);
    return plainReply('Gone.');
  });
  bot.ada.slash(bot.channel, slash);
  const noticed = () => bot.log.lines.filter((line) => line.includes('deleted meanwhile')).length === 2;
  await bot.discord.until('the channel too', noticed);
  const other = bot.discord.addChannel(bot.guild, 'other');
  bot.host.answerWith(() => plainReply('Still here.'));
  await bot.ada.slash(other, slash).answer();
  bot.discord.assertClean();
});

test('a late answer as long as a message may be is cut where that shows, not in the middle of a figure', async () => {
  await using bot = await startBot();
  bot.discord.faults.unknownInteractions();
  bot.host.answerWith(() => plainReply(`${'word '.repeat(396)}12345678901234`));
  bot.ada.slash(bot.channel, slash);
  const { content } = await bot.discord.expectMessage(bot.channel, /For ada/);
  expect(content.length).toBeLessThanOrEqual(2_000);
  expect(content).toMatch(/(?:14|…)\*\*$/);
  bot.discord.assertClean();
});

test.each([
  { what: 'the acknowledgement', route: callback },
  { what: 'the answer', route: original },
])('one 401 to $what of a private question passes', async ({ route }) => {
  await using bot = await startBot({ host: privately() });
  using fault = bot.discord.faults.rest({ kind: '401', route });
  const answer = await bot.ada.slash(bot.channel, slash).answer();
  expect(answer).toMatchObject({ ephemeral: true, content: expect.stringContaining('You asked') });
  expect([fault.hits, bot.adapter.connected()]).toEqual([1, true]);
  bot.discord.assertClean();
});
