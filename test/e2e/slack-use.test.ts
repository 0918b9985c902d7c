import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elementsOf } from '../emulators/slack/block-lookup.ts';
import type { Person } from '../emulators/slack/person.ts';
import type { Message } from '../emulators/slack/workspace.ts';
import { type ChatFarm, startChatFarm } from '../support/chat-program.ts';
import { type SlackFarm, slackModes, startSlackFarm, textOf } from './slack-farm.ts';

/** What people do with answers, and what they get wrong, in the program as it runs. */

let farm: ChatFarm;

beforeAll(async () => {
  farm = await startChatFarm();
}, 30_000);

afterAll(() => farm?.[Symbol.asyncDispose]());

const groups = [
  { id: 'S0ADMINS', handle: 'admins', users: ['U0ANNA'] },
  { id: 'S0OPERATORS', handle: 'operators', users: ['U0OTTO'] },
];

describe.each(slackModes)('over %s', (mode) => {
  let bot: SlackFarm;

  beforeAll(async () => {
    bot = await startSlackFarm(farm, {
      mode,
      emulator: { userGroups: groups },
      // Allowances fill up with time: while it stands still, they are counted exactly.
      program: { frozen: true, chat: { slack: { admins: ['S0ADMINS'], operators: ['S0OPERATORS'] } } },
    });
  }, 30_000);

  afterAll(() => bot?.[Symbol.asyncDispose]());

  function ask(line: string, person = bot.newcomer(), channel = bot.newChannel()): Promise<Message> {
    return person.slash(channel, `/fleet ${line}`).answer();
  }

  async function told(line: string, person?: Person): Promise<string> {
    return textOf(await ask(line, person));
  }

  it('pages are turned in place, there and back', async () => {
    const ada = bot.newcomer();
    const channel = bot.newChannel();
    const message = await ask('rigs', ada, channel);
    const first = textOf(message);
    const [lastRig = ''] = farm.rigs.slice(-1);
    expect(first).not.toContain(lastRig);
    ada.click(message, 'Next page');
    await bot.slack.until(() => textOf(message).includes(lastRig));
    ada.click(message, 'Previous page');
    await bot.slack.until(() => textOf(message) === first);
    // Rows that have no room in a message come along as files.
    expect(bot.slack.messages(channel).filter(({ text }) => text !== '')).toHaveLength(1);
    await bot.clean();
  });

  it('a rig is picked from the list, and its buttons lead on', async () => {
    const ada = bot.newcomer();
    const list = await ask('rigs site:nagpur', ada);
    const pick = elementsOf(list).find(({ element }) => element['type'] === 'static_select');
    const rig = await ada.select(list, pick?.actionId ?? '', 'in-3090-02').answer();
    expect(rig.text).toContain('in-3090-02');
    const profit = await ada.click(rig, 'Profit').answer();
    expect(profit.text).toBe((await ask('profit rig:in-3090-02')).text);
    await bot.clean();
  });

  it('a form suggests names, knows what was given, and says what is wrong', async () => {
    const ada = bot.newcomer();
    const channel = bot.newChannel();
    const list = await ask('rigs site:texas', ada, channel);
    const form = await ada.click(list, 'Filter').view();
    expect(JSON.stringify(form.definition)).toContain('"initial_option":{"text":{"type":"plain_text","text":"texas"');
    const suggested = await ada.suggest(form, 'site', 'NAG');
    expect(suggested.map(({ value }) => value)).toEqual(['nagpur']);
    const mistaken = ada.submit(form, { site: 'nagpur', 'page.number': 'two' });
    expect((await mistaken.acknowledged()).body).toMatchObject({
      response_action: 'errors',
      errors: { page: expect.stringContaining('number') },
    });
    ada.submit(form, { site: 'nagpur', 'sort.choice': 'temp', 'page.number': '' });
    const sorted = await bot.slack.expectMessage(channel, ({ text }) => text.includes('at nagpur'));
    expect(textOf(sorted)).toBe(await told('rigs site:nagpur sort:temp'));
    await bot.clean();
  });

  it.each([
    ['temps', 'rigs sort:temp'],
    ['offline', 'rigs state:down'],
    ['worker tx-3090-01', 'rig tx-3090-01'],
    ['earnings site:texas', 'profit site:texas'],
    ['AI site:texas', 'readiness site:texas'],
  ])('"%s" is understood as "%s"', async (habit, line) => {
    expect(await told(habit)).toBe(await told(line));
    await bot.clean();
  });

  it.each([
    ['profit site:texass', /There is no site called "texass".*texas/s],
    ['proft', /There is no command "proft".*profit/s],
    ['rigs sort:“temp', /rigs sort:.temp\n {10}\^/],
    ['', /\bstatus\b.*\bprofit\b/s],
  ])('"%s" is answered with what to type instead', async (line, expected) => {
    expect(await told(line)).toMatch(expected);
    await bot.clean();
  });

  it('a button of an older version is answered to whoever pressed it', async () => {
    const ada = bot.newcomer();
    const message = await ask('status', ada);
    const button = { type: 'button', action_id: 'v0', value: 'status', text: { type: 'plain_text', text: 'Old' } };
    message.blocks = [...message.blocks, { type: 'actions', block_id: 'old', elements: [button] }];
    const answer = await ada.click(message, 'Old').answer();
    expect(answer.ephemeralTo).toBe(ada.user.id);
    expect(textOf(answer)).toContain('older version');
    await bot.clean();
  });

  it('roles: what is for admins is for owners and for whom the configuration names', async () => {
    const anna = bot.newcomer({ id: 'U0ANNA' });
    const otto = bot.newcomer({ id: 'U0OTTO' });
    for (const [person, role] of [
      [bot.newcomer(), 'viewer'],
      [otto, 'operator'],
    ] as const) {
      const answer = await ask('audit', person);
      expect(answer.ephemeralTo).toBe(person.user.id);
      expect(textOf(answer)).toContain(`audit is for the role admin, and you have the role ${role}`);
    }
    for (const person of [anna, bot.newcomer({ isOwner: true })]) {
      const answer = await ask('audit', person);
      expect(answer.ephemeralTo).toBe(person.user.id);
      expect(textOf(answer)).toContain('dora');
    }
    await bot.clean();
  });

  it('who reads French is answered in French, with French figures', async () => {
    const jean = bot.newcomer({ locale: 'fr-FR' });
    const answer = await ask('status site:texas', jean);
    expect(answer.text).toMatch(/^texas\s: .* GPU sur .* inactifs\s; net en ce moment\s: /u);
    expect(textOf(answer)).toMatch(/\d,\d\d\s*\$/u);
    await bot.clean();
  });

  it('who asks too much is told when to ask again; others are answered', async () => {
    const ada = bot.newcomer();
    for (let count = 0; count < 20; count += 1) await ask('help', ada);
    expect(await told('status', ada)).toMatch(/asked a great deal.*Ask again in 2 s/s);
    expect(await told('status')).toContain('The fleet');
    await bot.clean();
  });

  it('the Home tab shows the fleet', async () => {
    const view = await bot.newcomer().openHome().view();
    expect(JSON.stringify(view.definition)).toContain('The fleet: ');
    await bot.clean();
  });
});
