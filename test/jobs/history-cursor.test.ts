import { describe, expect, test } from 'vitest';
import { afterHour, leapTo, parseCursor, printCursor, writtenUntil } from '../../src/jobs/history-cursor.ts';

const HOUR = 3_600_000;
const at = (hour: number) => Date.UTC(2026, 10, 21, hour);

describe('the cursor of a history ledger', () => {
  test('is read back as it was written', () => {
    const cursor = { nextHourMs: at(10), past: [{ fromMs: at(2), toMs: at(5) }] };
    expect(parseCursor(printCursor(cursor))).toEqual(cursor);
  });

  test('is read back as it was written before there was a past', () => {
    expect(parseCursor(`{"kind":"history","nextHourMs":${at(10)}}`)).toEqual({ nextHourMs: at(10), past: [] });
  });

  test.each([
    '',
    'null',
    '{"kind":"integrator","version":2}',
    '{"kind":"history","nextHourMs":1}',
    '{"kind":"history"}',
  ])('%j is none', (text) => {
    expect(parseCursor(text)).toBeNull();
  });

  test('works off the past from its beginning, and what is newest meanwhile', () => {
    const begun = leapTo({ nextHourMs: at(0), past: [] }, at(2));
    expect(begun).toEqual({ nextHourMs: at(2), past: [{ fromMs: at(0), toMs: at(2) }] });
    const live = afterHour(begun, at(2));
    expect([live.nextHourMs, writtenUntil(live)]).toEqual([at(3), at(0)]);
    const first = afterHour(live, at(0));
    expect([first.nextHourMs, writtenUntil(first)]).toEqual([at(3), at(1)]);
    const done = afterHour(first, at(1));
    expect([done.past, writtenUntil(done)]).toEqual([[], at(3)]);
  });

  test('never leaps back', () => {
    const cursor = { nextHourMs: at(10), past: [] };
    expect(leapTo(cursor, at(9))).toEqual(cursor);
  });

  test('loses no hour after more outages than it tells apart', () => {
    let cursor = { nextHourMs: at(0), past: [] } as ReturnType<typeof leapTo>;
    for (let outage = 0; outage < 40; outage += 1) {
      cursor = leapTo(cursor, cursor.nextHourMs + 20 * HOUR);
      cursor = afterHour(cursor, cursor.nextHourMs);
    }
    expect(cursor.past.length).toBeLessThanOrEqual(16);
    expect(writtenUntil(cursor)).toBe(at(0));
    let endMs = at(0);
    for (const { fromMs, toMs } of cursor.past) {
      // One hour between two outages is in the ledger.
      expect(fromMs - endMs).toBeLessThanOrEqual(HOUR);
      endMs = toMs;
    }
    expect(endMs + HOUR).toBe(cursor.nextHourMs);
  });
});
