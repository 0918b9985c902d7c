/** Platforms repeat an event within minutes; this many events are far more than a busy hour has. */
const MOST_IDS = 20_000;

/** Which events were seen before: what a platform repeats is answered once. Forgets the oldest beyond a bound. */
export class SeenIds {
  readonly #seen = new Set<string>();
  readonly #most: number;

  constructor(most = MOST_IDS) {
    this.#most = most;
  }

  /** True the first time. */
  isNew(id: string): boolean {
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    if (this.#seen.size > this.#most) {
      const [oldest] = this.#seen;
      if (oldest !== undefined) this.#seen.delete(oldest);
    }
    return true;
  }
}
