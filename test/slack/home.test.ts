import { expect, it, vi } from 'vitest';
import { plainReply } from '../support/chat-host.ts';
import { startBot, textOf } from './slack-bot.ts';

function shown(definition: Readonly<Record<string, unknown>>): string {
  const { blocks } = definition;
  return textOf({ text: '', blocks: Array.isArray(blocks) ? blocks : [] });
}

it.each(['socket', 'http'] as const)(
  'the Home tab shows the fleet, and its buttons are answered directly (%s)',
  async (mode) => {
    await using bot = await startBot({ mode });
    const { slack, host } = bot;
    host.answerWith(({ text }) => ({
      ...plainReply(`You asked: ${text}`),
      next: [{ label: 'Rigs', command: 'rigs', replaces: true }],
    }));
    const alice = slack.person('alice');
    const home = await alice.openHome().view();
    expect(shown(home.definition)).toContain('You asked: status');
    expect(host.invocations[0]).toMatchObject({ text: 'status', user: { id: 'U0ALICE' } });
    await alice.click(home, 'Rigs').acknowledged();
    const direct = slack.state.openDirectMessage('U0ALICE').id;
    await slack.expectMessage(direct, ({ text }) => text === 'You asked: rigs');
    await slack.assertClean();
  },
);

it('it is made anew when the fleet changed, for as long as somebody may look', async () => {
  let nowMs = Date.now();
  await using bot = await startBot({ emulator: { now: () => nowMs } });
  const { slack, host } = bot;
  host.answerWith(() => plainReply(host.line ?? ''));
  const home = await slack.person('alice').openHome().view();
  const published = () => slack.log.requests('views.publish').length;
  host.line = '11 rigs: 55 GPUs mining';
  await slack.until(() => home.edits === 1);
  expect(shown(home.definition)).toContain('11 rigs');
  await slack.until(() => published() === 2);
  nowMs += 61_000;
  host.line = '10 rigs: 50 GPUs mining';
  await slack.person('olivia').openHome().view();
  host.line = '9 rigs: 45 GPUs mining';
  await slack.until(
    () => slack.log.requests('views.publish').filter(({ body }) => body['user_id'] === 'U0OWNER').length === 2,
  );
  expect(shown(home.definition)).toContain('11 rigs');
  await slack.assertClean();
});

it('it follows figures that the fleet in a line does not tell', async () => {
  await using bot = await startBot();
  const { slack, host } = bot;
  host.answerWith(() => plainReply('84 USD a day'));
  const home = await slack.person('alice').openHome().view();
  host.answerWith(() => plainReply('12 USD a day'));
  await slack.until(() => home.edits === 1);
  expect(shown(home.definition)).toContain('12 USD a day');
  await slack.assertClean();
});

it('is not taken away from who asked too much elsewhere', async () => {
  await using bot = await startBot();
  const { slack, host } = bot;
  host.answerWith(() => plainReply('84 USD a day'));
  const home = await slack.person('alice').openHome().view();
  host.answerWith(() => ({ outcome: 'user', reply: plainReply('You have asked a great deal.') }));
  const before = host.invocations.length;
  await slack.until(() => host.invocations.length >= before + 2);
  expect(shown(home.definition)).toContain('84 USD a day');
  await slack.assertClean();
});

it('what is on its way when it stops is shown, and not kept fresh', async () => {
  const homeRefreshMs = 777;
  await using bot = await startBot({ pace: { homeRefreshMs } });
  const { slack, host, adapter } = bot;
  const { promise, resolve } = Promise.withResolvers<void>();
  host.answerWith(() => promise.then(() => plainReply('84 USD a day')));
  const opened = slack.person('alice').openHome();
  await slack.until(() => host.invocations.length === 1);
  const timers = vi.spyOn(globalThis, 'setInterval');
  const stopped = adapter.stop();
  resolve();
  await opened.view();
  await stopped;
  expect(timers.mock.calls.filter(([, ms]) => ms === homeRefreshMs)).toEqual([]);
  timers.mockRestore();
  await slack.assertClean();
});

it('what cannot be shown is logged, and tried when it is opened again', async () => {
  await using bot = await startBot();
  const { slack, log } = bot;
  slack.fault({ kind: '5xx', method: 'views.publish', times: 1 });
  slack.person('alice').openHome();
  await slack.until(() => log.lines.some((line) => line.startsWith('error:')));
  await slack.person('alice').openHome().view();
  await slack.assertClean();
});

it('an event that comes twice shows it once', async () => {
  await using bot = await startBot();
  const { slack } = bot;
  const opened = slack.person('alice').openHome();
  await opened.view();
  const again = opened.redeliver();
  await slack.until(() => again.acknowledgement !== null);
  await slack.person('olivia').openHome().view();
  await slack.until(() => slack.log.requests('views.publish').length >= 2);
  expect(slack.log.requests('views.publish')).toHaveLength(2);
  await slack.assertClean();
});
