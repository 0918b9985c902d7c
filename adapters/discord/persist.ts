import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../src/ports/clock.ts';
import { failureOf } from './api-failure.ts';
import type { Pace } from './pace.ts';

export interface PersistOptions {
  /** Unix ms; no attempt begins after it. */
  readonly deadlineMs: number;
  readonly pace: Pick<Pace, 'firstRetryMs' | 'mostRetryMs'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Tries what may be done twice until it is done, Discord refuses it or the time is over: an outage, a limit, a lost answer pass.
 * `work` is told whether an earlier attempt may have been done already. @throws what the last attempt threw.
 */
export async function persist<T>(work: (mayBeDone: boolean) => Promise<T>, options: PersistOptions): Promise<T> {
  const { deadlineMs, pace, clock, signal } = options;
  let mayBeDone = false;
  for (let delayMs = pace.firstRetryMs; ; delayMs = Math.min(2 * delayMs, pace.mostRetryMs)) {
    try {
      return await work(mayBeDone);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === 'refused' || failure.kind === 'unauthorised') throw error;
      mayBeDone ||= failure.kind === 'unknown';
      const waitMs = failure.kind === 'limited' ? failure.retryAfterMs : delayMs;
      if (signal.aborted || clock.now() + waitMs > deadlineMs) throw error;
      await wait(waitMs, undefined, { signal });
    }
  }
}
