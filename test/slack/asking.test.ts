import { describe, expect, it } from 'vitest';
import type { Reply } from '../../src/chat/reply.ts';
import { plainReply } from '../support/chat-host.ts';
import { type ModeKind, startBot, textOf } from './slack-bot.ts';

const modes: ModeKind[] = ['socket', 'http'];

describe.each(modes)('asking on Slack (%s)', (mode) => {
  it('answers a command in the channel, with who asked', async () => {
    await using bot = await startBot({ mode });
    const { slack, host } = bot;
    const asked = slack.person('alice').slash('farm', '/fleet rig name:a1');
    const answer = await asked.answer();
    expect(answer).toMatchObject({ ephemeralTo: null, origin: 'response_url', text: 'You asked: rig name:a1' });
    expect(host.invocations).toMatchObject([
      {
        platform: 'slack',
        text: 'rig name:a1',
        channel: 'C0FARM',
        locale: 'en-US',
        user: { id: 'U0ALICE', name: 'alice', groups: [], administers: false },
      },
    ]);
    await slack.assertClean();
  });

  it('answers what is for the asker alone where nobody else sees it', async () => {
    await using bot = await startBot({ mode });
    const { slack, host } = bot;
    const line = host.commands.find(({ visibility }) => visibility === 'asker')?.name ?? 'help';
    const answer = await slack.person('alice').slash('farm', `/fleet ${line}`).answer();
    expect(answer.ephemeralTo).toBe('U0ALICE');
    const mentioned = await slack.person('alice').mention('farm', line).answer();
    expect(mentioned.ephemeralTo).toBe('U0ALICE');
    await slack.assertClean();
  });

  it('answers a command where it is no member', async () => {
    await using bot = await startBot({
      mode,
      emulator: { channels: [{ id: 'C0OPS', name: 'ops', kind: 'private', botIsMember: false }] },
    });
    const answer = await bot.slack.person('alice').slash('ops', '/fleet rig a1').answer();
    expect(answer.text).toBe('You asked: rig a1');
    await bot.slack.assertClean();
  });

  it('answers a mention in a thread of it, and in a thread there', async () => {
    await using bot = await startBot({ mode });
    const { slack } = bot;
    const alice = slack.person('alice');
    const asked = alice.mention('farm', 'rig a1');
    const answer = await asked.answer();
    const [question] = slack.messages('farm');
    expect(answer).toMatchObject({ threadTs: question?.ts, origin: 'web api', text: 'You asked: rig a1' });
    const again = await alice.mention('farm', 'rig b1', { thread: question?.ts ?? '' }).answer();
    expect(again).toMatchObject({ threadTs: question?.ts, text: 'You asked: rig b1' });
    await slack.assertClean();
  });

  it('answers direct messages without a mention', async () => {
    await using bot = await startBot({ mode });
    const answer = await bot.slack.person('alice').directMessage('rig a1 &amp; more').answer();
    expect(answer.text.replaceAll('\u200b', '')).toBe('You asked: rig a1 &amp; more');
    expect(bot.host.invocations[0]?.text).toBe('rig a1 & more');
    await bot.slack.assertClean();
  });

  it('answers in the language of whoever asks', async () => {
    await using bot = await startBot({
      mode,
      emulator: { users: [{ id: 'U0LUC', name: 'luc', locale: 'fr-CA' }] },
    });
    await bot.slack.person('luc').slash('farm', '/fleet rig a1').answer();
    expect(bot.host.invocations[0]?.locale).toBe('fr-CA');
    await bot.slack.assertClean();
  });

  it('knows owners and user groups', async () => {
    await using bot = await startBot({
      mode,
      emulator: { userGroups: [{ id: 'S0OPS', handle: 'ops', users: ['U0ALICE'] }] },
    });
    await bot.slack.person('alice').slash('farm', '/fleet rig a1').answer();
    await bot.slack.person('olivia').slash('farm', '/fleet rig a1').answer();
    await bot.slack.person('alice').mention('farm', 'rig a1').answer();
    expect(bot.slack.log.requests('users.info')).toHaveLength(2);
    expect(bot.slack.log.requests('usergroups.list')).toHaveLength(1);
    expect(bot.host.invocations.slice(0, 2).map(({ user }) => user)).toMatchObject([
      { id: 'U0ALICE', groups: ['S0OPS'], administers: false },
      { id: 'U0OWNER', groups: [], administers: true },
    ]);
    await bot.slack.assertClean();
  });

  it.each(['users.info', 'usergroups.list'])(
    'takes everybody for a viewer while Slack does not answer %s',
    async (method) => {
      await using bot = await startBot({ mode });
      bot.slack.fault({ kind: mode === 'http' ? '5xx' : 'hang', method });
      const answer = await bot.slack.person('olivia').slash('farm', '/fleet rig a1').answer();
      expect(answer.text).toBe('You asked: rig a1');
      const { administers, groups } = bot.host.invocations[0]?.user ?? {};
      expect({ administers, groups }).toEqual({ administers: method !== 'users.info', groups: [] });
      expect(bot.log.lines.filter((line) => line.startsWith('warn:'))).toHaveLength(1);
      await bot.slack.assertClean();
    },
  );

  it('does not answer itself', async () => {
    await using bot = await startBot({ mode });
    const { slack, host } = bot;
    await slack.person('rigshift').directMessage('rig a1').acknowledged();
    await slack.person('alice').directMessage('rig b1').answer();
    expect(host.invocations.map(({ text }) => text)).toEqual(['rig b1']);
    await slack.assertClean();
  });
});

