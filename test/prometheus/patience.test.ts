import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { retryAfter } from '../../adapters/prometheus/faults.ts';
import { Patience } from '../../adapters/prometheus/patience.ts';
import { UpstreamError } from '../../src/domain/errors.ts';

const startMs = Date.parse('2026-10-02T12:00:00Z');
const signal = new AbortController().signal;
const soon = { deadlineMs: () => performance.now() + 60_000, signal };
const late = { deadlineMs: () => performance.now(), signal };

/** The date alone: what waits for a timer still does. */
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: startMs });
});
afterEach(() => {
  vi.useRealTimers();
});

const patience = () => new Patience({ origin: 'http://p', firstPauseMs: 1, failures: 3, firstRestMs: 5_000 });
const broken = (retryAfterMs: number | null = null) =>
  new UpstreamError('prometheus', 'http://p: connection refused', { retryAfterMs });

/** A server that fails so many times first, and counts how often it was asked. */
function failing(times: number, error: () => Error = broken) {
  const server = {
    asked: 0,
    once: async () => {
      server.asked++;
      if (server.asked <= times) throw error();
      return 'answer';
    },
  };
  return server;
}

const messageOf = (asking: Promise<unknown>) =>
  asking.then(
    () => 'it did not fail',
    (error: Error) => error.message,
  );

describe('a fault that may pass', () => {
  it('is waited for, twice', async () => {
    const server = failing(2);
    expect(await patience().ask(server.once, soon)).toBe('answer');
    expect(server.asked).toBe(3);
    const longer = failing(3);
    expect(await messageOf(patience().ask(longer.once, soon))).toMatch(/refused/);
    expect(longer.asked).toBe(3);
  });

  it('is not waited for where no time is left', async () => {
    const server = failing(1);
    await messageOf(patience().ask(server.once, late));
    expect(server.asked).toBe(1);
  });

  it('is not waited for longer than whoever asks', async () => {
    const cancel = new AbortController();
    const slow = new Patience({ origin: 'http://p', firstPauseMs: 60_000 });
    const asking = slow.ask(failing(1).once, { deadlineMs: () => Number.POSITIVE_INFINITY, signal: cancel.signal });
    cancel.abort(new Error('enough'));
    await expect(asking).rejects.toThrow('enough');
  });

  it('is left where it will not pass', async () => {
    const server = failing(1, () => new UpstreamError('prometheus', 'HTTP 400', { retryable: false }));
    expect(await messageOf(patience().ask(server.once, soon))).toBe('HTTP 400');
    expect(server.asked).toBe(1);
  });
});

describe('a server that keeps failing', () => {
  const failure = async (asked: Patience, server: { once: () => Promise<string> }) =>
    messageOf(asked.ask(server.once, late));

  it('is left alone, with one trial after ever longer rests of a minute at most', async () => {
    const tested = patience();
    const server = failing(Number.POSITIVE_INFINITY);
    for (let times = 0; times < 3; times++) await failure(tested, server);
    expect(server.asked).toBe(3);
    const rests: number[] = [];
    for (let trials = 0; trials < 6; trials++) {
      const brokenAtMs = Date.now();
      const asked = server.asked;
      while (server.asked === asked) {
        vi.setSystemTime(Date.now() + 500);
        await failure(tested, server);
      }
      expect(server.asked).toBe(asked + 1);
      rests.push(Date.now() - brokenAtMs);
    }
    expect(rests).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  it('is spoken of with since when, why, and when it is tried again', async () => {
    const tested = patience();
    const server = failing(Number.POSITIVE_INFINITY);
    for (let times = 0; times < 3; times++) await failure(tested, server);
    vi.setSystemTime(startMs + 5_000);
    await failure(tested, server);
    vi.setSystemTime(startMs + 6_000);
    expect(await failure(tested, server)).toBe(
      'http://p: left alone since 12:00:00 UTC after 3 failures in a row, next trial at 12:00:15 UTC; it last failed with: connection refused',
    );
    const error = await tested.ask(server.once, late).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'UpstreamError', retryable: true, retryAfterMs: 9_000 });
  });

  it('is asked as before once a trial succeeds', async () => {
    const tested = patience();
    const server = failing(3);
    for (let times = 0; times < 3; times++) await failure(tested, server);
    vi.setSystemTime(startMs + 5_000);
    expect(await tested.ask(server.once, late)).toBe('answer');
    const again = failing(2);
    await failure(tested, again);
    await failure(tested, again);
    expect(await tested.ask(again.once, late)).toBe('answer');
  });

  it('is not left alone for a query that it refuses', async () => {
    const tested = patience();
    const server = failing(9, () => new UpstreamError('prometheus', 'HTTP 422', { retryable: false }));
    for (let times = 0; times < 9; times++) expect(await failure(tested, server)).toBe('HTTP 422');
    expect(await tested.ask(server.once, late)).toBe('answer');
  });
});

describe('a server that says when to come back', () => {
  it('is asked then, and not before', async () => {
    const tested = patience();
    const server = failing(1, () => broken(7_000));
    await messageOf(tested.ask(server.once, late));
    vi.setSystemTime(startMs + 6_999);
    expect(await messageOf(tested.ask(server.once, late))).toMatch(/refused; it is asked again at 12:00:07 UTC$/);
    expect(server.asked).toBe(1);
    vi.setSystemTime(startMs + 7_000);
    expect(await tested.ask(server.once, late)).toBe('answer');
  });

  it('is waited for where that is soon', async () => {
    const server = failing(1, () => broken(2));
    expect(await patience().ask(server.once, soon)).toBe('answer');
  });

  it('is not left alone for more than a minute', async () => {
    const tested = patience();
    const server = failing(1, () => broken(86_400_000));
    await messageOf(tested.ask(server.once, late));
    vi.setSystemTime(startMs + 60_000);
    expect(await tested.ask(server.once, late)).toBe('answer');
  });

  it.each<[string | string[] | undefined, number | null]>([
    ['7', 7_000],
    ['Fri, 02 Oct 2026 12:00:30 GMT', 30_000],
    ['Fri, 02 Oct 2026 11:00:00 GMT', 0],
    ['soon', null],
    [undefined, null],
  ])('says so in seconds or as a date: %s', (header, expected) => {
    expect(retryAfter(header, startMs)).toBe(expected);
  });
});
