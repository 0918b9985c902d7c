import { expect, it } from 'vitest';
import { type SlackEmulator, startSlackEmulator } from '../emulators/slack/emulator.ts';
import { listeningAddresses } from '../support/listening-ports.ts';
import { prepareBot, startBot } from './slack-bot.ts';
import { startChild } from './slack-child.ts';

it('a refresh of both sockets leaves no moment in which a command is not heard', async () => {
  await using bot = await startBot();
  const { slack, host } = bot;
  const alice = slack.person('alice');
  slack.socketMode.helloDelayMs = 30;
  slack.socketMode.disconnect('refresh_requested', 400);
  const asked = Array.from({ length: 40 }, (_, index) => index);
  for (const index of asked) await alice.slash('farm', `/fleet rig a${index}`).answer();
  await slack.until(() => slack.socketMode.connections() === 2);
  const sockets = new Set(slack.log.entries().flatMap((entry) => (entry.kind === 'frame' ? [entry.socket] : [])));
  expect(sockets.size).toBe(4);
  expect(host.invocations).toHaveLength(asked.length);
  await slack.assertClean();
});

it('a warning makes new sockets before the old ones close', async () => {
  await using bot = await startBot();
  const { slack } = bot;
  slack.socketMode.disconnect('warning');
  const opened = () => slack.log.entries().filter((entry) => entry.kind === 'frame' && isHello(entry.frame)).length;
  await slack.until(() => opened() === 4);
  await slack.until(() => slack.socketMode.connections() === 2);
  await slack.person('alice').slash('farm', '/fleet rig a1').answer();
  await slack.assertClean();
});

it.each([true, false])(
  'sockets that drop (close frame: %s) come back, and events are answered once',
  async (closeFrame) => {
    await using bot = await startBot();
    const { slack, host } = bot;
    slack.socketMode.drop({ closeFrame });
    await slack.until(() => slack.socketMode.connections() === 0);
    const asked = slack.person('alice').mention('farm', 'rig a1');
    await asked.answer();
    await slack.until(() => slack.socketMode.connections() === 2);
    await slack.until(() => bot.adapter.connected());
    expect(host.invocations).toHaveLength(1);
    await slack.assertClean();
  },
);

const oneGoes: Readonly<Record<string, (slack: SlackEmulator, socket: number) => void>> = {
  'is refreshed': ({ socketMode }, socket) => socketMode.disconnect('refresh_requested', 300, socket),
  'breaks without a word': ({ socketMode }, socket) => socketMode.drop({ closeFrame: false, only: socket }),
  'is closed': ({ socketMode }, socket) => socketMode.drop({ closeFrame: true, only: socket }),
};

it.each(Object.keys(oneGoes))(
  'while one of the two sockets %s, everything is answered through the other',
  async (how) => {
    await using bot = await startBot();
    const { slack, host } = bot;
    const alice = slack.person('alice');
    const [first, second] = slack.socketMode.sockets();
    slack.socketMode.helloDelayMs = 100;
    oneGoes[how]?.(slack, first ?? 0);
    await slack.until(() => slack.socketMode.connections() === 1);
    for (let index = 0; slack.socketMode.connections() === 1; index += 1) {
      const asked = [alice.mention('farm', `rig a${index}`), alice.slash('farm', `/fleet rig b${index}`)];
      await Promise.all(asked.map((interaction) => interaction.answer()));
    }
    const [kept, next] = slack.socketMode.sockets();
    expect([kept, (next ?? 0) > (second ?? 0)]).toEqual([second, true]);
    const lines = host.invocations.map(({ text }) => text);
    expect(lines.length).toBeGreaterThanOrEqual(2);
    expect(new Set(lines).size).toBe(lines.length);
    await slack.assertClean();
  },
);

it('an event that a breaking socket had in flight is answered once, through the other', async () => {
  await using bot = await startBot();
  const { slack, host } = bot;
  const alice = slack.person('alice');
  const asked = [alice.mention('farm', 'rig a1'), alice.mention('farm', 'rig a2')];
  const [first] = slack.socketMode.sockets();
  if (first !== undefined) slack.socketMode.drop({ closeFrame: false, only: first });
  await Promise.all(asked.map((interaction) => interaction.answer()));
  await slack.until(() => slack.socketMode.connections() === 2);
  expect(host.invocations.map(({ text }) => text).toSorted()).toEqual(['rig a1', 'rig a2']);
  await slack.assertClean();
});

