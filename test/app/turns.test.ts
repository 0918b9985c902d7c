import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createTurns } from '../../src/app/turns.ts';

describe('turns', () => {
  it('come one after another, in the order in which they were asked for, with others in between', async () => {
    const turn = createTurns();
    const events: string[] = [];
    const asked = [1, 2, 3].map(async (number) => {
      await turn();
      events.push(`answer ${number}`);
      setImmediate(() => events.push(`others ${number}`));
    });
    await Promise.all(asked);
    expect(events.filter((event) => event.startsWith('answer'))).toEqual(['answer 1', 'answer 2', 'answer 3']);
    expect(events.indexOf('others 1')).toBeLessThan(events.indexOf('answer 2'));
  });

  it('wait while others come', async () => {
    const turn = createTurns();
    let answered = false;
    const first = turn().then(() => {
      answered = true;
    });
    for (let others = 0; others < 10; others++) {
      await nextTurn();
      void turn();
    }
    expect(answered).toBe(false);
    await first;
  });

  it('come to an end however many come', async () => {
    const turn = createTurns();
    let answered = false;
    void turn().then(() => {
      answered = true;
    });
    for (let others = 0; others < 80; others++) {
      await nextTurn();
      void turn();
    }
    expect(answered).toBe(true);
  });
});
