import { convertMoney } from '../economics/exchange.ts';
import type { FxRate } from '../farm.ts';
import type { LedgerRow, MinedWork, MoneyParts } from '../ledger.ts';
import { type Currency, type Money, money } from '../quantities.ts';
import { noStates, type WorkState, workStates } from '../work-state.ts';
import { moneyParts } from './money-parts.ts';

/**
 * A sum of money, the seconds of GPUs (of mining and power also of ASICs) that it covers, and those for which it could not
 * be known: they are missing in it, not free.
 */
export interface KnownSum {
  amount: number;
  knownSeconds: number;
  unknownSeconds: number;
}

/** Sums over ledger rows; seconds are GPU-seconds. */
export interface Totals {
  periods: number;
  readonly stateSeconds: Record<WorkState, number>;
  /** Seconds of ASICs. */
  readonly asicSeconds: Record<WorkState, number>;
  /** Seconds of ASICs, those included during which nobody saw the rig; rows do not say it, whoever adds them up does. */
  asicOwnedSeconds: number;
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
    asicSeconds: noStates(),
    asicOwnedSeconds: 0,
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
  for (const state of workStates) {
    totals.stateSeconds[state] += row.stateSeconds[state] * share;
    totals.asicSeconds[state] += (row.asicSeconds?.[state] ?? 0) * share;
  }
  for (const model of row.models) {
    totals.ownedSeconds += model.ownedSeconds * share;
    totals.observedSeconds += model.observedSeconds * share;
  }
  totals.powerSeconds += row.powerSeconds * share;
  totals.cardJoules += (row.cardJoules ?? 0) * share;
  totals.wallJoules += (row.wallJoules ?? 0) * share;
  // Money that no rate leads from is unknown like money that nobody knew.
  const mined = row.mined.map((work) => ({ ...work, revenue: inCurrency(work.revenue) }));
  const known = { powerCost: inCurrency(row.powerCost), rentedRevenue: inCurrency(row.rentedRevenue) };
  addMined(totals, mined, share);
  addCovered(totals, { ...row, ...known, mined }, share, row.powerCost);
}

/** Adds what other rows came to. */
export function addTotals(sum: Totals, part: Totals): void {
  sum.periods += part.periods;
  for (const state of workStates) {
    sum.stateSeconds[state] += part.stateSeconds[state];
    sum.asicSeconds[state] += part.asicSeconds[state];
  }
  sum.asicOwnedSeconds += part.asicOwnedSeconds;
  sum.ownedSeconds += part.ownedSeconds;
  sum.observedSeconds += part.observedSeconds;
  sum.powerSeconds += part.powerSeconds;
  sum.cardJoules += part.cardJoules;
  sum.wallJoules += part.wallJoules;
  for (const [algorithm, { hashes, gpuSeconds }] of part.hashes) addHashes(sum, algorithm, hashes, gpuSeconds);
  for (const known of ['mined', 'rented', 'power'] as const) {
    sum[known].amount += part[known].amount;
    sum[known].knownSeconds += part[known].knownSeconds;
    sum[known].unknownSeconds += part[known].unknownSeconds;
  }
  for (const use of ['mining', 'rented', 'other'] as const) sum.attributedPower[use] += part.attributedPower[use];
}

function addHashes(totals: Totals, algorithm: string | null, hashes: number, gpuSeconds: number): void {
  const sum = totals.hashes.get(algorithm) ?? { hashes: 0, gpuSeconds: 0 };
  totals.hashes.set(algorithm, sum);
  sum.hashes += hashes;
  sum.gpuSeconds += gpuSeconds;
}

function addMined(totals: Totals, mined: readonly MinedWork[], share: number): void {
  for (const { algorithm, hashes, gpuSeconds, revenue } of mined) {
    addHashes(totals, algorithm, hashes * share, gpuSeconds * share);
    if (revenue === null) totals.mined.unknownSeconds += gpuSeconds * share;
    else {
      totals.mined.amount += revenue.amount * share;
      totals.mined.knownSeconds += gpuSeconds * share;
    }
  }
}

/** `paid`: the power's cost in the row's own currency, which the parts of a day are in. */
function addCovered(totals: Totals, row: LedgerRow, share: number, paid: Money | null): void {
  const parts = partsOf(row);
  totals.mined.knownSeconds += parts.asicKnownSeconds * share;
  totals.mined.unknownSeconds += parts.asicUnknownSeconds * share;
  totals.rented.knownSeconds += parts.rentedKnownSeconds * share;
  totals.rented.unknownSeconds += parts.rentedUnknownSeconds * share;
  totals.rented.amount += (row.rentedRevenue?.amount ?? 0) * share;
  totals.power.knownSeconds += parts.powerKnownSeconds * share;
  totals.power.unknownSeconds += parts.powerUnknownSeconds * share;
  if (row.powerCost === null || paid === null) return;
  const rate = row.parts === undefined || paid.amount === 0 ? 1 : row.powerCost.amount / paid.amount;
  const amount = row.powerCost.amount * share;
  const toMining = parts.miningPower * rate * share;
  const toRented = parts.rentedPower * rate * share;
  totals.power.amount += amount;
  totals.attributedPower.mining += toMining;
  totals.attributedPower.rented += toRented;
  const other = amount - toMining - toRented;
  // Of nothing else the parts add up to the whole but for their last bits.
  if (Math.abs(other) > 1e-9 * Math.abs(amount)) totals.attributedPower.other += other;
}

/** Parts of a day, of which an amount that cannot be converted covers nothing. */
function partsOf(row: LedgerRow): MoneyParts {
  const parts = moneyParts(row);
  if (row.parts === undefined) return parts;
  const { rentedRevenue, powerCost, mined } = row;
  const rented = parts.rentedKnownSeconds + parts.rentedUnknownSeconds;
  const power = parts.powerKnownSeconds + parts.powerUnknownSeconds;
  const asics = parts.asicKnownSeconds + parts.asicUnknownSeconds;
  const asicsKnown = mined.some(({ gpuSeconds, revenue }) => gpuSeconds === 0 && revenue !== null);
  return {
    ...parts,
    ...(rentedRevenue === null ? { rentedKnownSeconds: 0, rentedUnknownSeconds: rented } : {}),
    ...(powerCost === null ? { powerKnownSeconds: 0, powerUnknownSeconds: power } : {}),
    ...(asicsKnown ? {} : { asicKnownSeconds: 0, asicUnknownSeconds: asics }),
  };
}
