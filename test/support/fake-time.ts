import type { Sleep } from '../../src/jobs/time-limit.ts';
import type { Clock } from '../../src/ports/clock.ts';

interface Sleeper {
  readonly wakeAtMs: number;
  readonly wake: () => void;
}

/** A clock that moves only when a test says so, and the sleeps that wait for it. */
export class FakeTime implements Clock {
  protected nowMs: number;
  protected readonly sleepers = new Set<Sleeper>();

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  now(): number {
    return this.nowMs;
  }

  readonly sleep: Sleep = (durationMs, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const sleeper: Sleeper = { wakeAtMs: this.nowMs + durationMs, wake: resolve };
      this.sleepers.add(sleeper);
      signal.addEventListener('abort', () => {
        this.sleepers.delete(sleeper);
        reject(signal.reason);
      });
    });

  /** Moves on in steps of a second and lets what is woken run. */
  async pass(durationMs: number): Promise<void> {
    const untilMs = this.nowMs + durationMs;
    while (this.nowMs < untilMs) {
      this.nowMs = Math.min(untilMs, this.nowMs + 1000);
      for (const sleeper of [...this.sleepers]) if (sleeper.wakeAtMs <= this.nowMs) this.wake(sleeper);
      await settle();
    }
  }

  /** Wakes nobody. */
  jump(toMs: number): void {
    this.nowMs = toMs;
  }

  protected wake(sleeper: Sleeper): void {
    this.sleepers.delete(sleeper);
    sleeper.wake();
  }
}

/** Lets everything run that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
