import type { Sleep } from '../../src/jobs/time-limit.ts';
import type { Clock } from '../../src/ports/clock.ts';

interface Sleeper {
  readonly wakeAtMs: number;
  readonly wake: () => void;
}

/**
 * A clock that stands still while anybody works, and jumps to the next one's waking when everybody sleeps: hours of a farm in
 * seconds, however long each step really takes.
 */
export class LockstepTime implements Clock {
  #nowMs: number;
  readonly #sleepers = new Set<Sleeper>();

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  readonly sleep: Sleep = (durationMs, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const sleeper: Sleeper = { wakeAtMs: this.#nowMs + durationMs, wake: resolve };
      this.#sleepers.add(sleeper);
      signal.addEventListener('abort', () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      });
    });

  /**
   * Waits, in real time, until somebody sleeps and `isSettled`, and both for a few turns: what one has done may be the
   * beginning of what another does. @throws after the limit.
   */
  async settle(isSettled: () => boolean, limitMs = 10_000): Promise<void> {
    const deadline = performance.now() + limitMs;
    for (let calmTurns = 0; calmTurns < 3; ) {
      if (performance.now() > deadline) throw new Error(`nothing settled within ${limitMs} ms`);
      await new Promise((resolve) => setImmediate(resolve));
      calmTurns = this.#sleepers.size > 0 && isSettled() ? calmTurns + 1 : 0;
    }
  }

  /** Settles, then goes on to the waking of whoever wakes first. */
  async next(isSettled: () => boolean): Promise<void> {
    await this.settle(isSettled);
    const first = [...this.#sleepers].reduce((a, b) => (b.wakeAtMs < a.wakeAtMs ? b : a));
    this.#sleepers.delete(first);
    this.#nowMs = Math.max(this.#nowMs, first.wakeAtMs);
    first.wake();
  }

  /** Time passes without anybody: whoever sleeps now never wakes, as in a process that is killed. */
  passAlone(durationMs: number): void {
    this.#sleepers.clear();
    this.#nowMs += durationMs;
  }
}
