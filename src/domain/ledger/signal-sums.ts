import type { SignalDay, SignalDays } from '../aggregates.ts';
import { hourOf } from './period.ts';
import { growth } from './sight.ts';

interface SummedSignal<Of> {
  readonly kind: 'gauge' | 'counter' | 'instant';
  readonly thresholds: readonly number[];
  readonly worse: 'more' | 'less';
  readonly read: (of: Of) => number | null;
}

/** Where a signal's numbers begin in the sums of a machine, and what is done with its values. */
interface Slot<Of> extends SummedSignal<Of> {
  readonly name: string;
  readonly at: number;
}

const SECONDS = 0;
const MIN = 1;
const MAX = 2;
const LAST = 3;
const INCREASE = 4;
/** The value at the last sight, NaN where it was not seen then. */
const BEFORE = 5;
const BEYOND = 6;

/** An instant that moved by less is the same one, read twice. */
const SAME_INSTANT_MS = 60_000;

export interface SignalLayout<Of> {
  readonly slots: readonly Slot<Of>[];
  readonly length: number;
}

export function layoutOf<Of>(table: Readonly<Record<string, SummedSignal<Of>>>): SignalLayout<Of> {
  const slots: Slot<Of>[] = [];
  let length = 0;
  for (const [name, { kind, thresholds, worse, read }] of Object.entries(table)) {
    slots.push({ name, kind, thresholds, worse, read, at: length });
    length += BEYOND + thresholds.length;
  }
  return { slots, length };
}

/** What the values of one sight add to a stretch that ended with it. */
export interface SightGrowth {
  /** Of each signal the value, and how much it grew since the last sight; NaN where unknown. */
  readonly values: Float64Array;
  readonly growths: Float64Array;
}

/**
 * Signals of one machine over the open hour, in one array of numbers: a large fleet has millions of them, and every
 * scrape touches each.
 */
export class SignalSums<Of> {
  readonly #layout: SignalLayout<Of>;
  readonly #sums: Float64Array;
  /** When the machine was last seen, Unix ms. */
  seenMs = Number.NEGATIVE_INFINITY;

  constructor(layout: SignalLayout<Of>) {
    this.#layout = layout;
    this.#sums = new Float64Array(layout.length);
    for (const { at } of layout.slots) this.#sums[at + BEFORE] = Number.NaN;
  }

  /**
   * Reads the machine into `sight`, and remembers its counters: what they grew since the sight at `sinceMs`, null where
   * that is too long ago. An instant is remembered across a gap, and one of this hour happened also where nobody saw what
   * it was before.
   */
  read(of: Of, atMs: number, sinceMs: number | null, sight: SightGrowth): void {
    const goesOn = sinceMs !== null && this.seenMs === sinceMs;
    for (let index = 0; index < this.#layout.slots.length; index += 1) {
      const slot = this.#layout.slots[index] as Slot<Of>;
      const value = slot.read(of);
      sight.values[index] = value ?? Number.NaN;
      if (slot.kind === 'gauge') continue;
      const before = this.#sums[slot.at + BEFORE] ?? Number.NaN;
      if (slot.kind === 'instant') {
        sight.growths[index] = value === null ? 0 : happened(before, value, hourOf(atMs));
        if (value !== null && sinceMs !== null) this.#sums[slot.at + BEFORE] = value;
        continue;
      }
      sight.growths[index] = growth(goesOn && !Number.isNaN(before) ? before : null, value) ?? 0;
      this.#sums[slot.at + BEFORE] = value ?? Number.NaN;
    }
    this.seenMs = atMs;
  }

  /** Adds `seconds` of a stretch, which are `share` (0..1) of it. */
  add(sight: SightGrowth, seconds: number, share: number): void {
    const sums = this.#sums;
    for (let index = 0; index < this.#layout.slots.length; index += 1) {
      const { kind, thresholds, worse, at } = this.#layout.slots[index] as Slot<Of>;
      const value = sight.values[index] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      const isFirst = sums[at + SECONDS] === 0;
      sums[at + SECONDS] = (sums[at + SECONDS] ?? 0) + seconds;
      sums[at + MIN] = isFirst ? value : Math.min(sums[at + MIN] ?? value, value);
      sums[at + MAX] = isFirst ? value : Math.max(sums[at + MAX] ?? value, value);
      sums[at + LAST] = value;
      if (kind !== 'gauge') sums[at + INCREASE] = (sums[at + INCREASE] ?? 0) + (sight.growths[index] ?? 0) * share;
      for (let threshold = 0; threshold < thresholds.length; threshold += 1) {
        const limit = thresholds[threshold] ?? Number.NaN;
        if (worse === 'more' ? value < limit : value >= limit) continue;
        sums[at + BEYOND + threshold] = (sums[at + BEYOND + threshold] ?? 0) + seconds;
      }
    }
  }

  /** What was added up of the signals that were seen; the sums begin anew. */
  take(): SignalDays {
    const days: Record<string, SignalDay> = {};
    const sums = this.#sums;
    for (const { name, kind, thresholds, at } of this.#layout.slots) {
      const seconds = sums[at + SECONDS] ?? 0;
      if (seconds === 0) continue;
      const beyond = Array.from(sums.subarray(at + BEYOND, at + BEYOND + thresholds.length));
      days[name] = {
        seconds,
        min: sums[at + MIN] ?? 0,
        max: sums[at + MAX] ?? 0,
        last: sums[at + LAST] ?? 0,
        increase: kind === 'gauge' ? null : (sums[at + INCREASE] ?? 0),
        beyond,
      };
      sums.fill(0, at, at + BEFORE);
      sums.fill(0, at + BEYOND, at + BEYOND + thresholds.length);
    }
    return days;
  }
}

function happened(before: number, value: number, hourMs: number): number {
  const isNew = Number.isNaN(before) ? value >= hourMs : Math.abs(value - before) > SAME_INSTANT_MS;
  return isNew ? 1 : 0;
}
