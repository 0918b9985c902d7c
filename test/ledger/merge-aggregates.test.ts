import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeAggregates, type RigDayAggregate, type SignalDay } from '../../src/domain/aggregates.ts';
import { anyCards, anySignals } from '../store/any-aggregates.ts';

const dayMs = 1_767_225_600_000;

describe('two parts of a day', () => {
  test.each<[string, Partial<SignalDay>, Partial<SignalDay>, Partial<SignalDay>]>([
    ['seconds are added', { seconds: 10 }, { seconds: 0.5 }, { seconds: 10.5 }],
    ['the lowest stays', { min: -3 }, { min: 4 }, { min: -3 }],
    ['the highest stays', { max: 3 }, { max: 4 }, { max: 4 }],
    ['the last is what came later', { last: 9 }, { last: 1 }, { last: 1 }],
    ['growth is added', { increase: 2 }, { increase: 3 }, { increase: 5 }],
    ['no growth is known, and stays', { increase: 0 }, { increase: 0 }, { increase: 0 }],
    ['a gauge has no growth', { increase: null }, { increase: null }, { increase: null }],
    ['growth that one does not know is unknown', { increase: 2 }, { increase: null }, { increase: null }],
    [
      'time beyond a threshold is added, each to its own',
      { beyond: [1, 2] },
      { beyond: [10, 20] },
      { beyond: [11, 22] },
    ],
    ['a threshold that one does not have is left out', { beyond: [1, 2] }, { beyond: [10] }, { beyond: [11] }],
  ])('%s', (_, first, second, expected) => {
    const merged = mergeAggregates(partOf(1, { x: signalDay(first) }), partOf(2, { x: signalDay(second) }));
    expect(merged.host['x']).toMatchObject(expected);
    expect(merged.untilMs).toBe(dayMs + 2);
  });

  test('keep what only one of them saw, of a signal, of a card, and of a card’s signal', () => {
    const x = signalDay({ seconds: 1 });
    const y = signalDay({ seconds: 2 });
    const merged = mergeAggregates(
      partOf(1, { x }, { one: { x }, both: { x } }),
      partOf(2, { y }, { two: { y }, both: { y } }),
    );
    expect(merged).toStrictEqual(partOf(2, { x, y }, { one: { x }, both: { x, y }, two: { y } }));
  });

  test('say the same whichever is named first', () => {
    fc.assert(
      fc.property(aPart(1), aPart(2), (a, b) => {
        expect(mergeAggregates(b, a)).toEqual(mergeAggregates(a, b));
      }),
    );
  });
});

test('a day says the same however it was cut', () => {
  fc.assert(
    fc.property(aPart(1), aPart(2), aPart(3), (a, b, c) => {
      expect(mergeAggregates(mergeAggregates(a, b), c)).toEqual(mergeAggregates(a, mergeAggregates(b, c)));
    }),
  );
});

test('what is merged stays as it was', () => {
  fc.assert(
    fc.property(aPart(1), aPart(2), (a, b) => {
      const before = structuredClone([a, b]);
      mergeAggregates(a, b);
      expect([a, b]).toEqual(before);
    }),
  );
});

function signalDay(changes: Partial<SignalDay>): SignalDay {
  return { seconds: 60, min: 1, max: 2, last: 1.5, increase: null, beyond: [], ...changes };
}

function partOf(untilMs: number, host: RigDayAggregate['host'], cards: RigDayAggregate['cards'] = {}): RigDayAggregate {
  return { rig: 'a', dayMs, untilMs: dayMs + untilMs, host, cards };
}

function aPart(untilMs: number): fc.Arbitrary<RigDayAggregate> {
  return fc.tuple(anySignals, anyCards).map(([host, cards]) => partOf(untilMs, host, cards));
}
