import type { Dialect } from '../dialect.ts';

/** Sums of each series of payouts, by the dialect that prints them. */
export type PayoutReading = Map<Dialect, Map<string, number>>;

export function addPayout(payouts: PayoutReading, dialect: Dialect, series: string, value: number): void {
  let known = payouts.get(dialect);
  if (known === undefined) {
    known = new Map();
    payouts.set(dialect, known);
  }
  known.set(series, (known.get(series) ?? 0) + value);
}

/** USD; null where a dialect prints a part of its payouts only. */
export function paidPlusPending(payouts: PayoutReading): number | null {
  if (payouts.size === 0) return null;
  let total = 0;
  for (const [dialect, series] of payouts) {
    const parts = Object.values(dialect.series).filter(({ kind }) => kind === 'payout').length;
    if (series.size < parts) return null;
    for (const value of series.values()) total += value;
  }
  return Number.isFinite(total) ? total : null;
}
