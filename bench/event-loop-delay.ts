import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** How late the event loop was, in milliseconds. `maxMs` is the longest stretch without a turn. */
export interface EventLoopDelay {
  readonly p99Ms: number;
  readonly maxMs: number;
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
  const result = await work();
  // A stretch that ended just now is measured at the next tick.
  await sleep(5);
  delays.disable();
  return { result, delay: { p99Ms: lateMs(delays.percentile(99)), maxMs: lateMs(delays.max) } };
}

/** What is measured is the time from tick to tick, the timer's own interval included. */
function lateMs(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - resolutionMs);
}
