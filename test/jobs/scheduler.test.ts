import { expect, test } from 'vitest';
import { createScheduler } from '../../src/jobs/scheduler.ts';
import { settle } from '../support/fake-time.ts';
import { recordingLog } from '../support/recording-log.ts';

function setUp() {
  const ticks: (() => Promise<void>)[] = [];
  const log = recordingLog();
  let cancelled = 0;
  const scheduler = createScheduler({
    log,
    ticker: (expression, tick) => {
      expect(expression).toBe('* * * * *');
      ticks.push(tick);
      return {
        cancel: async () => {
          cancelled += 1;
        },
      };
    },
  });
  return { scheduler, ticks, log, cancelled: () => cancelled };
}

test('calls a job every minute, also after it failed', async () => {
  const { scheduler, ticks, log } = setUp();
  let calls = 0;
  scheduler.everyMinute('ledger', async () => {
    calls += 1;
    throw new Error('broken');
  });
  await ticks[0]?.();
  await ticks[0]?.();
  expect(calls).toBe(2);
  expect(log.lines).toEqual(['error: job failed', 'error: job failed']);
});

test('skips a minute while the job still runs, and stop waits for it', async () => {
  const { scheduler, ticks, log, cancelled } = setUp();
  const gate = Promise.withResolvers<void>();
  let calls = 0;
  scheduler.everyMinute('ledger', async () => {
    calls += 1;
    await gate.promise;
  });
  void ticks[0]?.();
  await ticks[0]?.();
  expect(calls).toBe(1);
  expect(log.lines).toEqual(['warn: job still runs: this minute is skipped']);
  let stopped = false;
  const stopping = scheduler.stop().then(() => {
    stopped = true;
  });
  await settle();
  expect([stopped, cancelled()]).toEqual([false, 1]);
  gate.resolve();
  await stopping;
});

test('registers with node-cron and lets it go', async () => {
  const scheduler = createScheduler({ log: recordingLog() });
  scheduler.everyMinute('ledger', async () => undefined);
  await scheduler.stop();
});
