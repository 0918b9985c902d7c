import { webApi } from '@slack/bolt';
import type { Clock } from '../../src/ports/clock.ts';
import type { SlackMethod } from './methods.ts';

/** What timers are early by. */
const TOLERANCE_MS = 50;

/**
 * Methods that Slack asked to leave alone for a while: who goes on asking may be shut out. Messages are not among them: Slack counts
 * them by channel, and the send queue waits there.
 */
export class ClosedMethods {
  readonly #clock: Clock;
  /** Unix ms. */
  readonly #untilMs = new Map<SlackMethod, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  close(method: SlackMethod, retryAfterMs: number): void {
    if (!method.startsWith('chat.')) this.#untilMs.set(method, this.#clock.now() + retryAfterMs);
  }

  /** @throws WebAPIRateLimitedError as Slack would. */
  throwIfClosed(method: SlackMethod): void {
    const leftMs = (this.#untilMs.get(method) ?? 0) - this.#clock.now();
    if (leftMs > TOLERANCE_MS) throw new webApi.WebAPIRateLimitedError(Math.ceil(leftMs / 1_000));
  }
}
