import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createDiscordAdapter } from '../../adapters/discord/discord.ts';
import { waitFor } from '../emulators/shared/wait-for.ts';
import { FakeChatHost } from '../support/chat-host.ts';
import { recordingLog } from '../support/recording-log.ts';
import { type DiscordBot, FakeImage, prepareBot, quickPace, startBot } from './discord-bot.ts';

const slash = { command: 'fleet', subcommand: 'rigs' } as const;
const settings = { admins: [], operators: [], adminChannel: null };
const WRONG = 'Discord refuses the bot token: check DISCORD_TOKEN';

async function comesUp(bot: DiscordBot): Promise<void> {
  await bot.discord.until('connected', () => bot.adapter.connected());
  await bot.discord.until('commands', () => bot.discord.commands(bot.guild).length > 0);
  await bot.ada.slash(bot.channel, slash).answer();
}

const errors = ({ log }: Pick<DiscordBot, 'log'>) => log.lines.filter((line) => line.startsWith('error'));

test.each(['500', '502', 'reset', '401', '429 route'] as const)(
  '%s at the start: it connects all the same',
  async (kind) => {
    await using bot = await prepareBot();
    const times = kind === '401' || kind === '429 route' ? 1 : 5;
    using fault = bot.discord.faults.rest({ kind, route: '/gateway/bot', times });
    await bot.adapter.start();
    expect(bot.adapter.connected()).toBe(false);
    await comesUp(bot);
    expect(fault.hits).toBe(times);
    // A single 401 passes, and nobody has to know.
    if (kind === '401') expect(errors(bot)).toEqual([]);
    bot.discord.assertClean();
  },
);

test('Discord is not there at all: start settles, the detail says why, it goes on trying, and stop ends it', async () => {
  const log = recordingLog();
  const ports = { host: new FakeChatHost(), image: new FakeImage(), log, clock: { now: Date.now }, demo: false };
  const apiUrl = 'http://127.0.0.1:9/api';
  const adapter = createDiscordAdapter({ ...ports, settings, apiUrl, token: 'any', pace: quickPace });
  await adapter.start();
  await waitFor('a reason', () => (adapter.detail().startsWith('no connection to Discord') ? true : null));
  expect(adapter.connected()).toBe(false);
  await adapter.stop();
  expect(errors({ log })).toEqual(['error: no session with Discord']);
});

test('a gateway that answers 503 is tried again, and ends nothing', async () => {
  let upgrades = 0;
  const server = createServer((_request, response) => {
    const { port } = server.address() as AddressInfo;
    const session_start_limit = { total: 1000, remaining: 1000, reset_after: 0, max_concurrency: 1 };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ url: `ws://127.0.0.1:${port}/gateway`, shards: 1, session_start_limit }));
  });
  server.on('upgrade', (_request, socket) => {
    upgrades += 1;
    socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  const ports = { host: new FakeChatHost(), image: new FakeImage(), log: recordingLog(), clock: { now: Date.now } };
  const adapter = createDiscordAdapter({ ...ports, settings, apiUrl, token: 'any', demo: false, pace: quickPace });
  await adapter.start();
  await waitFor('four attempts', () => (upgrades >= 4 ? true : null));
  expect(adapter.detail()).toContain('503');
  await adapter.stop();
  const atStop = upgrades;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  expect(upgrades).toBe(atStop);
});

test('a client that never gets a session is replaced by another', async () => {
  await using bot = await prepareBot({ pace: { stuckMs: 100 } });
  const hello = bot.discord.faults.holdHello();
  await bot.adapter.start();
  const clients = () => bot.discord.log.requests.filter(({ route }) => route === '/gateway/bot').length;
  await bot.discord.until('a second client', () => clients() >= 2, 8_000);
  expect(errors(bot)).toEqual(['error: no session with Discord']);
  hello.release();
  await comesUp(bot);
  bot.discord.assertClean();
});

test('a wrong token: the detail says so, it is logged once, and tried again now and then', async () => {
  await using bot = await prepareBot({ token: 'mistyped' });
  await bot.adapter.start();
  const attempts = () => bot.discord.log.requests.filter(({ path }) => path === '/gateway/bot').length;
  await bot.discord.until('four attempts', () => attempts() >= 4);
  expect(bot.adapter.connected()).toBe(false);
  expect(bot.adapter.detail()).toBe(WRONG);
  expect(errors(bot)).toEqual(['error: no session with Discord']);
  bot.discord.takeViolations('token');
  bot.discord.assertClean();
});

test.each([
  { code: 4004, what: 'the token is refused' },
  { code: 4014, what: 'an intent is not granted' },
  { code: 4010, what: 'the shard is invalid' },
])('a session that is closed for good ($code: $what) is followed by another', async ({ code }) => {
  await using bot = await startBot();
  bot.discord.faults.dropConnections(code);
  await bot.discord.until('it is noticed', () => !bot.adapter.connected());
  await bot.discord.until('connected', () => bot.adapter.connected());
  expect(bot.discord.identifies).toBe(2);
  await bot.ada.slash(bot.channel, slash).answer();
  await bot.discord.connected(1);
  bot.discord.assertClean();
});

test('a token that was refused is believed to be wrong for a while only: what waits is tried again', async () => {
  await using bot = await startBot({ pace: { hopelessRetryMs: 300 } });
  const { discord, adapter, channel } = bot;
  const reply = { headline: 'A page.', blocks: [], next: [] };
  const post = { key: 'page-1', channel: channel.id, reply, locale: 'en', possibleRepeat: false };
  using refused = discord.faults.rest({ kind: '401', route: '/channels/:channel/messages', times: 2 });
  await expect(adapter.sender.send(post, 'page')).rejects.toMatchObject({ kind: 'not sent' });
  expect([refused.hits, adapter.connected()]).toEqual([2, false]);
  await discord.until('it is tried again', () => adapter.connected());
  await adapter.sender.send(post, 'page');
  expect(adapter.detail()).toBe('connected');
  discord.assertClean();
});

test('one 401 of a request is tried again with the token; two in a row show in the detail until one is taken', async () => {
  await using bot = await startBot({ pace: { hopelessRetryMs: 60_000 } });
  const { discord, adapter, ada, channel } = bot;
  const route = '/channels/:channel/messages';
  const ask = () => ada.say(channel, `<@${discord.applicationId}> rigs`);
  using once = discord.faults.rest({ kind: '401', route });
  ask();
  await discord.expectMessage(channel, /You asked/);
  expect(once.hits).toBe(1);
  expect(adapter.detail()).toBe('connected');
  using twice = discord.faults.rest({ kind: '401', route, times: 2 });
  ask();
  await discord.until('it is noticed', () => !adapter.connected());
  expect(adapter.detail()).toBe(WRONG);
  expect(twice.hits).toBe(2);
  ask();
  await discord.until('it is taken back', () => adapter.connected());
  discord.assertClean();
});
