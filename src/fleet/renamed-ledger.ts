import type { Farm } from '../domain/farm.ts';
import { instanceOfRig, rigOf } from '../domain/ledger/realised.ts';
import type { AccountRow, LedgerRow } from '../domain/ledger.ts';
import type { LedgerRange, LedgerStore } from '../ports/store.ts';
import { todaysNames } from './former-names.ts';

/**
 * The ledger as the configuration calls its rigs now: rows that were written under a former name are read under today's
 * (`rigs.NAME.formerly`). History itself is never rewritten, so that a name can be taken back.
 */
export function renamedLedger(ledger: LedgerStore, rigs: Farm['rigs']): LedgerStore {
  const today = todaysNames({ rigs });
  if (today.size === 0) return ledger;

  // Of one time what a former name wrote comes first: a rig is where its newest row says.
  const renamed = (rows: readonly LedgerRow[]): LedgerRow[] => {
    const { former = [], own = [] } = Object.groupBy(rows, ({ rig }) => (today.has(rig) ? 'former' : 'own'));
    const renamedRows = former.map((row) => ({ ...row, rig: today.get(row.rig) ?? row.rig }));
    return [...renamedRows, ...own].sort(byStartThenRig);
  };
  type Read = (range: LedgerRange) => Promise<readonly LedgerRow[]>;
  const reading = (read: Read): Read => {
    return async (range) => {
      const { rig } = range;
      // What is called a former name now has no rows of its own: they belong to the rig that was called so.
      if (rig !== undefined && today.has(rig)) return [];
      const names = rig === undefined ? null : [rig, ...(rigs.get(rig)?.formerly ?? [])];
      const found =
        names === null ? [await read(range)] : await Promise.all(names.map((name) => read({ ...range, rig: name })));
      return renamed(found.flat());
    };
  };
  const renamedAccounts = (rows: readonly AccountRow[]): readonly AccountRow[] => {
    const renamedRows = rows.map((row) => {
      const name = today.get(rigOf(row) ?? '');
      return name === undefined ? row : { ...row, instance: instanceOfRig(name) };
    });
    return renamedRows.sort((a, b) => a.startMs - b.startMs || a.firstAtMs - b.firstAtMs);
  };
  return {
    ...bound(ledger),
    accounts: async (range) => renamedAccounts(await ledger.accounts(range)),
    rows: reading((range) => ledger.rows(range)),
    days: reading((range) => ledger.days(range)),
  };
}

function byStartThenRig(a: LedgerRow, b: LedgerRow): number {
  return a.startMs - b.startMs || (a.rig < b.rig ? -1 : a.rig > b.rig ? 1 : 0);
}

/** Its methods as functions of their own: a spread of an instance would lose them. */
function bound(ledger: LedgerStore): LedgerStore {
  return {
    commit: (batch) => ledger.commit(batch),
    commitAndSaveOpen: (batch, state) => ledger.commitAndSaveOpen(batch, state),
    rows: (range) => ledger.rows(range),
    accounts: (range) => ledger.accounts(range),
    modelUse: (range) => ledger.modelUse(range),
    newestStartMs: () => ledger.newestStartMs(),
    oldestStartMs: () => ledger.oldestStartMs(),
    saveOpen: (state) => ledger.saveOpen(state),
    loadOpen: () => ledger.loadOpen(),
    days: (range) => ledger.days(range),
    commitDays: (days) => ledger.commitDays(days),
    newestDayMs: () => ledger.newestDayMs(),
    forgetHours: (beforeMs, limit) => ledger.forgetHours(beforeMs, limit),
  };
}