it.each([
  ['link_disabled', 'Socket Mode is switched off in the settings of the Slack app'],
  ['too_many_websockets', 'too many programs are connected to Slack with this app token'],
] as const)('sockets that Slack closes for %s are said to be, and tried again slowly', async (reason, detail) => {
  await using bot = await startBot({ pace: { hopelessRetryMs: 400 } });
  const { slack, adapter } = bot;
  const before = slack.log.requests('apps.connections.open').length;
  slack.socketMode.disconnect(reason, 20);
  await slack.until(() => !adapter.connected());
  expect(adapter.detail()).toBe(detail);
  expect(slack.log.requests('apps.connections.open')).toHaveLength(before);
  await slack.until(() => slack.socketMode.connections() === 2);
  await slack.until(() => adapter.connected());
  await slack.person('alice').slash('farm', '/fleet rig a1').answer();
  await slack.assertClean();
});

it('a socket that answers no ping is replaced', async () => {
  await using bot = await startBot({ pace: { pongLimitMs: 90 } });
  const { slack } = bot;
  const before = slack.log.requests('apps.connections.open').length;
  slack.socketMode.answersPings = false;
  await slack.until(() => slack.log.requests('apps.connections.open').length >= before + 2);
  slack.socketMode.answersPings = true;
  await slack.until(() => slack.socketMode.connections() === 2);
  await slack.person('alice').slash('farm', '/fleet rig a1').answer();
  await slack.assertClean();
});

it('an outage while it reconnects passes: nothing ends the process, and it says what is wrong', async () => {
  await using bot = await startBot();
  const { slack, adapter, log } = bot;
  const outage = slack.fault({ kind: 'reset', method: 'apps.connections.open' });
  slack.socketMode.drop({ closeFrame: false });
  await slack.until(() => outage.hits() > 6);
  expect(adapter.connected()).toBe(false);
  expect(adapter.detail()).toMatch(/^Slack cannot be reached/);
  outage.release();
  slack.socketMode.refusesSockets = true;
  await slack.until(
    () => slack.log.requests('apps.connections.open').filter(({ status }) => status === 200).length > 6,
  );
  slack.socketMode.refusesSockets = false;
  await slack.until(() => slack.socketMode.connections() === 2);
  await slack.until(() => adapter.connected());
  expect(adapter.detail()).toBe('connected');
  await slack.person('alice').slash('farm', '/fleet rig a1').answer();
  expect(log.lines.filter((line) => line === 'warn: not connected to Slack').length).toBeLessThanOrEqual(4);
  await slack.assertClean();
});

it('starts while Slack is away, and connects when it is back', async () => {
  await using bot = await prepareBot();
  const { slack, adapter } = bot;
  const outage = slack.fault({ kind: '5xx' });
  await adapter.start();
  await slack.until(() => outage.hits() > 6);
  expect(adapter.connected()).toBe(false);
  outage.release();
  await slack.until(() => adapter.connected());
  await slack.person('alice').slash('farm', '/fleet rig a1').answer();
  await slack.assertClean();
});

it('waits as long as Slack asks before it opens a socket', async () => {
  await using bot = await prepareBot();
  const { slack, adapter } = bot;
  slack.fault({ kind: '429', retryAfterSeconds: 1, method: 'apps.connections.open', times: 1 });
  await adapter.start();
  await slack.until(() => slack.socketMode.connections() === 2);
  await slack.assertClean();
});

it('a wrong app token is said, and tried again slowly', async () => {
  await using bot = await prepareBot({ appToken: 'xapp-wrong' });
  const { slack, adapter, log } = bot;
  await adapter.start();
  await slack.until(() => slack.log.requests('apps.connections.open').length >= 4);
  expect(adapter.connected()).toBe(false);
  expect(adapter.detail()).toBe('Slack refuses the app token: check SLACK_APP_TOKEN');
  expect(log.lines.filter((line) => line === 'warn: not connected to Slack')).toHaveLength(1);
  slack.takeViolations('refused apps.connections.open');
  await slack.assertClean();
});

