import type { LabelFilter } from '../../src/domain/dialect.ts';
import type { Labels } from '../../src/ports/metrics.ts';
import { nameEnd } from './name-bytes.ts';

const newline = 0x0a;
const quote = 0x22;
const comma = 0x2c;
const equals = 0x3d;
const backslash = 0x5c;
const openingBrace = 0x7b;
const closingBrace = 0x7d;

/** A label filter that mostly decides on the bytes of a label set, before anything is parsed or kept. */
export class RawLabelFilter {
  readonly #label: string;
  readonly #value: string;
  readonly #labelBytes: Buffer;
  readonly #valueBytes: Buffer;
  /** Such a label can come from another one, by a conflict with the target's. */
  readonly #isExported: boolean;

  constructor({ label, value }: LabelFilter) {
    this.#label = label;
    this.#value = value;
    this.#labelBytes = Buffer.from(label);
    this.#valueBytes = Buffer.from(value);
    this.#isExported = label.startsWith('exported_');
  }

  /** `labels`: merged with the target's. */
  accepts(labels: Labels): boolean {
    return labels[this.#label] === this.#value;
  }

  /**
   * Whether the label set whose `{` is at `start` surely lacks the label with the value under a target of these labels.
   * False where only parsing can tell. Every line ends with a line feed.
   */
  excludes(bytes: Uint8Array, start: number, target: Labels): boolean {
    if (bytes[start] !== openingBrace || this.#isExported || target[this.#label] !== undefined) return false;
    for (let at = start + 1; ; ) {
      const nameStop = nameEnd(bytes, at);
      if (nameStop === at || bytes[nameStop] !== equals || bytes[nameStop + 1] !== quote) return false;
      const valueStop = plainValueEnd(bytes, nameStop + 2);
      if (valueStop < 0) return false;
      if (isEqual(bytes, at, nameStop, this.#labelBytes)) {
        return !isEqual(bytes, nameStop + 2, valueStop, this.#valueBytes);
      }
      if (bytes[valueStop + 1] === closingBrace) return true;
      if (bytes[valueStop + 1] !== comma) return false;
      at = valueStop + 2;
    }
  }
}

/** Index of the closing quote of a value without escapes, or -1. */
function plainValueEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] !== quote) {
    if (bytes[at] === backslash || bytes[at] === newline) return -1;
    at++;
  }
  return at;
}

function isEqual(bytes: Uint8Array, start: number, end: number, wanted: Uint8Array): boolean {
  if (end - start !== wanted.length) return false;
  for (let i = 0; i < wanted.length; i++) if (bytes[start + i] !== wanted[i]) return false;
  return true;
}
