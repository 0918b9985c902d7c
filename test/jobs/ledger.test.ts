import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UpstreamError } from '../../src/domain/errors.ts';
import type { StateTimes } from '../../src/domain/metrics-settings.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { createLedgerJob, type LedgerJob } from '../../src/jobs/ledger.ts';
import type { Replay } from '../../src/jobs/ledger-history.ts';
import { FakeTime, settle } from '../support/fake-time.ts';
import { memoryAggregates } from '../support/memory-aggregates.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';
import { northCard, northFarm } from '../support/north-farm.ts';
import { recordingLog } from '../support/recording-log.ts';
import { rigOf } from '../support/rigs.ts';
import { snapshotOf } from '../support/snapshots.ts';

const STEP = 15_000;
const HOUR = 3_600_000;
const start = Date.UTC(2026, 10, 21, 10);
const everything = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };

function snapshotAt(atMs: number): Snapshot {
  const gpus = [northCard({ energyJoules: (atMs - start) / 10 })];
  return snapshotOf([rigOf(gpus), rigOf(gpus, { name: 'a2' })], {
    atMs,
    payouts: [{ platform: 'vast', instance: 'v:1', paidPlusPendingUsd: (atMs - start) / HOUR, sampledAtMs: atMs }],
  });
}

/** Everything is believed at once. */
const atOnce: StateTimes = { miningGapMs: 0, downAfterMs: 0 };

function setUp(
  options: {
    replay?: Replay;
    nowMs?: number;
    ledger?: MemoryLedger;
    mostPendingRows?: number;
    states?: StateTimes;
    backfillDays?: number;
  } = {},
) {
  const time = new FakeTime(options.nowMs ?? start);
  const ledger = options.ledger ?? new MemoryLedger();
  const aggregates = memoryAggregates();
  const log = recordingLog();
  const begin = async (): Promise<LedgerJob> => {
    const job = createLedgerJob({
      replay: options.replay === undefined ? null : { live: options.replay, past: options.replay },
      ledger,
      aggregates,
      states: options.states ?? atOnce,
      backfillDays: options.backfillDays ?? 0,
      farm: northFarm(),
      clock: time,
      log,
      intervalMs: STEP,
      sleep: time.sleep,
      ...(options.mostPendingRows === undefined ? {} : { mostPendingRows: options.mostPendingRows }),
    });
    await job.start();
    return job;
  };
  /** Feeds the steps after `fromMs` up to `toMs`. */
  const feed = async (job: LedgerJob, fromMs: number, toMs: number) => {
    for (let atMs = fromMs + STEP; atMs <= toMs; atMs += STEP) {
      time.jump(atMs);
      await job.accept(snapshotAt(atMs));
      await settle();
    }
  };
  return { time, ledger, aggregates, log, begin, feed };
}

async function rowsByStart(ledger: MemoryLedger): Promise<Map<number, number[]>> {
  const rows = await ledger.rows(everything);
  return Map.groupBy(rows, (row) => row.startMs)
    .entries()
    .reduce((starts, [startMs, found]) => {
      starts.set(
        startMs,
        found.map((row) => Math.round(row.observedSeconds)),
      );
      return starts;
    }, new Map<number, number[]>());
}

