import fc from 'fast-check';
import { expect, test } from 'vitest';
import { valueScale } from '../../src/charts/value-scale.ts';

test.each([
  { values: [0.11, 2.09], ticks: [0, 1, 2, 3] },
  { values: [17, 20], ticks: [0, 5, 10, 15, 20] },
  { values: [-12.4, 40], ticks: [-20, 0, 20, 40] },
  { values: [-3], ticks: [-3, -2, -1, 0] },
  { values: [0.3], ticks: [0, 0.1, 0.2, 0.3] },
  { values: [0, 0], ticks: [0, 0.25, 0.5, 0.75, 1] },
  { values: [], ticks: [0, 0.25, 0.5, 0.75, 1] },
])('ticks for $values', ({ values, ticks }) => {
  expect(valueScale(values).ticks).toEqual(ticks);
});

test('any scale holds 0 and every value, in a few rising ticks', () => {
  const size = fc
    .double({ min: -1e100, max: 1e100, noNaN: true })
    .map((value) => (Math.abs(value) < 1e-12 ? 0 : value));
  fc.assert(
    fc.property(fc.array(size, { minLength: 1, maxLength: 8 }), (values) => {
      const { min, max, ticks } = valueScale(values);
      const slack = 1e-9 * (max - min);
      expect(ticks.length).toBeGreaterThan(1);
      expect(ticks.length).toBeLessThan(9);
      expect(ticks).toEqual([...new Set(ticks)].toSorted((a, b) => a - b));
      expect(Math.min(0, ...values)).toBeGreaterThanOrEqual(min - slack);
      expect(Math.max(0, ...values)).toBeLessThanOrEqual(max + slack);
    }),
  );
});
