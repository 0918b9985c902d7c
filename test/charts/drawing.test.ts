import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawingOf } from '../../src/charts/drawing.ts';
import type { ChartBlock } from '../../src/chat/reply.ts';
import { anyChart } from './any-chart.ts';
import { drawn, textsOf } from './drawn.ts';
import { gpuHours, hostile, netPerDay, revenue, sites } from './sample-charts.ts';

const HOUR_MS = 3_600_000;

function barsOf(values: readonly (number | null)[], changes: Partial<ChartBlock> = {}): ChartBlock {
  const names = values.map((_, index) => `n${index}`);
  return { ...netPerDay, along: { kind: 'names', names }, series: [{ name: 'net', values }], ...changes };
}

describe('bars', () => {
  test('say their figures, unit and names, and need no legend for one series', () => {
    const texts = textsOf(netPerDay);
    expect(texts).toEqual(
      expect.arrayContaining([
        'Net per day of rig a1',
        'USD per day',
        'mine',
        'GPU rental',
        '0.11',
        '2.03',
        '2.09',
        '0.00',
      ]),
    );
    expect(drawn(netPerDay).option['legend']).toEqual([]);
    expect(texts.join(' ')).not.toContain('unknown');
  });

  test('are printed in the locale', () => {
    expect(textsOf(netPerDay, { locale: 'fr-CA' })).toEqual(expect.arrayContaining(['0,11', '2,03']));
    expect(textsOf(barsOf([1, null]), { locale: 'fr-CA' })).toContain('inconnu');
  });

  test.each([
    { what: 'below one', values: [0.1234, 0.5], printed: ['0.123', '0.500'] },
    { what: 'tiny beside others', values: [0.0001, 12.5], printed: ['0.0001', '12.50'] },
    { what: 'whole', values: [3, 12], printed: ['3', '12'] },
    { what: 'thousands', values: [12_345, 999_999], printed: ['12.3K', '1M'] },
    { what: 'beyond names', values: [1.5e18], printed: ['1.5E18'] },
    { what: 'losses', values: [-4.2, 4.2], printed: ['-4.20', '4.20'] },
    { what: 'minus nothing', values: [-0, 1], printed: ['0', '1'] },
  ])('print figures that are $what', ({ values, printed }) => {
    expect(textsOf(barsOf(values))).toEqual(expect.arrayContaining(printed));
  });

  test('that are unknown are no value, and say so in their place', () => {
    const { series, texts } = drawn(barsOf([5, null, 7]));
    expect(series[0]?.data).toEqual([5, null, 7]);
    const unknown = texts.filter(({ text }) => text === 'unknown');
    expect(unknown).toHaveLength(1);
    expect(texts.map(({ text }) => text)).not.toContain('0');
    expect(texts.map(({ text }) => text)).toContain('Gaps and ? are unknown, not 0.');
  });

  test('of which one whole series is unknown mark it in the legend', () => {
    const chart = barsOf([1, 2], {
      series: [
        { name: 'mine', values: [1, 2] },
        { name: 'rent', values: [null, null] },
      ],
    });
    expect(drawn(chart).series.map(({ name }) => name)).toEqual(['mine', 'rent (unknown)']);
    expect(JSON.stringify(drawn(chart).option['legend'])).toContain('rent (unknown)');
  });

  test.each([
    { what: 'nothing known', chart: barsOf([null, null]), word: 'unknown' },
    { what: 'no names', chart: barsOf([]), word: 'nothing to show' },
    { what: 'no series', chart: barsOf([1], { series: [] }), word: 'nothing to show' },
  ])('with $what say it', ({ chart, word }) => {
    expect(drawn(chart).texts.at(-1)?.text).toBe(word);
    expect(drawn(chart).series).toEqual([]);
  });

  test('lie where names are many or long, and count those that there is no room for', () => {
    const many = drawn(barsOf(Array.from({ length: 42 }, (_, index) => index)));
    expect(many.option['yAxis']).toMatchObject({ type: 'category', inverse: true });
    expect(many.height).toBeGreaterThan(1000);
    expect(many.texts.map(({ text }) => text)).toContain('and 12 more');
    expect(many.texts.map(({ text }) => text)).not.toContain('n30');
    expect(drawn(barsOf([1, 2])).option['xAxis']).toMatchObject({ type: 'category' });
  });

  test('differ by hatching and not by colour alone, up to eight series', () => {
    const values = [1];
    const series = Array.from({ length: 8 }, (_, index) => ({ name: `s${index}`, values }));
    const looks = drawn(barsOf([1], { series })).series.map(({ color, itemStyle }) => [color, itemStyle.decal ?? null]);
    expect(new Set(looks.map(([color]) => color)).size).toBe(8);
    expect(new Set(looks.slice(0, 6).map(([, decal]) => JSON.stringify(decal))).size).toBe(6);
  });

  test('stand where their figures do: the text of a loss is beyond its end', () => {
    const { texts } = drawn(barsOf([-10, 10]));
    const loss = texts.find(({ text }) => text === '-10');
    const gain = texts.find(({ text }) => text === '10');
    expect(loss?.y).toBeGreaterThan((gain?.y ?? Number.NaN) + 100);
  });
});

