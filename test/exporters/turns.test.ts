import { describe, expect, test } from 'vitest';
import { Turns } from '../../adapters/exporters/turns.ts';

/** A thread whose time passes only where somebody works. */
function thread() {
  let nowMs = 0;
  const next: (() => void)[] = [];
  const turns = new Turns(
    () => nowMs,
    (turn) => next.push(turn),
  );
  return {
    turns,
    work: (ms: number) => {
      nowMs += ms;
    },
    /** One turn of the event loop. */
    turn: () => {
      for (const run of next.splice(0)) run();
    },
    pending: () => next.length,
  };
}

describe('reading in turns', () => {
  test('goes on at once while the stretch lasts', () => {
    const { turns, work } = thread();
    expect(turns.hasTime()).toBe(true);
    work(7.9);
    expect(turns.hasTime()).toBe(true);
    work(0.2);
    expect(turns.hasTime()).toBe(false);
  });

  test('those who wait are served in order, a stretch in each turn', () => {
    const { turns, work, turn } = thread();
    turns.hasTime();
    work(10);
    const served: number[] = [];
    for (let reader = 1; reader <= 5; reader++) {
      expect(turns.hasTime()).toBe(false);
      turns.wait(() => {
        served.push(reader);
        work(4);
      });
    }
    turn();
    expect(served).toEqual([1, 2]);
    turn();
    expect(served).toEqual([1, 2, 3, 4]);
    turn();
    expect(served).toEqual([1, 2, 3, 4, 5]);
  });

  test('nobody passes those who wait', () => {
    const { turns, work, turn } = thread();
    turns.hasTime();
    work(10);
    const asked: boolean[] = [];
    turns.wait(() => asked.push(turns.hasTime()));
    turns.wait(() => {});
    turn();
    expect(asked).toEqual([false]);
  });

  test('when all are served the next reader begins a stretch, and nothing keeps the loop busy', () => {
    const { turns, work, turn, pending } = thread();
    turns.hasTime();
    work(10);
    turns.wait(() => {});
    turn();
    expect(pending()).toBe(0);
    work(100);
    expect(turns.hasTime()).toBe(true);
    expect(pending()).toBe(1);
  });
});
