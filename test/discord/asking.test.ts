import { expect, test } from 'vitest';
import type { ChartBlock } from '../../src/chat/reply.ts';
import { sampleCommands } from '../chat/sample-commands.ts';
import { FakeChatHost, plainReply } from '../support/chat-host.ts';
import { startBot } from './discord-bot.ts';

const chart: ChartBlock = {
  kind: 'chart',
  title: 'Net per day',
  alt: 'Mining brings 2 USD a day, renting 3 USD.',
  form: 'bars',
  unit: 'USD per day',
  along: { kind: 'names', names: ['mine', 'rent'] },
  series: [{ name: 'net', values: [2, 3] }],
};

test('a slash command is answered in the channel, as somebody would have typed it', async () => {
  await using bot = await startBot();
  const { discord, host, ada, channel, guild } = bot;
  const asked = ada.slash(channel, { command: 'fleet', subcommand: 'rig', options: { name: 'a 1' } });
  const answer = await asked.answer();
  expect(asked.deferred).toEqual({ ephemeral: false });
  expect(answer.ephemeral).toBe(false);
  const user = { id: ada.id, name: 'ada', groups: [guild.id], administers: false };
  const { id } = asked;
  expect(host.invocations).toEqual([
    { platform: 'discord', text: 'rig name:"a 1"', channel: channel.id, locale: 'en-US', user, id },
  ]);
  discord.assertClean();
});

test('options are typed: numbers, booleans and choices arrive as they would be typed', async () => {
  await using bot = await startBot();
  const options = { sort: 'temp', page: 2, wide: true };
  await bot.ada.slash(bot.channel, { command: 'fleet', subcommand: 'rigs', options }).answer();
  expect(bot.host.invocations[0]?.text).toBe('rigs sort:temp page:2 wide:true');
  bot.discord.assertClean();
});

test('an answer for the asker alone is ephemeral', async () => {
  const commands = sampleCommands.map((command) => ({ ...command, visibility: 'asker' as const }));
  await using bot = await startBot({ host: new FakeChatHost(commands) });
  const asked = bot.ada.slash(bot.channel, { command: 'fleet', subcommand: 'restart' });
  expect((await asked.answer()).ephemeral).toBe(true);
  expect(asked.deferred).toEqual({ ephemeral: true });
  bot.discord.assertClean();
});

test('the standing of who asks: roles by id; in charge is the owner and whoever manages the server', async () => {
  await using bot = await startBot({
    prepare: (discord, guild) => {
      discord.addRole(guild, 'operators');
    },
  });
  const { discord, guild, channel, host } = bot;
  const role = [...guild.roles.values()].find(({ name }) => name === 'operators');
  const operator = discord.addMember(guild, { name: 'bob', roles: role === undefined ? [] : [role] });
  const manager = discord.addMember(guild, { name: 'cleo', permissions: ['MANAGE_GUILD'] });
  for (const user of [operator, manager, discord.owner]) {
    await user.slash(channel, { command: 'fleet', subcommand: 'restart' }).answer();
  }
  expect(host.invocations.map(({ user }) => user.administers)).toEqual([false, true, true]);
  expect(host.invocations[0]?.user.groups).toContain(role?.id);
  discord.assertClean();
});

test('the asker reads his own language', async () => {
  await using bot = await startBot();
  const jean = bot.discord.addMember(bot.guild, { name: 'jean', locale: 'fr' });
  await jean.slash(bot.channel, { command: 'fleet', subcommand: 'rigs' }).answer();
  expect(bot.host.invocations[0]?.locale).toBe('fr');
  bot.discord.assertClean();
});

