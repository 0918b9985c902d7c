import type { Snapshot } from '../domain/snapshot.ts';
import type { Store } from '../ports/store.ts';
import type { Observer } from './observe.ts';

type Memory = Pick<Observer, 'knownCards' | 'knownTargets'>;

/** Before the first observation: what was seen by earlier processes is missed if it does not answer now. */
export async function recallFleet(observer: Memory, store: Pick<Store, 'cards' | 'targets'>): Promise<void> {
  observer.knownCards.restore(await store.cards.all());
  observer.knownTargets.restore(await store.targets.all());
}

/**
 * Writes down what an observation changed. What could not be written of cards and targets is written with the next one;
 * changes of states are handed in by the caller until this returns.
 *
 * @throws UpstreamError where the store does not answer.
 */
export async function keepObservation(
  { knownCards, knownTargets }: Memory,
  store: Pick<Store, 'cards' | 'targets' | 'changes'>,
  changes: NonNullable<Snapshot['changes']>,
): Promise<void> {
  await keep(knownCards, store.cards);
  await keep(knownTargets, store.targets);
  if (changes.length > 0) await store.changes.add(changes);
}

interface Known<Saved, Removed> {
  takeDirty(): { readonly save: readonly Saved[]; readonly remove: readonly Removed[] };
  giveBack(changes: { readonly save: readonly Saved[]; readonly remove: readonly Removed[] }): void;
}

interface Kept<Saved, Removed> {
  save(known: readonly Saved[]): Promise<void>;
  remove(gone: readonly Removed[]): Promise<void>;
}

async function keep<Saved, Removed>(known: Known<Saved, Removed>, store: Kept<Saved, Removed>): Promise<void> {
  const changes = known.takeDirty();
  try {
    // A card that was moved is written first: dying in between leaves it known twice, not forgotten.
    if (changes.save.length > 0) await store.save(changes.save);
    if (changes.remove.length > 0) await store.remove(changes.remove);
  } catch (error) {
    known.giveBack(changes);
    throw error;
  }
}
