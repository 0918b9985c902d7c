import fc from 'fast-check';
import type { SignalDay, SignalDays } from '../../src/domain/aggregates.ts';

/** Whole numbers, so that sums do not depend on their order. */
const figure = fc.integer({ min: -1_000, max: 1_000 });

const signalDay = (increase: fc.Arbitrary<number | null>, thresholds: number): fc.Arbitrary<SignalDay> =>
  fc.record(
    {
      seconds: figure,
      min: figure,
      max: figure,
      last: figure,
      increase,
      beyond: fc.array(figure, { minLength: thresholds, maxLength: thresholds }),
    },
    { noNullPrototype: true },
  );

/** A gauge with two thresholds, a counter without any. */
export const anySignals: fc.Arbitrary<SignalDays> = fc.record(
  { temperature: signalDay(fc.constant(null), 2), xids: signalDay(figure, 0) },
  { requiredKeys: [], noNullPrototype: true },
);

export const anyCards: fc.Arbitrary<Readonly<Record<string, SignalDays>>> = fc.dictionary(
  fc.constantFrom('a/#0', 'gpu é', '__proto__', '01234567-89ab'),
  anySignals,
  { maxKeys: 3, noNullPrototype: true },
);
