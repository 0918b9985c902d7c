import type { LedgerRow, MoneyParts } from '../ledger.ts';
import { type PerState, workStates } from '../work-state.ts';

/** What the money of a row covers, and what its power was for: attributed within a period by the time of its machines. */
export function moneyParts(row: LedgerRow): MoneyParts {
  if (row.parts !== undefined) return row.parts;
  const { stateSeconds, asicSeconds, rentedRevenue, powerCost } = row;
  const all = allSeconds(stateSeconds) + allSeconds(asicSeconds);
  const working = all - stateSeconds.down - (asicSeconds?.down ?? 0);
  const powerKnownSeconds = powerCost === null ? 0 : row.powerSeconds;
  // Sums of the same seconds in another order differ in their last bits; that is nothing missing.
  const powerMissing = all - powerKnownSeconds;
  const perSecond = powerCost === null || working === 0 ? 0 : powerCost.amount / working;
  const asicMining = asicSeconds?.mining ?? 0;
  const asicsUnknown = row.mined.some(({ gpuSeconds, revenue }) => gpuSeconds === 0 && revenue === null);
  return {
    rentedKnownSeconds: rentedRevenue === null ? 0 : stateSeconds.rented,
    rentedUnknownSeconds: rentedRevenue === null ? stateSeconds.rented : 0,
    powerKnownSeconds,
    powerUnknownSeconds: powerMissing > 1e-9 * row.seconds ? powerMissing : 0,
    asicKnownSeconds: asicsUnknown ? 0 : asicMining,
    asicUnknownSeconds: asicsUnknown ? asicMining : 0,
    miningPower: perSecond * (stateSeconds.mining + asicMining),
    rentedPower: perSecond * stateSeconds.rented,
  };
}

function allSeconds(seconds: PerState | null): number {
  return seconds === null ? 0 : workStates.reduce((sum, state) => sum + seconds[state], 0);
}
