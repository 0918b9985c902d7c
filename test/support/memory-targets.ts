import type { KnownTarget } from '../../src/domain/known-target.ts';
import type { TargetStore } from '../../src/ports/store.ts';

/** Known targets that live as long as the test. */
export function memoryTargets(initial: readonly KnownTarget[] = []): TargetStore {
  const targets = new Map(initial.map((target) => [target.key, target]));
  return {
    all: async () => [...targets.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    save: async (listed) => {
      for (const target of listed) targets.set(target.key, { ...target });
    },
    remove: async (keys) => {
      for (const key of keys) targets.delete(key);
    },
  };
}
