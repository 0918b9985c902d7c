import { afterAll, beforeAll, expect, it } from 'vitest';
import { textOf } from '../emulators/discord/emulator.ts';
import type { SeenMessage } from '../emulators/discord/interactions.ts';
import type { Role } from '../emulators/discord/state.ts';
import type { DiscordUser } from '../emulators/discord/users.ts';
import { type DiscordFarm, startDiscordFarm } from './discord-farm.ts';

/** What people do with answers, and what they get wrong, in the program as it runs. */

let bot: DiscordFarm;
let adminRole: Role;
let operatorRole: Role;

beforeAll(async () => {
  bot = await startDiscordFarm({
    emulator: { rateLimits: { routes: {} } },
    prepare: (discord, guild) => {
      adminRole = discord.addRole(guild, 'admins');
      operatorRole = discord.addRole(guild, 'operators');
      const roles = { admins: [adminRole.id], operators: [operatorRole.id] };
      // Allowances fill up with time: while it stands still, they are counted exactly.
      return { frozen: true, chat: { discord: roles } };
    },
  });
}, 60_000);

afterAll(() => bot?.[Symbol.asyncDispose]());

const fleet = (subcommand: string, options: Readonly<Record<string, string | number>> = {}) => ({
  command: 'fleet',
  subcommand,
  options,
});

/** Somebody of whom the bot has not heard yet. */
function newcomer(known: { readonly locale?: string; readonly roles?: readonly Role[] } = {}): DiscordUser {
  return bot.discord.addMember(bot.guild, { name: 'ada', ...known });
}

function ask(user: DiscordUser, subcommand: string, options?: Readonly<Record<string, string | number>>) {
  return user.slash(bot.channel, fleet(subcommand, options)).answer();
}

/** What is answered to a line that is typed to the bot alone. */
async function told(line: string, user = newcomer()): Promise<string> {
  const place = user.directChannel();
  const before = bot.discord.messages(place).length;
  user.say(place, line);
  await bot.discord.until(`an answer to ${line}`, () => bot.discord.messages(place).length === before + 2);
  const answer = bot.discord.messages(place).at(-1);
  return answer === undefined ? '' : textOf(answer);
}

function selectOf(message: SeenMessage) {
  const [select] = message.components.flatMap(({ components }) => components ?? []).filter(({ type }) => type === 3);
  return { id: select?.custom_id ?? '', options: select?.options ?? [] };
}

it('pages are turned in place, there and back', async () => {
  const ada = newcomer();
  const first = await ask(ada, 'rigs');
  const { length } = bot.discord.messages(bot.channel);
  const textNow = () => {
    const message = bot.discord.message(first);
    return message === null ? '' : textOf(message);
  };
  const [lastRig = ''] = bot.farm.rigs.slice(-1);
  expect(textNow()).not.toContain(lastRig);
  ada.click(first, 'Next page');
  await bot.discord.until('the second page', () => textNow().includes(lastRig));
  ada.click(first, 'Previous page');
  await bot.discord.until('the first page', () => textNow() === textOf(first));
  expect(bot.discord.messages(bot.channel)).toHaveLength(length);
  bot.clean();
});

it('a rig is picked from the list, and its buttons lead on', async () => {
  const ada = newcomer();
  const { id, options } = selectOf(await ask(ada, 'rigs'));
  const wanted = options.find(({ label }) => label === 'in-3090-02');
  const rig = await ada.select(await ask(ada, 'rigs'), id, [wanted?.value ?? '']).answer();
  expect(rig.content).toContain('in-3090-02');
  const profit = await ada.click(rig, 'Profit').answer();
  expect(profit.content).toContain('in-3090-02');
  expect(textOf(profit)).toBe(textOf(await ask(ada, 'profit', { rig: 'in-3090-02' })));
  bot.clean();
});

it('a form asks for options, knows those that were given, and says what is wrong with them', async () => {
  const ada = newcomer();
  const opened = ada.click(await ask(ada, 'rigs', { site: 'texas' }), 'Filter');
  const modal = await opened.openedModal();
  expect(JSON.stringify(modal.components)).toContain('"value":"texas"');
  const hottest = await ada.submitModal(opened, { sort: 'temp', state: 'rented' }).answer();
  expect(textOf(hottest)).toBe(textOf(await ask(ada, 'rigs', { site: 'texas', sort: 'temp', state: 'rented' })));
  const again = ada.click(hottest, 'Filter');
  await again.openedModal();
  const mistake = await ada.submitModal(again, { site: 'texass' }).answer();
  expect(textOf(mistake)).toContain('There is no site called "texass"');
  expect(textOf(mistake)).toContain('texas');
  bot.clean();
});

