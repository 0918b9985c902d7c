import type { ChartBlock } from '../../src/chat/reply.ts';

const HOUR_MS = 3_600_000;

function chart(block: Omit<ChartBlock, 'kind' | 'alt'>): ChartBlock {
  return { kind: 'chart', alt: 'words that say the same', ...block };
}

/** What one 3090 rig nets in a day, four ways. */
export const netPerDay = chart({
  title: 'Net per day of rig a1',
  form: 'bars',
  unit: 'USD per day',
  along: { kind: 'names', names: ['mine', 'GPU rental', 'mine while idle', 'off'] },
  series: [{ name: 'net', values: [0.11, 2.03, 2.09, 0] }],
});

const midnight = Date.UTC(2026, 10, 22, 5);

/** A day in Toronto; two hours of which the rented GPUs are not known, one of which nothing is. */
export const gpuHours = chart({
  title: 'GPU-hours by state on November 22',
  form: 'stacked bars',
  unit: 'GPU-hours per hour',
  along: { kind: 'instants', atMs: Array.from({ length: 24 }, (_, hour) => midnight + hour * HOUR_MS) },
  series: [
    { name: 'rented', values: hours((hour) => (hour === 14 ? null : 6 + Math.round(5 * Math.sin(hour / 3.4)))) },
    { name: 'mining', values: hours((hour) => 9 - Math.round(5 * Math.sin(hour / 3.4))) },
    { name: 'idle', values: hours((hour) => (hour % 7 === 0 ? 2 : 1)) },
    { name: 'down', values: hours((hour) => (hour > 16 && hour < 20 ? 4 : 0)) },
    { name: 'unknown', values: hours((hour) => (hour === 5 ? 3 : 0)) },
  ],
});

function hours(valueAt: (hour: number) => number | null): (number | null)[] {
  return Array.from({ length: 24 }, (_, hour) => (hour === 10 ? null : valueAt(hour)));
}

/** Thirty days over the change of clocks, with three days of which nothing is known. */
export const revenue = chart({
  title: 'Revenue of GPU rental and mining, last 30 days',
  form: 'lines',
  unit: 'USD per day',
  along: {
    kind: 'instants',
    atMs: Array.from({ length: 30 }, (_, day) => Date.UTC(2026, 9, 24 + day, day < 9 ? 4 : 5)),
  },
  series: [
    { name: 'GPU rental', values: days((day) => 120 + 3 * day + 25 * Math.sin(day * 1.3)) },
    { name: 'mining', values: days((day) => (day === 20 ? null : 70 - day + 8 * Math.cos(day))) },
  ],
});

function days(valueAt: (day: number) => number | null): (number | null)[] {
  return Array.from({ length: 30 }, (_, day) => (day >= 12 && day <= 14 ? null : valueAt(day)));
}

/** Sites with gains and losses, and one of which nothing is known. */
export const sites = chart({
  title: 'Margin by site',
  form: 'bars',
  unit: 'CA$ per day',
  along: {
    kind: 'names',
    names: ['Baie-Comeau', 'Trois-Rivières hall B, upper racks', 'Sept-Îles', 'north', 'container-7', 'east', 'lab'],
  },
  series: [
    { name: 'mine', values: [-12.4, 3.1, null, 40.25, -3.3, 0.004, 12] },
    { name: 'GPU rental', values: [112.5, 80.2, 31, -6.1, null, 60, 44] },
  ],
});

/** Names that would break a picture that trusted them. */
export const hostile = chart({
  title: '{b}: {a|x} <b>bold</b> \u0007\u202ereversed\u202c \ud800 漢字 مرحبا 🚀 €₿',
  form: 'stacked bars',
  unit: '{c} %d {@unit}',
  along: {
    kind: 'names',
    names: ['{b}', '{value}', 'a|b', '', '\n\n', 'x'.repeat(5_000), '\ud83d', '漢字リグ', '🚀🚀', 'مرحبا', '__proto__'],
  },
  series: [
    { name: '{a}', values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] },
    { name: '{a}', values: [1, 2, null, 4, -5, 6, 7, 8, 9, 10, 11] },
    { name: '', values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] },
    { name: '\0series\0', values: [null, null, null, null, null, null, null, null, null, null, null] },
  ],
});

export const sampleCharts = { netPerDay, gpuHours, revenue, sites, hostile };
