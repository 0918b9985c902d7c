import { UpstreamError } from '../domain/errors.ts';
import type { Farm } from '../domain/farm.ts';
import { AggregateFold, type DayAt, type HourAggregate } from '../domain/ledger/aggregate-fold.ts';
import { Integrator } from '../domain/ledger/integrator.ts';
import { hourOf, MS_PER_QUARTER } from '../domain/ledger/period.ts';
import { type LedgerTiming, readAfterMs } from '../domain/ledger/timing.ts';
import type { LedgerBatch } from '../domain/ledger.ts';
import { MS_PER_HOUR } from '../domain/quantities.ts';
import { zoneOffsetMinutes } from '../fleet/accounting-day.ts';
import { createBreather } from '../fleet/breather.ts';
import type { Observer } from '../fleet/observe.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { AggregateStore, LedgerStore } from '../ports/store.ts';
import { afterHour, type HistoryCursor, leapTo, parseCursor, printCursor, writtenUntil } from './history-cursor.ts';
import type { LedgerJob, LedgerStatus } from './ledger-job.ts';
import { type Sleep, withinLimit } from './time-limit.ts';

export type Replay = NonNullable<Observer['replay']>;

/**
 * To read an hour of 1,000 rigs with 8 GPUs took 140 s of CPU, and ten times as many have to fit; what takes longer than an
 * hour would never catch up. The source limits each of its queries to far less.
 */
const REPLAY_LIMIT_MS = 50 * 60_000;
/** So long an hour that the server answers only in part is asked for again; then what there is has to do. */
const PARTIAL_FOR_MS = MS_PER_HOUR;
/** Whoever is further behind reads the newest day first: nobody waits for yesterday until last week is read. */
const FAR_BEHIND_MS = 12 * MS_PER_HOUR;
const DAY_MS = 24 * MS_PER_HOUR;
/** Of rigs, in one transaction. */
const AGGREGATES_AT_ONCE = 500;
/** Looked at once, before the first hour: which cards a rig has that was up at one of these is known while it is down. */
const LOOK_BACK_HOURS = [144, 72, 24, 6, 1, 0.25] as const;

/** Hours as they end, and hours of the past: each with an observer whose memory is as old as what it reads. */
type Strand = 'live' | 'past';

interface Options {
  readonly replay: Readonly<Record<Strand, Replay>>;
  readonly ledger: LedgerStore;
  readonly aggregates: Pick<AggregateStore, 'add'>;
  readonly farm: Farm;
  readonly clock: Clock;
  readonly log: Log;
  readonly intervalMs: number;
  readonly timing: LedgerTiming;
  readonly dayAt: DayAt;
  readonly backfillDays: number;
  readonly sleep: Sleep;
}

interface ReadHour {
  readonly batch: LedgerBatch;
  readonly aggregates: readonly HourAggregate[];
  readonly incomplete: boolean;
}

/**
 * The ledger of a farm whose source keeps history: each hour is read back once, after its end and a margin for late data,
 * in the order of time. Live snapshots are not used, so an outage of the bot leaves no hole. An empty ledger is filled from
 * the past, and so is a long outage: the day that is not over comes first, and what lies before it in between. Prices of
 * the past are today's, as configured; what a marketplace printed then is read with the rest.
 */
export class HistoryLedger implements LedgerJob {
  readonly #options: Options;
  readonly #marginMs: number;
  readonly #stopping = new AbortController();
  #cursor: HistoryCursor | null = null;
  /** Before an observer has read anything it looks back. */
  readonly #lookedBack: Record<Strand, boolean> = { live: false, past: false };
  #running: Promise<void> | null = null;
  #failure: string | null = null;

  constructor(options: Options) {
    this.#options = options;
    this.#marginMs = readAfterMs(options.timing);
  }

