import { setTimeout as wait } from 'node:timers/promises';

/** Waits until something settled, however it did, but no longer than that. */
export async function settledWithin(something: Promise<unknown>, limitMs: number): Promise<void> {
  const limit = new AbortController();
  const late = wait(limitMs, undefined, { signal: limit.signal });
  await Promise.allSettled([Promise.race([something, late])]);
  limit.abort();
  await Promise.allSettled([late]);
}
