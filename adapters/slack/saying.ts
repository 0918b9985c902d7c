import { setTimeout as wait } from 'node:timers/promises';
import { isRefusal } from './api-failure.ts';
import type { Composed, Said } from './compose.ts';
import type { Pace } from './pace.ts';

const MOST_PICTURED_TRIES = 3;

/**
 * Says a message with its pictures; where Slack goes on refusing those, as it does with files that it has not looked through yet,
 * in words. @throws as `say` does.
 */
export async function sayComposed<T>(
  { plain, pictured }: Pick<Composed, 'plain' | 'pictured'>,
  { pace, signal }: { readonly pace: Pick<Pace, 'pictureRetryMs'>; readonly signal: AbortSignal },
  say: (said: Said) => Promise<T>,
): Promise<T> {
  for (let tries = 1; pictured !== null && tries <= MOST_PICTURED_TRIES; tries += 1) {
    try {
      return await say(pictured);
    } catch (error) {
      if (!isRefusal(error, 'invalid_blocks')) throw error;
    }
    if (tries < MOST_PICTURED_TRIES) await wait(pace.pictureRetryMs, undefined, { signal });
  }
  signal.throwIfAborted();
  return await say(plain);
}
