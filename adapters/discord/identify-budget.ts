import { setTimeout as wait } from 'node:timers/promises';
import type { IIdentifyThrottler } from 'discord.js';
import type { Clock } from '../../src/ports/clock.ts';

/** Discord takes 1,000 IDENTIFY a day, then resets the bot's token: these many at once, and 864 more over a day. */
const AT_ONCE = 100;
const REFILL_MS = 100_000;

/**
 * Lets sessions identify as fast as Discord takes it, but never so often that a day's allowance could run out, however long
 * something makes every session fail. One for all clients of a token.
 */
export class IdentifyBudget implements IIdentifyThrottler {
  readonly #gapMs: number;
  readonly #clock: Clock;
  #tokens = AT_ONCE;
  #filledMs: number;
  #nextMs = 0;

  constructor({ gapMs, clock }: { readonly gapMs: number; readonly clock: Clock }) {
    this.#gapMs = gapMs;
    this.#clock = clock;
    this.#filledMs = clock.now();
  }

  async waitForIdentify(_shardId: number, signal: AbortSignal): Promise<void> {
    const waitMs = this.take();
    if (waitMs > 0) await wait(waitMs, undefined, { signal });
  }

  /** Takes one, and says how long to wait before it may be used. */
  take(): number {
    const nowMs = this.#clock.now();
    const filled = Math.max(0, nowMs - this.#filledMs) / REFILL_MS;
    this.#filledMs = nowMs;
    // Below zero: taken by those who wait already.
    this.#tokens = Math.min(AT_ONCE, this.#tokens + filled) - 1;
    const owedMs = this.#tokens < 0 ? -this.#tokens * REFILL_MS : 0;
    const waitMs = Math.max(owedMs, this.#nextMs - nowMs, 0);
    this.#nextMs = nowMs + waitMs + this.#gapMs;
    return waitMs;
  }
}
