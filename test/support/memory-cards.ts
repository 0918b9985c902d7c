import type { KnownCard } from '../../src/domain/known-card.ts';
import type { CardStore } from '../../src/ports/store.ts';

/** Known cards that live as long as the test. */
export function memoryCards(initial: readonly KnownCard[] = []): CardStore {
  const cards = new Map(initial.map((card) => [keyOf(card), card]));
  return {
    all: async () => [...cards.values()].toSorted((a, b) => compare(a.rig, b.rig) || compare(a.key, b.key)),
    save: async (seen) => {
      for (const card of seen) cards.set(keyOf(card), { ...card });
    },
    remove: async (retired) => {
      for (const card of retired) cards.delete(keyOf(card));
    },
  };
}

function keyOf({ rig, key }: Pick<KnownCard, 'rig' | 'key'>): string {
  return JSON.stringify([rig, key]);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
