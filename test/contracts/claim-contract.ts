import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClaimStore, Store } from '../../src/ports/store.ts';

/** What every store of claims promises. `openEmpty` opens one with nothing in it. */
export function claimContract(name: string, openEmpty: () => Promise<Pick<Store, 'claims' | 'close'>>): void {
  describe(`${name} as a store of claims`, () => {
    let store: Pick<Store, 'claims' | 'close'>;
    let claims: ClaimStore;
    beforeEach(async () => {
      store = await openEmpty();
      claims = store.claims;
    });
    afterEach(() => store.close());

    test('lets one of many who ask at once have it', async () => {
      const won = await Promise.all(
        Array.from({ length: 50 }, (_, index) => claims.claim('digest C1 2026-11-23', index)),
      );
      expect(won.filter(Boolean)).toEqual([true]);
    });

    test('lets nobody have it later', async () => {
      expect(await claims.claim('a', 1)).toBe(true);
      expect(await claims.claim('a', 1)).toBe(false);
      expect(await claims.claim('a', 1_000_000)).toBe(false);
    });

    test('tells keys apart, to the letter', async () => {
      const keys = ['digest C1 2026-11-23', 'digest C1 2026-11-24', 'digest c1 2026-11-23', 'é', 'e', '', `o'brien`];
      for (const key of keys) expect(await claims.claim(key, 1)).toBe(true);
      for (const key of keys) expect(await claims.claim(key, 1)).toBe(false);
    });

    test('forgets what was claimed before, the oldest first, so many at a time', async () => {
      for (const [index, key] of ['d', 'c', 'b', 'a'].entries()) await claims.claim(key, 4 - index);
      expect(await claims.forget(1, 100)).toBe(0);
      expect(await claims.forget(4, 2)).toBe(2);
      expect(await claims.claim('c', 3)).toBe(false);
      expect(await claims.forget(4, 2)).toBe(1);
      expect(await claims.forget(4, 2)).toBe(0);
      expect(await claims.claim('d', 9)).toBe(false);
      expect(await claims.claim('a', 9)).toBe(true);
    });

    test('does not date a claim anew when it is asked for again', async () => {
      await claims.claim('a', 1);
      await claims.claim('a', 9);
      expect(await claims.forget(2, 100)).toBe(1);
    });
  });
}
