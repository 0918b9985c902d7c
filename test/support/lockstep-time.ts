import { FakeTime } from './fake-time.ts';

/**
 * A clock that stands still while anybody works, and jumps to the next one's waking when everybody sleeps: hours of a farm in
 * seconds, however long each step really takes.
 */
export class LockstepTime extends FakeTime {
  /**
   * Waits, in real time, until somebody sleeps and `isSettled`, and both for a few turns: what one has done may be the
   * beginning of what another does. @throws after the limit.
   */
  async settle(isSettled: () => boolean, limitMs = 10_000): Promise<void> {
    const deadline = performance.now() + limitMs;
    for (let calmTurns = 0; calmTurns < 3; ) {
      if (performance.now() > deadline) throw new Error(`nothing settled within ${limitMs} ms`);
      await new Promise((resolve) => setImmediate(resolve));
      calmTurns = this.sleepers.size > 0 && isSettled() ? calmTurns + 1 : 0;
    }
  }

  /** Settles, then goes on to the waking of whoever wakes first, and of all who wake at that moment. */
  async next(isSettled: () => boolean): Promise<void> {
    await this.settle(isSettled);
    const firstMs = Math.min(...[...this.sleepers].map(({ wakeAtMs }) => wakeAtMs));
    this.nowMs = Math.max(this.nowMs, firstMs);
    for (const sleeper of [...this.sleepers]) if (sleeper.wakeAtMs <= this.nowMs) this.wake(sleeper);
  }

  /** Time passes without anybody: whoever sleeps now never wakes, as in a process that is killed. */
  passAlone(durationMs: number): void {
    this.sleepers.clear();
    this.nowMs += durationMs;
  }
}
