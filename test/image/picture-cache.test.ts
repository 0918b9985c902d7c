import { expect, test } from 'vitest';
import { PictureCache } from '../../adapters/image/picture-cache.ts';

const ten = () => new Uint8Array(10);

test('the cache keeps what was asked for last, within its bytes', () => {
  const cache = new PictureCache(30);
  for (const key of ['a', 'b', 'c']) cache.add(key, ten());
  cache.get('a');
  cache.add('d', ten());
  expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key) !== null)).toEqual(['a', 'c', 'd']);
});

test('a picture beyond all bytes is not kept, and one added again counts once', () => {
  const cache = new PictureCache(30);
  cache.add('a', ten());
  cache.add('large', new Uint8Array(31));
  expect(cache.get('large')).toBeNull();
  for (let round = 0; round < 5; round += 1) cache.add('b', ten());
  expect(cache.get('a')).not.toBeNull();
});