const troubles: Readonly<Record<string, (slack: SlackEmulator) => unknown>> = {
  'a socket that says no hello': ({ socketMode }) => Object.assign(socketMode, { helloDelayMs: 60_000 }),
  'sockets that are refused': ({ socketMode }) => Object.assign(socketMode, { refusesSockets: true }),
  'a Slack that hangs': (slack) => slack.fault({ kind: 'hang', method: 'apps.connections.open' }),
  'a Slack that is away': (slack) => slack.fault({ kind: 'reset', method: 'apps.connections.open' }),
};

it.each(Object.keys(troubles))('stops at once while it reconnects to %s', async (trouble) => {
  await using bot = await startBot();
  const { slack, adapter } = bot;
  troubles[trouble]?.(slack);
  slack.socketMode.drop({ closeFrame: false });
  await slack.until(() => slack.socketMode.connections() === 0 && !adapter.connected());
  const beganMs = performance.now();
  await adapter.stop();
  expect(performance.now() - beganMs).toBeLessThan(1_000);
  await slack.assertClean();
  expect(slack.socketMode.connections()).toBe(0);
});

it.each(Object.keys(troubles))('a process lives through %s and ends by itself when it stops', async (trouble) => {
  await using slack = await startSlackEmulator();
  await using child = startChild(slack);
  await slack.until(() => slack.socketMode.connections() === 2, 10_000);
  troubles[trouble]?.(slack);
  const before = slack.log.requests().length;
  slack.socketMode.drop({ closeFrame: false });
  if (trouble !== 'a Slack that hangs' && trouble !== 'a socket that says no hello') {
    await slack.until(() => slack.log.requests().length >= before + 6);
  }
  expect(await child.stopped()).toEqual({ code: 0, stderr: '' });
  await slack.assertClean();
});

it('stops while answers are on their way: they are finished first', async () => {
  await using bot = await startBot();
  const { slack, adapter, host } = bot;
  const { promise, resolve } = Promise.withResolvers<void>();
  host.answerWith(async () => {
    await promise;
    return { headline: 'Done.', blocks: [], next: [] };
  });
  const asked = slack.person('alice').slash('farm', '/fleet rig a1');
  await slack.until(() => host.invocations.length === 1);
  const stopped = adapter.stop();
  resolve();
  await stopped;
  expect((await asked.answer()).text).toBe('Done.');
  await slack.assertClean();
});

it('stops although an answer hangs', async () => {
  await using bot = await startBot({ pace: { stopLimitMs: 100 } });
  const { slack, adapter, host } = bot;
  host.answerWith(() => new Promise(() => undefined));
  slack.person('alice').slash('farm', '/fleet rig a1');
  await slack.until(() => host.invocations.length === 1);
  const beganMs = performance.now();
  await adapter.stop();
  expect(performance.now() - beganMs).toBeLessThan(1_000);
  await slack.assertClean();
});

it("the sockets' client leaves its retries out of the one that answers", async () => {
  await using bot = await startBot();
  const { slack, adapter } = bot;
  slack.fault({ kind: '5xx', method: 'chat.postMessage' });
  const reply = { headline: 'Once.', blocks: [], next: [] };
  const post = { key: 'once', channel: 'C0FARM', reply, locale: 'en', possibleRepeat: false };
  await expect(adapter.sender.send(post, 'page')).rejects.toThrow('503');
  expect(slack.log.requests('chat.postMessage')).toHaveLength(1);
  await slack.assertClean();
});

it('opens no port', async () => {
  await using bot = await prepareBot({ mode: 'http' });
  const before = listeningAddresses(process.pid);
  await bot.adapter.start();
  await bot.slack.until(() => bot.adapter.connected());
  expect(listeningAddresses(process.pid)).toEqual(before);
});

function isHello(frame: unknown): boolean {
  return typeof frame === 'object' && frame !== null && 'type' in frame && frame.type === 'hello';
}
