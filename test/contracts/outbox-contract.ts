import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SendPriority } from '../../src/chat/send-queue.ts';
import type { NewOutboxEntry, OutboxEntry, OutboxResult, OutboxStore, Store } from '../../src/ports/store.ts';
import { postOf } from '../store/posts.ts';
import { memoryOutbox } from '../support/memory-outbox.ts';

const all = 1_000;
const states = ['waiting', 'sending', 'sent', 'failed', 'unsure'] as const satisfies readonly OutboxEntry['state'][];
const sent = { state: 'sent', receipt: '{"ts":"1.2"}', atMs: 2_000 } as const satisfies OutboxResult;
const again = { state: 'waiting', notBeforeMs: 5_000, error: 'rate limited' } as const satisfies OutboxResult;
const refused = { state: 'failed', error: 'no such channel', atMs: 3_000 } as const satisfies OutboxResult;
const unsure = { state: 'unsure', error: 'no answer', atMs: 4_000 } as const satisfies OutboxResult;

/** What every outbox promises. `openEmpty` opens one with nothing in it. */
export function outboxContract(name: string, openEmpty: () => Promise<Pick<Store, 'outbox' | 'close'>>): void {
  describe(`${name} as an outbox`, () => {
    let store: Pick<Store, 'outbox' | 'close'>;
    let outbox: OutboxStore;
    beforeEach(async () => {
      store = await openEmpty();
      outbox = store.outbox;
    });
    afterEach(() => store.close());

    const keysDue = async (nowMs: number, limit = all) => (await outbox.due(nowMs, limit)).map(({ key }) => key);
    const addAll = async (...entries: readonly NewOutboxEntry[]) => {
      for (const entry of entries) expect(await outbox.add(entry)).toBe(true);
    };
    /** Adds an entry and makes the attempts that end with these results; leaves it `sending` after a null. */
    const attempt = async (key: string, ...results: readonly (OutboxResult | null)[]) => {
      await addAll(postOf(key));
      for (const result of results) {
        expect(await outbox.begin(key, 1_500)).toBe(true);
        if (result !== null) expect(await outbox.end(key, result)).toBe(true);
      }
    };

    test('is empty when nothing was added', async () => {
      expect(await outbox.due(Number.MAX_SAFE_INTEGER, all)).toEqual([]);
      expect(await outbox.nextDueMs()).toBeNull();
      expect(await outbox.entry('a')).toBeNull();
      for (const state of states) expect(await outbox.inState(state, all)).toEqual([]);
      expect(await outbox.forget(Number.MAX_SAFE_INTEGER, all)).toBe(0);
    });

    describe('an entry that is added', () => {
      test('waits, with nothing attempted', async () => {
        const entry = postOf('digest-1', { payload: `{"text":"o'brien 北 🏔 \\u0000"}`, channel: 'C-é' });
        await addAll(entry);
        expect(await outbox.entry('digest-1')).toStrictEqual({
          ...entry,
          ...{ state: 'waiting', attempts: 0, sendingMs: null, endedMs: null, receipt: null, error: null },
        });
      });

      test('is left as it is when its key is added again, whatever became of it', async () => {
        await attempt('a', sent);
        const before = await outbox.entry('a');
        expect(await outbox.add(postOf('a', { payload: '"other"', createdMs: 9 }))).toBe(false);
        expect(await outbox.entry('a')).toEqual(before);
      });

      test('is added by one of those who add it at once', async () => {
        const added = await Promise.all(Array.from({ length: 50 }, () => outbox.add(postOf('a'))));
        expect(added.filter(Boolean)).toEqual([true]);
      });

      test.each([
        ['a key in capitals', { key: 'Digest' }],
        ['a key with other characters', { key: 'digest/1' }],
        ['no key', { key: '' }],
        ['a key that is too long', { key: 'a'.repeat(41) }],
        ['no time', { createdMs: Number.NaN }],
        ['a fraction of a millisecond', { notBeforeMs: 1.5 }],
      ])('is refused with %s', async (_, changes) => {
        const entry = postOf('a', changes);
        await expect(outbox.add(entry)).rejects.toThrow(/invalid outbox entry/);
        expect(await outbox.inState('waiting', all)).toEqual([]);
      });

      test('may have a key of 40 characters', async () => {
        await addAll(postOf('z-'.repeat(20)));
        expect(await keysDue(1_000)).toEqual(['z-'.repeat(20)]);
      });
    });

    describe('what is due', () => {
      test('comes by priority, the oldest first within each, then by key', async () => {
        const priorities: readonly SendPriority[] = ['edit', 'digest', 'page', 'reply'];
        await addAll(
          ...priorities.flatMap((priority) => [
            postOf(`${priority}-late`, { priority, createdMs: 30 }),
            postOf(`${priority}-z`, { priority, createdMs: 10 }),
            postOf(`${priority}-middle`, { priority, createdMs: 20 }),
            postOf(`${priority}-early`, { priority, createdMs: 20 }),
          ]),
        );
        const inOrder = ['page', 'reply', 'digest', 'edit'].flatMap((priority) =>
          ['z', 'early', 'middle', 'late'].map((key) => `${priority}-${key}`),
        );
        expect(await keysDue(1_000)).toEqual(inOrder);
        expect(await keysDue(1_000, 7)).toEqual(inOrder.slice(0, 7));
        expect(await keysDue(1_000, 0)).toEqual([]);
      });

      test('is what may be sent by now, to the millisecond', async () => {
        await addAll(postOf('later', { notBeforeMs: 2_000, priority: 'page' }), postOf('soon', { notBeforeMs: 1_000 }));
        expect(await outbox.nextDueMs()).toBe(1_000);
        expect(await keysDue(999)).toEqual([]);
        expect(await keysDue(1_000)).toEqual(['soon']);
        expect(await keysDue(2_000)).toEqual(['later', 'soon']);
      });

      test('does not include what somebody sends, or what ended', async () => {
        await attempt('sending', null);
        await attempt('sent', sent);
        await attempt('failed', refused);
        await attempt('unsure', unsure);
        expect(await keysDue(9_000)).toEqual([]);
        expect(await outbox.nextDueMs()).toBeNull();
      });
    });

    describe('an attempt', () => {
      test('is counted and dated when it begins', async () => {
        await addAll(postOf('a'));
        expect(await outbox.begin('a', 1_500)).toBe(true);
        expect(await outbox.entry('a')).toMatchObject({
          state: 'sending',
          attempts: 1,
          sendingMs: 1_500,
          endedMs: null,
        });
      });

      test('is begun by one of those who try at once', async () => {
        await addAll(postOf('a'));
        const begun = await Promise.all(Array.from({ length: 50 }, (_, index) => outbox.begin('a', 1_500 + index)));
        expect(begun.filter(Boolean)).toEqual([true]);
        expect(await outbox.entry('a')).toMatchObject({ attempts: 1, sendingMs: 1_500 + begun.indexOf(true) });
      });

      test.each([
        [sent, { state: 'sent', receipt: '{"ts":"1.2"}', error: null, endedMs: 2_000, notBeforeMs: 1_000 }],
        [again, { state: 'waiting', receipt: null, error: 'rate limited', endedMs: null, notBeforeMs: 5_000 }],
        [refused, { state: 'failed', receipt: null, error: 'no such channel', endedMs: 3_000, notBeforeMs: 1_000 }],
        [unsure, { state: 'unsure', receipt: null, error: 'no answer', endedMs: 4_000, notBeforeMs: 1_000 }],
      ])('that ends as $state leaves what is known of it', async (result, expected) => {
        await attempt('a', result);
        expect(await outbox.entry('a')).toStrictEqual({ ...postOf('a'), attempts: 1, sendingMs: 1_500, ...expected });
      });

      test('may follow one that failed, whose error goes when the entry is sent', async () => {
        await attempt('a', again, again);
        expect(await outbox.nextDueMs()).toBe(5_000);
        expect(await outbox.begin('a', 6_000)).toBe(true);
        expect(await outbox.entry('a')).toMatchObject({ attempts: 3, sendingMs: 6_000, error: 'rate limited' });
        expect(await outbox.end('a', { ...sent, atMs: 6_500 })).toBe(true);
        expect(await outbox.entry('a')).toMatchObject({ state: 'sent', endedMs: 6_500, error: null });
      });

      test.each([[null], [sent], [refused], [unsure]])('does not begin after %o', async (result) => {
        await attempt('a', result);
        const before = await outbox.entry('a');
        expect(await outbox.begin('a', 9_000)).toBe(false);
        expect(await outbox.entry('a')).toEqual(before);
      });

      test.each([sent, again, refused, unsure])('that ended does not end again as $state', async (result) => {
        await attempt('waiting');
        await attempt('waiting-again', again);
        await attempt('sent', sent);
        await attempt('failed', refused);
        await attempt('unsure', unsure);
        const keys = ['waiting', 'waiting-again', 'sent', 'failed', 'unsure', 'unheard-of'];
        const before = await Promise.all(keys.map((key) => outbox.entry(key)));
        expect(await Promise.all(keys.map((key) => outbox.end(key, result)))).toEqual(keys.map(() => false));
        expect(await Promise.all(keys.map((key) => outbox.entry(key)))).toEqual(before);
      });

      test('ends as one of those say who end it at once', async () => {
        await attempt('a', null);
        const results = Array.from({ length: 50 }, (_, index) => ({ ...sent, receipt: `${index}` }));
        const ended = await Promise.all(results.map((result) => outbox.end('a', result)));
        expect(ended.filter(Boolean)).toEqual([true]);
        expect(await outbox.entry('a')).toMatchObject({ receipt: `${ended.indexOf(true)}` });
      });

      test('of an entry that nobody added does not begin', async () => {
        expect(await outbox.begin('a', 1)).toBe(false);
        expect(await outbox.entry('a')).toBeNull();
      });

      test('can end with any words, whatever a database may hold', async () => {
        await attempt('a', { ...refused, error: 'refused: \0 \ud83d ok' });
        expect((await outbox.entry('a'))?.error).toMatch(/^refused: .* ok$/u);
      });
    });

    test('lists a state in the order of creation', async () => {
      await addAll(
        postOf('c', { createdMs: 1, priority: 'edit' }),
        postOf('b', { createdMs: 3, priority: 'page' }),
        postOf('a', { createdMs: 2, notBeforeMs: 1_000_000 }),
      );
      expect((await outbox.inState('waiting', all)).map(({ key }) => key)).toEqual(['c', 'a', 'b']);
      expect((await outbox.inState('waiting', 2)).map(({ key }) => key)).toEqual(['c', 'a']);
      await outbox.begin('a', 4);
      expect((await outbox.inState('sending', all)).map(({ key }) => key)).toEqual(['a']);
    });

    test('forgets what ended before, the oldest first, and nothing that has not ended', async () => {
      await attempt('waiting', again);
      await attempt('sending', null);
      await attempt('unsure', unsure);
      await attempt('failed', refused);
      await attempt('sent', sent);
      expect(await outbox.forget(2_000, all)).toBe(0);
      expect(await outbox.forget(4_000, 1)).toBe(1);
      expect(await outbox.entry('sent')).toBeNull();
      expect(await outbox.forget(4_000, all)).toBe(1);
      expect(await outbox.entry('failed')).toBeNull();
      expect(await outbox.forget(Number.MAX_SAFE_INTEGER, all)).toBe(1);
      const left = await Promise.all(states.map((state) => outbox.inState(state, all)));
      expect(left.flat().map(({ key }) => key)).toEqual(['waiting', 'sending']);
    });

    test('answers any sequence of calls as the one in memory does', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyCall, { minLength: 15, maxLength: 40 }), async (calls) => {
          const model = memoryOutbox();
          for (const call of calls) expect(await call(outbox)).toStrictEqual(await call(model));
          await clear(outbox);
        }),
        { numRuns: 25 },
      );
    });
  });
}

