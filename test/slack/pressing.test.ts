import { describe, expect, it } from 'vitest';
import type { Reply } from '../../src/chat/reply.ts';
import { FakeChatHost, plainReply } from '../support/chat-host.ts';
import { type ModeKind, startBot, textOf } from './slack-bot.ts';

const modes: ModeKind[] = ['socket', 'http'];

const table: Reply = {
  ...plainReply('Rigs, page 1.'),
  next: [
    { label: 'Next page', command: 'rigs page:2', replaces: true },
    { label: 'Rig a1', command: 'rig name:a1' },
    { label: 'Filter', command: 'rigs sort:temp', form: true },
  ],
  pick: {
    label: 'A rig',
    options: [
      { label: 'a1', command: 'rig name:a1' },
      { label: 'b1', command: 'rig name:b1' },
    ],
  },
};

/** Answers `rigs` with the table, everything else with what was asked. */
function tableHost(): FakeChatHost {
  const host = new FakeChatHost();
  host.answerWith(({ text }) => (text === 'rigs' ? table : plainReply(`You asked: ${text}`)));
  return host;
}

describe.each(modes)('pressing on Slack (%s)', (mode) => {
  it('a button is answered with the standing of who presses it', async () => {
    await using bot = await startBot({ mode, host: tableHost() });
    const { slack, host } = bot;
    const shown = await slack.person('alice').slash('farm', '/fleet rigs').answer();
    const answer = await slack.person('olivia').click(shown, 'Rig a1').answer();
    expect(answer).toMatchObject({ text: 'You asked: rig name:a1', ephemeralTo: null });
    expect(host.invocations[1]?.user).toMatchObject({ id: 'U0OWNER', administers: true });
    expect(shown.edits).toBe(0);
    await slack.assertClean();
  });

  it('the next page takes the place of the message', async () => {
    await using bot = await startBot({ mode, host: tableHost() });
    const alice = bot.slack.person('alice');
    const shown = await alice.slash('farm', '/fleet rigs').answer();
    await alice.click(shown, 'Next page').answer();
    expect(shown).toMatchObject({ edits: 1, text: 'You asked: rigs page:2' });
    expect(bot.slack.messages('farm')).toHaveLength(1);
    await bot.slack.assertClean();
  });

  it('what could not be answered leaves the message as it was', async () => {
    const host = tableHost();
    await using bot = await startBot({ mode, host });
    const alice = bot.slack.person('alice');
    const shown = await alice.slash('farm', '/fleet rigs').answer();
    host.answerWith(() => ({ outcome: 'upstream', reply: plainReply('Prometheus is away.') }));
    const answer = await alice.click(shown, 'Next page').answer();
    expect(answer).toMatchObject({ text: 'Prometheus is away.', ephemeralTo: 'U0ALICE' });
    expect(shown.edits).toBe(0);
    await bot.slack.assertClean();
  });

  it('one of many is picked', async () => {
    await using bot = await startBot({ mode, host: tableHost() });
    const alice = bot.slack.person('alice');
    const shown = await alice.mention('farm', 'rigs').answer();
    const answer = await alice.select(shown, 'pick-0', 'b1').answer();
    expect(answer).toMatchObject({ text: 'You asked: rig name:b1', threadTs: shown.threadTs });
    await bot.slack.assertClean();
  });

  it('what follows from an answer for one person is for that person', async () => {
    const host = tableHost();
    host.visibilityOf = (line) => (line === 'rigs' ? 'asker' : 'channel');
    await using bot = await startBot({ mode, host });
    const alice = bot.slack.person('alice');
    const shown = await alice.slash('farm', '/fleet rigs').answer();
    expect(shown.ephemeralTo).toBe('U0ALICE');
    expect((await alice.click(shown, 'Rig a1').answer()).ephemeralTo).toBe('U0ALICE');
    await bot.slack.assertClean();
  });

  it('a form asks for the options, completes names, and is answered where its button was', async () => {
    await using bot = await startBot({ mode, host: tableHost() });
    const { slack } = bot;
    const alice = slack.person('alice');
    const shown = await alice.mention('farm', 'rigs').answer();
    const form = await alice.click(shown, 'Filter').view();
    const offered = await alice.suggest(form, 'site', 'QUE');
    expect(offered.map(({ value }) => value)).toEqual(['quebec']);
    const submitted = alice.submit(form, { site: 'quebec', 'page.number': '2' });
    const answer = await submitted.acknowledged().then(() => slack.expectMessage('farm', said('You asked: rigs')));
    expect(answer.text).toBe('You asked: rigs site:quebec sort:temp page:2');
    expect(answer.threadTs).toBe(shown.threadTs);
    await slack.assertClean();
  });

  it('a mistaken field is named in the form', async () => {
    await using bot = await startBot({ mode, host: tableHost() });
    const alice = bot.slack.person('alice');
    const shown = await alice.slash('farm', '/fleet rigs').answer();
    const form = await alice.click(shown, 'Filter').view();
    const { body } = await alice.submit(form, { 'page.number': 'second' }).acknowledged();
    expect(body).toMatchObject({ response_action: 'errors', errors: { page: expect.any(String) } });
    expect(bot.host.invocations).toHaveLength(1);
    await bot.slack.assertClean();
  });

  it('a failing completion offers nothing and breaks nothing', async () => {
    const host = tableHost();
    await using bot = await startBot({ mode, host });
    const alice = bot.slack.person('alice');
    const shown = await alice.slash('farm', '/fleet rigs').answer();
    const form = await alice.click(shown, 'Filter').view();
    Object.defineProperty(host, 'complete', {
      value: () => {
        throw new Error('no snapshot');
      },
    });
    expect(await alice.suggest(form, 'site', 'q')).toEqual([]);
    await bot.slack.assertClean();
  });
});

