/**
 * What readiness windows are folded from: one day of one signal (READINESS.md, head). Kept for cards and for the rig itself.
 */
export interface SignalDay {
  /** Seconds of the day for which the signal was seen. */
  readonly seconds: number;
  readonly min: number;
  readonly max: number;
  readonly last: number;
  /** Growth of a counter with resets, null for a gauge. */
  readonly increase: number | null;
  /** Seconds at or above each of the signal's thresholds, in their order; for signals of which less is worse, below each. */
  readonly beyond: readonly number[];
}

export type SignalDays = Readonly<Record<string, SignalDay>>;

/** One accounting day of one rig. Adding up another hour of the same day gives the same as seeing the day at once. */
export interface RigDayAggregate {
  readonly rig: string;
  /** Start of the farm's accounting day, UTC, Unix ms. */
  readonly dayMs: number;
  /** Up to where the day was added up, Unix ms. */
  readonly untilMs: number;
  /** Signals of the rig and its host. */
  readonly host: SignalDays;
  /** Signals of each card by its key. */
  readonly cards: Readonly<Record<string, SignalDays>>;
}

/**
 * Two parts of one rig's day as one: `b` is the later, or as late. What it says does not depend on how the day was cut.
 * A growth that one part does not know is unknown of both; of thresholds that one part does not have, none is left.
 */
export function mergeAggregates(a: RigDayAggregate, b: RigDayAggregate): RigDayAggregate {
  const [earlier, later] = b.untilMs < a.untilMs ? [b, a] : [a, b];
  return {
    rig: a.rig,
    dayMs: a.dayMs,
    untilMs: later.untilMs,
    host: mergeSignals(earlier.host, later.host),
    cards: mergeRecords(earlier.cards, later.cards, mergeSignals),
  };
}

function mergeSignals(earlier: SignalDays, later: SignalDays): SignalDays {
  return mergeRecords(earlier, later, mergeSignal);
}

function mergeSignal(earlier: SignalDay, later: SignalDay): SignalDay {
  const thresholds = Math.min(earlier.beyond.length, later.beyond.length);
  return {
    seconds: earlier.seconds + later.seconds,
    min: Math.min(earlier.min, later.min),
    max: Math.max(earlier.max, later.max),
    last: later.last,
    increase: earlier.increase === null || later.increase === null ? null : earlier.increase + later.increase,
    beyond: earlier.beyond.slice(0, thresholds).map((seconds, index) => seconds + (later.beyond[index] ?? 0)),
  };
}

/** What only one of them has stays as it is. */
function mergeRecords<T>(
  earlier: Readonly<Record<string, T>>,
  later: Readonly<Record<string, T>>,
  merge: (earlier: T, later: T) => T,
): Readonly<Record<string, T>> {
  const merged = new Map(Object.entries(earlier));
  for (const [key, value] of Object.entries(later)) {
    const before = merged.get(key);
    merged.set(key, before === undefined ? value : merge(before, value));
  }
  return Object.fromEntries(merged);
}
