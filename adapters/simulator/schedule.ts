import { dayMs, type Sufferer, type Trouble, troublesOfDay } from './troubles.ts';

/** All troubles of one sufferer from the epoch on, in order; worked out day by day as far as somebody asks. */
export class Schedule {
  readonly #who: Sufferer;
  readonly #troubles: Trouble[] = [];
  #untilMs: number;

  constructor(who: Sufferer, epochMs: number) {
    this.#who = who;
    this.#untilMs = epochMs;
  }

  /** The one that goes on, or null. */
  at(atMs: number): Trouble | null {
    const trouble = this.#upTo(atMs)[this.over(atMs)];
    return trouble !== undefined && trouble.fromMs <= atMs ? trouble : null;
  }

  /** How many are over. */
  over(atMs: number): number {
    const troubles = this.#upTo(atMs);
    let low = 0;
    let high = troubles.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((troubles[middle]?.toMs ?? 0) <= atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** One of those that are over at an instant that was asked for. */
  nth(index: number): Trouble {
    const trouble = this.#troubles[index];
    if (trouble === undefined) throw new RangeError(`trouble ${index} is not worked out yet`);
    return trouble;
  }

  between(fromMs: number, toMs: number): readonly Trouble[] {
    return this.#upTo(toMs).filter((trouble) => trouble.fromMs < toMs && trouble.toMs > fromMs);
  }

  #upTo(atMs: number): readonly Trouble[] {
    for (; this.#untilMs <= atMs; this.#untilMs += dayMs) {
      this.#troubles.push(...troublesOfDay(this.#who, this.#untilMs));
    }
    return this.#troubles;
  }
}
