import { expect, test } from 'vitest';
import { plainReply } from '../support/chat-host.ts';
import { type DiscordBot, prepareBot, startBot } from './discord-bot.ts';

const slash = { command: 'fleet', subcommand: 'rigs' } as const;

/** Asks and expects the answer: the bot is there, whatever happened before. */
async function answers({ discord, ada, channel }: DiscordBot): Promise<void> {
  expect((await ada.slash(channel, slash).answer()).content).toContain('You asked');
  discord.assertClean();
}

const connected = (bot: DiscordBot) => bot.discord.until('connected', () => bot.adapter.connected());

test('a dropped session is resumed; what was asked meanwhile is answered', async () => {
  await using bot = await startBot();
  const asked = bot.discord.faults.dropWithMissedEvent(() => bot.ada.slash(bot.channel, slash));
  expect((await asked.answer()).content).toContain('You asked');
  expect(bot.discord.identifies).toBe(1);
  await connected(bot);
  await answers(bot);
});

test.each([4000, 4001, 4003, 4007, 4008, 4009, 1000, 1006])('a session closed with %i comes back', async (code) => {
  await using bot = await startBot();
  bot.discord.faults.dropConnections(code === 1006 ? undefined : code);
  await bot.discord.until('it is noticed', () => !bot.adapter.connected());
  expect(bot.adapter.detail()).toBe('reconnecting');
  await connected(bot);
  await answers(bot);
});

test('a refused resume is followed by a new session', async () => {
  await using bot = await startBot();
  bot.discord.faults.refuseResumes();
  bot.discord.faults.dropConnections();
  await bot.discord.until('a second IDENTIFY', () => bot.discord.identifies === 2);
  await connected(bot);
  await answers(bot);
});

test('Discord asks to reconnect', async () => {
  await using bot = await startBot();
  bot.discord.faults.requestReconnect();
  await bot.discord.until('it is noticed', () => !bot.adapter.connected());
  await connected(bot);
  await answers(bot);
});

test.each([true, false])('an invalid session (resumable: %s) is replaced', async (resumable) => {
  await using bot = await startBot();
  bot.discord.faults.invalidateSessions(resumable);
  await bot.discord.until('the session is back', () =>
    resumable
      ? bot.discord.log.frames.some(({ direction, op }) => direction === 'in' && op === 6)
      : bot.discord.identifies === 2,
  );
  await connected(bot);
  await answers(bot);
});

test('a late HELLO is waited for', async () => {
  await using bot = await prepareBot();
  using hello = bot.discord.faults.holdHello();
  await bot.adapter.start();
  await bot.discord.until('it opens a connection', () =>
    bot.discord.log.requests.some(({ path }) => path === '/gateway/bot'),
  );
  expect(bot.adapter.connected()).toBe(false);
  hello.release();
  await connected(bot);
  await bot.discord.until('commands', () => bot.discord.commands(bot.guild).length > 0);
  await answers(bot);
});

test('a connection that only seems to be there (no heartbeat comes back) is given up and resumed', async () => {
  await using bot = await startBot({ emulator: { heartbeatIntervalMs: 60 } });
  bot.discord.faults.freezeConnections();
  await bot.discord.until('it is noticed', () => !bot.adapter.connected());
  await connected(bot);
  await answers(bot);
});

test('a gateway that refuses connections is tried again; nothing is identified meanwhile', async () => {
  await using bot = await startBot();
  const refused = bot.discord.faults.refuseConnections();
  bot.discord.faults.dropConnections();
  await bot.discord.until('it is noticed', () => !bot.adapter.connected());
  const attempts = () => bot.log.lines.filter((line) => line.includes('connecting again')).length;
  await bot.discord.until('it is refused three times', () => attempts() >= 4);
  refused.release();
  await connected(bot);
  expect(bot.discord.identifies).toBeLessThanOrEqual(2);
  await answers(bot);
});

test('an event without fields that discord.js reads does not end anything, and is answered', async () => {
  await using bot = await startBot();
  const { state } = bot.discord;
  const { publish } = state;
  state.publish = ({ name, dataFor }) =>
    publish({
      name,
      dataFor: (intents) => {
        const {
          entitlements: _,
          authorizing_integration_owners: __,
          ...rest
        } = { ...dataFor(intents) } as Record<string, unknown>;
        return rest;
      },
    });
  const asked = bot.ada.slash(bot.channel, slash);
  state.publish = publish;
  await asked.answer();
  for (const [name, data] of [
    ['INTERACTION_CREATE', { id: '1', type: 2 }],
    ['MESSAGE_CREATE', { id: '2' }],
    ['GUILD_ROLE_UPDATE', null],
    ['CHANNEL_UPDATE', {}],
  ] as const) {
    publish({ name, dataFor: () => data ?? {} });
  }
  await bot.discord.until('they are noticed', () => bot.log.lines.some((line) => line.includes('not understood')));
  await answers(bot);
});

test('the fleet stands in the presence: when it changed, and anew in every session', async () => {
  await using bot = await startBot();
  const { discord, host } = bot;
  const shown = () => discord.presence?.activities[0];
  await discord.until('the first line', () => shown()?.state === host.line);
  expect(shown()).toMatchObject({ type: 4 });
  const updates = () => discord.log.frames.filter(({ direction, op }) => direction === 'in' && op === 3).length;
  host.line = 'x'.repeat(200);
  await discord.until('the second line', () => shown()?.state === `${'x'.repeat(127)}…`);
  expect(updates()).toBe(2);
  discord.faults.refuseResumes();
  discord.faults.dropConnections();
  await discord.until('it is shown anew', () => updates() === 3);
  discord.assertClean();
});

test('stop lets running answers finish, hears no more, and leaves nothing behind', async () => {
  await using bot = await startBot({ pace: { stopLimitMs: 3_000 } });
  const held = Promise.withResolvers<void>();
  bot.host.answerWith(async () => {
    await held.promise;
    return plainReply('Just in time.');
  });
  const asked = bot.ada.slash(bot.channel, slash);
  await bot.discord.until('it is asked', () => bot.host.invocations.length === 1);
  const stopped = bot.adapter.stop();
  await bot.discord.connected(0);
  expect(bot.ada.slash(bot.channel, slash).deliveries).toBe(0);
  held.resolve();
  expect((await asked.answer()).content).toContain('Just in time');
  await stopped;
  expect(bot.adapter.detail()).toBe('stopped');
  bot.discord.assertClean();
});

test('stop does not wait for an answer that never comes', async () => {
  await using bot = await startBot({ pace: { stopLimitMs: 50 } });
  bot.host.answerWith(() => new Promise<never>(() => {}));
  const asked = bot.ada.slash(bot.channel, slash);
  await asked.acknowledged();
  await bot.adapter.stop();
  expect(bot.adapter.connected()).toBe(false);
  bot.discord.assertClean();
});
