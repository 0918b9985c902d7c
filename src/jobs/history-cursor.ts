import { MS_PER_HOUR } from '../domain/quantities.ts';

/** Hours that are to be read, from `fromMs` up to before `toMs`; full UTC hours. */
export interface HourRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What of the history is not in the ledger yet. */
export interface HistoryCursor {
  /** The hour that is to be read next, as hours end. */
  readonly nextHourMs: number;
  /** What lies further back, the oldest first. Nothing before it is missing. */
  readonly past: readonly HourRange[];
}

/** Outages of months apart are bounded too; more of them become one range, of which some hours are read twice. */
const MOST_RANGES = 16;

export function printCursor({ nextHourMs, past }: HistoryCursor): string {
  return JSON.stringify({ kind: 'history', nextHourMs, past });
}

/** Null for what another kind of ledger saved. */
export function parseCursor(text: string): HistoryCursor | null {
  const saved = parse(text);
  if (typeof saved !== 'object' || saved === null || !('kind' in saved) || saved.kind !== 'history') return null;
  if (!('nextHourMs' in saved) || !isHour(saved.nextHourMs)) return null;
  const past = 'past' in saved && Array.isArray(saved.past) ? saved.past.filter(isRange) : [];
  return { nextHourMs: saved.nextHourMs, past };
}

/** Puts the hours from the cursor to `liveMs` into the past, so that the newest hours do not wait for them. */
export function leapTo({ nextHourMs, past }: HistoryCursor, liveMs: number): HistoryCursor {
  if (liveMs <= nextHourMs) return { nextHourMs, past };
  const ranges = [...past, { fromMs: nextHourMs, toMs: liveMs }];
  while (ranges.length > MOST_RANGES) {
    const [first, second, ...rest] = ranges;
    if (first === undefined || second === undefined) break;
    ranges.splice(0, ranges.length, { fromMs: first.fromMs, toMs: second.toMs }, ...rest);
  }
  return { nextHourMs: liveMs, past: ranges };
}

/** After an hour of the past, or of now, was written. */
export function afterHour({ nextHourMs, past }: HistoryCursor, hourMs: number): HistoryCursor {
  if (hourMs === nextHourMs) return { nextHourMs: hourMs + MS_PER_HOUR, past };
  const left = past.map((range) => (range.fromMs === hourMs ? { ...range, fromMs: hourMs + MS_PER_HOUR } : range));
  return { nextHourMs, past: left.filter(({ fromMs, toMs }) => fromMs < toMs) };
}

/** What ended by then is in the ledger. */
export function writtenUntil({ nextHourMs, past }: HistoryCursor): number {
  return past[0]?.fromMs ?? nextHourMs;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isHour(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value % MS_PER_HOUR === 0;
}

function isRange(value: unknown): value is HourRange {
  if (typeof value !== 'object' || value === null) return false;
  return 'fromMs' in value && isHour(value.fromMs) && 'toMs' in value && isHour(value.toMs);
}
