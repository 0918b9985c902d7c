import fc from 'fast-check';
import type { ChartBlock } from '../../src/chat/reply.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    '\0',
    '{a|x}',
    '{b}',
    '__proto__',
    'constructor',
    '\ud800',
    'x'.repeat(10_000),
    '\u202e1.00',
    '漢字',
  ),
);
const anyValue = fc.oneof(
  { weight: 3, arbitrary: fc.double({ min: -1000, max: 1000, noNaN: true }) },
  fc.double(),
  fc.constantFrom(null, 0, -0, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, 1e15, 1e-9),
);
const anyInstants = fc
  .record({
    start: fc.integer({ min: Date.UTC(1970), max: Date.UTC(2100) }),
    steps: fc.array(fc.constantFrom(60_000, 3_600_000, 82_800_000, 86_400_000, 90_000_000, 2_678_400_000), {
      maxLength: 60,
    }),
  })
  .map(({ start, steps }) => {
    let at = start;
    return steps.map((step) => {
      at += step;
      return at;
    });
  });
const strangeInstants = fc.array(fc.oneof(fc.double(), fc.integer(), fc.constantFrom(8.64e15, -8.64e15)), {
  maxLength: 9,
});

/** Any chart that the types allow, and those of which values are missing, instants fall and names are hostile. */
export const anyChart: fc.Arbitrary<ChartBlock> = fc.record({
  kind: fc.constant('chart' as const),
  title: anyText,
  alt: anyText,
  form: fc.constantFrom('bars', 'stacked bars', 'lines'),
  unit: anyText,
  along: fc.oneof(
    fc.array(anyText, { maxLength: 45 }).map((names) => ({ kind: 'names' as const, names })),
    fc.oneof(anyInstants, strangeInstants).map((atMs) => ({ kind: 'instants' as const, atMs })),
  ),
  series: fc.array(fc.record({ name: anyText, values: fc.array(anyValue, { maxLength: 60 }) }), { maxLength: 14 }),
});
