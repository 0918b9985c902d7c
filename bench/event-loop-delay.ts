import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** How late the event loop was, in milliseconds. `maxMs` is the longest stretch without a turn. */
export interface EventLoopDelay {
  readonly p99Ms: number;
  readonly maxMs: number;
  /** CPU time of the main thread in its hardest stretch: what others take of a busy machine is not in it. */
  readonly maxCpuMs: number;
}

const resolutionMs = 1;

export async function whileMeasured<T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly delay: EventLoopDelay }> {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  // The first tick comes late whatever runs.
  await sleep(20);
  delays.reset();
  const stretches = measureCpu();
  const result = await work();
  // A stretch that ended just now is measured at the next tick.
  await sleep(5);
  delays.disable();
  const maxCpuMs = stretches.stop();
  return { result, delay: { p99Ms: lateMs(delays.percentile(99)), maxMs: lateMs(delays.max), maxCpuMs } };
}

/** A timer fires in every turn of the loop in which it is due: what the thread took since the last time is one stretch. */
function measureCpu(): { stop(): number } {
  let maxMicroseconds = 0;
  let before = process.threadCpuUsage();
  const timer = setInterval(() => {
    const now = process.threadCpuUsage();
    maxMicroseconds = Math.max(maxMicroseconds, now.user + now.system - before.user - before.system);
    before = now;
  }, resolutionMs);
  return {
    stop: () => {
      clearInterval(timer);
      return maxMicroseconds / 1000;
    },
  };
}

/** What is measured is the time from tick to tick, the timer's own interval included. */
function lateMs(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - resolutionMs);
}
