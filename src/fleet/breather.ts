import { setImmediate } from 'node:timers/promises';

/** No stretch of work on the main thread may be longer; well under the 50 ms that a chat acknowledgement can spare. */
const STRETCH_MS = 8;

/**
 * Lets other work run between stretches of a long loop: call it once per item. Costs a clock reading, and a turn of the
 * event loop only when the stretch is used up.
 */
export function createBreather(now: () => number = () => performance.now()): () => Promise<void> | undefined {
  let startedMs = now();
  return () => {
    if (now() - startedMs < STRETCH_MS) return undefined;
    return setImmediate().then(() => {
      startedMs = now();
    });
  };
}
