import type { Farm } from '../domain/farm.ts';
import type { Store } from '../ports/store.ts';
import type { Observer } from './observe.ts';

type Replay = NonNullable<Observer['replay']>;

/**
 * A replay that knows what was known when it begins, so that a rig that has been down since long before has its name and its
 * cards: what was seen in a rig by then, and nothing that came later. Of a rig that was renamed since nobody knows under
 * which name it answers in the past: nothing is taken for known of it. Null where the source keeps no history.
 */
export function knowingReplay(
  observer: Pick<Observer, 'replay' | 'knownCards' | 'knownTargets'>,
  store: Pick<Store, 'cards' | 'targets'>,
  { rigs }: Pick<Farm, 'rigs'>,
): Replay | null {
  const { replay, knownCards, knownTargets } = observer;
  if (replay === null) return null;
  const isRenamed = (rig: string | null) => rig !== null && (rigs.get(rig)?.formerly.length ?? 0) > 0;
  let isRecalled = false;
  const recall = async (atMs: number) => {
    const isKnown = ({ rig, firstSeenMs }: { readonly rig: string | null; readonly firstSeenMs: number }) =>
      firstSeenMs <= atMs && !isRenamed(rig);
    const [cards, targets] = await Promise.all([store.cards.all(), store.targets.all()]);
    knownCards.restore(cards.filter(isKnown));
    knownTargets.restore(targets.filter(isKnown));
    isRecalled = true;
  };
  return async (range, each, signal) => {
    if (!isRecalled) await recall(range.fromMs);
    return replay(range, each, signal);
  };
}
