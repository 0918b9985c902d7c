import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Invocation } from '../../src/chat/invocation.ts';
import { createRateLimit } from '../../src/chat/rate-limit.ts';
import { UserError } from '../../src/domain/errors.ts';

function askedBy(id: string, channel = 'c', platform = 'slack'): Invocation {
  return {
    platform,
    text: 'status',
    user: { id, name: id, groups: [], administers: false },
    channel,
    locale: 'en',
    id: null,
  };
}

const user = { atOnce: 3, perMinute: 6 };
const channel = { atOnce: 5, perMinute: 60 };

function limited() {
  let nowMs = 0;
  const check = createRateLimit({ clock: { now: () => nowMs }, user, channel });
  const passes = (invocation: Invocation) => {
    try {
      check(invocation);
      return true;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return error.remedy;
    }
  };
  return { passes, at: (ms: number) => (nowMs = ms) };
}

it('lets so many pass at once, then as many a minute as were allowed', () => {
  const { passes, at } = limited();
  expect([1, 2, 3, 4].map(() => passes(askedBy('a')))).toEqual([true, true, true, 'Ask again in 10 s.']);
  at(9_999);
  expect(passes(askedBy('a'))).toBe('Ask again in 1 s.');
  at(10_000);
  expect([1, 2].map(() => passes(askedBy('a')))).toEqual([true, 'Ask again in 10 s.']);
});

it('knows people, channels and platforms apart', () => {
  const { passes } = limited();
  for (const _ of [1, 2, 3]) passes(askedBy('a'));
  expect(passes(askedBy('a', 'other'))).not.toBe(true);
  expect(passes(askedBy('a', 'c', 'discord'))).toBe(true);
  expect(passes(askedBy('b'))).toBe(true);
  expect(passes(askedBy('c'))).toBe(true);
  expect(passes(askedBy('d'))).toBe('Ask again in 1 s.');
  expect(passes(askedBy('d', 'other'))).toBe(true);
});

it('nobody ever passes more often than was allowed, whatever the clock does', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -60_000, max: 120_000 }), { maxLength: 60 }), (steps) => {
      const { passes, at } = limited();
      let nowMs = 1_000_000;
      let highestMs = nowMs;
      let lowestMs = nowMs;
      let passed = 0;
      let turned = 0;
      for (const step of steps) {
        const before = nowMs;
        nowMs += step;
        if (step > 0) turned += nowMs - before;
        highestMs = Math.max(highestMs, nowMs);
        lowestMs = Math.min(lowestMs, nowMs);
        at(nowMs);
        if (passes(askedBy('a', `channel ${step}`)) === true) passed += 1;
      }
      expect(passed).toBeLessThanOrEqual(user.atOnce + Math.ceil((turned / 60_000) * user.perMinute));
    }),
  );
});
