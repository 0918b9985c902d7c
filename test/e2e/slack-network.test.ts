import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startSlackEmulator } from '../emulators/slack/emulator.ts';
import type { FaultKind } from '../emulators/slack/faults.ts';
import { type ChatFarm, type Readiness, readiness, startChatFarm } from '../support/chat-program.ts';
import { connectSlack, type SlackFarm, slackEnv, slackModes, startSlackFarm } from './slack-farm.ts';

/** Slack and the network are away now and then: whatever was asked is answered, once, and the program says how it is. */

let farm: ChatFarm;

beforeAll(async () => {
  farm = await startChatFarm();
}, 30_000);

afterAll(() => farm?.[Symbol.asyncDispose]());

const memory = { DATABASE_URL: 'sqlite::memory:' };

/** A question in a channel of its own. */
interface Asked {
  readonly channel: string;
  /** What people said there themselves. */
  readonly own: number;
}

function askBySlash(bot: SlackFarm): Asked {
  const channel = bot.newChannel();
  bot.newcomer().slash(channel, '/fleet status');
  return { channel, own: 0 };
}

function askByMention(bot: SlackFarm): Asked {
  const channel = bot.newChannel();
  bot.newcomer().mention(channel, 'status');
  return { channel, own: 1 };
}

async function expectOneAnswerEach(bot: SlackFarm, asked: readonly Asked[]): Promise<void> {
  const isAnswer = ({ text }: { readonly text: string }) => text.startsWith('The fleet');
  for (const { channel } of asked) await bot.slack.expectMessage(channel, isAnswer, 15_000);
  await bot.clean();
  // Whatever is answered twice would be before this.
  const last = askByMention(bot);
  await bot.slack.expectMessage(last.channel, isAnswer);
  for (const { channel, own } of asked) expect(bot.slack.messages(channel), channel).toHaveLength(own + 1);
}

