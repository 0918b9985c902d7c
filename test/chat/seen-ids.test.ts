import { expect, it } from 'vitest';
import { SeenIds } from '../../src/chat/seen-ids.ts';

it('an id is new once', () => {
  const seen = new SeenIds();
  expect(['a', 'b', 'a'].map((id) => seen.isNew(id))).toEqual([true, true, false]);
});

it('forgets the oldest beyond its bound and nothing else', () => {
  const seen = new SeenIds(2);
  for (const id of ['a', 'b', 'c']) seen.isNew(id);
  expect(['b', 'c'].map((id) => seen.isNew(id))).toEqual([false, false]);
  expect(seen.isNew('a')).toBe(true);
});
