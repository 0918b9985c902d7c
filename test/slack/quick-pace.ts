import type { Pace } from '../../adapters/slack/pace.ts';

/** Everything that waits, waits for less: what is tested is that it waits and goes on. */
export const quickPace = {
  requestLimitMs: 1_500,
  firstRetryMs: 20,
  mostRetryMs: 100,
  answerLimitMs: 5_000,
  postGapMs: 0,
  firstConnectRetryMs: 20,
  mostConnectRetryMs: 100,
  hopelessRetryMs: 150,
  helloLimitMs: 1_000,
  pongLimitMs: 1_500,
  pingLimitMs: 30_000,
  leaveAfterMs: 50,
  identityLimitMs: 1_000,
  formLocaleLimitMs: 500,
  pictureLimitMs: 1_000,
  pictureRetryMs: 10,
  homeRefreshMs: 50,
  homeIdleMs: 60_000,
  stopLimitMs: 500,
} satisfies Pace;