describe('with exporters', () => {
  test('writes each hour once, with its accounts', async () => {
    const { ledger, begin, feed } = setUp();
    const job = await begin();
    await feed(job, start - STEP, start + 2 * HOUR);
    await job.stop();
    expect(await rowsByStart(ledger)).toEqual(
      new Map([
        [start, [3600, 3600]],
        [start + HOUR, [3600, 3600]],
      ]),
    );
    expect(await ledger.accounts(everything)).toHaveLength(2);
    expect(ledger.known).toBe(0);
  });

  test('saves what is open once a minute', async () => {
    const { ledger, begin, feed } = setUp();
    const job = await begin();
    await feed(job, start - STEP, start + 600_000);
    expect(ledger.commits).toBe(11);
  });

  test('killed at any points, writes every period exactly once and loses a minute at most each time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: 479 }), { maxLength: 4 }), async (kills) => {
        const { ledger, begin, feed } = setUp();
        let job = await begin();
        let fedMs = start - STEP;
        for (const kill of kills.sort((a, b) => a - b)) {
          await feed(job, fedMs, start + kill * STEP);
          fedMs = start + kill * STEP;
          // No stop: what the process held is gone, what the store holds is not.
          job = await begin();
        }
        await feed(job, fedMs, start + 2 * HOUR);
        await job.stop();
        const rows = await ledger.rows(everything);
        expect(rows.map((row) => row.startMs)).toEqual([start, start, start + HOUR, start + HOUR]);
        expect(ledger.known).toBe(0);
        const observed = rows.reduce((sum, row) => sum + row.observedSeconds, 0);
        expect(observed).toBeLessThanOrEqual(4 * 3600 + 1e-6);
        expect(observed).toBeGreaterThanOrEqual(4 * 3600 - kills.length * 2 * 75);
        const joules = rows.reduce((sum, row) => sum + (row.cardJoules ?? 0), 0);
        expect(joules).toBeLessThanOrEqual(observed * 300 + 1e-3);
      }),
      { numRuns: 15 },
    );
  });

  test('a clean stop and a quick start lose nothing', async () => {
    const { ledger, begin, feed } = setUp();
    const first = await begin();
    await feed(first, start - STEP, start + (1_000 * STEP) / 10);
    await first.stop();
    const second = await begin();
    await feed(second, start + 100 * STEP, start + HOUR);
    await second.stop();
    expect(await rowsByStart(ledger)).toEqual(new Map([[start, [3600, 3600]]]));
  });

  test('keeps closed hours while the store fails, and writes them when it is back', async () => {
    const { ledger, begin, feed, log } = setUp();
    const job = await begin();
    await feed(job, start - STEP, start + HOUR / 2);
    ledger.failing = true;
    await feed(job, start + HOUR / 2, start + 2.5 * HOUR);
    expect(job.status()).toEqual({ failure: 'the disk is full', pendingRows: 6, lostRows: 0 });
    ledger.failing = false;
    await feed(job, start + 2.5 * HOUR, start + 3 * HOUR);
    expect((await rowsByStart(ledger)).size).toBe(3);
    expect(job.status()).toEqual({ failure: null, pendingRows: 0, lostRows: 0 });
    expect(log.lines).toContain('error: ledger not saved: tried again');
  });

  test('keeps an hour that closes while an earlier one is being written', async () => {
    const ledger = new MemoryLedger();
    const gate = Promise.withResolvers<void>();
    const commitAndSaveOpen = ledger.commitAndSaveOpen.bind(ledger);
    ledger.commitAndSaveOpen = async (batch, state) => {
      if (batch.rows.length > 0) await gate.promise;
      return commitAndSaveOpen(batch, state);
    };
    const { begin, feed } = setUp({ ledger });
    const job = await begin();
    await feed(job, start - STEP, start + 2 * HOUR);
    expect(job.status().pendingRows).toBe(6);
    gate.resolve();
    await job.stop();
    expect([...(await rowsByStart(ledger)).keys()]).toEqual([start, start + HOUR]);
    expect([ledger.known, job.status().pendingRows]).toEqual([0, 0]);
  });

  test('gives up the oldest hours, and says so, before memory is full', async () => {
    const { ledger, begin, feed } = setUp({ mostPendingRows: 6 });
    const job = await begin();
    ledger.failing = true;
    await feed(job, start - STEP, start + 3 * HOUR);
    ledger.failing = false;
    await job.stop();
    expect(job.status()).toMatchObject({ lostRows: 2, pendingRows: 0 });
    expect([...(await rowsByStart(ledger)).keys()]).toEqual([start + HOUR, start + 2 * HOUR]);
  });

  test('adds up aggregates and hands each hour over once, the last one when it stops', async () => {
    const { aggregates, begin, feed } = setUp();
    const job = await begin();
    await feed(job, start - STEP, start + 1.5 * HOUR);
    const seconds = async () =>
      (await aggregates.days({ ...everything, rig: 'a1' })).map(({ host }) => host.up?.seconds);
    expect(await seconds()).toEqual([3600]);
    await job.stop();
    expect(await seconds()).toEqual([5400]);
    const next = await begin();
    await feed(next, start + 1.5 * HOUR, start + 2 * HOUR);
    await next.stop();
    // Between its last sight and the first of the next process nobody looked.
    expect(await seconds()).toEqual([7200 - 15]);
  });

  test('says up to when it is written', async () => {
    const { ledger, begin, feed } = setUp({ states: { miningGapMs: 120_000, downAfterMs: 60_000 } });
    const job = await begin();
    expect(job.writtenUntilMs()).toBeNull();
    await feed(job, start - STEP, start + HOUR + 120_000 + 3 * STEP);
    expect(job.writtenUntilMs()).toBe(start + HOUR);
    expect((await ledger.rows(everything)).length).toBe(2);
  });

  test('goes on, and counts no time twice, after the clock ran ahead', async () => {
    const { ledger, begin, feed, log } = setUp();
    const job = await begin();
    await feed(job, start - STEP, start + HOUR / 2);
    await feed(job, start + 100 * HOUR, start + 102 * HOUR);
    await feed(job, start + HOUR / 2, start + 2 * HOUR);
    await job.stop();
    expect(log.lines).toContain('error: the clock ran ahead: the ledger goes on from now');
    const rows = await rowsByStart(ledger);
    expect(rows.get(start)).toEqual([1800, 1800]);
    expect(rows.get(start + HOUR)).toEqual([3600, 3600]);
    expect(Math.max(...[...rows.values()].flat())).toBeLessThanOrEqual(3600);
  });

  test('waits for a clock that was set back a little', async () => {
    const { ledger, begin, feed, log } = setUp();
    const job = await begin();
    await feed(job, start - STEP, start + HOUR / 2);
    await feed(job, start + HOUR / 2 - 300_000, start + HOUR);
    await job.stop();
    expect(log.lines).toContain('warn: snapshot is older than the ledger: clock set back?');
    expect(await rowsByStart(ledger)).toEqual(new Map([[start, [3600, 3600]]]));
  });

  test('begins anew where something else was saved', async () => {
    const { ledger, begin, feed, log } = setUp();
    await ledger.saveOpen('{"kind":"history","nextHourMs":1}');
    const job = await begin();
    await feed(job, start - STEP, start + HOUR);
    expect(log.lines).toContain('warn: open periods were saved by another kind of ledger: this hour begins anew');
    expect((await rowsByStart(ledger)).size).toBe(1);
  });
});

