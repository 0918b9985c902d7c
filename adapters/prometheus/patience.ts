import { setTimeout as pause } from 'node:timers/promises';
import { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, DelegateBackoff, handleType } from 'cockatiel';
import { UpstreamError } from '../../src/domain/errors.ts';

export interface PatienceOptions {
  /** For messages. */
  readonly origin: string;
  /** Before the second try; it doubles from try to try. */
  readonly firstPauseMs?: number;
  /** Failures in a row, each after all its tries, until the server is left alone. */
  readonly failures?: number;
  /** How long it is left alone at first; it doubles from trial to trial, up to a minute. */
  readonly firstRestMs?: number;
}

const tries = 3;
const longestRestMs = 60_000;

/**
 * Asks again where a fault may pass, and leaves a server alone that keeps failing or says when to come back: then nothing
 * is sent but one trial after each rest.
 */
export class Patience {
  readonly #origin: string;
  readonly #firstPauseMs: number;
  readonly #failures: number;
  readonly #firstRestMs: number;
  readonly #breaker;
  #rest: { readonly sinceMs: number; readonly untilMs: number } | null = null;
  #told: { readonly untilMs: number; readonly error: UpstreamError } | null = null;

  constructor({ origin, firstPauseMs = 250, failures = 3, firstRestMs = 5_000 }: PatienceOptions) {
    this.#origin = origin;
    this.#firstPauseMs = firstPauseMs;
    this.#failures = failures;
    this.#firstRestMs = firstRestMs;
    this.#breaker = circuitBreaker(
      handleType(UpstreamError, ({ retryable }) => retryable),
      {
        breaker: new ConsecutiveBreaker(failures),
        halfOpenAfter: new DelegateBackoff(({ attempt }) => this.#restMs(attempt)),
      },
    );
    this.#breaker.onReset(() => {
      this.#rest = null;
    });
  }

  /**
   * No try begins after `deadlineMs`, by `performance.now()`.
   * @throws UpstreamError that `once` threw, or that says until when the server is left alone
   */
  async ask<T>(
    once: () => Promise<T>,
    { deadlineMs, signal }: { deadlineMs: () => number; signal: AbortSignal },
  ): Promise<T> {
    const told = this.#told;
    if (told !== null && Date.now() < told.untilMs) {
      const message = `${told.error.message}; it is asked again at ${clockTime(told.untilMs)}`;
      throw new UpstreamError('prometheus', message, { retryAfterMs: told.untilMs - Date.now(), cause: told.error });
    }
    try {
      return await this.#breaker.execute(() => this.#again(once, deadlineMs, signal));
    } catch (error) {
      throw error instanceof BrokenCircuitError ? this.#resting(error) : error;
    }
  }

  async #again<T>(once: () => Promise<T>, deadlineMs: () => number, signal: AbortSignal): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await once();
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof UpstreamError)) throw error;
        this.#remember(error);
        const waitMs = error.retryAfterMs ?? this.#firstPauseMs * 2 ** (attempt - 1) * (0.5 + Math.random());
        const isLast = attempt === tries || performance.now() + waitMs >= deadlineMs();
        if (!error.retryable || isLast) throw error;
        // Whoever gives up says why.
        await pause(waitMs, undefined, { signal }).catch(() => signal.throwIfAborted());
      }
    }
  }

  #remember(error: UpstreamError): void {
    if (error.retryAfterMs === null) return;
    this.#told = { untilMs: Date.now() + Math.min(longestRestMs, error.retryAfterMs), error };
  }

  #restMs(attempt: number): number {
    const ms = Math.min(longestRestMs, this.#firstRestMs * 2 ** (attempt - 1));
    this.#rest = { sinceMs: this.#rest?.sinceMs ?? Date.now(), untilMs: Date.now() + ms };
    return ms;
  }

  #resting(cause: BrokenCircuitError): UpstreamError {
    const { sinceMs, untilMs } = this.#rest ?? { sinceMs: Date.now(), untilMs: Date.now() };
    const last = this.#breaker.lastFailure;
    const reason =
      last !== undefined && 'error' in last && last.error instanceof Error ? last.error.message : 'unknown';
    return new UpstreamError(
      'prometheus',
      `${this.#origin}: left alone since ${clockTime(sinceMs)} after ${this.#failures} failures in a row, next trial at ${clockTime(untilMs)}; it last failed with: ${reason.replace(`${this.#origin}: `, '')}`,
      { retryAfterMs: Math.max(0, untilMs - Date.now()), cause },
    );
  }
}

function clockTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(11, 19)} UTC`;
}
