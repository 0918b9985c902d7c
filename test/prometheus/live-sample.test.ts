import { describe, expect, it } from 'vitest';
import { liveSample } from '../../adapters/prometheus/live-sample.ts';
import { targetState, type UpTarget } from '../../adapters/prometheus/up-targets.ts';

describe('the sample that counts', () => {
  // Scraped at 10, 20 and 30 s.
  const scrapes = { at: new Set([10_000, 20_000, 30_000]), lastMs: 30_000, previousMs: 20_000 };
  it.each<[string, readonly number[], number]>([
    ['of the last scrape', [10_000, 20_000, 30_000], 2],
    ['of a series that is new', [30_000], 0],
    ['of the last scrape although a newer one has come since up was read', [20_000, 30_000, 40_000], 1],
    ['is none where the series vanished a scrape ago', [10_000, 20_000], -1],
    ['is none where the series came and went', [10_000], -1],
    ['is none where only a scrape that up does not know has it, after earlier ones', [20_000, 40_000], -1],
    ['with its own time shortly before the scrape', [9_400, 19_400, 29_400], 2],
    ['with its own time shortly after the scrape', [10_050, 20_050, 30_050], 2],
    ['is none where its own time is older than a scrape', [9_400, 19_400], -1],
    ['is none in an empty window', [], -1],
  ])('%s', (_name, times, index) => {
    expect(liveSample(times, 0, times.length, scrapes)).toBe(index);
  });
});

describe('a target', () => {
  const target = (times: readonly number[], values: readonly number[]): UpTarget => ({
    identity: { instance: 'a:1', labels: {}, rig: null, site: null },
    times,
    values,
    at: new Set(times),
    samplesAt: new Map([[30_000, 7]]),
  });
  const state = (times: readonly number[], values: readonly number[], atMs = 31_000) =>
    targetState(target(times, values), atMs, 30_000, 10_000);

  it('is up at its last scrape', () => {
    expect(state([10_000, 20_000, 30_000, 40_000], [1, 0, 1, 0])).toMatchObject({
      kind: 'up',
      scrapes: { lastMs: 30_000, previousMs: 20_000 },
      samples: 7,
    });
    expect(state([28_000], [1])).toMatchObject({ kind: 'up', scrapes: { previousMs: 18_000 }, samples: null });
  });

  it.each<[string, readonly number[], readonly number[], number, object]>([
    ['down', [20_000, 30_000], [1, 0], 31_000, { kind: 'down', atMs: 30_000 }],
    ['absent before its first scrape', [40_000], [1], 31_000, { kind: 'absent' }],
    ['absent where nobody scrapes it any more', [10_000, 20_000], [1, 1], 60_000, { kind: 'absent' }],
    ['absent after a staleness marker', [20_000, 30_000], [1, Number.NaN], 31_000, { kind: 'absent' }],
    ['sparse', [0, 60_000], [1, 1], 100_000, { kind: 'sparse', everyMs: 60_000 }],
  ])('is %s', (_name, times, values, atMs, expected) => {
    expect(state(times, values, atMs)).toEqual(expected);
  });
});
