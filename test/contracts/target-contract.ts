import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KnownTarget } from '../../src/domain/known-target.ts';
import type { Store, TargetStore } from '../../src/ports/store.ts';
import { firstHourMs } from '../store/ledger-rows.ts';
import { memoryTargets } from '../support/memory-targets.ts';

/** What every store of known targets promises. `openEmpty` opens one with nothing in it. */
export function targetContract(name: string, openEmpty: () => Promise<Pick<Store, 'targets' | 'close'>>): void {
  describe(`${name} as a store of known targets`, () => {
    let store: Pick<Store, 'targets' | 'close'>;
    let targets: TargetStore;
    beforeEach(async () => {
      store = await openEmpty();
      targets = store.targets;
    });
    afterEach(() => store.close());

    test('knows none at first', async () => {
      await targets.save([]);
      await targets.remove(['a1:9100']);
      expect(await targets.all()).toEqual([]);
    });

    test('gives back what was saved, what is unknown as null', async () => {
      const known = targetOf('a1:9100\nnode', {
        rig: 'rig-é 北',
        hasCards: true,
        asics: [{ rig: 'rig-é 北', key: 'rig-é 北/asic#0', model: 'S19', algorithm: null, coin: 'BTC' }],
      });
      const account = targetOf('vast:9', {
        isStranger: true,
        hasCards: false,
        parts: ['b "1"', 'b\\2'],
        machines: [{ id: '7', hostname: null, model: 'RTX 3090' }],
      });
      await targets.save([account, known, targetOf('x:1')]);
      expect(await targets.all()).toStrictEqual([known, account, targetOf('x:1')]);
    });

    test('replaces a target by its key, and keeps the rest', async () => {
      await targets.save([targetOf('a'), targetOf('b')]);
      const changed = targetOf('a', { rig: 'a1', hasCards: false, parts: ['p'], listedMs: firstHourMs + 9 });
      await targets.save([targetOf('a', { rig: 'z' }), changed]);
      expect(await targets.all()).toStrictEqual([changed, targetOf('b')]);
    });

    test('removes the targets that are named, and no others', async () => {
      await targets.save([targetOf('a'), targetOf('b'), targetOf('c')]);
      await targets.remove(['a', 'c', 'nobody']);
      expect(await targets.all()).toStrictEqual([targetOf('b')]);
    });

    test('takes any name that an exporter may print, whatever a database may hold', async () => {
      await targets.save([targetOf('a\0b', { rig: 'rig \0 \ud83d', parts: ['\0 \ud83d'] })]);
      expect(await targets.all()).toMatchObject([{ rig: expect.stringMatching(/^rig .* .*$/u) }]);
      await targets.remove(['a\0b']);
      expect(await targets.all()).toEqual([]);
    });

    test('knows the targets of a large farm', async () => {
      const farm = Array.from({ length: 3_000 }, (_, index) => targetOf(`a${String(index).padStart(5, '0')}:9100`));
      await targets.save(farm);
      expect(await targets.all()).toEqual(farm);
      await targets.remove(farm.map(({ key }) => key));
      expect(await targets.all()).toEqual([]);
    });

    test('answers any sequence of calls as the one in memory does', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyCall, { minLength: 5, maxLength: 20 }), async (calls) => {
          const model = memoryTargets();
          for (const call of calls) expect(await call(targets)).toStrictEqual(await call(model));
          await targets.remove((await targets.all()).map(({ key }) => key));
        }),
        { numRuns: 25 },
      );
    });
  });
}

function targetOf(key: string, changes: Partial<KnownTarget> = {}): KnownTarget {
  return {
    key,
    rig: null,
    hasCards: null,
    isStranger: false,
    parts: [],
    machines: [],
    asics: [],
    firstSeenMs: firstHourMs,
    listedMs: firstHourMs,
    ...changes,
  };
}

const aKey = fc.constantFrom('x', 'y', 'é');
const aTarget = fc
  .tuple(aKey, fc.constantFrom('a', null), fc.constantFrom(true, false, null))
  .map(([key, rig, hasCards]) => targetOf(key, { rig, hasCards }));

const anyCall: fc.Arbitrary<(targets: TargetStore) => Promise<unknown>> = fc.oneof(
  fc.array(aTarget, { maxLength: 4 }).map((saved) => (targets: TargetStore) => targets.save(saved)),
  fc.array(aKey, { maxLength: 2 }).map((removed) => (targets: TargetStore) => targets.remove(removed)),
  fc.constant((targets: TargetStore) => targets.all()),
);
