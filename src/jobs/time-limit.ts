import { setTimeout as wait } from 'node:timers/promises';
import { UpstreamError } from '../domain/errors.ts';

/** Waits; rejects as soon as `signal` aborts. */
export type Sleep = (durationMs: number, signal: AbortSignal) => Promise<void>;

export const systemSleep: Sleep = (durationMs, signal) => wait(durationMs, undefined, { signal });

/**
 * Runs `work` with a signal that aborts when the limit is over or `stopping` aborts.
 * @throws UpstreamError where the limit ended it.
 */
export async function withinLimit<T>(
  limit: { readonly ms: number; readonly system: string; readonly stopping: AbortSignal; readonly sleep: Sleep },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const settled = new AbortController();
  const timeLimit = limit.sleep(limit.ms, settled.signal).then(
    () => over.abort(),
    () => undefined,
  );
  try {
    return await work(AbortSignal.any([over.signal, limit.stopping]));
  } catch (error) {
    if (!over.signal.aborted) throw error;
    throw new UpstreamError(limit.system, `no answer within ${limit.ms / 1000} s`, { cause: error });
  } finally {
    settled.abort();
    await timeLimit;
  }
}
