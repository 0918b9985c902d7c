import type { Farm } from '../../adapters/simulator/farm.ts';
import { hourOf } from '../../src/domain/ledger/period.ts';
import type { LedgerRow } from '../../src/domain/ledger.ts';
import { MS_PER_HOUR } from '../../src/domain/quantities.ts';
import type { ObservationLog } from './observation-log.ts';
import type { Violations } from './violations.ts';

const roundingSeconds = 1e-3;

export interface CheckedHours {
  readonly fromMs: number;
  readonly toMs: number;
  /** Whether the rig, if the bot looked, was seen all the time between two instants. */
  readonly isSeen: (rig: string, fromMs: number, toMs: number) => boolean;
}

/**
 * Whether each hour in which a rig was seen all the time holds as many observed seconds as the bot saw: none lost but those since its
 * last commit before a kill, none counted twice. An hour without rows holds none.
 */
export function checkHours(
  rows: readonly LedgerRow[],
  farm: Farm,
  log: ObservationLog,
  { fromMs, toMs, isSeen }: CheckedHours,
  violations: Violations,
): void {
  const observed = new Map<string, number>();
  for (const { rig, startMs, observedSeconds } of rows) {
    const key = keyOf(rig, hourOf(startMs));
    observed.set(key, (observed.get(key) ?? 0) + observedSeconds);
  }
  const rigs = [...new Set(farm.truth(toMs, fromMs).gpus.map(({ rig }) => rig))];
  for (let hourMs = hourOf(fromMs); hourMs + MS_PER_HOUR <= toMs; hourMs += MS_PER_HOUR) {
    const { leastSeconds, mostSeconds } = log.coverage(hourMs, hourMs + MS_PER_HOUR);
    for (const name of rigs) {
      if (!isSeen(name, hourMs, hourMs + MS_PER_HOUR)) continue;
      const seconds = observed.get(keyOf(name, hourMs)) ?? 0;
      const figures = `${keyOf(name, hourMs)}: ${seconds} s, the bot saw ${leastSeconds} to ${mostSeconds} s`;
      if (seconds < leastSeconds - roundingSeconds) violations.add('an hour lost time', figures);
      if (seconds > mostSeconds + roundingSeconds) violations.add('an hour counted time twice', figures);
    }
  }
}

function keyOf(rig: string, hourMs: number): string {
  return `${rig} ${new Date(hourMs).toISOString()}`;
}
