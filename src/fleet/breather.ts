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

/** Does work that yields after each of its small steps, and lets other work run between its stretches. */
export async function inStretches<Result>(steps: Generator<void, Result>): Promise<Result> {
  const breathe = createBreather();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    const pause = breathe();
    if (pause !== undefined) await pause;
  }
}
