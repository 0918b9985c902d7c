import type { AccountRow } from '../ledger.ts';

/** What a marketplace account earned between two of its sights. */
export interface RealisedIncome {
  readonly platform: string;
  readonly instance: string;
  /** USD, net of fees; null where `unknownBecause` says why. */
  readonly usd: number | null;
  readonly fromMs: number;
  readonly toMs: number;
  readonly unknownBecause: string | null;
}

/** More than so many times the estimate is no income of these hours (ECONOMICS.md, rules). */
const MOST_TIMES_EXPECTED = 5;

/**
 * Last minus first of paid + pending of each account (ECONOMICS.md, rules). A fall is never corrected as a counter reset.
 * @param expectedUsd estimated from rented GPU-hours of all accounts; null where unknown, then nothing bounds the growth.
 */
export function realisedIncome(rows: readonly AccountRow[], expectedUsd: number | null): readonly RealisedIncome[] {
  const accounts = new Map<string, { first: AccountRow; last: AccountRow }>();
  for (const row of rows) {
    const key = JSON.stringify([row.platform, row.instance]);
    const known = accounts.get(key) ?? { first: row, last: row };
    accounts.set(key, {
      first: row.firstAtMs < known.first.firstAtMs ? row : known.first,
      last: row.lastAtMs > known.last.lastAtMs ? row : known.last,
    });
  }
  return Array.from(accounts.values(), ({ first, last }) => {
    const usd = last.lastUsd - first.firstUsd;
    const unknownBecause = doubt(usd, last.lastAtMs - first.firstAtMs, expectedUsd);
    return {
      platform: first.platform,
      instance: first.instance,
      usd: unknownBecause === null ? usd : null,
      fromMs: first.firstAtMs,
      toMs: last.lastAtMs,
      unknownBecause,
    };
  });
}

function doubt(usd: number, durationMs: number, expectedUsd: number | null): string | null {
  if (durationMs <= 0) return 'it was seen only once';
  if (usd < 0) return 'paid plus pending fell';
  if (expectedUsd !== null && usd > MOST_TIMES_EXPECTED * expectedUsd) {
    return `paid plus pending grew by more than ${MOST_TIMES_EXPECTED} times what the rented hours explain`;
  }
  return null;
}
