/** The beginning of a line whose end has not come yet, however small the pieces are that it comes in. */
export class HeldLine {
  #bytes = Buffer.alloc(0);
  length = 0;

  /** What it takes in memory. */
  get capacity(): number {
    return this.#bytes.length;
  }

  append(piece: Uint8Array): void {
    const length = this.length + piece.length;
    if (length > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.#bytes.length));
      this.#bytes.copy(larger, 0, 0, this.length);
      this.#bytes = larger;
    }
    this.#bytes.set(piece, this.length);
    this.length = length;
  }

  /** Empties it; the bytes are good until the next `append`. */
  take(): Buffer {
    const { length } = this;
    this.length = 0;
    return this.#bytes.subarray(0, length);
  }
}
