import { convertMoney } from '../economics/exchange.ts';
import type { FxRate } from '../farm.ts';
import type { LedgerRow } from '../ledger.ts';
import { type Currency, type Money, money } from '../quantities.ts';
import { noStates, type WorkState, workStates } from '../work-state.ts';

/** A sum of money and the GPU-seconds for which it could not be known: they are missing in it, not free. */
export interface KnownSum {
  amount: number;
  knownSeconds: number;
  unknownSeconds: number;
}

/** Sums over ledger rows; seconds are GPU-seconds. */
export interface Totals {
  periods: number;
  readonly stateSeconds: Record<WorkState, number>;
  ownedSeconds: number;
  observedSeconds: number;
  powerSeconds: number;
  cardJoules: number;
  wallJoules: number;
  /** By algorithm; null where neither miner nor configuration names it. */
  readonly hashes: Map<string | null, { hashes: number; gpuSeconds: number }>;
  /** Estimated, net of pool fee, gross of power. */
  readonly mined: KnownSum;
  /** Estimated, net of the platform's fee. */
  readonly rented: KnownSum;
  readonly power: KnownSum;
  /** Power cost by what the GPUs did, attributed within each row by GPU-seconds; adds up to `power`. */
  readonly attributedPower: { mining: number; rented: number; other: number };
}

export function noTotals(): Totals {
  const nothing = (): KnownSum => ({ amount: 0, knownSeconds: 0, unknownSeconds: 0 });
  return {
    periods: 0,
    stateSeconds: noStates(),
    ownedSeconds: 0,
    observedSeconds: 0,
    powerSeconds: 0,
    cardJoules: 0,
    wallJoules: 0,
    hashes: new Map(),
    mined: nothing(),
    rented: nothing(),
    power: nothing(),
    attributedPower: { mining: 0, rented: 0, other: 0 },
  };
}

/** Null where nothing of the sum is known although there is something to know, and before the first row. */
export function knownMoney(sum: KnownSum, totals: Pick<Totals, 'periods'>, currency: Currency): Money | null {
  if (totals.periods === 0 || (sum.knownSeconds === 0 && sum.unknownSeconds > 0)) return null;
  return money(sum.amount, currency);
}

/** Adds `share` (0..1) of a row; money in other currencies is converted, or unknown where no rate leads there. */
export function addRow(
  totals: Totals,
  row: LedgerRow,
  share: number,
  currency: Currency,
  rates: readonly FxRate[],
): void {
  const inCurrency = (amount: Money | null) => (amount === null ? null : convertMoney(amount, currency, rates));
  totals.periods += 1;
  for (const state of workStates) totals.stateSeconds[state] += row.stateSeconds[state] * share;
  for (const model of row.models) {
    totals.ownedSeconds += model.ownedSeconds * share;
    totals.observedSeconds += model.observedSeconds * share;
  }
  totals.powerSeconds += row.powerSeconds * share;
  totals.cardJoules += (row.cardJoules ?? 0) * share;
  totals.wallJoules += (row.wallJoules ?? 0) * share;
  for (const { algorithm, hashes, gpuSeconds, revenue } of row.mined) {
    const sum = totals.hashes.get(algorithm) ?? { hashes: 0, gpuSeconds: 0 };
    totals.hashes.set(algorithm, sum);
    sum.hashes += hashes * share;
    sum.gpuSeconds += gpuSeconds * share;
    addKnown(totals.mined, inCurrency(revenue), gpuSeconds, share);
  }
  addKnown(totals.rented, inCurrency(row.rentedRevenue), row.stateSeconds.rented, share);
  addPower(totals, row, share, inCurrency(row.powerCost));
}

function addKnown(sum: KnownSum, amount: Money | null, gpuSeconds: number, share: number): void {
  if (amount === null) {
    sum.unknownSeconds += gpuSeconds * share;
    return;
  }
  sum.amount += amount.amount * share;
  sum.knownSeconds += gpuSeconds * share;
}

function addPower(totals: Totals, row: LedgerRow, share: number, cost: Money | null): void {
  const { down, mining, rented, ...others } = row.stateSeconds;
  const working = Object.values(others).reduce((sum, seconds) => sum + seconds, mining + rented);
  const knownSeconds = cost === null ? 0 : row.powerSeconds;
  totals.power.knownSeconds += knownSeconds * share;
  const missing = working + down - knownSeconds;
  // Sums of the same seconds in another order differ in their last bits; that is nothing missing.
  if (missing > 1e-9 * row.seconds) totals.power.unknownSeconds += missing * share;
  if (cost === null) return;
  const amount = cost.amount * share;
  const toMining = working === 0 ? 0 : (amount * mining) / working;
  const toRented = working === 0 ? 0 : (amount * rented) / working;
  totals.power.amount += amount;
  totals.attributedPower.mining += toMining;
  totals.attributedPower.rented += toRented;
  totals.attributedPower.other += amount - toMining - toRented;
}
