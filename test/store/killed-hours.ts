import type { LedgerBatch } from '../../src/domain/ledger.ts';
import type { AggregateStore } from '../../src/ports/store.ts';
import { accountRowOf, firstHourMs, hourMs, ledgerRowOf } from './ledger-rows.ts';

/** More than one insert's worth, so that a kill can fall between two inserts of one batch. */
export const rigsPerHour = 300;

const rigs = Array.from({ length: rigsPerHour }, (_, index) => `rig-${String(index).padStart(3, '0')}`);

/** What the child commits for an hour: every row is told from every other by its key and its energy. */
export function batchOfHour(hour: number): LedgerBatch {
  const startMs = firstHourMs + hour * hourMs;
  return {
    rows: rigs.map((rig, index) => ledgerRowOf(rig, startMs, { cardJoules: hour * rigsPerHour + index })),
    accounts: [accountRowOf('vast:9090', startMs)],
  };
}

/** What the child adds to the first day before it commits an hour: more than one transaction's worth. */
export function aggregatesOfHour(hour: number): Parameters<AggregateStore['add']>[0] {
  const fromMs = firstHourMs + hour * hourMs;
  const load = { seconds: 3_600, min: hour, max: hour, last: hour, increase: 1, beyond: [] };
  return rigs.map((rig) => ({ rig, dayMs: firstHourMs, fromMs, untilMs: fromMs + hourMs, host: { load }, cards: {} }));
}
