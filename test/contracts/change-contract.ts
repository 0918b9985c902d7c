import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StateChange } from '../../src/domain/state-change.ts';
import type { StateChangeStore, Store } from '../../src/ports/store.ts';
import { memoryChanges } from '../support/memory-changes.ts';

const all = 1_000;

/** What every store of changes of states promises. `openEmpty` opens one with nothing in it. */
export function changeContract(name: string, openEmpty: () => Promise<Pick<Store, 'changes' | 'close'>>): void {
  describe(`${name} as a store of changes of states`, () => {
    let store: Pick<Store, 'changes' | 'close'>;
    let changes: StateChangeStore;
    beforeEach(async () => {
      store = await openEmpty();
      changes = store.changes;
    });
    afterEach(() => store.close());

    test('has none at first', async () => {
      await changes.add([]);
      expect(await changes.list({ limit: all })).toEqual([]);
      expect(await changes.forget(Number.MAX_SAFE_INTEGER, all)).toBe(0);
    });

    test('gives back what was added, of a rig as of a card', async () => {
      const ofCard = changeOf('a', 'a/#0', 2, { from: 'idle-listed', to: 'rented', evidence: 'vast é 北' });
      const ofRig = changeOf('a', null, 1, { from: 'silent', to: 'down' });
      await changes.add([ofRig, ofCard]);
      expect(await changes.list({ limit: all })).toStrictEqual([ofCard, ofRig]);
    });

    test('leaves a change as it is that is there already', async () => {
      const first = changeOf('a', 'x', 1);
      await changes.add([first]);
      await changes.add([
        { ...first, to: 'down', evidence: 'later' },
        changeOf('a', null, 1),
        changeOf('a', 'x', 2),
        changeOf('a', 'x', 2, { to: 'busy' }),
      ]);
      expect(await changes.list({ limit: all })).toStrictEqual([changeOf('a', 'x', 2), first, changeOf('a', null, 1)]);
    });

    test('lists the newest first, so many as were asked for, of one rig and of a range', async () => {
      await changes.add([3, 1, 2].flatMap((atMs) => ['b', 'a'].map((rig) => changeOf(rig, null, atMs))));
      const listed = async (query: Omit<Parameters<StateChangeStore['list']>[0], 'limit'>, limit = all) =>
        (await changes.list({ ...query, limit })).map(({ rig, atMs }) => `${rig}${atMs}`);
      expect(await listed({})).toEqual(['b3', 'a3', 'b2', 'a2', 'b1', 'a1']);
      expect(await listed({}, 3)).toEqual(['b3', 'a3', 'b2']);
      expect(await listed({ rig: 'a' })).toEqual(['a3', 'a2', 'a1']);
      expect(await listed({ rig: 'a' }, 1)).toEqual(['a3']);
      expect(await listed({ fromMs: 2 })).toEqual(['b3', 'a3', 'b2', 'a2']);
      expect(await listed({ toMs: 2 })).toEqual(['b1', 'a1']);
      expect(await listed({ rig: 'b', fromMs: 2, toMs: 3 })).toEqual(['b2']);
    });

    test('takes any words as evidence, whatever a database may hold', async () => {
      await changes.add([changeOf('a', null, 1, { evidence: 'miner \0 \ud83d gone' })]);
      expect((await changes.list({ limit: all }))[0]?.evidence).toMatch(/^miner .* gone$/u);
    });

    test('keeps those of a large farm that change at once', async () => {
      const added = Array.from({ length: 3_000 }, (_, card) => changeOf('a', `#${String(card).padStart(4, '0')}`, 1));
      await changes.add(added);
      expect(await changes.list({ limit: 10_000 })).toEqual(added.toReversed());
    });

    test('forgets changes before, the oldest first, so many at a time', async () => {
      await changes.add([3, 1, 2].flatMap((atMs) => ['b', 'a'].map((rig) => changeOf(rig, null, atMs))));
      expect(await changes.forget(1, all)).toBe(0);
      expect(await changes.forget(3, 3)).toBe(3);
      expect((await changes.list({ limit: all })).map(({ rig, atMs }) => `${rig}${atMs}`)).toEqual(['b3', 'a3', 'b2']);
      expect(await changes.forget(3, 3)).toBe(1);
    });

    test('answers any sequence of calls as the one in memory does', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyCall, { minLength: 5, maxLength: 25 }), async (calls) => {
          const model = memoryChanges();
          for (const call of calls) expect(await call(changes)).toStrictEqual(await call(model));
          await changes.forget(Number.MAX_SAFE_INTEGER, all);
        }),
        { numRuns: 25 },
      );
    });
  });
}

function changeOf(rig: string, card: string | null, atMs: number, changes: Partial<StateChange> = {}): StateChange {
  return { rig, card, atMs, from: 'mining', to: 'unknown', evidence: 'no exporter answers', ...changes };
}

const aRig = fc.constantFrom('a', 'b');
const aTime = fc.integer({ min: 0, max: 6 });
const aChange = fc
  .record({
    rig: aRig,
    card: fc.constantFrom(null, 'x', 'y'),
    atMs: aTime,
    to: fc.constantFrom<StateChange['to']>('up', 'busy'),
  })
  .map(({ rig, card, atMs, to }) => changeOf(rig, card, atMs, { to }));

const anyCall: fc.Arbitrary<(changes: StateChangeStore) => Promise<unknown>> = fc.oneof(
  fc.array(aChange, { maxLength: 4 }).map((added) => (changes: StateChangeStore) => changes.add(added)),
  fc
    .record(
      { rig: aRig, fromMs: aTime, toMs: aTime, limit: fc.integer({ min: 0, max: 5 }) },
      { requiredKeys: ['limit'], noNullPrototype: true },
    )
    .map((query) => (changes: StateChangeStore) => changes.list(query)),
  fc.tuple(aTime, fc.integer({ min: 0, max: 3 })).map((args) => (changes: StateChangeStore) => changes.forget(...args)),
);