describe.each(slackModes)('over %s', (mode) => {
  let bot: SlackFarm;

  beforeAll(async () => {
    bot = await startSlackFarm(farm, { mode });
  }, 30_000);

  afterAll(() => bot?.[Symbol.asyncDispose]());

  const everyWay = () => [askBySlash(bot), askByMention(bot), askBySlash(bot), askByMention(bot)];

  if (mode === 'socket') {
    it('sockets are refreshed while people ask', async () => {
      const before = everyWay();
      bot.slack.socketMode.disconnect('refresh_requested', 500);
      const meanwhile = everyWay();
      await bot.slack.until(() => bot.slack.socketMode.connections() === 2);
      await expectOneAnswerEach(bot, [...before, ...meanwhile, ...everyWay()]);
    });

    it('sockets break: what was heard is answered, and what Slack keeps for later', async () => {
      const before = everyWay();
      const heard = () => before.every(({ channel }) => bot.slack.messages(channel).some(({ byBot }) => byBot));
      await bot.slack.until(heard);
      bot.slack.socketMode.drop({ closeFrame: false });
      // Commands are never sent again: Slack tells whoever types one that nobody is there.
      const meanwhile = [askByMention(bot), askByMention(bot)];
      await expectOneAnswerEach(bot, [...before, ...meanwhile]);
      await bot.slack.until(() => bot.slack.socketMode.connections() === 2);
      await expectOneAnswerEach(bot, everyWay());
    });
  }

  const others: FaultKind[] = [{ kind: 'refusal', error: 'internal_error' }, { kind: 'reset' }];

  // What goes out is the same in both modes.
  it.each<FaultKind>([{ kind: '5xx' }, ...(mode === 'socket' ? others : [])])(
    'answers that meet $kind for a while arrive',
    async (fault) => {
      const asked = everyWay();
      const faults = ['response_url', 'chat.postMessage'].map((method) =>
        bot.slack.fault({ ...fault, method, times: 4 }),
      );
      await bot.slack.until(() => faults.every((each) => each.hits() === 4), 15_000);
      await expectOneAnswerEach(bot, asked);
    },
  );

  it('a message whose confirmation is lost stands once', async () => {
    const fault = bot.slack.fault({ kind: 'apply then reset', method: 'chat.postMessage', times: 2 });
    const asked = [askByMention(bot), askByMention(bot)];
    await bot.slack.until(() => fault.hits() === 2);
    await expectOneAnswerEach(bot, asked);
  });

  it('what cannot be said in the channel is said directly, once, though the confirmation is lost', async () => {
    const ada = bot.newcomer();
    using _ = bot.slack.fault({ kind: 'refusal', error: 'is_archived', method: 'chat.postMessage', times: 1 });
    using lost = bot.slack.fault({ kind: 'apply then reset', method: 'chat.postMessage', times: 1 });
    ada.mention(bot.newChannel(), 'status');
    const directly = () => bot.slack.messages(bot.slack.state.openDirectMessage(ada.user.id).id);
    await bot.slack.until(() => directly().length > 0 && lost.hits() === 1);
    await ada.directMessage('rig tx-3090-01').answer();
    expect(directly().filter(({ text }) => text.startsWith('The fleet'))).toHaveLength(1);
    await bot.clean();
  });

  it('what Slack sends again is answered once', async () => {
    const channel = bot.newChannel();
    const asked = bot.newcomer().mention(channel, 'status');
    await asked.answer();
    const again = asked.redeliver({ attempt: 1, reason: 'timeout' });
    await bot.slack.until(() => again.acknowledgement);
    // Into one channel the answers go in order: a second one would stand before this.
    await bot.newcomer().mention(channel, 'rig tx-3090-01').answer();
    const answers = bot.slack.messages(channel).filter(({ byBot, text }) => byBot && text.startsWith('The fleet'));
    expect(answers).toHaveLength(1);
    await bot.clean();
  });

  it('a stop lets the answer arrive that is on its way, and ends with 0 within five seconds', async () => {
    using fault = bot.slack.fault({ kind: '5xx', method: 'response_url', times: 2 });
    const { channel } = askBySlash(bot);
    await bot.slack.until(() => fault.hits() > 0);
    const stoppedMs = performance.now();
    bot.program.kill('SIGTERM');
    await bot.slack.expectMessage(channel, ({ text }) => text.startsWith('The fleet'));
    expect(await bot.program.ended).toMatchObject({ code: 0, signal: null });
    expect(performance.now() - stoppedMs).toBeLessThan(5_000);
    await bot.clean();
  });

  it('Slack is down at the start: the program says so, and is there when Slack is', async () => {
    await using slack = await startSlackEmulator();
    const outage = slack.fault({ kind: '5xx' });
    await using program = farm.start({ env: { ...slackEnv(slack, mode), ...memory } });
    await program.untilLogs('Slack does not know the bot');
    const down = await readiness(program);
    expect(down.status).toBe(503);
    expect(ofSlack(down)).toMatchObject({ ok: false, detail: 'Slack cannot be reached: status 503' });
    outage.release();
    await connectSlack(slack, program, mode);
    const answer = await slack.person('alice').slash('farm', '/fleet status').answer();
    expect(answer.text).toContain('The fleet');
    await slack.assertClean();
  });

  if (mode === 'socket') {
    it('a wrong app token is said', async () => {
      await using slack = await startSlackEmulator();
      const env = { ...slackEnv(slack, mode), ...memory, SLACK_APP_TOKEN: 'xapp-revoked' };
      await using program = farm.start({ env });
      await program.untilLogs('ready');
      const isRefused = async () => ofSlack(await readiness(program))?.detail.includes('check SLACK_APP_TOKEN');
      await vi.waitUntil(isRefused, { timeout: 5_000 });
      expect(program.stderr()).not.toContain('xapp-revoked');
      slack.takeViolations('refused apps.connections.open');
      await slack.assertClean();
    });
  }

  it('a wrong bot token is said, and the program lives', async () => {
    await using slack = await startSlackEmulator();
    const env = { ...slackEnv(slack, mode), ...memory, SLACK_BOT_TOKEN: 'xoxb-revoked' };
    await using program = farm.start({ env });
    await program.untilLogs('Slack does not know the bot');
    const refused = await readiness(program);
    expect(refused.status).toBe(503);
    expect(ofSlack(refused)?.detail).toBe('Slack refuses the bot token: check SLACK_BOT_TOKEN');
    expect(program.stderr()).not.toContain('xoxb-revoked');
    program.kill('SIGTERM');
    expect(await program.ended).toMatchObject({ code: 0 });
    slack.takeViolations('refused auth.test');
    await slack.assertClean();
  });
});

const ofSlack = ({ checks }: Readiness) => checks.find(({ name }) => name === 'slack');
