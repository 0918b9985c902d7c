import type { LedgerBatch } from '../../src/domain/ledger.ts';
import { accountRowOf, firstHourMs, hourMs, ledgerRowOf } from './ledger-rows.ts';

/** More than one insert's worth, so that a kill can fall between two inserts of one batch. */
export const rigsPerHour = 300;

/** What the child commits for an hour: every row is told from every other by its key and its energy. */
export function batchOfHour(hour: number): LedgerBatch {
  const startMs = firstHourMs + hour * hourMs;
  const rigs = Array.from({ length: rigsPerHour }, (_, index) => `rig-${String(index).padStart(3, '0')}`);
  return {
    rows: rigs.map((rig, index) => ledgerRowOf(rig, startMs, { cardJoules: hour * rigsPerHour + index })),
    accounts: [accountRowOf('vast:9090', startMs)],
  };
}
