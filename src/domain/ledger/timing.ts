import type { StateTimes } from '../metrics-settings.ts';
import type { Rig } from '../rig.ts';

/** How long what was seen counts, and how long it takes until a period holds all that it will ever hold. */
export interface LedgerTiming {
  /** A longer stretch between two sights is one that nobody saw. */
  readonly maxGapMs: number;
  /** A rig that turns out to be down was down since its last sight: such a stretch may be longer than a gap by so much. */
  readonly downAfterMs: number;
  /** After its end a period may still gain what is believed later of its last seconds, for so long. */
  readonly settleMs: number;
  /** What a metrics server is told may arrive so late. */
  readonly delayMs: number;
}

export function ledgerTiming(intervalMs: number, { miningGapMs, downAfterMs }: StateTimes, delayMs = 0): LedgerTiming {
  const maxGapMs = 3 * intervalMs;
  const longestMs = Math.max(miningGapMs, downAfterMs);
  return { maxGapMs, downAfterMs, settleMs: longestMs === 0 ? 0 : longestMs + maxGapMs, delayMs };
}

/** What a metrics server learns late is there after it. */
const LEAST_MARGIN_MS = 120_000;
/** Ticks come once a minute, and reading and writing an hour takes its time. */
const WRITING_MS = 180_000;

/** An hour is read back from a metrics server so long after its end. */
export function readAfterMs({ maxGapMs, settleMs, delayMs }: LedgerTiming): number {
  return settleMs + delayMs + Math.max(LEAST_MARGIN_MS, maxGapMs);
}

/** Until so long after its end an hour that is not in the ledger is not missing. */
export function writtenAfterMs(timing: LedgerTiming): number {
  return readAfterMs(timing) + WRITING_MS;
}

/** How long the stretch that ends with this sight may be, for it to be more than a gap. */
export function longestStretchMs(
  { maxGapMs, downAfterMs }: LedgerTiming,
  seenMs: number,
  { state, silentSinceMs }: Pick<Rig, 'state' | 'silentSinceMs'>,
): number {
  const wentDown = state === 'down' && silentSinceMs !== null && silentSinceMs - seenMs <= maxGapMs;
  return wentDown ? maxGapMs + downAfterMs : maxGapMs;
}
