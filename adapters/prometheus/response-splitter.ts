const quote = 0x22;
const backslash = 0x5c;
const maxEnvelopeBytes = 1024 * 1024;
const maxElementBytes = 64 * 1024 * 1024;

/**
 * Splits the answer of the Prometheus HTTP API as its bytes arrive: each element of `data.result` is handed on as a slice
 * of JSON, and everything around it is kept. Keys may come in any order. How the bytes are cut changes nothing.
 */
export class ResponseSplitter {
  readonly #element: (json: string) => void;
  /** The answer without the elements: still JSON, with an empty `result`. */
  #envelope: Buffer[] = [];
  #envelopeBytes = 0;
  /** Parts of an element whose end has not come yet. */
  #rest: Buffer[] = [];
  #restBytes = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #inResult = false;
  /** The string being read outside of the result, where it may be a key. */
  #word = '';
  #keys: string[] = [];

  constructor(element: (json: string) => void) {
    this.#element = element;
  }

  /** @throws SyntaxError where an element or the rest is larger than any server's should be, or is no JSON. */
  write(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) at = this.#inResult ? this.#elements(chunk, at) : this.#around(chunk, at);
  }

  /**
   * What stood around the elements, parsed.
   * @throws SyntaxError where the answer was cut short or is no JSON.
   */
  end(): unknown {
    return JSON.parse(Buffer.concat(this.#envelope).toString('utf8'));
  }

  /** The beginning of what came, for a message. */
  beginning(): string {
    return Buffer.concat(this.#envelope).toString('utf8', 0, 300);
  }

  #around(chunk: Buffer, start: number): number {
    let at = start;
    while (at < chunk.length && !this.#inResult) {
      const byte = chunk[at++]!;
      if (this.#inString) this.#stringByte(byte);
      else if (byte === quote) {
        this.#inString = true;
        this.#word = '';
      } else if (byte === 0x3a) this.#keys[this.#depth] = this.#word;
      else if (byte === 0x7b) this.#depth++;
      else if (byte === 0x5b) {
        this.#inResult = this.#depth === 2 && this.#keys[1] === 'data' && this.#keys[2] === 'result';
        this.#depth++;
      } else if (byte === 0x7d || byte === 0x5d) this.#depth--;
    }
    this.#envelopeBytes += at - start;
    if (this.#envelopeBytes > maxEnvelopeBytes) throw new SyntaxError('the answer is no Prometheus answer: too long');
    this.#envelope.push(chunk.subarray(start, at));
    return at;
  }

  #stringByte(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === backslash) this.#escaped = true;
    else if (byte === quote) this.#inString = false;
    else if (this.#word.length < 16) this.#word += String.fromCharCode(byte);
  }

  /** The result's own depth is 3: `{"data":{"result":[`. */
  #elements(chunk: Buffer, start: number): number {
    let from = start;
    let depth = this.#depth;
    let inString = this.#inString;
    for (let at = start; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === backslash) this.#escaped = true;
        else if (byte === quote) inString = false;
      } else if (byte === quote) inString = true;
      else if (byte === 0x7b || byte === 0x5b) depth++;
      else if (byte === 0x7d || byte === 0x5d) {
        depth--;
        if (depth === 2) return this.#leaveResult(chunk, from, at);
        if (depth === 3) {
          this.#emit(chunk, from, at + 1);
          from = at + 1;
        }
      } else if (byte === 0x2c && depth === 3) from = at + 1;
    }
    this.#depth = depth;
    this.#inString = inString;
    this.#keep(chunk.subarray(from));
    return chunk.length;
  }

  /** The closing bracket itself belongs to the envelope. */
  #leaveResult(chunk: Buffer, from: number, at: number): number {
    const left = Buffer.concat([...this.#rest, chunk.subarray(from, at)]).toString('utf8');
    if (left.trim() !== '') throw new SyntaxError('the result holds something that is no series');
    this.#rest = [];
    this.#restBytes = 0;
    this.#inResult = false;
    this.#inString = false;
    this.#depth = 3;
    return at;
  }

  #emit(chunk: Buffer, from: number, to: number): void {
    if (this.#rest.length === 0) {
      this.#element(chunk.toString('utf8', from, to));
      return;
    }
    const json = Buffer.concat([...this.#rest, chunk.subarray(from, to)]).toString('utf8');
    this.#rest = [];
    this.#restBytes = 0;
    this.#element(json);
  }

  #keep(part: Buffer): void {
    if (part.length === 0) return;
    this.#restBytes += part.length;
    if (this.#restBytes > maxElementBytes) throw new SyntaxError(`one series is larger than ${maxElementBytes} bytes`);
    this.#rest.push(part);
  }
}