test('a chart is drawn dark and attached; a file comes along', async () => {
  await using bot = await startBot();
  const text = 'rig,watts\na1,1800\n';
  const file = { name: 'rigs.csv', mediaType: 'text/csv', text, description: 'all rigs' } as const;
  bot.host.answerWith(() => ({ ...plainReply('Rent it.'), blocks: [chart], files: [file] }));
  const answer = await bot.ada.slash(bot.channel, { command: 'fleet', subcommand: 'rigs' }).answer();
  const pictures = answer.embeds.flatMap(({ image }) => image?.url ?? []);
  expect(pictures.map((url) => bot.discord.attachment(url).subarray(1, 4).toString())).toEqual(['PNG']);
  // A picture that an embed shows is no attachment of its own any more.
  expect(answer.attachments).toMatchObject([{ filename: 'rigs.csv', description: 'all rigs' }]);
  expect(bot.discord.attachment(answer.attachments[0]?.url ?? '').toString()).toBe(text);
  expect(bot.image.asked).toMatchObject([{ chart, theme: 'dark', locale: 'en-US', timeZone: 'UTC' }]);
  bot.discord.assertClean();
});

test('where no picture can be drawn, its words stand there', async () => {
  await using bot = await startBot();
  bot.image.fails = true;
  bot.host.answerWith(() => ({ ...plainReply('Rent it.'), blocks: [chart] }));
  const answer = await bot.ada.slash(bot.channel, { command: 'fleet', subcommand: 'rigs' }).answer();
  expect(answer.attachments).toEqual([]);
  expect(JSON.stringify(answer.embeds)).toContain('renting 3 USD');
  bot.discord.assertClean();
});

test('a file beyond what Discord takes is left out, and the answer says so', async () => {
  await using bot = await startBot();
  const file = { name: 'rigs.csv', mediaType: 'text/csv', text: 'x'.repeat(11_000_000), description: 'all' } as const;
  bot.host.answerWith(() => ({ ...plainReply('Here.'), files: [file] }));
  const answer = await bot.ada.slash(bot.channel, { command: 'fleet', subcommand: 'rigs' }).answer();
  expect(answer.attachments).toEqual([]);
  expect(JSON.stringify(answer)).toContain('too large for Discord (11 MB)');
  bot.discord.assertClean();
});

test('typing is completed: what begins so first, then words, then what contains it; at most 25', async () => {
  const host = new FakeChatHost();
  const many = Array.from({ length: 40 }, (_, index) => `rack-${index}`);
  Object.assign(host.names, { rig: ['xa1x', 'north a1', 'a1-b', 'A1', `a1${'x'.repeat(120)}`, ...many] });
  await using bot = await startBot({ host });
  const type = (value: string) =>
    bot.ada.autocomplete(bot.channel, { command: 'fleet', subcommand: 'rig', focus: { name: 'name', value } });
  const names = (await type('a1').suggested()).map(({ name, value }) => (name === value ? name : `${name}=${value}`));
  expect(names).toEqual(['a1-b', 'A1', 'north a1', 'xa1x']);
  expect(await type('').suggested()).toHaveLength(25);
  expect(await type('nothing like it').suggested()).toEqual([]);
  bot.discord.assertClean();
});

test('completing that fails offers nothing, and the bot goes on', async () => {
  const host = new FakeChatHost();
  Object.assign(host, {
    complete: () => {
      throw new Error('no snapshot');
    },
  });
  await using bot = await startBot({ host });
  const focus = { name: 'name', value: 'a' };
  expect(await bot.ada.autocomplete(bot.channel, { command: 'fleet', subcommand: 'rig', focus }).suggested()).toEqual(
    [],
  );
  await bot.ada.slash(bot.channel, { command: 'fleet', subcommand: 'rigs' }).answer();
  bot.discord.assertClean();
});

test('names and messages from the farm mention nobody', async () => {
  await using bot = await startBot();
  bot.host.answerWith(() => plainReply(`@everyone <@${bot.ada.id}> is down`));
  const answer = await bot.ada.slash(bot.channel, { command: 'fleet', subcommand: 'rigs' }).answer();
  expect(answer).toMatchObject({ mention_everyone: false, mentions: [] });
  bot.discord.assertClean();
});
