import { describe, expect, it } from 'vitest';
import { FakeChatHost, plainReply } from '../support/chat-host.ts';
import { startBot, textOf } from './slack-bot.ts';

/** Everything but `rigs` is for whoever asks. */
function hostOfSecrets(): FakeChatHost {
  const host = new FakeChatHost();
  host.visibilityOf = (line) => (line === 'rigs' ? 'channel' : 'asker');
  host.answerWith(({ text }) => ({
    ...plainReply(`You asked: ${text}`),
    next: [{ label: 'Secret', command: 'audit', replaces: true }],
  }));
  return host;
}

it('an answer for one person does not take the place of one for all', async () => {
  await using bot = await startBot({ host: hostOfSecrets() });
  const { slack } = bot;
  const shown = await slack.person('alice').slash('farm', '/fleet rigs').answer();
  const answer = await slack.person('olivia').click(shown, 'Secret').answer();
  expect(answer).toMatchObject({ text: 'You asked: audit', ephemeralTo: 'U0OWNER' });
  expect(shown).toMatchObject({ edits: 0, text: 'You asked: rigs' });
  await slack.assertClean();
});

it('among answers for one person the next page takes the place of the last', async () => {
  await using bot = await startBot({ host: hostOfSecrets() });
  const alice = bot.slack.person('alice');
  const shown = await alice.slash('farm', '/fleet help').answer();
  await alice.click(shown, 'Secret').answer();
  expect(shown).toMatchObject({ edits: 1, text: 'You asked: audit', ephemeralTo: 'U0ALICE' });
  await bot.slack.assertClean();
});

describe('a mention whose answer is for the asker', () => {
  it('is answered beside it: Slack shows nobody what stands in a thread without replies', async () => {
    await using bot = await startBot();
    const answer = await bot.slack.person('alice').mention('farm', 'help').answer();
    expect(answer).toMatchObject({ ephemeralTo: 'U0ALICE', threadTs: null });
    await bot.slack.assertClean();
  });

  it('is answered in the thread where it stands in one', async () => {
    await using bot = await startBot();
    const { slack } = bot;
    const alice = slack.person('alice');
    const first = await alice.mention('farm', 'rig a1').answer();
    const answer = await alice.mention('farm', 'help', { thread: first.threadTs ?? '' }).answer();
    expect(answer).toMatchObject({ ephemeralTo: 'U0ALICE', threadTs: first.threadTs });
    await slack.assertClean();
  });
});

it('where no message may stand between two people, the asker is told directly', async () => {
  await using bot = await startBot({
    emulator: { channels: [{ id: 'D0TWO', name: 'two', kind: 'private', botIsMember: false }] },
  });
  const { slack } = bot;
  slack.fault({ kind: 'refusal', error: 'expired_url', method: 'response_url' });
  slack.person('alice').slash('two', '/fleet help');
  const direct = slack.state.openDirectMessage('U0ALICE').id;
  const told = await slack.expectMessage(direct, ({ text }) => text === 'You asked: help');
  expect(textOf(told)).toContain('help');
  slack.takeViolations('refused chat.postMessage');
  await slack.assertClean();
});

it.each([
  ['owner of another workspace', { teamId: 'T0OTHER', isOwner: true, isPrimaryOwner: true }],
  ['admin who has left', { isAdmin: true, deleted: true }],
])('an %s is in charge of nothing here', async (_who, standing) => {
  await using bot = await startBot({ emulator: { users: [{ id: 'U0EVE', name: 'eve', ...standing }] } });
  await bot.slack.person('eve').mention('farm', 'rig a1').answer();
  expect(bot.host.invocations[0]?.user).toMatchObject({ id: 'U0EVE', administers: false, groups: [] });
  await bot.slack.assertClean();
});

it('who was in charge is a viewer once Slack does not say so any more', async () => {
  let nowMs = Date.now();
  await using bot = await startBot({ emulator: { now: () => nowMs } });
  const { slack, host } = bot;
  const olivia = slack.person('olivia');
  await olivia.slash('farm', '/fleet rig a1').answer();
  nowMs += 301_000;
  const fault = slack.fault({ kind: 'refusal', error: 'user_not_found', method: 'users.info' });
  await olivia.slash('farm', '/fleet rig b1').answer();
  fault.release();
  await olivia.slash('farm', '/fleet rig c1').answer();
  expect(host.invocations.map(({ user }) => user.administers)).toEqual([true, false, true]);
  await slack.assertClean();
});
