import { expect, test } from 'vitest';
import { IdentifyBudget } from '../../adapters/discord/identify-budget.ts';

const DAY_MS = 86_400_000;

test('the first session identifies at once, the next after the gap', () => {
  let nowMs = 1_000;
  const budget = new IdentifyBudget({ gapMs: 5_500, clock: { now: () => nowMs } });
  expect(budget.take()).toBe(0);
  nowMs += 500;
  expect(budget.take()).toBe(5_000);
  nowMs += 60_000;
  expect(budget.take()).toBe(0);
});

test.each([
  { what: 'as soon as it may', everyMs: 0 },
  { what: 'every 16 s, as with a gateway that never gets ready', everyMs: 16_000 },
])('whoever identifies $what all day stays below the 1,000 that Discord allows', ({ everyMs }) => {
  let nowMs = 0;
  let count = 0;
  const budget = new IdentifyBudget({ gapMs: 5_500, clock: { now: () => nowMs } });
  for (;;) {
    nowMs += budget.take();
    if (nowMs > DAY_MS) break;
    count += 1;
    nowMs += everyMs;
  }
  expect(count).toBeLessThan(1_000);
  expect(count).toBeGreaterThan(900);
});