describe('stacked bars', () => {
  test('over a day carry dates, times and their zone', () => {
    const texts = textsOf(gpuHours);
    expect(texts).toEqual(expect.arrayContaining(['00:00', 'Nov 22', '06:00', '12:00', '18:00', 'EST']));
  });

  test('of which a part is unknown carry a question mark', () => {
    const { texts, series } = drawn(gpuHours);
    expect(texts.filter(({ text }) => text === '?')).toHaveLength(2);
    expect(series.every(({ stack }) => stack === 'all')).toBe(true);
  });

  test('leave room for hours that are missing', () => {
    const { along } = gpuHours;
    if (along.kind !== 'instants') throw new Error('the sample is over time');
    const atMs = along.atMs.filter((_, hour) => hour !== 3 && hour !== 4);
    const series = [{ name: 'rented', values: atMs.map(() => 1) }];
    const data = drawn({ ...gpuHours, along: { kind: 'instants', atMs }, series }).series[0]?.data;
    expect(data).toHaveLength(24);
    expect(data?.slice(2, 6)).toEqual([1, null, null, 1]);
  });

  test('scale with the sum of their parts, gains and losses apart', () => {
    const series = [6, 7, -2, -3].map((value, index) => ({ name: `s${index}`, values: [value] }));
    const { option } = drawn(barsOf([1], { form: 'stacked bars', series }));
    expect(option['yAxis']).toMatchObject({ min: -5, max: 15 });
  });
});

describe('lines', () => {
  test('break where nothing is known', () => {
    const mining = drawn(revenue).series[1];
    const values = (mining?.data ?? []).map((point) => (point as { value: [number, number | null] }).value[1]);
    expect(values[13]).toBeNull();
    expect(values[20]).toBeNull();
    expect(values.filter((value) => value !== null)).toHaveLength(26);
  });

  test('stand where their time is', () => {
    const atMs = [0, 1, 10].map((hour) => Date.UTC(2026, 10, 22, hour));
    const chart = {
      ...revenue,
      along: { kind: 'instants', atMs },
      series: [{ name: 'a', values: [1, 2, 3] }],
    } as const;
    const at = drawn(chart).series[0]?.data.map((point) => (point as { value: [number, number] }).value[0]);
    expect(at).toEqual([0, HOUR_MS, 10 * HOUR_MS]);
  });

  test('differ by their stroke', () => {
    const strokes = drawn(revenue).series.map(({ lineStyle }) => JSON.stringify(lineStyle?.type));
    expect(new Set(strokes).size).toBe(2);
  });

  test('of one point say its figure', () => {
    const chart = {
      ...revenue,
      along: { kind: 'instants', atMs: [0] },
      series: [{ name: 'a', values: [12.5] }],
    } as const;
    expect(textsOf(chart)).toContain('12.50');
  });

  test('of a thousand instants carry a few labels, none over another', () => {
    const atMs = Array.from({ length: 1000 }, (_, hour) => Date.UTC(2026, 10, 1) + hour * HOUR_MS);
    const chart = {
      ...revenue,
      along: { kind: 'instants', atMs },
      series: [{ name: 'a', values: atMs.map(() => 5) }],
    } as const;
    const labels = drawn(chart).texts.filter(({ text }) => /^(Nov|Dec) /.test(text));
    expect(labels.length).toBeGreaterThan(2);
    const places = labels.map(({ x }) => x);
    expect(Math.min(...places.slice(1).map((x, index) => x - (places[index] ?? 0)))).toBeGreaterThan(60);
  });
});

