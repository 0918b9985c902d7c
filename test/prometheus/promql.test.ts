import { expect, it } from 'vitest';
import { over, quoted, selectors, seriesOfInstance, shardMatchers } from '../../adapters/prometheus/promql.ts';
import { wholeFamilies } from '../support/recording-sinks.ts';

it('cannot be left by what is quoted', () => {
  expect(quoted('a"} or vector(1) # \\ \n')).toBe('"a\\"} or vector(1) # \\\\ \\n"');
  expect(seriesOfInstance(['a', 'b'], 'x",y="z')).toBe('{__name__=~"a|b",instance="x\\",y=\\"z"}');
});

it('takes names literally', () => {
  expect(selectors(wholeFamilies(['a.b|c']), null)).toEqual(['{__name__=~"a\\\\.b\\\\|c"}']);
});

it('asks for all names once, in queries of a bounded length', () => {
  const names = Array.from({ length: 250 }, (_, index) => `family_${index}_${'x'.repeat(index)}`);
  const queries = selectors(wholeFamilies(names), 'site="north"');
  const asked = queries.flatMap((query) => /"(.*?)",site="north"/.exec(query)![1]!.split('|'));
  expect(asked.toSorted()).toEqual(names.toSorted());
  expect(Math.max(...queries.map(({ length }) => length))).toBeLessThan(4_100);
  expect(queries.length).toBeLessThan(15);
});

it('asks for part of a family by a matcher that cannot be left', () => {
  const families = new Map([
    ['a', { label: 'mode', value: 'x"} or up # \\' }],
    ['b', null],
    ['c', { label: 'mode', value: 'idle' }],
    ['d', null],
    ['e', { label: 'mode', value: 'idle' }],
  ]);
  expect(selectors(families, 'site="north"').toSorted()).toEqual([
    '{__name__=~"a",mode="x\\"} or up # \\\\",site="north"}',
    '{__name__=~"b|d",site="north"}',
    '{__name__=~"c|e",mode="idle",site="north"}',
  ]);
});

it('covers every shard and what is in none', () => {
  expect(shardMatchers(null)).toEqual([null]);
  expect(shardMatchers({ label: 'site', values: ['a.b', 'c', 'a.b'] })).toEqual([
    'site="a.b"',
    'site="c"',
    'site!~"a\\\\.b|c"',
  ]);
});

it('reaches back in whole milliseconds', () => {
  expect(over('{a="b"}', 45_000)).toBe('{a="b"}[45000ms]');
});
