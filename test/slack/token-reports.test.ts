import { expect, it } from 'vitest';
import { reportTokens } from '../../adapters/slack/token-reports.ts';
import { systemClock } from '../../src/ports/clock.ts';
import { startSlackEmulator } from '../emulators/slack/emulator.ts';
import { recordingLog } from '../support/recording-log.ts';

const common = { clock: systemClock, log: recordingLog() };

it('say whose the tokens are, and connect to nothing', async () => {
  await using slack = await startSlackEmulator();
  const tokens = { botToken: slack.botToken, appToken: slack.appToken, apiUrl: slack.apiUrl };
  expect(await reportTokens({ ...common, ...tokens })).toMatchObject([
    { token: 'bot token', account: expect.stringMatching(/^bot .+ in /), failure: null },
    { token: 'app token', account: 'Socket Mode', failure: null },
  ]);
  expect(slack.socketMode.sockets()).toEqual([]);
  expect(await reportTokens({ ...common, ...tokens, appToken: null })).toHaveLength(1);
  await slack.assertClean();
});

it('say which one is refused', async () => {
  await using slack = await startSlackEmulator();
  // The two changed for each other.
  const tokens = { botToken: slack.appToken, appToken: slack.botToken, apiUrl: slack.apiUrl };
  const [bot, app] = await reportTokens({ ...common, ...tokens });
  expect(bot).toMatchObject({ account: null, failure: 'Slack refuses the bot token: not_allowed_token_type' });
  expect(bot?.remedy).toContain('SLACK_BOT_TOKEN');
  expect(app).toMatchObject({ account: null, failure: 'Slack refuses the app token: not_allowed_token_type' });
  expect(app?.remedy).toContain('SLACK_APP_TOKEN');
});

it('are no verdict on the tokens where nobody answers', async () => {
  const apiUrl = 'http://127.0.0.1:1/api/';
  const reports = await reportTokens({ ...common, botToken: 'xoxb-1', appToken: 'xapp-1', apiUrl });
  for (const { failure } of reports) expect(failure).toMatch(/^Slack cannot be reached: /);
});
