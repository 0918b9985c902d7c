/** What a name byte is to the trie: 1..64 for `[a-zA-Z0-9_:]`, 0 for anything that ends a name. */
const byteClass = new Uint8Array(256);
'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:'.split('').forEach((letter, index) => {
  byteClass[letter.charCodeAt(0)] = index + 1;
});

/** Bits of one trie row: 65 classes fit into 128 slots, so a step is a shift and an or. */
const rowBits = 7;

/** Metric names as a trie over bytes: an unwanted name is told after its first few bytes, and no string is made. */
export class WantedNames {
  readonly names: readonly string[];
  /** `next[state << 7 | class]` is the next state; 0 leads nowhere and 1 is the start. */
  readonly #next: Uint32Array;
  /** `accepted[state]` is 1 + the index of the name that ends there, or 0. */
  readonly #accepted: Uint32Array;
  /** Where the last `match` stopped reading. */
  end = 0;

  constructor(names: Iterable<string>) {
    this.names = [...names].filter((name) => /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name));
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

/** Whether a metric name can start with this byte. */
export function startsName(byte: number): boolean {
  const letter = byteClass[byte]!;
  return letter !== 0 && (byte < 0x30 || byte > 0x39);
}

/** Where the name (or label name, colons aside) that starts at `start` ends. */
export function nameEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  while (byteClass[bytes[at]!] !== 0 && at < bytes.length) at++;
  return at;
}
