import { setImmediate as nextTurn } from 'node:timers/promises';

/** While others still come, an answer waits for so many turns of the event loop at most. */
const MOST_TURNS = 64;

/**
 * For answers that many ask for at once: each begins after the one before it, in a turn of the event loop of its own, and not
 * while new askers come in every turn. So everybody is acknowledged before anybody is answered, and pages and the store are
 * served in between.
 */
export function createTurns(): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  let askers = 0;

  async function untilNobodyComes(): Promise<void> {
    for (let turns = 0, known = -1; turns < MOST_TURNS && known !== askers; turns += 1) {
      known = askers;
      await nextTurn();
    }
  }

  return () => {
    askers += 1;
    last = last.then(untilNobodyComes);
    return last;
  };
}
