import { MS_PER_HOUR } from '../quantities.ts';

export const MS_PER_QUARTER = MS_PER_HOUR / 4;

/** Offset of an IANA zone from UTC at an instant, in minutes; the domain has no calendar of its own. */
export type OffsetMinutes = (zone: string, atMs: number) => number;

/** The accounting grid of one UTC hour: the hour as one period, or its quarters. */
export interface Grid {
  readonly hourMs: number;
  readonly periodMs: number;
}

export interface PeriodPart {
  readonly startMs: number;
  readonly periodMs: number;
  /** What of the stretch falls into this period. */
  readonly fromMs: number;
  readonly toMs: number;
}

export function hourOf(atMs: number): number {
  return Math.floor(atMs / MS_PER_HOUR) * MS_PER_HOUR;
}

/** Quarters where one of the zones is not whole hours from UTC at the beginning or the end of the hour. */
export function gridOf(hourMs: number, zones: readonly string[], offsetMinutes: OffsetMinutes): Grid {
  const isWhole = (zone: string) =>
    offsetMinutes(zone, hourMs) % 60 === 0 && offsetMinutes(zone, hourMs + MS_PER_HOUR - 1) % 60 === 0;
  return { hourMs, periodMs: zones.every(isWhole) ? MS_PER_HOUR : MS_PER_QUARTER };
}

/** The parts of a stretch by period, in order of time; they add up to the stretch. */
export function* partsOf(fromMs: number, toMs: number, gridAt: (hourMs: number) => Grid): Iterable<PeriodPart> {
  for (let atMs = fromMs; atMs < toMs; ) {
    const { periodMs } = gridAt(hourOf(atMs));
    const startMs = Math.floor(atMs / periodMs) * periodMs;
    const endMs = Math.min(toMs, startMs + periodMs);
    yield { startMs, periodMs, fromMs: atMs, toMs: endMs };
    atMs = endMs;
  }
}