const aKey = fc.constantFrom('a', 'b', 'c', 'd');
const aTime = fc.integer({ min: 0, max: 9 });
const aLimit = fc.integer({ min: 0, max: 4 });
const aResult: fc.Arbitrary<OutboxResult> = fc.oneof(
  aTime.map((atMs) => ({ ...sent, atMs })),
  aTime.map((notBeforeMs) => ({ ...again, notBeforeMs })),
  fc.tuple(fc.constantFrom(refused, unsure), aTime).map(([result, atMs]) => ({ ...result, atMs })),
);
const anEntry = fc.record({
  key: aKey,
  priority: fc.constantFrom<SendPriority>('page', 'edit'),
  createdMs: aTime,
  notBeforeMs: aTime,
});

const anyCall: fc.Arbitrary<(outbox: OutboxStore) => Promise<unknown>> = fc.oneof(
  anEntry.map((entry) => (outbox: OutboxStore) => outbox.add(postOf(entry.key, entry))),
  fc.tuple(aKey, aTime).map((args) => (outbox: OutboxStore) => outbox.begin(...args)),
  fc.tuple(aKey, aResult).map((args) => (outbox: OutboxStore) => outbox.end(...args)),
  fc.tuple(aTime, aLimit).map((args) => (outbox: OutboxStore) => outbox.due(...args)),
  fc.tuple(fc.constantFrom(...states), aLimit).map((args) => (outbox: OutboxStore) => outbox.inState(...args)),
  fc.tuple(aTime, fc.constant(all)).map((args) => (outbox: OutboxStore) => outbox.forget(...args)),
  fc.constant((outbox: OutboxStore) => outbox.nextDueMs()),
);

/** Ends and forgets everything. */
async function clear(outbox: OutboxStore): Promise<void> {
  for (const { key } of await outbox.inState('waiting', all)) await outbox.begin(key, 0);
  for (const { key } of await outbox.inState('sending', all)) await outbox.end(key, sent);
  await outbox.forget(Number.MAX_SAFE_INTEGER, all);
}
