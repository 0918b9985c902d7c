/** No stretch of reading may be longer, so that whoever else needs the thread gets it. */
const STRETCH_MS = 8;

/**
 * Shares the thread among bodies that arrive all at once: when a stretch is used up, what arrives waits for a later turn
 * of the event loop, first come, first served.
 */
export class Turns {
  readonly #now: () => number;
  readonly #nextTurn: (turn: () => void) => void;
  readonly #waiting: (() => void)[] = [];
  /** Start of the stretch that is being used; null where the next reader begins one. */
  #startedMs: number | null = null;

  constructor(now: () => number = () => performance.now(), nextTurn: (turn: () => void) => void = setImmediate) {
    this.#now = now;
    this.#nextTurn = nextTurn;
  }

  /** Whether there is time to read now. Who gets no time waits with `wait`. */
  hasTime(): boolean {
    if (this.#startedMs === null) {
      this.#startedMs = this.#now();
      this.#nextTurn(() => this.#turn());
    }
    return this.#waiting.length === 0 && this.#now() - this.#startedMs < STRETCH_MS;
  }

  /** Only after `hasTime` said no. */
  wait(read: () => void): void {
    this.#waiting.push(read);
  }

  #turn(): void {
    const startedMs = this.#now();
    this.#startedMs = startedMs;
    // Those who come while these are served wait behind the others.
    let served = 0;
    while (served < this.#waiting.length && this.#now() - startedMs < STRETCH_MS) {
      this.#waiting[served]?.();
      served += 1;
    }
    this.#waiting.splice(0, served);
    if (this.#waiting.length > 0) this.#nextTurn(() => this.#turn());
    else this.#startedMs = null;
  }
}
