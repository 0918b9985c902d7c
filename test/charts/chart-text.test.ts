import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chartLines } from '../../src/charts/chart-text.ts';
import { displayWidth } from '../../src/chat/display-width.ts';
import { anyChart } from './any-chart.ts';
import { gpuHours, hostile, netPerDay, revenue, sites } from './sample-charts.ts';

const options = { width: 60, locale: 'en-US', timeZone: 'America/Toronto' };

test('bars are as long as their figures', () => {
  expect(chartLines(netPerDay, { ...options, width: 40 })).toEqual([
    'Net per day of rig a1 (USD per day)',
    'mine        0.11  █▏',
    'GPU rental  2.03  █████████████████████▍',
    'mine whil…  2.09  ██████████████████████',
    'off         0.00',
  ]);
});

test('losses stand left of 0, and what is unknown has neither bar nor 0', () => {
  const lines = chartLines(sites, { ...options, locale: 'fr-CA' });
  expect(lines[1]).toMatch(/^Baie-Comeau +mine +-12,4 +█+│$/);
  expect(lines[2]).toMatch(/^ +GPU rental +112,5 +│█+$/);
  expect(lines[5]).toMatch(/^Sept-Îles +mine +inconnu +│·$/);
});

test('lines over time are heights, with gaps, their range and their time', () => {
  const lines = chartLines(revenue, { ...options, width: 80 });
  expect(lines[1]).toMatch(/^GPU rental {2}[▁-█]{12}···[▁-█]{15} {2}109\.9 to 217\.1$/);
  expect(lines[2]).toMatch(/^mining {6}[▁-█]{12}···[▁-█]{5}·[▁-█]{9} {2}34\.3 to 78\.0$/);
  expect(lines[3]?.trim()).toBe('Oct 24, 00:00 EDT to Nov 22, 00:00 EST');
});

test('what takes more columns than there are is thinned', () => {
  const [, line = ''] = chartLines(gpuHours, { ...options, width: 34 });
  expect(displayWidth(line)).toBeLessThanOrEqual(34);
  expect(line).toContain('▁');
});

test('names cannot break a line or turn it', () => {
  expect(chartLines(hostile, options).join('')).not.toMatch(/[\p{Control}\u202a-\u202e]/u);
});

test('any chart gives lines within the width', () => {
  fc.assert(
    fc.property(anyChart, fc.integer({ min: 0, max: 200 }), (chart, width) => {
      for (const line of chartLines(chart, { ...options, width })) {
        expect(displayWidth(line)).toBeLessThanOrEqual(Math.max(30, width));
        expect(line).not.toMatch(/NaN|Infinity|undefined/);
      }
    }),
    { numRuns: 200 },
  );
});