test('names are printed literally, harmlessly and told apart', () => {
  const { texts, series } = drawn(hostile);
  const printed = texts.map(({ text }) => text);
  expect(printed).toEqual(expect.arrayContaining(['{b}', '{value}', 'a|b', '__proto__', '漢字リグ', '{c} %d {@unit}']));
  expect(series.map(({ name }) => name)).toEqual(['{a}', '{a} (2)', '–', 'series (unknown)']);
  expect(printed.join('')).not.toMatch(/[\p{Control}\u202a-\u202e]/u);
  expect(printed.every((text) => text.isWellFormed())).toBe(true);
  // What echarts would fill in or style.
  expect(JSON.stringify(hostileOption())).not.toMatch(/"(?:formatter|rich)"/);
});

function hostileOption(): object {
  return drawn(hostile).option;
}

test('light and dark differ in colours alone', () => {
  const light = drawn(sites);
  const dark = drawn(sites, { theme: 'dark' });
  expect(dark.background).not.toBe(light.background);
  expect(dark.texts).toEqual(light.texts);
});

test('a locale or a zone that nobody knows gives English and UTC', () => {
  expect(textsOf(gpuHours, { locale: 'not a locale', timeZone: 'Mars/Olympus' })).toEqual(
    expect.arrayContaining(['06:00', 'Nov 22', 'UTC']),
  );
});

test('any chart gives a drawing that is data, has no figure that is none, and keeps its texts on the picture', () => {
  const surfaces = fc.record({
    theme: fc.constantFrom('light' as const, 'dark' as const),
    locale: fc.constantFrom('en-US', 'fr-CA', 'ar-EG', 'ja-JP', 'xx', ''),
    timeZone: fc.constantFrom('America/Toronto', 'UTC', 'Asia/Kathmandu', 'Nowhere'),
    width: fc.constant(640),
    height: fc.constant(400),
  });
  fc.assert(
    fc.property(anyChart, surfaces, (chart, surface) => {
      const drawing = drawingOf(chart, surface);
      expectData(drawing);
      expect(JSON.parse(JSON.stringify(drawing))).toEqual(drawing);
      expect(drawing.height).toBeLessThan(4_000);
      for (const { text, x, y } of drawn(chart, surface).texts) {
        expect(text.length).toBeLessThan(300);
        expect(x).toSatisfy((left: number) => left >= 0 && left <= 640);
        expect(y).toSatisfy((top: number) => top >= 0 && top <= drawing.height);
      }
    }),
    { numRuns: 300 },
  );
});

/** JSON would turn what is no number into null, unseen. */
function expectData(value: unknown): void {
  if (typeof value === 'number') expect(value).toSatisfy(Number.isFinite);
  else if (typeof value === 'object' && value !== null) Object.values(value).forEach(expectData);
  else expect(value === null || ['string', 'boolean'].includes(typeof value)).toBe(true);
}
