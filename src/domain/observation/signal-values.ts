interface Kept {
  readonly place: number;
  readonly sum: boolean;
  readonly values: number[];
}

/**
 * Numbers by signal, whatever the order in which they come. Of several series the smallest place counts; of those of one
 * place the sum, where the series add up, else the largest. A sum that misses a part is unknown: NaN stands for the part.
 */
export class SignalValues<Signal extends string> {
  readonly #kept = new Map<Signal, Kept>();

  add(signal: Signal, value: number, place = 0, sum = false): void {
    const known = this.#kept.get(signal);
    if (known === undefined || place < known.place) this.#kept.set(signal, { place, sum, values: [value] });
    else if (place === known.place) known.values.push(value);
  }

  get(signal: Signal): number | null {
    const kept = this.#kept.get(signal);
    if (kept === undefined) return null;
    const values = kept.values.toSorted((a, b) => a - b);
    // Added in the order of their size, so that the order of the series does not show in the last digit.
    const value = kept.sum ? values.reduce((total, part) => total + part, 0) : Math.max(...values);
    return Number.isFinite(value) ? value : null;
  }

  keys(): Iterable<Signal> {
    return this.#kept.keys();
  }
}
