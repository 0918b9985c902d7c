import type { Labels } from '../../src/ports/metrics.ts';
import { type LabelFault, labelSetEnd, parseLabelSet, plainLabel, quotedText } from './label-set-text.ts';

interface LabelSet {
  /** The bytes from `{` to `}`, one character a byte. */
  readonly raw: string;
  readonly labels: Labels;
  lastScrape: number;
  /** The same set as it is usually written, where it is written in another way: both share their labels. */
  readonly usual: LabelSet | null;
  /** What followed it last time: exporters print the same label sets in the same order. */
  next: LabelSet | null;
}

/** A label set stays this many scrapes after it was last printed. */
const keptScrapes = 3;

/** No exporter of a rig comes near it; one that does would fill the memory. */
const usualMost = 200_000;

/** Why no labels are handed out. */
export type SetFault = LabelFault | 'too many label sets';

/**
 * The label sets of one target, parsed and merged with the target's own labels once and found again by their bytes.
 * Holds what the last few scrapes printed and no more.
 */
export class LabelSets {
  /** Different label sets that one scrape may print. */
  readonly most: number;
  readonly #target: Labels;
  readonly #byRaw = new Map<string, LabelSet>();
  #previous: LabelSet | null = null;
  #first: LabelSet | null = null;
  #scrape = 0;
  #seen = 0;
  /** Where the label set that `find` found last ends. */
  end = 0;

  constructor(target: Labels, most = usualMost) {
    this.#target = target;
    this.most = most;
  }

  get size(): number {
    return this.#byRaw.size;
  }

  /** The labels of a series that prints none. */
  get bare(): Labels {
    return this.#target;
  }

  /** Labels of the set whose `{` is at `start` and that ends before `limit`. */
  find(bytes: Buffer, start: number, limit: number): Labels | SetFault {
    const guess = this.#previous === null ? this.#first : this.#previous.next;
    const found =
      guess !== null && startsWith(bytes, start, limit, guess.raw) ? guess : this.#look(bytes, start, limit);
    if (typeof found === 'string') return found;
    if (this.#previous === null) this.#first = found;
    else this.#previous.next = found;
    this.#previous = found;
    this.end = start + found.raw.length;
    this.#touch(found);
    if (found.usual !== null) this.#touch(found.usual);
    return found.labels;
  }

  /** Begins a scrape, and drops what the last few have not printed; what the last one has not, where that is too much. */
  beginScrape(): void {
    if (this.#byRaw.size > this.most) this.#sweep(this.#scrape);
    else if (this.#byRaw.size > this.#seen) this.#sweep(this.#scrape - keptScrapes + 1);
    this.#scrape++;
    this.#seen = 0;
    this.#previous = null;
  }

  #look(bytes: Buffer, start: number, limit: number): LabelSet | SetFault {
    const end = labelSetEnd(bytes, start, limit);
    if (end < 0) return 'bad labels';
    const raw = bytes.toString('latin1', start, end);
    const known = this.#byRaw.get(raw);
    if (known !== undefined) return known;
    if (this.#seen >= this.most) return 'too many label sets';
    const own = parseLabelSet(bytes, start, end);
    if (typeof own === 'string') return own;
    const usualRaw = isUsual(own, raw) ? raw : usualWriting(own);
    if (usualRaw === raw) return this.#add(raw, this.#merge(own), null);
    const usual = this.#byRaw.get(usualRaw) ?? this.#add(usualRaw, this.#merge(own), null);
    return this.#add(raw, usual.labels, usual);
  }

  #add(raw: string, labels: Labels, usual: LabelSet | null): LabelSet {
    const set = { raw, labels, usual, lastScrape: -1, next: null };
    this.#byRaw.set(raw, set);
    return set;
  }

  #merge(own: ReadonlyMap<string, string>): Labels {
    return own.size === 0 ? this.#target : mergeLabels(own, this.#target);
  }

  #touch(set: LabelSet): void {
    if (set.lastScrape === this.#scrape) return;
    set.lastScrape = this.#scrape;
    this.#seen++;
  }

  #sweep(oldest: number): void {
    for (const [raw, set] of this.#byRaw) {
      if (set.lastScrape < oldest) this.#byRaw.delete(raw);
      // A dropped set must not live on through the chain.
      else if (set.next !== null && set.next.lastScrape < oldest) set.next = null;
    }
    if (this.#first !== null && this.#first.lastScrape < oldest) this.#first = null;
  }
}

/** Whether these labels surely stand in the bytes as `usualWriting` has them: told without writing them. */
function isUsual(labels: ReadonlyMap<string, string>, raw: string): boolean {
  if (raw.includes('\\')) return false;
  let length = '{}'.length + Math.max(0, labels.size - 1);
  let before = '';
  for (const [name, value] of labels) {
    if (name < before) return false;
    before = name;
    length += name.length + '=""'.length + Buffer.byteLength(value);
  }
  // Whatever is written in another way takes more bytes.
  return length === raw.length;
}

/** Sorted and without blanks, one character a byte: the way in which most exporters print a set. */
function usualWriting(labels: ReadonlyMap<string, string>): string {
  const sorted = [...labels].sort(([a], [b]) => (a < b ? -1 : 1));
  const pairs = sorted.map(
    ([name, value]) => `${plainLabel.test(name) ? name : quotedText(name)}=${quotedText(value)}`,
  );
  return Buffer.from(`{${pairs.join(',')}}`).toString('latin1');
}

/** A complete label set is no prefix of a longer one, so equal bytes mean an equal set. */
function startsWith(bytes: Uint8Array, start: number, limit: number, raw: string): boolean {
  const length = raw.length;
  if (start + length > limit) return false;
  // From the back: label sets of one target differ late far more often than early.
  for (let i = length - 1; i >= 0; i--) if (bytes[start + i] !== raw.charCodeAt(i)) return false;
  return true;
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
