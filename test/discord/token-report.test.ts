import { expect, it } from 'vitest';
import { reportToken } from '../../adapters/discord/token-report.ts';
import { systemClock } from '../../src/ports/clock.ts';
import { startDiscordEmulator } from '../emulators/discord/emulator.ts';
import { recordingLog } from '../support/recording-log.ts';

const common = { clock: systemClock, log: recordingLog() };

it('says whose a token is, and connects to nothing', async () => {
  await using discord = await startDiscordEmulator({ botName: 'rigs' });
  const report = await reportToken({ ...common, token: discord.token, apiUrl: discord.apiUrl });
  expect(report).toMatchObject({
    address: discord.apiUrl,
    account: expect.stringMatching(/^bot rigs of application /),
    failure: null,
  });
  expect(report.latencyMs).toBeGreaterThan(0);
  discord.assertClean();
});

it('says what to do about one that is refused', async () => {
  await using discord = await startDiscordEmulator();
  const report = await reportToken({ ...common, token: `${discord.token}x`, apiUrl: discord.apiUrl });
  expect(report).toMatchObject({ account: null, latencyMs: null, failure: 'Discord refuses the token' });
  expect(report.remedy).toContain('DISCORD_TOKEN');
});

it.each([
  ['429 global', 'Discord asks to wait'],
  ['500', 'Discord cannot be reached: status 500'],
] as const)('is no verdict on the token where Discord answers with %s', async (kind, failure) => {
  await using discord = await startDiscordEmulator();
  discord.faults.rest(kind === '500' ? { kind, times: 1 } : { kind, retryAfterSeconds: 5 });
  expect(await reportToken({ ...common, token: discord.token, apiUrl: discord.apiUrl })).toMatchObject({ failure });
});

it('is no verdict on the token where nobody answers', async () => {
  const report = await reportToken({ ...common, token: 'a.b.c', apiUrl: 'http://127.0.0.1:1/api' });
  expect(report.failure).toMatch(/^Discord cannot be reached: /);
});
