import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDiscordEmulator } from '../emulators/discord/emulator.ts';
import { type Readiness, readiness } from '../support/chat-program.ts';
import { type DiscordFarm, discordEnv, startDiscordFarm } from './discord-farm.ts';

/** Discord and the network are away now and then: whatever was asked is answered, once, and the program says how it is. */

let bot: DiscordFarm;

beforeAll(async () => {
  bot = await startDiscordFarm();
}, 60_000);

afterAll(() => bot?.[Symbol.asyncDispose]());

const status = { command: 'fleet', subcommand: 'status' } as const;
const original = /@original$|%40original$/;

/** Several people ask at once. */
function askThrice() {
  return ['ada', 'bob', 'cleo'].map((name) => {
    const user = bot.discord.addMember(bot.guild, { name });
    return user.slash(bot.channel, status);
  });
}

async function expectOneAnswerEach(asked: ReturnType<typeof askThrice>, since: number): Promise<void> {
  for (const each of asked) expect((await each.answer(15_000)).content).toContain('The fleet');
  // Whatever is answered twice would be before this.
  await bot.discord.addMember(bot.guild, { name: 'dora' }).slash(bot.channel, status).answer();
  expect(asked.flatMap(({ followups }) => followups)).toEqual([]);
  expect(bot.discord.messages(bot.channel)).toHaveLength(since + asked.length + 1);
  bot.clean();
}

it('the gateway drops the session: what was asked meanwhile is answered when it is resumed', async () => {
  const since = bot.discord.messages(bot.channel).length;
  const before = askThrice();
  const meanwhile = bot.discord.faults.dropWithMissedEvent(askThrice);
  await expectOneAnswerEach([...before, ...meanwhile], since);
  expect(bot.discord.identifies).toBe(1);
});

it.each(['503', 'reset', 'apply then reset'] as const)('answers that meet %s for seconds arrive', async (kind) => {
  const since = bot.discord.messages(bot.channel).length;
  const fault = bot.discord.faults.rest({ kind, route: original, times: 9 });
  const asked = askThrice();
  await bot.discord.until('every fault was met', () => fault.hits === 9, 10_000);
  await expectOneAnswerEach(asked, since);
});

it('everything fails for a moment, acknowledgements too', async () => {
  const since = bot.discord.messages(bot.channel).length;
  const fault = bot.discord.faults.rest({ kind: '502', times: 6 });
  const asked = askThrice();
  await bot.discord.until('every fault was met', () => fault.hits === 6);
  await expectOneAnswerEach(asked, since);
});

it('a stop lets the answer arrive that is on its way, and ends with 0 within five seconds', async () => {
  using fault = bot.discord.faults.rest({ kind: '503', route: original, times: 2 });
  const asked = bot.discord.addMember(bot.guild, { name: 'ada' }).slash(bot.channel, status);
  await bot.discord.until('the answer is on its way', () => fault.hits > 0);
  const stoppedMs = performance.now();
  bot.program.kill('SIGTERM');
  expect((await asked.answer()).content).toContain('The fleet');
  expect(await bot.program.ended).toMatchObject({ code: 0, signal: null });
  expect(performance.now() - stoppedMs).toBeLessThan(5_000);
  bot.clean();
});

const memory = { DATABASE_URL: 'sqlite::memory:' };

const ofDiscord = ({ checks }: Readiness) => checks.find(({ name }) => name === 'discord');

it('Discord is down at the start: the program says so, and is there when Discord is', async () => {
  await using discord = await startDiscordEmulator();
  const guild = discord.addGuild('Farm');
  const outage = discord.faults.rest({ kind: '503', times: Number.POSITIVE_INFINITY });
  await using program = bot.farm.start({ env: { ...discordEnv(discord), ...memory } });
  const down = await readiness(program);
  expect(down.status).toBe(503);
  expect(ofDiscord(down)).toMatchObject({ ok: false, detail: expect.stringMatching(/connect/) });
  await discord.until('it was tried', () => outage.hits > 0);
  outage.release();
  await discord.until('/fleet is there', () => discord.commands(guild).length > 0, 15_000);
  expect(await readiness(program)).toMatchObject({ status: 200 });
  const ada = discord.addMember(guild, { name: 'ada' });
  await ada.slash(discord.addChannel(guild, 'ops'), status).answer();
  discord.assertClean();
});

it('a wrong token is said, and the program lives', async () => {
  await using discord = await startDiscordEmulator({ token: 'another-token' });
  const env = { ...discordEnv(discord), ...memory, DISCORD_TOKEN: 'revoked-token' };
  await using program = bot.farm.start({ env });
  await program.untilLogs('no session with Discord');
  const { status: code, checks } = await readiness(program);
  expect(code).toBe(503);
  expect(checks).toContainEqual({
    name: 'discord',
    ok: false,
    detail: 'Discord refuses the bot token: check DISCORD_TOKEN',
  });
  expect(program.stderr()).not.toContain('revoked-token');
  program.kill('SIGTERM');
  expect(await program.ended).toMatchObject({ code: 0 });
  discord.takeViolations('token');
  discord.assertClean();
});
