import { expect, test } from 'vitest';
import { sampleCommands } from '../chat/sample-commands.ts';
import { FakeChatHost } from '../support/chat-host.ts';
import { type DiscordBot, prepareBot, startBot } from './discord-bot.ts';

const route = '/applications/:application/guilds/:guild/commands';

function requests({ discord }: DiscordBot, method: string): number {
  return discord.log.requests.filter((request) => request.route === route && request.method === method).length;
}

test('what is registered already is not written again', async () => {
  await using bot = await startBot();
  expect(bot.discord.commands(bot.guild)).toMatchObject([
    { name: 'fleet', description_localizations: { fr: expect.any(String) } },
  ]);
  bot.discord.faults.refuseResumes();
  bot.discord.faults.dropConnections();
  await bot.discord.until('it is looked at again', () => requests(bot, 'GET') === 2);
  await bot.ada.slash(bot.channel, { command: 'fleet', subcommand: 'rigs' }).answer();
  expect(requests(bot, 'PUT')).toBe(1);
  bot.discord.assertClean();
});

test.each([
  { what: 'something else', there: [{ name: 'fleet', description: 'Old', type: 1 }] },
  {
    what: 'more',
    there: [
      { name: 'fleet', description: 'Old', type: 1 },
      { name: 'rigs', description: 'Older', type: 1 },
    ],
  },
])('where $what is registered, it is written', async ({ there }) => {
  await using bot = await prepareBot();
  const known = { application_id: '1', version: '1', default_member_permissions: null, nsfw: false };
  bot.discord.state.commands.set(
    bot.guild.id,
    there.map((command, index) => ({ ...known, ...command, id: String(index) })),
  );
  await bot.adapter.start();
  await bot.discord.until('it is written', () => requests(bot, 'PUT') === 1);
  await bot.discord.until('one command is left', () => bot.discord.commands(bot.guild).length === 1);
  expect(bot.discord.commands(bot.guild)[0]?.options?.map(({ name }) => name)).toEqual(['rig', 'rigs', 'restart']);
  bot.discord.assertClean();
});

test('a guild that the bot joins later gets its commands', async () => {
  await using bot = await startBot();
  const later = bot.discord.addGuild('Later');
  await bot.discord.until('commands there', () => bot.discord.commands(later).length === 1);
  expect(requests(bot, 'PUT')).toBe(2);
  bot.discord.assertClean();
});

test('a guild without access does not keep the others waiting; its admins are told once, and it is tried again', async () => {
  await using bot = await startBot();
  const { discord, host } = bot;
  const closed = discord.addGuild('Closed');
  discord.state.guilds.delete(closed.id);
  const other = discord.addGuild('Other');
  await discord.until('commands in the other', () => discord.commands(other).length === 1);
  const attempts = () => bot.log.lines.filter((line) => line.includes('commands not registered')).length;
  await discord.until('it is tried again', () => attempts() === 3);
  discord.state.guilds.set(closed.id, closed);
  await discord.until('commands there in the end', () => discord.commands(closed).length === 1);
  expect(host.notices).toMatchObject([{ platform: 'discord', key: `missing scope discord ${closed.id}` }]);
  discord.takeViolations('refused');
  discord.assertClean();
});

test('an outage while registering is waited out', async () => {
  await using bot = await prepareBot();
  using fault = bot.discord.faults.rest({ kind: '502', route, times: 5 });
  await bot.adapter.start();
  await bot.discord.until('commands', () => bot.discord.commands(bot.guild).length === 1);
  expect(fault.hits).toBe(5);
  bot.discord.assertClean();
});

test('commands that Discord would refuse are refused at the start, by name', async () => {
  const many = Array.from({ length: 26 }, (_, index) => ({ ...sampleCommands[2]!, name: `word${index}` }));
  await using bot = await prepareBot({ host: new FakeChatHost(many) });
  await expect(bot.adapter.start()).rejects.toThrow('fleet has 26 options, of 25: too many are word25');
  expect(bot.discord.log.requests).toEqual([]);
});