const chart: Reply = {
  ...plainReply('Two rigs mine.'),
  blocks: [
    {
      kind: 'chart',
      title: 'GPU-hours',
      alt: 'rented 3, mining 4',
      form: 'bars',
      unit: 'GPU-hours',
      along: { kind: 'names', names: ['rented', 'mining'] },
      series: [{ name: 'GPU-hours', values: [3, 4] }],
    },
  ],
};
const csv: Reply = {
  ...plainReply('Every rig.'),
  files: [{ name: 'rigs.csv', mediaType: 'text/csv', text: 'rig,watts\na1,1200\n', description: 'every rig' }],
};

describe('what comes along with an answer', () => {
  it('a simulated farm is named as one, in answers and in the Home tab', async () => {
    await using bot = await startBot({ demo: true });
    const alice = bot.slack.person('alice');
    expect(textOf(await alice.slash('farm', '/fleet rig a1').answer())).toContain('Demo: a simulated farm');
    expect(JSON.stringify((await alice.openHome().view()).definition)).toContain('Demo: a simulated farm');
    await bot.slack.assertClean();
  });

  it('shows a chart as a picture, drawn for a light page', async () => {
    await using bot = await startBot();
    bot.host.answerWith(() => chart);
    const answer = await bot.slack.person('alice').slash('farm', '/fleet rig a1').answer();
    const image = answer.blocks.find(({ type }) => type === 'image');
    const file = [...bot.slack.state.files.values()][0];
    expect(image).toMatchObject({ slack_file: { id: file?.id }, alt_text: 'rented 3, mining 4' });
    expect(file).toMatchObject({ isComplete: true, channels: [] });
    expect(bot.image.asked[0]?.theme).toBe('light');
    await bot.slack.assertClean();
  });

  it('uploads a picture once for all who ask the same, and again where the upload failed', async () => {
    await using bot = await startBot();
    const { slack, host } = bot;
    host.answerWith(() => chart);
    const pictureOf = async (name: string) => {
      const { blocks } = await slack.person(name).slash('farm', '/fleet rig a1').answer();
      return blocks.find(({ type }) => type === 'image');
    };
    slack.fault({ kind: 'refusal', error: 'internal_error', method: 'files.getUploadURLExternal', times: 1 });
    expect(await pictureOf('alice')).toBeUndefined();
    const shown = await Promise.all([pictureOf('alice'), pictureOf('olivia')]);
    expect(new Set(shown.map((image) => JSON.stringify(image))).size).toBe(1);
    expect(shown[0]).toBeDefined();
    expect(slack.log.requests('files.completeUploadExternal')).toHaveLength(1);
    await slack.assertClean();
  });

  it('says a chart in words where it cannot be drawn', async () => {
    await using bot = await startBot();
    bot.image.fails = true;
    bot.host.answerWith(() => chart);
    const answer = await bot.slack.person('alice').slash('farm', '/fleet rig a1').answer();
    expect(textOf(answer)).toContain('rented 3, mining 4');
    await bot.slack.assertClean();
  });

  it.each(['slash', 'mention'] as const)(
    'says a chart in words where Slack goes on refusing the picture (%s)',
    async (how) => {
      await using bot = await startBot();
      bot.host.answerWith(() => chart);
      const method = how === 'slash' ? 'response_url' : 'chat.postMessage';
      bot.slack.fault({ kind: 'refusal', error: 'invalid_blocks', method, times: 3 });
      const alice = bot.slack.person('alice');
      const asked = how === 'slash' ? alice.slash('farm', '/fleet rig a1') : alice.mention('farm', 'rig a1');
      const answer = await asked.answer();
      expect(textOf(answer)).toContain('rented 3, mining 4');
      expect(answer.blocks.some(({ type }) => type === 'image')).toBe(false);
      await bot.slack.assertClean();
    },
  );

  it('says a chart in words where Slack takes too long over it', async () => {
    await using bot = await startBot({ pace: { pictureLimitMs: 100 } });
    bot.host.answerWith(() => chart);
    bot.slack.fault({ kind: 'hang', method: 'upload' });
    const answer = await bot.slack.person('alice').slash('farm', '/fleet rig a1').answer();
    expect(textOf(answer)).toContain('rented 3, mining 4');
    await bot.slack.assertClean();
  });

  it('shows files in the channel of the answer', async () => {
    await using bot = await startBot();
    bot.host.answerWith(() => csv);
    await bot.slack.person('alice').slash('farm', '/fleet rig a1').answer();
    const shared = await bot.slack.expectMessage('farm', ({ fileIds }) => fileIds.length > 0);
    const file = bot.slack.state.files.get(shared.fileIds[0] ?? '');
    expect([file?.name, file?.content?.toString()]).toEqual(['rigs.csv', 'rig,watts\na1,1200\n']);
    await bot.slack.assertClean();
  });

  it('sends files that one person may see into direct messages, and says so', async () => {
    await using bot = await startBot();
    bot.host.answerWith(() => csv);
    const alice = bot.slack.person('alice');
    await alice.slash('farm', '/fleet help').answer();
    const direct = bot.slack.state.openDirectMessage('U0ALICE').id;
    await bot.slack.expectMessage(direct, ({ fileIds }) => fileIds.length > 0);
    await bot.slack.until(() => alice.sees('farm').some(({ text }) => text.includes('direct messages')));
    expect(bot.slack.messages('farm').every(({ ephemeralTo }) => ephemeralTo === 'U0ALICE')).toBe(true);
    await bot.slack.assertClean();
  });
});
