/** The pictures asked for last, up to a number of bytes. */
export class PictureCache {
  readonly #mostBytes: number;
  /** The one asked for last stands last. */
  readonly #pictures = new Map<string, Uint8Array>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  get(key: string): Uint8Array | null {
    const picture = this.#pictures.get(key);
    if (picture === undefined) return null;
    this.#pictures.delete(key);
    this.#pictures.set(key, picture);
    return picture;
  }

  add(key: string, picture: Uint8Array): void {
    if (picture.byteLength > this.#mostBytes) return;
    this.#remove(key);
    this.#pictures.set(key, picture);
    this.#bytes += picture.byteLength;
    for (const oldest of this.#pictures.keys()) {
      if (this.#bytes <= this.#mostBytes) return;
      this.#remove(oldest);
    }
  }

  #remove(key: string): void {
    this.#bytes -= this.#pictures.get(key)?.byteLength ?? 0;
    this.#pictures.delete(key);
  }
}
