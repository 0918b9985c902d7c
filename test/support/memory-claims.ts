import type { ClaimStore } from '../../src/ports/store.ts';

/** Claims that live as long as the test. */
export function memoryClaims(): ClaimStore {
  const claimedMs = new Map<string, number>();
  return {
    claim: async (key, nowMs) => {
      if (claimedMs.has(key)) return false;
      claimedMs.set(key, nowMs);
      return true;
    },
    forget: async (claimedBeforeMs, limit) => {
      const old = Array.from(claimedMs)
        .filter(([, atMs]) => atMs < claimedBeforeMs)
        .toSorted(([, a], [, b]) => a - b)
        .slice(0, limit);
      for (const [key] of old) claimedMs.delete(key);
      return old.length;
    },
  };
}
