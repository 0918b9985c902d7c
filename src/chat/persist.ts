/** What a failed call means for another attempt. */
export type CallFailure =
  | { readonly kind: 'limited'; readonly retryAfterMs: number }
  | { readonly kind: 'refused' | 'unauthorised' | 'not sent' | 'unknown' };

export interface PersistOptions {
  /** Unix ms; no attempt begins after it. */
  readonly deadlineMs: number;
  readonly pace: { readonly firstRetryMs: number; readonly mostRetryMs: number };
  readonly clock: { now(): number };
  readonly signal: AbortSignal;
  readonly log: { warn(fields: object, message: string): void };
}

/** `work` is told whether an earlier attempt may have been done already. @throws what the last attempt threw. */
export type Persist = <T>(work: (mayBeDone: boolean) => Promise<T>, options: PersistOptions) => Promise<T>;

/**
 * Tries what may be done twice until it is done, refused or the time is over: an outage, a limit, a lost answer pass. The first
 * failure is logged: whoever waits for an answer can see why. `wait` rejects where its signal aborts.
 */
export function createPersist(
  failureOf: (error: unknown) => CallFailure,
  wait: (durationMs: number, signal: AbortSignal) => Promise<unknown>,
): Persist {
  return async (work, { deadlineMs, pace, clock, signal, log }) => {
    let mayBeDone = false;
    for (
      let attempt = 1, delayMs = pace.firstRetryMs;
      ;
      attempt += 1, delayMs = Math.min(2 * delayMs, pace.mostRetryMs)
    ) {
      try {
        return await work(mayBeDone);
      } catch (error) {
        const failure = failureOf(error);
        if (failure.kind === 'refused' || failure.kind === 'unauthorised') throw error;
        mayBeDone ||= failure.kind === 'unknown';
        const waitMs = failure.kind === 'limited' ? failure.retryAfterMs : delayMs;
        if (signal.aborted || clock.now() + waitMs > deadlineMs) throw error;
        if (attempt === 1) log.warn({ err: error, kind: failure.kind, waitMs }, 'call failed and is tried again');
        await wait(waitMs, signal);
      }
    }
  };
}
