import { describe, expect, test } from 'vitest';
import { type StartedBolt, signingSecret, startHttpBolt, startSocketBolt } from './bolt.ts';
import { smallBot } from './bolt-bot.ts';
import { type SlackEmulator, startSlackEmulator } from './emulator.ts';

type Start = (slack: SlackEmulator, prepare: typeof smallBot) => Promise<StartedBolt>;

describe.each<[string, Start]>([
  ['Socket Mode', startSocketBolt],
  ['HTTP', startHttpBolt],
])('real Bolt over %s', (_name, start) => {
  test('a command is acknowledged and answered, a button and a select go on from there', async () => {
    await using slack = await startSlackEmulator();
    await using _bolt = await start(slack, smallBot);
    const alice = slack.person('alice');

    const asked = alice.slash('farm', '/fleet profit site:quebec');
    expect((await asked.acknowledged()).afterMs).toBeLessThan(3_000);
    const answer = await asked.answer();
    expect(answer).toMatchObject({ text: 'profit site:quebec: 12.40 USD a day', ephemeralTo: null, channel: 'C0FARM' });

    const why = await alice.click(answer, 'Why').answer();
    expect(why).toMatchObject({ text: 'because of the hashrate', ephemeralTo: 'U0ALICE' });
    expect(slack.person('olivia').sees('farm')).not.toContain(why);

    const updated = await alice.select(answer, 'window', '7 days').answer();
    expect(updated).toBe(answer);
    expect(answer).toMatchObject({ text: 'over 7d', blocks: [], edits: 1 });
    await slack.assertClean();
  });

  test('a mention is answered in its thread, a direct message directly', async () => {
    await using slack = await startSlackEmulator();
    await using _bolt = await start(slack, smallBot);
    const alice = slack.person('alice');
    const inThread = await alice.mention('farm', 'profit').answer();
    expect(inThread.threadTs).toBe(slack.messages('farm')[0]?.ts);
    expect(await alice.directMessage('status').answer()).toMatchObject({ text: 'directly', threadTs: null });
    await slack.assertClean();
  });

  test('a modal with an external select is opened, refused, submitted and closed', async () => {
    await using slack = await startSlackEmulator();
    await using _bolt = await start(slack, smallBot);
    const olivia = slack.person('olivia');
    const view = await olivia.slash('farm', '/fleet modal').view();
    const options = await olivia.suggest(view, 'rig', 'a');
    expect(options.map((option) => option['value'])).toEqual(['a1', 'a2']);

    const refused = await olivia.submit(view, { rig: 'a2', text: 'wrong' }).acknowledged();
    expect(refused.body).toEqual({ response_action: 'errors', errors: { note: 'Say what was seen' } });
    expect(view.isOpen).toBe(true);

    const saved = olivia.submit(view, { text: 'two power supplies' });
    expect((await saved.answer()).text).toBe('a2: two power supplies');
    expect(view.isOpen).toBe(false);
    await slack.assertClean();
  });

  test('the Home tab is published', async () => {
    await using slack = await startSlackEmulator();
    await using _bolt = await start(slack, smallBot);
    const home = await slack.person('alice').openHome().view();
    expect(home).toMatchObject({ type: 'home', userId: 'U0ALICE', edits: 0 });
    await slack.person('alice').openHome().view();
    expect(home.edits).toBe(1);
    await slack.assertClean();
  });

  test('a file is uploaded and shared', async () => {
    await using slack = await startSlackEmulator();
    await using bolt = await start(slack, smallBot);
    const content = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255]);
    await bolt.app.client.filesUploadV2({
      channel_id: 'C0FARM',
      file: content,
      filename: 'day.png',
      title: 'The day',
      initial_comment: 'a chart',
    });
    const shared = await slack.expectMessage('farm');
    expect(shared.text).toBe('a chart');
    expect(slack.state.files.get(shared.fileIds[0] ?? '')).toMatchObject({
      name: 'day.png',
      title: 'The day',
      content,
    });
    await slack.assertClean();
  });

  test('a planned 429 reaches the caller with its time and is no violation', async () => {
    await using slack = await startSlackEmulator();
    await using bolt = await start(slack, smallBot);
    slack.fault({ kind: '429', retryAfterSeconds: 7, method: 'chat.postMessage', times: 1 });
    const post = bolt.app.client.chat.postMessage({ channel: 'C0FARM', text: 'hello' });
    await expect(post).rejects.toMatchObject({ retryAfter: 7 });
    await slack.assertClean();
  });
});

