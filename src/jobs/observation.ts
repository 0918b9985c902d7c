import type { Snapshot } from '../domain/snapshot.ts';
import type { Observer } from '../fleet/observe.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { type Sleep, systemSleep, withinLimit } from './time-limit.ts';

const LEAST_TIME_LIMIT_MS = 10_000;

export interface ObservationJob {
  /** The newest one, however old it has become, or null before the first. */
  snapshot(): Snapshot | null;
  /** What every attempt since the newest snapshot failed with; null where the last one succeeded. */
  failure(): ObservationFailure | null;
  start(): void;
  /** Aborts what is running and waits for it. */
  stop(): Promise<void>;
}

export interface ObservationFailure {
  /** Of the first failure in a row, Unix ms. */
  readonly sinceMs: number;
  /** The last one's. */
  readonly error: unknown;
}

/**
 * Observes at once, then at every multiple of the interval since 1970; a run that takes longer skips the times it missed.
 * After a failure the last snapshot stays and grows old.
 */
export function createObservationJob(options: {
  readonly observer: Pick<Observer, 'observe'>;
  readonly clock: Clock;
  readonly intervalMs: number;
  /** Awaited before the next observation. */
  readonly onSnapshot: (snapshot: Snapshot) => Promise<void> | void;
  readonly onError: (error: unknown) => void;
  readonly log: Log;
  readonly sleep?: Sleep;
}): ObservationJob {
  const { observer, clock, intervalMs, onSnapshot, onError, log, sleep = systemSleep } = options;
  const stopping = new AbortController();
  const limit = {
    ms: Math.max(intervalMs, LEAST_TIME_LIMIT_MS),
    system: 'metrics',
    stopping: stopping.signal,
    sleep,
  };
  let newest: Snapshot | null = null;
  let failure: ObservationFailure | null = null;
  let running: Promise<void> | null = null;

  async function observeOnce(): Promise<void> {
    try {
      newest = await withinLimit(limit, (signal) => observer.observe(signal));
      failure = null;
      await onSnapshot(newest);
    } catch (error) {
      if (stopping.signal.aborted) return;
      failure = { sinceMs: failure?.sinceMs ?? clock.now(), error };
      log.warn({ err: error }, 'observation failed');
      onError(error);
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      // A timer may fire a little early: the run belongs to the nearest time.
      const slot = Math.round(clock.now() / intervalMs);
      await observeOnce();
      const nowMs = clock.now();
      const nextMs = Math.max(slot + 1, Math.floor(nowMs / intervalMs) + 1) * intervalMs;
      await sleep(nextMs - nowMs, stopping.signal).catch((error: unknown) => {
        if (!stopping.signal.aborted) throw error;
      });
    }
  }

  return {
    snapshot: () => newest,
    failure: () => failure,
    start() {
      running ??= run();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
