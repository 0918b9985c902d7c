import type { Labels } from '../../src/ports/metrics.ts';
import { nameEnd, startsName } from './name-bytes.ts';

interface LabelSet {
  /** The bytes from `{` to `}`, one character a byte. */
  readonly raw: string;
  readonly labels: Labels;
  lastScrape: number;
  /** What followed it last time: exporters print the same label sets in the same order. */
  next: LabelSet | null;
}

/** A label set stays this many scrapes after it was last printed. */
const keptScrapes = 3;

/**
 * The label sets of one target, parsed and merged with the target's own labels once and found again by their bytes.
 * Holds what the last few scrapes printed and no more.
 */
export class LabelSets {
  readonly #target: Labels;
  readonly #byRaw = new Map<string, LabelSet>();
  #previous: LabelSet | null = null;
  #first: LabelSet | null = null;
  #scrape = 0;
  #seen = 0;
  /** Where the label set that `find` found last ends. */
  end = 0;

  constructor(target: Labels) {
    this.#target = target;
  }

  get size(): number {
    return this.#byRaw.size;
  }

  /** The labels of a series that prints none. */
  get bare(): Labels {
    return this.#target;
  }

  /** Labels of the set whose `{` is at `start`; null where the bytes up to `limit` are not one. */
  find(bytes: Buffer, start: number, limit: number): Labels | null {
    const guess = this.#previous === null ? this.#first : this.#previous.next;
    const found =
      guess !== null && startsWith(bytes, start, limit, guess.raw) ? guess : this.#look(bytes, start, limit);
    if (found === null) return null;
    if (this.#previous === null) this.#first = found;
    else this.#previous.next = found;
    this.#previous = found;
    this.end = start + found.raw.length;
    if (found.lastScrape !== this.#scrape) {
      found.lastScrape = this.#scrape;
      this.#seen++;
    }
    return found.labels;
  }

  /** Begins a scrape, and drops what the last few have not printed. */
  beginScrape(): void {
    if (this.#byRaw.size > this.#seen) this.#sweep();
    this.#scrape++;
    this.#seen = 0;
    this.#previous = null;
  }

  #look(bytes: Buffer, start: number, limit: number): LabelSet | null {
    const end = labelSetEnd(bytes, start, limit);
    if (end < 0) return null;
    const raw = bytes.toString('latin1', start, end);
    const known = this.#byRaw.get(raw);
    if (known !== undefined) return known;
    const own = parseLabelSet(bytes, start, end);
    if (own === null) return null;
    const set = { raw, labels: mergeLabels(own, this.#target), lastScrape: -1, next: null };
    this.#byRaw.set(raw, set);
    return set;
  }

  #sweep(): void {
    const oldest = this.#scrape - keptScrapes + 1;
    for (const [raw, set] of this.#byRaw) {
      if (set.lastScrape < oldest) this.#byRaw.delete(raw);
      // A dropped set must not live on through the chain.
      else if (set.next !== null && set.next.lastScrape < oldest) set.next = null;
    }
    if (this.#first !== null && this.#first.lastScrape < oldest) this.#first = null;
  }
}

/** A complete label set is no prefix of a longer one, so equal bytes mean an equal set. */
function startsWith(bytes: Uint8Array, start: number, limit: number, raw: string): boolean {
  const length = raw.length;
  if (start + length > limit) return false;
  // From the back: label sets of one target differ late far more often than early.
  for (let i = length - 1; i >= 0; i--) if (bytes[start + i] !== raw.charCodeAt(i)) return false;
  return true;
}

/** Right behind the `}` that closes the set at `start`, or -1. */
function labelSetEnd(bytes: Uint8Array, start: number, limit: number): number {
  let quoted = false;
  for (let at = start + 1; at < limit; at++) {
    const byte = bytes[at]!;
    if (quoted) {
      if (byte === 0x5c) at++;
      else if (byte === 0x22) quoted = false;
    } else if (byte === 0x22) quoted = true;
    else if (byte === 0x7d) return at + 1;
  }
  return -1;
}

/** `{a="b", c="d",}` from `{` to `}` inclusive; empty values are absent labels. Null where it is malformed. */
export function parseLabelSet(bytes: Buffer, start: number, end: number): Map<string, string> | null {
  const labels = new Map<string, string>();
  const seen = new Set<string>();
  const closing = end - 1;
  let at = skipBlanks(bytes, start + 1);
  while (at < closing) {
    if (!startsName(bytes[at]!)) return null;
    const nameStop = nameEnd(bytes, at);
    const name = bytes.toString('latin1', at, nameStop);
    if (name.includes(':') || seen.has(name)) return null;
    seen.add(name);
    at = skipBlanks(bytes, nameStop);
    if (bytes[at] !== 0x3d) return null;
    at = skipBlanks(bytes, at + 1);
    if (bytes[at] !== 0x22) return null;
    const quote = closingQuote(bytes, at + 1, closing);
    if (quote < 0) return null;
    const value = unescapeValue(bytes.toString('utf8', at + 1, quote));
    if (value !== '') labels.set(name, value);
    at = skipBlanks(bytes, quote + 1);
    if (at === closing) break;
    if (bytes[at] !== 0x2c) return null;
    at = skipBlanks(bytes, at + 1);
  }
  return labels;
}

export function skipBlanks(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] === 0x20 || bytes[at] === 0x09) at++;
  return at;
}

function closingQuote(bytes: Uint8Array, start: number, limit: number): number {
  for (let at = start; at < limit; at++) {
    if (bytes[at] === 0x5c) at++;
    else if (bytes[at] === 0x22) return at;
  }
  return -1;
}

const escapes: Readonly<Record<string, string>> = { '\\\\': '\\', '\\"': '"', '\\n': '\n' };

/** An unknown escape is kept as it stands, as Prometheus does. */
function unescapeValue(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\[\s\S]/g, (pair) => escapes[pair] ?? pair);
}

/** The series' labels under the target's: a conflicting one is kept as `exported_NAME`, as Prometheus names it. */
export function mergeLabels(own: ReadonlyMap<string, string>, target: Labels): Labels {
  const merged = new Map([...own, ...Object.entries(target)]);
  const conflicts = Object.keys(target)
    .filter((name) => own.has(name))
    .sort((a, b) => a.length - b.length);
  for (const name of conflicts) {
    let exported = `exported_${name}`;
    while (merged.has(exported)) exported = `exported_${exported}`;
    merged.set(exported, own.get(name)!);
  }
  return Object.fromEntries(merged);
}