it('a form that is submitted once more, because Slack did not hear that it was taken, asks once', async () => {
  await using bot = await startBot({ host: tableHost() });
  const { slack, host } = bot;
  const alice = slack.person('alice');
  const shown = await alice.slash('farm', '/fleet rigs').answer();
  const form = await alice.click(shown, 'Filter').view();
  for (const page of ['2', '2', '3']) {
    form.isOpen = true;
    await alice.submit(form, { 'page.number': page }).acknowledged();
  }
  await slack.expectMessage('farm', said('You asked: rigs sort:temp page:3'));
  const asked = host.invocations.map(({ text }) => text);
  expect(asked).toEqual(['rigs', 'rigs sort:temp page:2', 'rigs sort:temp page:3']);
  await slack.assertClean();
});

it('forms and apologies are in the language of whoever presses, also the first time', async () => {
  const host = tableHost();
  const locales: string[] = [];
  const { presentation } = FakeChatHost.prototype;
  host.presentation = (locale) => {
    locales.push(locale);
    return presentation.call(host, locale);
  };
  await using bot = await startBot({ host, emulator: { users: [{ id: 'U0LUC', name: 'luc', locale: 'fr-CA' }] } });
  const { slack } = bot;
  const reply = { text: 'Rigs.', blocks: [{ type: 'actions', elements: ['form rigs', 'spin'].map(button) }] };
  const shown = slack.state.addMessage({ channel: 'C0FARM', user: 'U0BOT', byBot: true, origin: 'web api', ...reply });
  await slack.person('luc').click(shown, 'form rigs').view();
  await slack.person('luc').click(shown, 'spin').answer();
  expect(new Set(locales)).toEqual(new Set(['fr-CA']));
  await slack.assertClean();
});

it('a form comes in English where Slack does not say in time who asks', async () => {
  await using bot = await startBot({ host: tableHost(), pace: { formLocaleLimitMs: 50 } });
  const { slack } = bot;
  const hang = slack.fault({ kind: 'hang', method: 'users.info' });
  const reply = { text: 'Rigs.', blocks: [{ type: 'actions', elements: [button('form rigs')] }] };
  const shown = slack.state.addMessage({ channel: 'C0FARM', user: 'U0BOT', byBot: true, origin: 'web api', ...reply });
  const form = await slack.person('alice').click(shown, 'form rigs').view();
  expect(JSON.stringify(form.definition)).toContain('Cancel');
  hang.release();
  await slack.assertClean();
});

it('a trigger that is over is said to whoever pressed', async () => {
  let nowMs = Date.now();
  await using bot = await startBot({ host: tableHost(), emulator: { now: () => nowMs } });
  const { slack } = bot;
  const alice = slack.person('alice');
  const shown = await alice.slash('farm', '/fleet rigs').answer();
  const hang = slack.fault({ kind: '429', retryAfterSeconds: 0, method: 'users.info' });
  const pressed = alice.click(shown, 'Filter');
  nowMs += 4_000;
  const answer = await pressed.answer();
  expect(answer).toMatchObject({ ephemeralTo: 'U0ALICE', text: expect.stringContaining('too late') });
  hang.release();
  slack.takeViolations('refused views.open');
  await slack.assertClean();
});

it('a form that was filled in for longer than its response_url lives is answered as a message', async () => {
  let nowMs = Date.now();
  await using bot = await startBot({ host: tableHost(), emulator: { now: () => nowMs } });
  const { slack } = bot;
  const alice = slack.person('alice');
  const shown = await alice.slash('farm', '/fleet rigs').answer();
  const form = await alice.click(shown, 'Filter').view();
  nowMs += 31 * 60_000;
  await alice.submit(form, { 'page.number': '3' }).acknowledged();
  const answer = await slack.expectMessage('farm', said('You asked: rigs'));
  expect(answer.origin).toBe('web api');
  slack.takeViolations('refused response_url');
  await slack.assertClean();
});

it('a button of another version says so', async () => {
  await using bot = await startBot({ host: tableHost() });
  const { slack } = bot;
  const alice = slack.person('alice');
  const shown = await alice.slash('farm', '/fleet rigs').answer();
  shown.blocks = JSON.parse(JSON.stringify(shown.blocks).replaceAll('run rig name:a1', 'spin rig'));
  const answer = await alice.click(shown, 'Rig a1').answer();
  expect(answer.ephemeralTo).toBe('U0ALICE');
  expect(textOf(answer)).toContain('older version');
  expect(slack.messages('farm')).toHaveLength(2);
  await slack.assertClean();
});

function said(text: string) {
  return (message: { readonly text: string }) => message.text.startsWith(text);
}

function button(value: string) {
  return { type: 'button', action_id: value, text: { type: 'plain_text', text: value }, value };
}
