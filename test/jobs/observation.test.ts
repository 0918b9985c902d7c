import { describe, expect, test } from 'vitest';
import { UpstreamError } from '../../src/domain/errors.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { createObservationJob } from '../../src/jobs/observation.ts';
import { FakeTime, settle } from '../support/fake-time.ts';
import { recordingLog } from '../support/recording-log.ts';
import { snapshotOf } from '../support/snapshots.ts';

const INTERVAL = 15_000;

function setUp(observe: (time: FakeTime, signal: AbortSignal) => Promise<Snapshot>, listeningMs = 0) {
  const time = new FakeTime(1_000_000);
  const seen: number[] = [];
  const errors: unknown[] = [];
  const job = createObservationJob({
    observer: { observe: (signal) => observe(time, signal) },
    clock: time,
    intervalMs: INTERVAL,
    onSnapshot: async ({ atMs }) => {
      seen.push(atMs);
      if (listeningMs > 0) await time.sleep(listeningMs, new AbortController().signal);
    },
    onError: (error) => void errors.push(error),
    log: recordingLog(),
    sleep: time.sleep,
  });
  return { time, job, seen, errors };
}

const atOnce = async (time: FakeTime) => snapshotOf([], { atMs: time.now() });

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}

describe('observation', () => {
  test('runs at once, then at multiples of the interval', async () => {
    const { time, job, seen } = setUp(atOnce);
    expect(job.snapshot()).toBeNull();
    job.start();
    await settle();
    await time.pass(40_000);
    await job.stop();
    expect(seen).toEqual([1_000_000, 1_020_000, 1_035_000]);
    expect(job.snapshot()?.atMs).toBe(1_035_000);
  });

  test('never overlaps: a slow run skips the times it missed', async () => {
    const { time, job, seen } = setUp(atOnce, 20_000);
    job.start();
    await time.pass(60_000);
    expect(seen).toEqual([1_000_000, 1_035_000]);
    await job.stop();
  });

  test('keeps the last snapshot when the source fails, says so and goes on', async () => {
    let failing = false;
    const { time, job, seen, errors } = setUp(async (now) => {
      if (failing) throw new UpstreamError('prometheus', 'refused');
      return snapshotOf([], { atMs: now.now() });
    });
    job.start();
    await settle();
    failing = true;
    await time.pass(40_000);
    expect(errors).toHaveLength(2);
    expect(job.snapshot()?.atMs).toBe(1_000_000);
    failing = false;
    await time.pass(15_000);
    await job.stop();
    expect(seen).toEqual([1_000_000, 1_050_000]);
  });

  test('aborts a run after its time limit', async () => {
    const { time, job, errors } = setUp((_time, signal) => untilAborted(signal));
    job.start();
    await time.pass(14_000);
    expect(errors).toEqual([]);
    await time.pass(1_000);
    expect(errors).toEqual([expect.objectContaining({ name: 'UpstreamError', message: 'no answer within 15 s' })]);
    await job.stop();
  });

  test('a failing listener ends nothing', async () => {
    const time = new FakeTime(1_000_000);
    let calls = 0;
    const job = createObservationJob({
      observer: { observe: () => atOnce(time) },
      clock: time,
      intervalMs: INTERVAL,
      onSnapshot: () => {
        calls += 1;
        throw new Error('broken');
      },
      onError: () => undefined,
      log: recordingLog(),
      sleep: time.sleep,
    });
    job.start();
    await time.pass(40_000);
    await job.stop();
    expect(calls).toBe(3);
  });

  test('stop aborts what is running and waits for it', async () => {
    let aborted = false;
    const { job, errors } = setUp((_time, signal) =>
      untilAborted(signal).finally(() => {
        aborted = true;
      }),
    );
    job.start();
    await settle();
    await job.stop();
    expect(aborted).toBe(true);
    expect(errors).toEqual([]);
  });
});