describe('with history', () => {
  function history(options: { fails?: number; forgetsBeforeMs?: number; incomplete?: () => boolean } = {}) {
    const asked: number[] = [];
    /** Single instants. */
    const lookedAt: number[] = [];
    let fails = options.fails ?? 0;
    const replay: Replay = async ({ fromMs, toMs, stepMs }, each) => {
      if (toMs < (options.forgetsBeforeMs ?? 0)) throw new UpstreamError('prometheus', 'too long ago');
      if (fromMs === toMs) {
        lookedAt.push(fromMs);
        return { atMs: toMs, samplesRead: 0, bytesRead: 0, warnings: [], incomplete: true };
      }
      asked.push(fromMs);
      if (fails > 0) {
        fails -= 1;
        throw new UpstreamError('prometheus', 'unavailable');
      }
      for (let atMs = fromMs; atMs <= toMs; atMs += stepMs) await each(snapshotAt(atMs));
      return { atMs: toMs, samplesRead: 1, bytesRead: 1, warnings: [], incomplete: options.incomplete?.() ?? false };
    };
    return { replay, asked, lookedAt };
  }

  /** A tick and all that it started. */
  async function done(job: LedgerJob): Promise<void> {
    await job.tick();
    for (let turn = 0; turn < 100; turn += 1) await settle();
  }

  test('reads an hour back after its end and a margin, from before its beginning', async () => {
    const { replay, asked } = history();
    const { time, ledger, begin } = setUp({ replay, nowMs: start + 1_200_000 });
    const job = await begin();
    time.jump(start + HOUR + 119_000);
    await done(job);
    expect(asked).toEqual([]);
    time.jump(start + HOUR + 120_000);
    await done(job);
    await done(job);
    expect(asked).toEqual([start - 3 * STEP]);
    expect(await rowsByStart(ledger)).toEqual(new Map([[start, [3600, 3600]]]));
    expect(await ledger.accounts(everything)).toEqual([
      expect.objectContaining({ startMs: start, firstAtMs: start, lastAtMs: start + HOUR - STEP }),
    ]);
  });

  test('looks back once, the oldest instant first, for the cards of rigs that are down', async () => {
    const { replay, lookedAt } = history();
    const { time, begin } = setUp({ replay });
    const job = await begin();
    time.jump(start + 2 * HOUR + 120_000);
    await done(job);
    expect(lookedAt.map((atMs) => (start - atMs) / HOUR)).toEqual([144, 72, 24, 6, 1, 0.25]);
  });

  test('writes its hours where the server cannot look back so far', async () => {
    const { replay, lookedAt } = history({ forgetsBeforeMs: start - 12 * HOUR });
    const { time, begin, ledger, log } = setUp({ replay });
    const job = await begin();
    time.jump(start + 2 * HOUR + 120_000);
    await done(job);
    expect(lookedAt.map((atMs) => (start - atMs) / HOUR)).toEqual([6, 1, 0.25]);
    expect(log.lines.filter((line) => line.startsWith('warn:'))).toHaveLength(3);
    expect([(await rowsByStart(ledger)).size, job.status().failure]).toEqual([2, null]);
  });

  test('catches up after an outage, the oldest hour first, from where the ledger ends', async () => {
    const { replay, asked } = history();
    const { time, ledger, begin } = setUp({ replay });
    const before = await begin();
    time.jump(start + HOUR + 120_000);
    await done(before);
    time.jump(start + 5.5 * HOUR);
    const job = await begin();
    await done(job);
    expect(asked.map((fromMs) => (fromMs + 3 * STEP - start) / HOUR)).toEqual([0, 1, 2, 3, 4]);
    expect((await rowsByStart(ledger)).size).toBe(5);
    expect(ledger.known).toBe(0);
  });

  test('a kill before the first hour is written does not lose it', async () => {
    const { replay } = history();
    const { time, ledger, begin } = setUp({ replay, nowMs: start + 3_000_000 });
    await begin();
    time.jump(start + HOUR + 300_000);
    const job = await begin();
    await done(job);
    expect([...(await rowsByStart(ledger)).keys()]).toEqual([start]);
  });

  test('tries a failed hour again', async () => {
    const { replay, asked } = history({ fails: 2 });
    const { time, ledger, begin } = setUp({ replay });
    const job = await begin();
    time.jump(start + HOUR + 120_000);
    await done(job);
    expect(job.status().failure).toBe('unavailable');
    await done(job);
    await done(job);
    expect(asked).toHaveLength(3);
    expect(job.status().failure).toBeNull();
    expect((await rowsByStart(ledger)).size).toBe(1);
  });

  test('does not fix a partial answer before it had an hour to become whole', async () => {
    const { replay } = history({ incomplete: () => true });
    const { time, ledger, begin, log } = setUp({ replay });
    const job = await begin();
    time.jump(start + HOUR + 120_000);
    await done(job);
    expect((await rowsByStart(ledger)).size).toBe(0);
    time.jump(start + 2 * HOUR + 120_000);
    await done(job);
    expect((await rowsByStart(ledger)).size).toBe(1);
    expect(log.lines).toContain('error: hour written from a partial answer');
  });

  describe('on an empty ledger', () => {
    /** Midnight in Toronto is at 5:00 UTC: the day that is not over has five hours at 10:00. */
    const days = 2;
    const nowMs = start + 180_000;
    const hours = (askedMs: readonly number[]) => askedMs.map((fromMs) => (fromMs + 3 * STEP - start) / HOUR);
    const back = Array.from({ length: 43 }, (_, index) => index - 48);

    test('reads the day that is not over first, then the past from its beginning', async () => {
      const { replay, asked } = history();
      const { ledger, begin, log } = setUp({ replay, nowMs, backfillDays: days });
      const job = await begin();
      expect(job.writtenUntilMs()).toBe(start - days * 24 * HOUR);
      await done(job);
      expect(hours(asked)).toEqual([-5, -4, -3, -2, -1, ...back]);
      expect(job.writtenUntilMs()).toBe(start);
      expect((await rowsByStart(ledger)).size).toBe(48);
      expect(log.lines.filter((line) => line === 'info: hour written to the ledger')).toHaveLength(48);
    });

    test('lets no hour that ends meanwhile wait for the past', async () => {
      const { replay, asked } = history();
      const passing: { time?: FakeTime } = {};
      const slow: Replay = async (range, each, signal) => {
        if (asked.length === 9) passing.time?.jump(nowMs + HOUR);
        return replay(range, each, signal);
      };
      const { time, begin } = setUp({ replay: slow, nowMs, backfillDays: days });
      passing.time = time;
      await done(await begin());
      expect(hours(asked).slice(5, 12)).toEqual([-48, -47, -46, -45, -44, 0, -43]);
    });

    test('goes on where it was after any deaths, writes each hour once and adds each aggregate once', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 4 }), async (lives) => {
          const { replay } = history();
          let left = Number.POSITIVE_INFINITY;
          const mortal: Replay = async (range, each, signal) => {
            left -= 1;
            if (left < 0) throw new Error('the process is dead');
            return replay(range, each, signal);
          };
          const { ledger, aggregates, begin } = setUp({ replay: mortal, nowMs, backfillDays: 1 });
          for (const calls of lives) {
            left = calls;
            await done(await begin());
          }
          left = Number.POSITIVE_INFINITY;
          await done(await begin());
          const rows = await rowsByStart(ledger);
          expect([...rows.keys()].sort()).toEqual(
            Array.from({ length: 24 }, (_, index) => start - (24 - index) * HOUR),
          );
          expect(ledger.known).toBe(0);
          const days = await aggregates.days({ ...everything, rig: 'a1' });
          expect(days.map(({ host }) => Math.round(host.up?.seconds ?? 0))).toEqual([19 * 3600, 5 * 3600]);
        }),
        { numRuns: 8 },
      );
    });

    test('leaves out what the server refuses for good, and takes what it has', async () => {
      const { replay } = history();
      const short: Replay = async (range, each, signal) => {
        if (range.fromMs !== range.toMs && range.fromMs < start - 30 * HOUR) {
          throw new UpstreamError('prometheus', 'beyond the retention', { retryable: false });
        }
        return replay(range, each, signal);
      };
      const { ledger, begin, log } = setUp({ replay: short, nowMs, backfillDays: days });
      const job = await begin();
      await done(job);
      // The hour 30 hours ago reaches into what is refused.
      expect(Math.min(...(await rowsByStart(ledger)).keys())).toBe(start - 29 * HOUR);
      expect(log.lines).toContain('error: hour of the past left out: the metrics server refuses it');
      expect([job.status().failure, job.writtenUntilMs()]).toEqual([null, start]);
    });

    test('has no rows of hours before the first rig was seen', async () => {
      const empty: Replay = async ({ fromMs, toMs, stepMs }, each) => {
        for (let atMs = fromMs; atMs <= toMs; atMs += stepMs) {
          await each(atMs < start - 20 * HOUR ? snapshotOf([], { atMs }) : snapshotAt(atMs));
        }
        return { atMs: toMs, samplesRead: 1, bytesRead: 1, warnings: [], incomplete: false };
      };
      const { ledger, begin } = setUp({ replay: empty, nowMs, backfillDays: days });
      await done(await begin());
      expect((await rowsByStart(ledger)).size).toBe(20);
    });
  });

  test('after an outage of days reads the newest day first', async () => {
    const { replay, asked } = history();
    const { time, begin, ledger } = setUp({ replay });
    const before = await begin();
    time.jump(start + HOUR + 120_000);
    await done(before);
    time.jump(start + 48 * HOUR + 120_000);
    await done(await begin());
    const hours = asked.slice(1).map((fromMs) => (fromMs + 3 * STEP - start) / HOUR);
    expect(hours.slice(0, 6)).toEqual([43, 44, 45, 46, 47, 1]);
    expect([(await rowsByStart(ledger)).size, ledger.known]).toEqual([48, 0]);
  });

  test('loses no hour that was still to come while the clock ran ahead', async () => {
    const { replay, asked } = history();
    const { time, begin, ledger } = setUp({ replay });
    await (await begin()).stop();
    time.jump(start + 40 * 24 * HOUR);
    await (await begin()).stop();
    time.jump(start);
    const job = await begin();
    await done(job);
    expect(asked).toEqual([]);
    for (const hours of [1, 2]) {
      time.jump(start + hours * HOUR + 120_000);
      await done(job);
    }
    expect([...(await rowsByStart(ledger)).keys()]).toEqual([start, start + HOUR]);
  });

  test('reads from before its hour to after it, so that states can settle', async () => {
    const { replay, asked } = history();
    const states = { miningGapMs: 120_000, downAfterMs: 60_000 };
    const settleMs = 120_000 + 3 * STEP;
    const { time, begin, ledger } = setUp({ replay, states });
    const job = await begin();
    time.jump(start + HOUR + settleMs + 119_000);
    await done(job);
    expect(asked).toEqual([]);
    time.jump(start + HOUR + settleMs + 120_000);
    await done(job);
    expect(asked).toEqual([start - settleMs - 3 * STEP]);
    expect(await rowsByStart(ledger)).toEqual(new Map([[start, [3600, 3600]]]));
  });

  test('stop aborts what is being read', async () => {
    let aborted = false;
    const replay: Replay = (_range, _each, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          reject(signal.reason);
        });
      });
    const { time, ledger, begin } = setUp({ replay });
    const job = await begin();
    time.jump(start + HOUR + 120_000);
    await done(job);
    await job.stop();
    expect([aborted, await ledger.newestStartMs(), job.status().failure]).toEqual([true, null, null]);
  });

  test.each([
    ['at once', atOnce],
    ['after two minutes', { miningGapMs: 120_000, downAfterMs: 120_000 }],
  ])('agrees with what scrapes would have written, where states are believed %s', async (_name, states) => {
    const { replay } = history();
    const lateMs = start + HOUR + 600_000;
    const read = setUp({ replay, states });
    const reading = await read.begin();
    read.time.jump(lateMs);
    await done(reading);
    const scraped = setUp({ states });
    const scraping = await scraped.begin();
    await scraped.feed(scraping, start - 4 * STEP, lateMs);
    const [live, back] = await Promise.all(
      [scraped.ledger, read.ledger].map((ledger) => ledger.rows({ fromMs: start, toMs: start + HOUR })),
    );
    expect(back).toHaveLength(2);
    expect(back).toEqual(live);
    const [readDay] = await read.aggregates.days(everything);
    const [scrapedDay] = await scraped.aggregates.days(everything);
    expect(readDay?.host.up).toMatchObject({ seconds: 3600, beyond: [3600] });
    // The scrapes began a little before the hour.
    expect(scrapedDay?.host.up?.seconds).toBe(3600 + 3 * 15);
  });
});
