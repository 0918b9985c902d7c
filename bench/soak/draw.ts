import { chance } from '../../adapters/simulator/random.ts';

/** Numbers one after another that depend on nothing but the seed and what they are drawn for. */
export class Draw {
  readonly #seed: number;
  readonly #topic: number;
  #count = 0;

  constructor(seed: number, topic: number) {
    this.#seed = seed;
    this.#topic = topic;
  }

  /** In [from, to). */
  between(from: number, to: number): number {
    this.#count += 1;
    return from + chance(this.#seed, this.#topic, this.#count) * (to - from);
  }

  /** In [0, count). */
  index(count: number): number {
    return Math.floor(this.between(0, count));
  }

  /** @throws Error where there is nothing to choose from. */
  one<T>(items: readonly T[]): T {
    const index = this.index(items.length);
    if (index >= items.length) throw new Error('there is nothing to choose from');
    return items[index] as T;
  }

  shuffled<T>(items: readonly T[]): readonly T[] {
    return items
      .map((item) => ({ item, place: this.between(0, 1) }))
      .toSorted((a, b) => a.place - b.place)
      .map(({ item }) => item);
  }
}
