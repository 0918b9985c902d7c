import { describe, expect, test } from 'vitest';
import { instantLabels, printableTimeZone, zoneNames } from '../../src/charts/instant-labels.ts';

const HOUR_MS = 3_600_000;
const toronto = { locale: 'en-US', timeZone: 'America/Toronto' };

function hourly(startMs: number, count: number): number[] {
  return Array.from({ length: count }, (_, hour) => startMs + hour * HOUR_MS);
}

describe('labels of instants', () => {
  test.each([
    { what: 'a day', startMs: Date.UTC(2026, 10, 22, 5), count: 24, texts: ['00:00', '06:00', '12:00', '18:00'] },
    // The night of 25 hours: 01:00 comes twice.
    {
      what: 'a day of 25 hours',
      startMs: Date.UTC(2026, 10, 1, 4),
      count: 25,
      texts: ['00:00', '06:00', '12:00', '18:00'],
    },
    // The night of 23 hours: 02:00 never comes.
    {
      what: 'a day of 23 hours',
      startMs: Date.UTC(2026, 2, 8, 5),
      count: 23,
      texts: ['00:00', '06:00', '12:00', '18:00'],
    },
    {
      what: 'a day that begins at 03:00',
      startMs: Date.UTC(2026, 10, 22, 8),
      count: 24,
      texts: ['06:00', '12:00', '18:00', '00:00'],
    },
  ])('stand on round hours of $what', ({ startMs, count, texts }) => {
    expect(instantLabels(hourly(startMs, count), 5, toronto).map(({ text }) => text)).toEqual(texts);
  });

  test('carry the date where it is new', () => {
    const labels = instantLabels(hourly(Date.UTC(2026, 10, 22, 8), 24), 5, toronto);
    expect(labels.map(({ date }) => date)).toEqual(['Nov 22', null, null, 'Nov 23']);
  });

  test('of days, weeks and months are dates; a month begins on its first', () => {
    const days = Array.from({ length: 120 }, (_, day) => Date.UTC(2026, 0, 1 + day));
    const utc = { locale: 'fr-CA', timeZone: 'UTC' };
    expect(instantLabels(days.slice(0, 4), 6, utc).map(({ text }) => text)).toEqual([
      '1 janv.',
      '2 janv.',
      '3 janv.',
      '4 janv.',
    ]);
    const weeks = instantLabels(days.slice(0, 35), 6, utc).map(({ index }) => new Date(days[index] ?? 0).getUTCDay());
    expect(new Set(weeks)).toEqual(new Set([1]));
    expect(instantLabels(days, 4, { ...utc, locale: 'en-US' }).map(({ text }) => text)).toEqual([
      'Jan 2026',
      'Feb 2026',
      'Mar 2026',
      'Apr 2026',
    ]);
  });

  test('are never more than there is room for', () => {
    for (const most of [1, 2, 3, 7, 20]) {
      for (const count of [1, 2, 23, 24, 500]) {
        const labels = instantLabels(hourly(Date.UTC(2026, 10, 1, 4, 30), count), most, toronto);
        expect(labels.length).toBeGreaterThan(0);
        expect(labels.length).toBeLessThanOrEqual(most);
      }
    }
  });
});

test('the zone has both its names where the clocks change', () => {
  expect(zoneNames(hourly(Date.UTC(2026, 10, 1, 4), 25), toronto)).toBe('EDT, EST');
  expect(zoneNames(hourly(Date.UTC(2026, 10, 2, 5), 24), toronto)).toBe('EST');
  expect(printableTimeZone('nowhere')).toBe('UTC');
});