  async start(): Promise<void> {
    const { ledger } = this.#options;
    const [open, newestStartMs] = await Promise.all([ledger.loadOpen(), ledger.newestStartMs()]);
    const saved = open === null ? null : parseCursor(open);
    this.#cursor = this.#leap(saved ?? this.#firstCursor(newestStartMs));
    const text = printCursor(this.#cursor);
    if (open !== text) await ledger.saveOpen(text);
  }

  /** Snapshots say nothing that the history does not say better. */
  async accept(): Promise<void> {}

  async tick(): Promise<void> {
    this.#running ??= this.#catchUp().finally(() => {
      this.#running = null;
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  status(): LedgerStatus {
    return { failure: this.#failure, pendingRows: 0, lostRows: 0 };
  }

  writtenUntilMs(): number | null {
    return this.#cursor === null ? null : writtenUntil(this.#cursor);
  }

  /** Of a ledger that no cursor tells of: what another kind of it wrote stays as it is. */
  #firstCursor(newestStartMs: number | null): HistoryCursor {
    const { clock, backfillDays } = this.#options;
    // Where the newest period is a quarter, the rest of its hour may be missing; rows that are there stay as they are.
    const nextHourMs =
      newestStartMs === null ? hourOf(clock.now() - backfillDays * DAY_MS) : hourOf(newestStartMs + MS_PER_QUARTER);
    return { nextHourMs, past: [] };
  }

  /**
   * Aggregates are added in the order of time within a day: therefore the newest hours are those of a whole day of the farm,
   * and the past ends where it begins.
   */
  #leap(cursor: HistoryCursor): HistoryCursor {
    const { clock, dayAt } = this.#options;
    const nowMs = clock.now();
    if (nowMs - cursor.nextHourMs < FAR_BEHIND_MS) return cursor;
    return leapTo(cursor, hourOf(dayAt(nowMs).fromMs + MS_PER_HOUR - 1));
  }

  async #catchUp(): Promise<void> {
    while (this.#cursor !== null && !this.#stopping.signal.aborted) {
      this.#cursor = this.#leap(this.#cursor);
      const { nextHourMs, past } = this.#cursor;
      const isDue = this.#isThere(nextHourMs);
      const hourMs = isDue ? nextHourMs : past[0]?.fromMs;
      // Also what the cursor calls past may be to come: the clock may have run ahead for a while.
      if (hourMs === undefined || !this.#isThere(hourMs)) return;
      if (!(await this.#write(hourMs, isDue ? 'live' : 'past'))) return;
    }
  }

  /** Whether the hour is over, and all of it has reached the server. */
  #isThere(hourMs: number): boolean {
    return this.#options.clock.now() >= hourMs + MS_PER_HOUR + this.#marginMs;
  }

  /** False where the hour has to be tried again later. */
  async #write(hourMs: number, strand: Strand): Promise<boolean> {
    const { clock, log } = this.#options;
    try {
      if (!this.#lookedBack[strand]) await this.#lookBack(hourMs, strand);
      const hour = await this.#readHour(hourMs, strand);
      if (hour.incomplete && clock.now() - (hourMs + MS_PER_HOUR + this.#marginMs) < PARTIAL_FOR_MS) {
        // A server that has no data yet has none of any rig: of what is not there no part is missing.
        this.#failure = hour.batch.rows.length === 0 ? null : 'the metrics server answered only in part';
        log.warn({ hourMs }, 'hour read only in part: tried again');
        return false;
      }
      if (hour.incomplete && hour.batch.rows.length > 0) log.error({ hourMs }, 'hour written from a partial answer');
      await this.#commit(hourMs, hour);
      // From now on the observer's memory is newer than anything a look back would show.
      this.#lookedBack[strand] = true;
      this.#failure = null;
      return true;
    } catch (error) {
      if (this.#stopping.signal.aborted) return false;
      if (strand === 'past' && error instanceof UpstreamError && !error.retryable) return this.#leaveOut(hourMs, error);
      this.#failure = error instanceof Error ? error.message : String(error);
      log.error({ err: error, hourMs }, 'hour not written to the ledger: tried again');
      return false;
    }
  }

  /** Aggregates first, because they are added once however often they come: then the cursor moves with the rows. */
  async #commit(hourMs: number, { batch, aggregates }: ReadHour): Promise<void> {
    const { ledger, aggregates: store, log } = this.#options;
    for (let at = 0; at < aggregates.length; at += AGGREGATES_AT_ONCE) {
      await store.add(aggregates.slice(at, at + AGGREGATES_AT_ONCE));
    }
    const left = await this.#moveOn(hourMs, (text) => ledger.commitAndSaveOpen(batch, text));
    const progress = left === 0 ? {} : { hoursOfThePastLeft: left };
    log.info({ hourMs, rows: batch.rows.length, ...progress }, 'hour written to the ledger');
  }

  /** What the server refuses for good, because it lies too far back, must not keep what it has from being read. */
  async #leaveOut(hourMs: number, error: UpstreamError): Promise<boolean> {
    const { ledger, log } = this.#options;
    log.error({ err: error, hourMs }, 'hour of the past left out: the metrics server refuses it');
    await this.#moveOn(hourMs, (text) => ledger.saveOpen(text));
    return true;
  }

  /** Hours of the past that are left. */
  async #moveOn(hourMs: number, save: (text: string) => Promise<unknown>): Promise<number> {
    if (this.#cursor === null) throw new Error('the ledger has not begun');
    const cursor = afterHour(this.#cursor, hourMs);
    await save(printCursor(cursor));
    this.#cursor = cursor;
    return cursor.past.reduce((sum, { fromMs, toMs }) => sum + (toMs - fromMs) / MS_PER_HOUR, 0);
  }

  /**
   * Without it a rig that has been down since before the start would have no cards. Best effort: an instant that cannot be
   * read holds up no hour.
   */
  async #lookBack(hourMs: number, strand: Strand): Promise<void> {
    const { replay, intervalMs, sleep, log } = this.#options;
    const limit = { ms: REPLAY_LIMIT_MS, system: 'metrics', stopping: this.#stopping.signal, sleep };
    let failures = 0;
    await withinLimit(limit, async (signal) => {
      for (const hours of LOOK_BACK_HOURS) {
        const atMs = hourMs - hours * MS_PER_HOUR;
        try {
          await replay[strand]({ fromMs: atMs, toMs: atMs, stepMs: intervalMs }, () => undefined, signal);
        } catch (error) {
          signal.throwIfAborted();
          failures += 1;
          log.warn({ err: error, atMs }, 'not looked back: cards of rigs that are down may be missed');
        }
      }
    });
    this.#lookedBack[strand] = failures === 0;
  }

  async #readHour(hourMs: number, strand: Strand): Promise<ReadHour> {
    const { replay, farm, intervalMs, timing, dayAt, sleep } = this.#options;
    const integrator = new Integrator(farm, { timing, offsetMinutes: zoneOffsetMinutes });
    const fold = new AggregateFold({ timing, dayAt });
    const breathe = createBreather();
    const endMs = hourMs + MS_PER_HOUR;
    // Steps are the same multiples of the interval for every hour, so that neighbouring hours share their edges. Before it
    // and after it states need time to settle.
    const range = {
      fromMs: Math.floor((hourMs - timing.settleMs - timing.maxGapMs) / intervalMs) * intervalMs,
      toMs: Math.ceil((endMs + timing.settleMs) / intervalMs) * intervalMs,
      stepMs: intervalMs,
    };
    const limit = { ms: REPLAY_LIMIT_MS, system: 'metrics', stopping: this.#stopping.signal, sleep };
    const report = await withinLimit(limit, (signal) =>
      replay[strand](
        range,
        async (snapshot) => {
          await integrator.add(snapshot, breathe);
          await fold.add(snapshot, breathe);
        },
        signal,
      ),
    );
    const { rows, accounts } = await integrator.takeClosed(breathe);
    const aggregates = await fold.takeClosed(breathe);
    const inHour = ({ startMs }: { startMs: number }) => startMs >= hourMs && startMs < endMs;
    return {
      batch: { rows: rows.filter(inHour), accounts: accounts.filter(inHour) },
      aggregates: aggregates.filter(({ fromMs }) => fromMs >= hourMs && fromMs < endMs),
      incomplete: report.incomplete,
    };
  }
}
