import { expect, test } from 'vitest';
import { rankNames } from '../../src/chat/rank-names.ts';

test.each([
  { typed: 'a1', ranked: ['a1', 'A1-b', 'x-a1', 'north a1', 'xa1'] },
  { typed: ' A1 ', ranked: ['a1', 'A1-b', 'x-a1', 'north a1', 'xa1'] },
  { typed: 'north', ranked: ['north a1'] },
  { typed: '', ranked: ['xa1', 'x-a1', 'north a1', 'a1', 'A1-b'] },
  { typed: 'zz', ranked: [] },
])('"$typed": $ranked', ({ typed, ranked }) => {
  expect(rankNames(['xa1', 'x-a1', 'north a1', 'a1', 'A1-b'], typed, 25)).toEqual(ranked);
});

test('a later place in a name may rank it higher', () => {
  expect(rankNames(['banana nas', 'xnas', 'nas'], 'nas', 9)).toEqual(['nas', 'banana nas', 'xnas']);
});

test('at most so many, the likeliest of all', () => {
  const names = [...Array.from({ length: 50 }, (_, index) => `rack a${index}`), 'a'];
  expect(rankNames(names, 'a', 3)).toEqual(['a', 'rack a0', 'rack a1']);
});

test('ten thousand names are ranked within a keystroke', () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `site-${index % 40} rig ${index}`);
  const startedMs = performance.now();
  rankNames(names, '99', 25);
  expect(performance.now() - startedMs).toBeLessThan(100);
});
