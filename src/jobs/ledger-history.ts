import type { Farm } from '../domain/farm.ts';
import { Integrator } from '../domain/ledger/integrator.ts';
import { hourOf, MS_PER_QUARTER } from '../domain/ledger/period.ts';
import type { LedgerBatch } from '../domain/ledger.ts';
import { MS_PER_HOUR } from '../domain/quantities.ts';
import { zoneOffsetMinutes } from '../fleet/accounting-day.ts';
import { createBreather } from '../fleet/breather.ts';
import type { Observer } from '../fleet/observe.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { LedgerStore } from '../ports/store.ts';
import type { LedgerJob, LedgerStatus } from './ledger-job.ts';
import { type Sleep, withinLimit } from './time-limit.ts';

export type Replay = NonNullable<Observer['replay']>;

const LEAST_MARGIN_MS = 120_000;
/**
 * To read an hour of 1,000 rigs with 8 GPUs took 140 s of CPU, and ten times as many have to fit; what takes longer than an
 * hour would never catch up. The source limits each of its queries to far less.
 */
const REPLAY_LIMIT_MS = 50 * 60_000;
/** So long an hour that the server answers only in part is asked for again; then what there is has to do. */
const PARTIAL_FOR_MS = MS_PER_HOUR;
/** Looked at once, before the first hour: which cards a rig has that was up at one of these is known while it is down. */
const LOOK_BACK_HOURS = [144, 72, 24, 6, 1, 0.25] as const;

interface Options {
  readonly replay: Replay;
  readonly ledger: LedgerStore;
  readonly farm: Farm;
  readonly clock: Clock;
  readonly log: Log;
  readonly intervalMs: number;
  readonly sleep: Sleep;
}

/**
 * The ledger of a farm whose source keeps history: each hour is read back once, after its end and a margin for late data,
 * the oldest missing one first. Live snapshots are not used, so an outage of the bot leaves no hole.
 */
export class HistoryLedger implements LedgerJob {
  readonly #options: Options;
  readonly #marginMs: number;
  readonly #stopping = new AbortController();
  #nextHourMs: number | null = null;
  #lookedBack = false;
  #running: Promise<void> | null = null;
  #failure: string | null = null;

  constructor(options: Options) {
    this.#options = options;
    this.#marginMs = Math.max(LEAST_MARGIN_MS, 3 * options.intervalMs);
  }

  async start(): Promise<void> {
    const { ledger, clock } = this.#options;
    const [open, newestStartMs] = await Promise.all([ledger.loadOpen(), ledger.newestStartMs()]);
    // Where the newest period is a quarter, the rest of its hour may be missing; rows that are there stay as they are.
    const afterNewestMs = newestStartMs === null ? null : hourOf(newestStartMs + MS_PER_QUARTER);
    // Hours without any rig leave no row: the cursor knows that they are done.
    const cursorMs = open === null ? null : parseCursor(open);
    this.#nextHourMs =
      afterNewestMs === null && cursorMs === null ? hourOf(clock.now()) : Math.max(afterNewestMs ?? 0, cursorMs ?? 0);
    if (cursorMs !== this.#nextHourMs) await ledger.saveOpen(printCursor(this.#nextHourMs));
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

  async #catchUp(): Promise<void> {
    const { clock, log, ledger } = this.#options;
    while (this.#nextHourMs !== null && !this.#stopping.signal.aborted) {
      const hourMs = this.#nextHourMs;
      const overdueMs = clock.now() - (hourMs + MS_PER_HOUR + this.#marginMs);
      if (overdueMs < 0) return;
      try {
        if (!this.#lookedBack) await this.#lookBack(hourMs);
        const { batch, incomplete } = await this.#readHour(hourMs);
        if (incomplete && overdueMs < PARTIAL_FOR_MS) {
          this.#failure = 'the metrics server answered only in part';
          log.warn({ hourMs }, 'hour read only in part: tried again');
          return;
        }
        if (incomplete) log.error({ hourMs }, 'hour written from a partial answer');
        await ledger.commitAndSaveOpen(batch, printCursor(hourMs + MS_PER_HOUR));
        this.#nextHourMs = hourMs + MS_PER_HOUR;
        // From now on the observer's memory is newer than anything a look back would show.
        this.#lookedBack = true;
        this.#failure = null;
        log.info({ hourMs, rows: batch.rows.length }, 'hour written to the ledger');
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        this.#failure = error instanceof Error ? error.message : String(error);
        log.error({ err: error, hourMs }, 'hour not written to the ledger: tried again');
        return;
      }
    }
  }

  /**
   * Without it a rig that has been down since before the start would have no cards. Best effort: an instant that cannot be
   * read holds up no hour.
   */
  async #lookBack(hourMs: number): Promise<void> {
    const { replay, intervalMs, sleep, log } = this.#options;
    const limit = { ms: REPLAY_LIMIT_MS, system: 'metrics', stopping: this.#stopping.signal, sleep };
    let failures = 0;
    await withinLimit(limit, async (signal) => {
      for (const hours of LOOK_BACK_HOURS) {
        const atMs = hourMs - hours * MS_PER_HOUR;
        try {
          await replay({ fromMs: atMs, toMs: atMs, stepMs: intervalMs }, () => undefined, signal);
        } catch (error) {
          signal.throwIfAborted();
          failures += 1;
          log.warn({ err: error, atMs }, 'not looked back: cards of rigs that are down may be missed');
        }
      }
    });
    this.#lookedBack = failures === 0;
  }

  async #readHour(hourMs: number): Promise<{ batch: LedgerBatch; incomplete: boolean }> {
    const { replay, farm, intervalMs, sleep } = this.#options;
    const maxGapMs = 3 * intervalMs;
    const integrator = new Integrator(farm, { maxGapMs, offsetMinutes: zoneOffsetMinutes });
    const breathe = createBreather();
    const endMs = hourMs + MS_PER_HOUR;
    // Steps are the same multiples of the interval for every hour, so that neighbouring hours share their edges.
    const range = {
      fromMs: Math.floor((hourMs - maxGapMs) / intervalMs) * intervalMs,
      toMs: Math.ceil(endMs / intervalMs) * intervalMs,
      stepMs: intervalMs,
    };
    const limit = { ms: REPLAY_LIMIT_MS, system: 'metrics', stopping: this.#stopping.signal, sleep };
    const report = await withinLimit(limit, (signal) =>
      replay(
        range,
        async (snapshot) => {
          await integrator.add(snapshot, breathe);
        },
        signal,
      ),
    );
    const { rows, accounts } = await integrator.takeClosed(breathe);
    const inHour = ({ startMs }: { startMs: number }) => startMs >= hourMs && startMs < endMs;
    return { batch: { rows: rows.filter(inHour), accounts: accounts.filter(inHour) }, incomplete: report.incomplete };
  }
}

function printCursor(nextHourMs: number): string {
  return JSON.stringify({ kind: 'history', nextHourMs });
}

/** Null for what another kind of ledger saved. */
function parseCursor(text: string): number | null {
  const [, nextHourMs] = /^\{"kind":"history","nextHourMs":(\d+)\}$/.exec(text) ?? [];
  return nextHourMs === undefined ? null : Number(nextHourMs);
}
