import { expect, test } from 'vitest';
import { lineOfMessage } from '../../adapters/discord/mentions.ts';
import { sampleCommands } from '../chat/sample-commands.ts';
import { FakeChatHost } from '../support/chat-host.ts';
import { startBot } from './discord-bot.ts';

test.each([
  { content: '<@77> profit site:quebec', guildId: '1', line: 'profit site:quebec' },
  { content: '  <@!77>   profit', guildId: '1', line: 'profit' },
  { content: '<@77>', guildId: '1', line: '' },
  { content: '<@77> rig\na1', guildId: '1', line: 'rig\na1' },
  { content: 'as <@77> said', guildId: '1', line: null },
  { content: '<@78> profit', guildId: '1', line: null },
  { content: '', guildId: '1', line: null },
  { content: 'profit', guildId: null, line: 'profit' },
  { content: '<@77> profit', guildId: null, line: 'profit' },
])('"$content" in $guildId asks $line', ({ content, guildId, line }) => {
  expect(lineOfMessage({ content, guildId }, '77')).toBe(line);
});

test('a mention is answered as a reply, in channels and threads; nobody is mentioned', async () => {
  await using bot = await startBot();
  const { discord, ada, channel, host } = bot;
  const thread = discord.addThread(channel, 'night shift');
  for (const place of [channel, thread]) {
    const asked = ada.say(place, `<@${discord.applicationId}> rigs sort:temp`);
    const answer = await discord.expectMessage(place, /You asked/);
    expect(answer).toMatchObject({ message_reference: { message_id: asked.id }, mentions: [] });
  }
  expect(host.invocations).toMatchObject([
    { text: 'rigs sort:temp', channel: channel.id, user: { id: ada.id, administers: false }, locale: '' },
    { text: 'rigs sort:temp', channel: thread.id },
  ]);
  discord.assertClean();
});

test('who manages the server is in charge in messages too', async () => {
  await using bot = await startBot({
    prepare: (discord, guild) => {
      discord.addRole(guild, 'managers', ['MANAGE_GUILD']);
    },
  });
  const { discord, guild, channel, host } = bot;
  const role = [...guild.roles.values()].filter(({ name }) => name === 'managers');
  const cleo = discord.addMember(guild, { name: 'cleo', roles: role });
  for (const user of [cleo, discord.owner]) user.say(channel, `<@${discord.applicationId}> rigs`);
  await discord.until('both', () => host.invocations.length === 2);
  expect(host.invocations.map(({ user }) => user.administers)).toEqual([true, true]);
  await discord.until('both answers', () => discord.messages(channel).length === 4);
  discord.assertClean();
});

test('direct messages need no mention; the owner of the application is in charge there', async () => {
  await using bot = await startBot();
  const { discord, ada, host } = bot;
  ada.say(ada.directChannel(), 'rigs');
  await discord.expectMessage(ada.directChannel(), /You asked/);
  discord.owner.say(discord.owner.directChannel(), 'rigs');
  await discord.expectMessage(discord.owner.directChannel(), /You asked/);
  expect(host.invocations.map(({ user }) => user.administers)).toEqual([false, true]);
  expect(host.invocations[0]?.user.groups).toEqual([]);
  discord.assertClean();
});

test('what is for the asker alone is not said where others read', async () => {
  const commands = sampleCommands.map((command) => ({ ...command, visibility: 'asker' as const }));
  await using bot = await startBot({ host: new FakeChatHost(commands) });
  bot.ada.say(bot.channel, `<@${bot.discord.applicationId}> rigs`);
  const said = await bot.discord.expectMessage(bot.channel, /for you alone/);
  expect(bot.host.invocations).toEqual([]);
  const eve = bot.discord.addMember(bot.guild, { name: 'eve' });
  const shown = await eve.click(said, 'Ask').answer();
  expect(shown).toMatchObject({ ephemeral: true, content: expect.stringContaining('You asked: rigs') });
  expect(bot.host.invocations).toMatchObject([{ text: 'rigs', user: { id: eve.id } }]);
  bot.ada.say(bot.ada.directChannel(), 'rigs');
  await bot.discord.expectMessage(bot.ada.directChannel(), /You asked/);
  bot.discord.assertClean();
});

test.each(['profitt', 'rigs "unclosed', 'rigs colour:red', 'rig'])(
  'the mistake "%s" was seen by all, and so is what to type instead',
  async (line) => {
    await using bot = await startBot();
    bot.ada.say(bot.channel, `<@${bot.discord.applicationId}> ${line}`);
    await bot.discord.expectMessage(bot.channel, /You asked/);
    expect(bot.host.invocations.map(({ text }) => text)).toEqual([line]);
    bot.discord.assertClean();
  },
);

test('other talk and other bots are left alone', async () => {
  await using bot = await startBot();
  bot.ada.say(bot.channel, 'rigs');
  bot.ada.say(bot.channel, `ask <@${bot.discord.applicationId}> about it`);
  bot.ada.say(bot.channel, `<@${bot.discord.applicationId}> rigs`);
  await bot.discord.expectMessage(bot.channel, /You asked/);
  expect(bot.host.invocations).toHaveLength(1);
  bot.discord.assertClean();
});

test.each(['502', 'reset', 'apply then reset', '429 route'] as const)(
  'a mention is answered once in spite of %s',
  async (kind) => {
    await using bot = await startBot();
    const retryAfterSeconds = 0.05;
    using fault = bot.discord.faults.rest({
      kind,
      method: 'POST',
      route: '/channels/:channel/messages',
      retryAfterSeconds,
    });
    bot.ada.say(bot.channel, `<@${bot.discord.applicationId}> rigs`);
    await bot.discord.expectMessage(bot.channel, /You asked/);
    await bot.discord.until('the fault was met', () => fault.hits === 1);
    // Whatever is tried again, it is the same message.
    bot.ada.say(bot.channel, `<@${bot.discord.applicationId}> rigs page:2`);
    await bot.discord.expectMessage(bot.channel, /page/);
    expect(bot.discord.messages(bot.channel).filter(({ content }) => content.includes('You asked'))).toHaveLength(2);
    bot.discord.assertClean();
  },
);

test('a mention where the bot may not write: the admins are told once', async () => {
  await using bot = await startBot();
  bot.discord.denyPermission(bot.channel, 'SEND_MESSAGES');
  bot.ada.say(bot.channel, `<@${bot.discord.applicationId}> rigs`);
  bot.ada.say(bot.channel, `<@${bot.discord.applicationId}> rigs`);
  await bot.discord.until(
    'both were asked',
    () => bot.log.lines.filter((line) => line.includes('mention not answered')).length === 2,
  );
  expect(bot.host.notices).toMatchObject([
    { platform: 'discord', key: `missing permission discord ${bot.channel.id}` },
  ]);
  bot.discord.assertClean();
});
