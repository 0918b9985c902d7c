import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createBreather, inStretches } from '../../src/fleet/breather.ts';

test('a breather lets others work only when the stretch is used up, and begins a new one then', async () => {
  let nowMs = 0;
  const breathe = createBreather(() => nowMs);
  nowMs = 7;
  expect(breathe()).toBeUndefined();
  nowMs = 8;
  const pause = breathe();
  expect(pause).toBeInstanceOf(Promise);
  await pause;
  nowMs = 15;
  expect(breathe()).toBeUndefined();
});

test('work in steps gives its result, and others get their turns in between', async () => {
  let turns = 0;
  let done = false;
  const others = (async () => {
    for (; !done; turns++) await setImmediate();
  })();
  function* work(): Generator<void, number> {
    let sum = 0;
    for (let step = 0; step < 40; step++) {
      const endMs = performance.now() + 1;
      while (performance.now() < endMs) sum += 1;
      yield;
    }
    return sum > 0 ? 40 : 0;
  }
  expect(await inStretches(work())).toBe(40);
  done = true;
  await others;
  expect(turns).toBeGreaterThan(2);
});

test('an error in a step is the caller’s', async () => {
  function* work(): Generator<void, number> {
    yield;
    throw new Error('broken');
  }
  await expect(inStretches(work())).rejects.toThrow('broken');
});