it('names are completed, the likeliest first, 25 at most', async () => {
  const ada = newcomer();
  const type = async (value: string) => {
    const typing = { ...fleet('rig'), focus: { name: 'name', value } };
    return (await ada.autocomplete(bot.channel, typing).suggested()).map((choice) => choice.value);
  };
  expect(await type('')).toEqual(bot.farm.rigs.slice(0, 25));
  const some = await type('3090');
  expect(some).toEqual(bot.farm.rigs.filter((rig) => rig.includes('3090')));
  expect((await type('tx'))[0]).toMatch(/^tx-/);
  expect(await type('nothing like it')).toEqual([]);
  bot.clean();
});

it.each([
  ['temps', 'rigs sort:temp'],
  ['offline', 'rigs state:down'],
  ['hashrate', 'status'],
  ['worker tx-3090-01', 'rig tx-3090-01'],
  ['earnings site:texas', 'profit site:texas'],
  ['AI site:texas', 'readiness site:texas'],
  ['report', 'digest'],
])('"%s" is understood as "%s"', async (habit, line) => {
  const ada = newcomer();
  expect(await told(habit, ada)).toBe(await told(line, ada));
  bot.clean();
});

it.each([
  ['profit site:texass', /There is no site called "texass".*texas/s],
  ['rig tx-3090-1', /There is no rig called "tx-3090-1".*tx-3090-01/s],
  ['proft', /There is no command "proft".*profit/s],
  ['rigs sort:"temp', /rigs sort:"temp\n {10}\^/],
  ['rigs sort:heat', /heat.*temp/s],
])('"%s" is answered with what to type instead', async (line, expected) => {
  expect(await told(line)).toMatch(expected);
  bot.clean();
});

it('a mention that says nothing is answered', async () => {
  const { id } = newcomer().say(bot.channel, `<@${bot.discord.applicationId}>`);
  const answer = await bot.discord.expectMessage(bot.channel, (message) => JSON.stringify(message).includes(id));
  expect(textOf(answer)).toContain('/fleet');
  bot.clean();
});

it('a button of an older version is answered to whoever pressed it', async () => {
  const ada = newcomer();
  const message = await ask(ada, 'status');
  const stored = bot.discord.state.findMessage(message.channel_id, message.id);
  const button = { type: 2, style: 2, label: 'Old', custom_id: 'v0:status' };
  Object.assign(stored?.json ?? {}, { components: [{ type: 1, components: [button] }] });
  const answer = await ada.click(message, 'Old').answer();
  expect(answer.ephemeral).toBe(true);
  expect(textOf(answer)).toContain('older version');
  bot.clean();
});

it('roles: what is for admins is for the owner and for whom the configuration names', async () => {
  const denied = async (user: DiscordUser, role: string) => {
    const answer = await ask(user, 'audit');
    expect(answer.ephemeral).toBe(true);
    expect(answer.content).toContain(`audit is for the role admin, and you have the role ${role}`);
  };
  await denied(newcomer(), 'viewer');
  await denied(newcomer({ roles: [operatorRole] }), 'operator');
  for (const user of [bot.discord.owner, newcomer({ roles: [adminRole] })]) {
    const answer = await ask(user, 'audit');
    expect(answer.ephemeral).toBe(true);
    expect(textOf(answer)).toContain('dora');
  }
  bot.clean();
});

it('who reads French is answered in French, with French figures, and sees French descriptions', async () => {
  const jean = newcomer({ locale: 'fr' });
  const answer = await ask(jean, 'status', { site: 'texas' });
  expect(answer.content).toMatch(/^\*\*texas\s: .* GPU sur .* inactifs\s; net en ce moment\s: .*\*\*$/u);
  expect(textOf(answer)).toMatch(/\d,\d\d\s*\$/u);
  const help = await ask(jean, 'help');
  expect(help.content).not.toBe((await ask(newcomer(), 'help')).content);
  const [fleetCommand] = bot.discord.commands(bot.guild);
  const described = [fleetCommand, ...(fleetCommand?.options ?? [])];
  for (const each of described) {
    expect(each?.description_localizations).toMatchObject({ fr: expect.not.stringMatching(`^${each?.description}$`) });
  }
  bot.clean();
});

it('who asks too much is told when to ask again; others are answered', async () => {
  const ada = newcomer();
  for (let count = 0; count < 20; count += 1) await ask(ada, 'status');
  const refused = await ask(ada, 'status');
  expect(textOf(refused)).toMatch(/asked a great deal.*Ask again in 2 s/s);
  expect((await ask(newcomer(), 'status')).content).toContain('The fleet');
  bot.clean();
});

it('what Discord delivers twice is answered once', async () => {
  const { length } = bot.discord.messages(bot.channel);
  bot.discord.faults.repeatNextInteraction(3);
  const asked = newcomer().slash(bot.channel, fleet('status'));
  await asked.answer();
  // Events come in order: when the next is answered, the repeated ones were seen.
  await ask(newcomer(), 'status');
  expect(asked.deliveries).toBe(3);
  expect(asked.followups).toEqual([]);
  expect(bot.discord.messages(bot.channel)).toHaveLength(length + 2);
  bot.clean();
});
