import type { AccountRow } from '../ledger.ts';

/** What a marketplace account, or a rig by its own counter, earned between two of its sights. */
export interface RealisedIncome {
  readonly platform: string;
  readonly instance: string;
  /** The rig whose own counter it is; null for an account. */
  readonly rig: string | null;
  /** USD, net of fees; null where `unknownBecause` says why. */
  readonly usd: number | null;
  readonly fromMs: number;
  readonly toMs: number;
  readonly unknownBecause: string | null;
}

/** More than so many times the estimate is no income of these hours (ECONOMICS.md, rules). */
const MOST_TIMES_EXPECTED = 5;

const RIG_PREFIX = 'rig:';

/** The instance of a row that is a rig's own counter. */
export function instanceOfRig(rig: string): string {
  return RIG_PREFIX + rig;
}

interface Seen {
  first: AccountRow;
  last: AccountRow;
  fell: boolean;
}

/**
 * Last minus first of each account and of each rig's own counter (ECONOMICS.md, rules), whose rows are to be added in the
 * order of time. A fall is never corrected as a counter reset.
 */
export class PayoutFold {
  readonly #seen = new Map<string, Seen>();

  add(row: AccountRow): void {
    const key = JSON.stringify([row.platform, row.instance]);
    const known = this.#seen.get(key);
    const fell = row.lastUsd < row.firstUsd || (known !== undefined && row.firstUsd < known.last.lastUsd);
    this.#seen.set(key, { first: known?.first ?? row, last: row, fell: fell || (known?.fell ?? false) });
  }

  /**
   * Where a platform has an account, what rigs say of the same platform is in it already, and left out.
   * @param expectedUsd estimated from all rented GPU-hours; null where unknown, then nothing bounds the growth.
   */
  *incomes(expectedUsd: number | null): Generator<RealisedIncome> {
    const withAccount = new Set<string>();
    for (const { first } of this.#seen.values()) if (rigOf(first) === null) withAccount.add(first.platform);
    for (const account of this.#seen.values()) {
      const { first } = account;
      if (rigOf(first) === null || !withAccount.has(first.platform)) yield income(account, expectedUsd);
    }
  }
}

/** Null for an account's row. */
export function rigOf({ instance }: Pick<AccountRow, 'instance'>): string | null {
  return instance.startsWith(RIG_PREFIX) ? instance.slice(RIG_PREFIX.length) : null;
}

function income(account: Seen, expectedUsd: number | null): RealisedIncome {
  const { first, last } = account;
  const unknownBecause = doubt(account, expectedUsd);
  return {
    platform: first.platform,
    instance: first.instance,
    rig: rigOf(first),
    usd: unknownBecause === null ? last.lastUsd - first.firstUsd : null,
    fromMs: first.firstAtMs,
    toMs: last.lastAtMs,
    unknownBecause,
  };
}

function doubt({ first, last, fell }: Seen, expectedUsd: number | null): string | null {
  if (last.lastAtMs <= first.firstAtMs) return 'it was seen only once';
  if (fell) return rigOf(first) === null ? 'paid plus pending fell' : 'its counter fell';
  if (expectedUsd !== null && last.lastUsd - first.firstUsd > MOST_TIMES_EXPECTED * expectedUsd) {
    return rigOf(first) === null
      ? `paid plus pending grew by more than ${MOST_TIMES_EXPECTED} times what the rented hours explain`
      : `its counter grew by more than ${MOST_TIMES_EXPECTED} times what the rented hours explain`;
  }
  return null;
}
