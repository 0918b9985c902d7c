import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KnownCard } from '../../src/domain/known-card.ts';
import type { CardStore, Store } from '../../src/ports/store.ts';
import { firstHourMs } from '../store/ledger-rows.ts';
import { memoryCards } from '../support/memory-cards.ts';

/** What every store of known cards promises. `openEmpty` opens one with nothing in it. */
export function cardContract(name: string, openEmpty: () => Promise<Pick<Store, 'cards' | 'close'>>): void {
  describe(`${name} as a store of known cards`, () => {
    let store: Pick<Store, 'cards' | 'close'>;
    let cards: CardStore;
    beforeEach(async () => {
      store = await openEmpty();
      cards = store.cards;
    });
    afterEach(() => store.close());

    test('knows none at first', async () => {
      await cards.save([]);
      await cards.remove([{ rig: 'a', key: 'a/#0' }]);
      expect(await cards.all()).toEqual([]);
    });

    test('gives back what was saved, what is unknown as null', async () => {
      const known = cardOf('a', 'a/#0', { computeCapability: 8.6, vramTotalBytes: 25_769_803_776 });
      const unknown = { ...nothingKnown, rig: 'rig-é 北', key: 'rig-é 北/#1' };
      await cards.save([known, unknown]);
      expect(await cards.all()).toStrictEqual([known, unknown]);
    });

    test('replaces a card by its rig and key, and keeps the rest', async () => {
      await cards.save([cardOf('a', 'x'), cardOf('b', 'x'), cardOf('a', 'y')]);
      const moved = cardOf('a', 'x', { index: 3, driverVersion: null, seenMs: firstHourMs + 9 });
      await cards.save([moved]);
      expect(await cards.all()).toStrictEqual([moved, cardOf('a', 'y'), cardOf('b', 'x')]);
    });

    test('takes the last of a card that is saved twice in one', async () => {
      await cards.save([cardOf('a', 'x', { index: 1 }), cardOf('a', 'x', { index: 2 })]);
      expect(await cards.all()).toStrictEqual([cardOf('a', 'x', { index: 2 })]);
    });

    test('removes the cards that are named, and no others', async () => {
      await cards.save([cardOf('a', 'x'), cardOf('b', 'x'), cardOf('a', 'y')]);
      await cards.remove([cardOf('a', 'x'), { rig: 'b', key: 'y' }]);
      expect((await cards.all()).map(({ rig, key }) => `${rig} ${key}`)).toEqual(['a y', 'b x']);
    });

    test('knows the cards of a large farm', async () => {
      const farm = Array.from({ length: 6_000 }, (_, index) => cardOf('a', `a/#${String(index).padStart(4, '0')}`));
      await cards.save(farm);
      expect(await cards.all()).toEqual(farm);
    });

    test('answers any sequence of calls as the one in memory does', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyCall, { minLength: 5, maxLength: 20 }), async (calls) => {
          const model = memoryCards();
          for (const call of calls) expect(await call(cards)).toStrictEqual(await call(model));
          await cards.remove(await cards.all());
        }),
        { numRuns: 25 },
      );
    });
  });
}

const nothingKnown: Omit<KnownCard, 'rig' | 'key'> = {
  index: null,
  uuid: null,
  bus: null,
  model: null,
  vramTotalBytes: null,
  pcieWidthMax: null,
  pcieGenerationMax: null,
  computeCapability: null,
  driverVersion: null,
  cudaVersion: null,
  vbiosVersion: null,
  firstSeenMs: firstHourMs,
  seenMs: firstHourMs,
};

function cardOf(rig: string, key: string, changes: Partial<KnownCard> = {}): KnownCard {
  return {
    ...nothingKnown,
    rig,
    key,
    index: 0,
    uuid: '01234567-89ab-cdef-0123-456789abcdef',
    bus: '0000:01:00.0',
    model: 'RTX 3090',
    pcieWidthMax: 16,
    pcieGenerationMax: 4,
    driverVersion: '550.54.15',
    ...changes,
  };
}

const aKey = fc.record({ rig: fc.constantFrom('a', 'b'), key: fc.constantFrom('x', 'y', 'é') });
const aCard = fc
  .tuple(aKey, fc.integer({ min: 0, max: 9 }))
  .map(([{ rig, key }, index]) => cardOf(rig, key, { index }));

const anyCall: fc.Arbitrary<(cards: CardStore) => Promise<unknown>> = fc.oneof(
  fc.array(aCard, { maxLength: 4 }).map((saved) => (cards: CardStore) => cards.save(saved)),
  fc.array(aKey, { maxLength: 2 }).map((removed) => (cards: CardStore) => cards.remove(removed)),
  fc.constant((cards: CardStore) => cards.all()),
);
