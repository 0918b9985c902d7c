import type { WantedFamilies } from '../../src/ports/metrics.ts';
import { RawLabelFilter } from './label-filter.ts';
import { byteClass } from './name-bytes.ts';

/** Bits of one trie row: 65 classes fit into 128 slots, so a step is a shift and an or. */
const rowBits = 7;

/** Metric names as a trie over bytes: an unwanted name is told after its first few bytes, and no string is made. */
export class WantedNames {
  readonly names: readonly string[];
  /** By the index of the name. */
  readonly filters: readonly (RawLabelFilter | null)[];
  /** `next[state << 7 | class]` is the next state; 0 leads nowhere and 1 is the start. */
  readonly #next: Uint32Array;
  /** `accepted[state]` is 1 + the index of the name that ends there, or 0. */
  readonly #accepted: Uint32Array;
  /** Where the last `match` stopped reading. */
  end = 0;

  constructor(families: WantedFamilies) {
    const printable = [...families].filter(([name]) => /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name));
    this.names = printable.map(([name]) => name);
    this.filters = printable.map(([, filter]) => (filter === null ? null : new RawLabelFilter(filter)));
    const states = this.names.reduce((sum, name) => sum + name.length, 2);
    this.#next = new Uint32Array(states << rowBits);
    this.#accepted = new Uint32Array(states);
    let newest = 1;
    for (const [index, name] of this.names.entries()) {
      let state = 1;
      for (let i = 0; i < name.length; i++) {
        const slot = (state << rowBits) | byteClass[name.charCodeAt(i)]!;
        if (this.#next[slot] === 0) this.#next[slot] = ++newest;
        state = this.#next[slot]!;
      }
      this.#accepted[state] = index + 1;
    }
  }

  /** Index in `names` of the name that starts at `start`, or -1; `end` is then right behind the name. */
  match(bytes: Uint8Array, start: number): number {
    const next = this.#next;
    let state = 1;
    let at = start;
    for (;;) {
      const letter = byteClass[bytes[at]!]!;
      if (letter === 0) break;
      state = next[(state << rowBits) | letter]!;
      if (state === 0) break;
      at++;
    }
    this.end = at;
    return state === 0 ? -1 : this.#accepted[state]! - 1;
  }
}
