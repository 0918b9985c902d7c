import { expect, it } from 'vitest';
import { over, quoted, selectors, seriesOfInstance, shardMatchers } from '../../adapters/prometheus/promql.ts';

it('cannot be left by what is quoted', () => {
  expect(quoted('a"} or vector(1) # \\ \n')).toBe('"a\\"} or vector(1) # \\\\ \\n"');
  expect(seriesOfInstance(['a', 'b'], 'x",y="z')).toBe('{__name__=~"a|b",instance="x\\",y=\\"z"}');
});

it('takes names literally', () => {
  expect(selectors(['a.b|c'], null)).toEqual(['{__name__=~"a\\\\.b\\\\|c"}']);
});

it('asks for all names once, in queries of a bounded length', () => {
  const names = Array.from({ length: 250 }, (_, index) => `family_${index}_${'x'.repeat(index)}`);
  const queries = selectors(names, 'site="north"');
  const asked = queries.flatMap((query) => /"(.*?)",site="north"/.exec(query)![1]!.split('|'));
  expect(asked.toSorted()).toEqual(names.toSorted());
  expect(Math.max(...queries.map(({ length }) => length))).toBeLessThan(4_100);
  expect(queries.length).toBeLessThan(15);
});

it('covers every shard and what is in none', () => {
  expect(shardMatchers(null)).toEqual([null]);
  expect(shardMatchers({ label: 'site', values: ['a.b', 'c'] })).toEqual([
    'site="a.b"',
    'site="c"',
    'site!~"a\\\\.b|c"',
  ]);
});

it('reaches back in whole milliseconds', () => {
  expect(over('{a="b"}', 45_000)).toBe('{a="b"}[45000ms]');
});
