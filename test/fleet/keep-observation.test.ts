import { expect, it } from 'vitest';
import { UpstreamError } from '../../src/domain/errors.ts';
import type { StateChange } from '../../src/domain/state-change.ts';
import { keepObservation, recallFleet } from '../../src/fleet/keep-observation.ts';
import { KnownCards } from '../../src/fleet/known-cards.ts';
import { KnownTargets } from '../../src/fleet/known-targets.ts';
import type { CardStore } from '../../src/ports/store.ts';
import { farmOf } from '../support/farms.ts';
import { memoryCards } from '../support/memory-cards.ts';
import { memoryChanges } from '../support/memory-changes.ts';
import { memoryTargets } from '../support/memory-targets.ts';
import { atMs, gpuOf } from '../support/rigs.ts';

const change: StateChange = { rig: 'a1', card: null, atMs, from: 'up', to: 'silent', evidence: 'nobody answers' };

it('cards and changes are kept, and known to the next process', async () => {
  const store = { cards: memoryCards(), targets: memoryTargets(), changes: memoryChanges() };
  const knownCards = new KnownCards(farmOf());
  const knownTargets = new KnownTargets(farmOf());
  knownCards.see('a1', gpuOf({ key: 'aa', uuid: 'aa' }), atMs);
  await keepObservation({ knownCards, knownTargets }, store, [change]);
  expect(await store.changes.list({ rig: 'a1', limit: 9 })).toEqual([change]);
  const next = new KnownCards(farmOf());
  await recallFleet({ knownCards: next, knownTargets: new KnownTargets(farmOf()) }, store);
  expect(next.of('a1')).toMatchObject([{ rig: 'a1', key: 'aa', firstSeenMs: atMs, seenMs: atMs }]);
});

it('a card that could not be written is written the next time', async () => {
  const cards = memoryCards();
  const broken: CardStore = { ...cards, save: () => Promise.reject(new UpstreamError('store', 'away')) };
  const knownCards = new KnownCards(farmOf());
  const knownTargets = new KnownTargets(farmOf());
  knownCards.see('a1', gpuOf({ key: 'aa', uuid: 'aa' }), atMs);
  const changes = memoryChanges();
  const targets = memoryTargets();
  await expect(keepObservation({ knownCards, knownTargets }, { cards: broken, targets, changes }, [])).rejects.toThrow(
    UpstreamError,
  );
  await keepObservation({ knownCards, knownTargets }, { cards, targets, changes }, []);
  expect(await cards.all()).toMatchObject([{ key: 'aa' }]);
});

it('a card that moved is in one place', async () => {
  const store = { cards: memoryCards(), targets: memoryTargets(), changes: memoryChanges() };
  const knownCards = new KnownCards(farmOf());
  const knownTargets = new KnownTargets(farmOf());
  knownCards.see('a1', gpuOf({ key: 'aa', uuid: 'aa' }), atMs);
  await keepObservation({ knownCards, knownTargets }, store, []);
  knownCards.move('aa', 'b1', atMs);
  await keepObservation({ knownCards, knownTargets }, store, []);
  expect(await store.cards.all()).toMatchObject([{ rig: 'b1', key: 'aa' }]);
});
