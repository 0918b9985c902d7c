import { setTimeout as wait } from 'node:timers/promises';

/** What work gives, within a time limit; what it gives later is nobody's. @throws after the limit, else as `work` does. */
export async function within<T>(work: Promise<T>, limitMs: number): Promise<T> {
  const limit = new AbortController();
  const late = wait(limitMs, undefined, { signal: limit.signal }).then(() => {
    throw new Error(`not within ${limitMs / 1_000} s`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    limit.abort();
  }
}