test('an event that is sent twice has one event_id', async () => {
  await using slack = await startSlackEmulator();
  const seen: unknown[] = [];
  await using _bolt = await startSocketBolt(slack, (app) => {
    app.event('app_mention', async ({ body, context }) => {
      seen.push([body.event_id, context.retryNum, context.retryReason]);
    });
  });
  const mention = slack.person('alice').mention('farm', 'status');
  await mention.acknowledged();
  mention.redeliver();
  mention.redeliver({ attempt: 1, reason: 'timeout' });
  await slack.until(() => seen.length === 3);
  const id = mention.payload['event_id'];
  expect(seen).toEqual([
    [id, 0, ''],
    [id, 0, ''],
    [id, 1, 'timeout'],
  ]);
  await slack.assertClean();
});

test('over HTTP Bolt answers the challenge and refuses a stale or a wrong signature', async () => {
  await using slack = await startSlackEmulator();
  await using bolt = await startHttpBolt(slack, smallBot);
  const { requestUrl } = bolt;
  expect(await slack.httpMode({ requestUrl, signingSecret }).verifyUrl('a-challenge')).toBe(true);
  expect(await slack.httpMode({ requestUrl, signingSecret: 'another' }).verifyUrl('a-challenge')).toBe(false);
  const stale = slack.httpMode({ requestUrl, signingSecret, clockSkewSeconds: -600 });
  expect(await stale.verifyUrl('a-challenge')).toBe(false);
  await slack.assertClean();
});

describe('Socket Mode that goes away', () => {
  test.each([
    ['a refresh', (slack: SlackEmulator) => slack.socketMode.disconnect('refresh_requested')],
    ['a close frame', (slack: SlackEmulator) => slack.socketMode.drop({ closeFrame: true })],
    ['a cut line', (slack: SlackEmulator) => slack.socketMode.drop({ closeFrame: false })],
  ])('after %s Bolt connects anew, and events that came meanwhile are not lost', async (_what, goAway) => {
    await using slack = await startSlackEmulator();
    await using _bolt = await startSocketBolt(slack, smallBot);
    const alice = slack.person('alice');
    goAway(slack);
    await slack.until(() => slack.socketMode.connections() === 0);
    expect(alice.slash('farm', '/fleet status').failure).toBe('dispatch_failed');
    const asked = alice.mention('farm', 'status');
    expect((await asked.answer()).text).toBe('in a thread');
    await slack.assertClean();
  });
});

describe('acknowledgements', () => {
  test('none within the time is a violation, and the person is told', async () => {
    await using slack = await startSlackEmulator({ acknowledgementMs: 30 });
    await using _bolt = await startSocketBolt(slack, (app) => {
      app.command('/fleet', async () => undefined);
    });
    const asked = slack.person('alice').slash('farm', '/fleet status');
    await slack.until(() => asked.failure);
    expect(asked.failure).toBe('operation_timeout');
    await expect(slack.assertClean()).rejects.toThrow('missing acknowledgement: slash_commands /fleet');
  });

  test('a late one is a violation, and its text is shown to nobody', async () => {
    await using slack = await startSlackEmulator({ acknowledgementMs: 30 });
    await using _bolt = await startSocketBolt(slack, (app) => {
      app.command('/fleet', async ({ ack }) => {
        await slack.until(() => slack.violations().length > 0);
        await ack('too late');
      });
    });
    const asked = slack.person('alice').slash('farm', '/fleet status');
    await asked.acknowledged();
    expect(slack.violations().map(({ kind }) => kind)).toEqual(['missing acknowledgement', 'late acknowledgement']);
    expect(slack.messages('farm')).toEqual([]);
  });
});
