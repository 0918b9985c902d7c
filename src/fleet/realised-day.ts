import { exchangeRate } from '../domain/economics/exchange.ts';
import type { Farm } from '../domain/farm.ts';
import type { RealisedIncome } from '../domain/ledger/realised.ts';
import { type Money, money } from '../domain/quantities.ts';

/** Realised income of a day and whose it is. */
export interface RealisedDay {
  /** Of all accounts and rigs that say it; null where one of them is unknown or there is none. */
  readonly total: Money | null;
  /** Whether every rented GPU-hour is paid through an account or counted by its rig. */
  readonly isWhole: boolean;
  /** A rig's own, and its part of the accounts' by rented GPU-hours; null where that cannot be told. */
  ofRig(rig: string, rentedSeconds: number): Money | null;
}

/** @param rented GPU-seconds by rig. */
export function realisedDay(
  incomes: readonly RealisedIncome[],
  rented: ReadonlyMap<string, number>,
  farm: Farm,
): RealisedDay {
  const rate = exchangeRate('USD', farm.currency, farm.market.fx);
  const own = new Map<string, number>();
  let shared = 0;
  let isKnown = rate !== null && incomes.length > 0;
  let hasAccount = false;
  for (const { rig, usd } of incomes) {
    if (rig === null) hasAccount = true;
    if (usd === null) isKnown = false;
    else if (rig === null) shared += usd;
    else own.set(rig, (own.get(rig) ?? 0) + usd);
  }
  const counted = new Set(incomes.flatMap(({ rig }) => rig ?? []));
  const sharing = [...rented].filter(([rig]) => !counted.has(rig));
  const sharingSeconds = sharing.reduce((sum, [, seconds]) => sum + seconds, 0);
  const inCurrency = (usd: number) => money(usd * (rate ?? Number.NaN), farm.currency);
  const ownSum = [...own.values()].reduce((sum, usd) => sum + usd, 0);
  return {
    total: isKnown ? inCurrency(shared + ownSum) : null,
    isWhole: hasAccount || sharingSeconds === 0,
    ofRig: (rig, seconds) => {
      if (!isKnown) return null;
      if (counted.has(rig)) return inCurrency(own.get(rig) ?? 0);
      if (!hasAccount) return seconds > 0 ? null : inCurrency(0);
      return sharingSeconds === 0 ? null : inCurrency((shared * seconds) / sharingSeconds);
    },
  };
}
