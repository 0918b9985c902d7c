import type { StateChange } from '../../src/domain/state-change.ts';
import type { StateChangeStore } from '../../src/ports/store.ts';

/** Changes of work states that live as long as the test. */
export function memoryChanges(): StateChangeStore {
  const changes = new Map<string, StateChange>();
  const newestFirst = () => [...changes.values()].toSorted(compare).toReversed();
  return {
    add: async (added) => {
      for (const change of added) {
        const key = keyOf(change);
        if (!changes.has(key)) changes.set(key, { ...change });
      }
    },
    list: async ({ rig, fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY, limit }) =>
      newestFirst()
        .filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
        .filter((change) => (rig ?? change.rig) === change.rig)
        .slice(0, limit),
    forget: async (beforeMs, limit) => {
      const old = newestFirst()
        .toReversed()
        .filter(({ atMs }) => atMs < beforeMs)
        .slice(0, limit);
      for (const change of old) changes.delete(keyOf(change));
      return old.length;
    },
  };
}

function keyOf({ rig, card, atMs }: StateChange): string {
  return JSON.stringify([rig, card, atMs]);
}

/** By time, then rig, then card: the rig itself before its cards. */
function compare(a: StateChange, b: StateChange): number {
  return a.atMs - b.atMs || compareText(a.rig, b.rig) || compareText(a.card ?? '', b.card ?? '');
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
