import type { DayAt } from '../domain/ledger/aggregate-fold.ts';
import { DayRowFold } from '../domain/ledger/fold-day.ts';
import { hourOf } from '../domain/ledger/period.ts';
import type { LedgerRow } from '../domain/ledger.ts';
import type { LedgerSettings } from '../domain/ledger-settings.ts';
import { MS_PER_HOUR } from '../domain/quantities.ts';
import { createBreather } from '../fleet/breather.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';

const DAY_MS = 24 * MS_PER_HOUR;
/** Rows of one transaction. */
const AT_ONCE = 1_000;
/** Transactions of one run; the next minute goes on. */
const MOST_SLICES = 60;

type Day = ReturnType<DayAt>;

/**
 * Makes days of hours and forgets what is too old: hours only where their day was made, because days stay for ever. May end
 * between any two calls of the store: a day is made again as long as it is the newest, and what is there stays as it is.
 */
export class LedgerDays {
  readonly #store: Pick<Store, 'ledger' | 'aggregates' | 'changes'>;
  readonly #settings: LedgerSettings;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #dayAt: DayAt;
  readonly #writtenUntilMs: () => number | null;
  /** What is to be made of hours next; null before the first was made. */
  #next: Day | null = null;
  /** Hours before it are in a day, or there are none; null before the store was asked. */
  #madeUntilMs: number | null = null;
  #stopping = false;
  #running: Promise<void> | null = null;

  /** `dayAt`: the farm's accounting day. `writtenUntilMs`: of periods that ended by then, none is written any more. */
  constructor(options: {
    readonly store: Pick<Store, 'ledger' | 'aggregates' | 'changes'>;
    readonly settings: LedgerSettings;
    readonly clock: Clock;
    readonly log: Log;
    readonly dayAt: DayAt;
    readonly writtenUntilMs: () => number | null;
  }) {
    this.#store = options.store;
    this.#settings = options.settings;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#dayAt = options.dayAt;
    this.#writtenUntilMs = options.writtenUntilMs;
  }

  /** To be called every minute. What the store fails with is logged, and tried again. */
  async tick(): Promise<void> {
    this.#running ??= this.#work().finally(() => {
      this.#running = null;
    });
    await this.#running;
  }

  /** Ends after the call of the store that runs. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#running;
  }

  async #work(): Promise<void> {
    try {
      await this.#makeDays();
      await this.#forget();
    } catch (err) {
      this.#log.error({ err }, 'days of the ledger not made: tried again');
    }
  }

  async #makeDays(): Promise<void> {
    const writtenMs = this.#writtenUntilMs() ?? Number.NEGATIVE_INFINITY;
    // The clock ran ahead for a while, and days with it.
    if (this.#madeUntilMs !== null && writtenMs < this.#madeUntilMs) this.#next = null;
    // Until the first is made, an older hour may still come: the newest are read back from a server before the past.
    let day = this.#next ?? (await this.#firstDay());
    while (day !== null && !this.#stopping) {
      if (day.toMs > writtenMs) return;
      if (!(await this.#make(day))) return;
      this.#madeUntilMs = day.toMs;
      day = { fromMs: day.toMs, toMs: this.#dayAt(day.toMs).toMs };
      this.#next = day;
    }
  }

  /** The newest day that was made, because a part of it may be missing, else that of the oldest hour. */
  async #firstDay(): Promise<Day | null> {
    const { ledger } = this.#store;
    const newestMs = await ledger.newestDayMs();
    if (newestMs === null) {
      const oldestMs = await ledger.oldestStartMs();
      return oldestMs === null ? null : this.#dayAt(oldestMs);
    }
    this.#madeUntilMs = newestMs;
    const made = await ledger.days({ fromMs: newestMs, toMs: newestMs + 1 });
    const seconds = made.filter(({ startMs }) => startMs === newestMs).map((day) => day.seconds);
    // The farm's zone may have changed since: what was a day stays one, and the next begins where it ended.
    return { fromMs: newestMs, toMs: newestMs + Math.max(...seconds) * 1000 };
  }

  /** False where it has to end before. */
  async #make(day: Day): Promise<boolean> {
    const { ledger } = this.#store;
    const fold = new DayRowFold(day);
    const breathe = createBreather();
    for (let hourMs = hourOf(day.fromMs); hourMs < day.toMs; hourMs += MS_PER_HOUR) {
      if (this.#stopping) return false;
      for (const row of await ledger.rows({ fromMs: hourMs, toMs: hourMs + MS_PER_HOUR })) {
        fold.add(row);
        const pause = breathe();
        if (pause !== undefined) await pause;
      }
    }
    let inserted = 0;
    let rows: LedgerRow[] = [];
    const commit = async () => {
      inserted += (await ledger.commitDays(rows)).inserted;
      rows = [];
    };
    for (const row of fold.rows()) {
      rows.push(row);
      const pause = breathe();
      if (pause !== undefined) await pause;
      if (rows.length < AT_ONCE) continue;
      await commit();
      if (this.#stopping) return false;
    }
    if (rows.length > 0) await commit();
    if (inserted > 0) this.#log.info({ dayMs: day.fromMs, rows: inserted }, 'day of the ledger made of its hours');
    return true;
  }

  async #forget(): Promise<void> {
    const { ledger, aggregates, changes } = this.#store;
    const { hoursDays, aggregatesDays, changesDays } = this.#settings;
    const before = (days: number) => this.#dayAt(this.#clock.now() - days * DAY_MS).fromMs;
    if (this.#madeUntilMs !== null) {
      const hoursMs = Math.min(before(hoursDays), this.#madeUntilMs);
      await this.#inSlices('hours', (limit) => ledger.forgetHours(hoursMs, limit));
    }
    await this.#inSlices('aggregates', (limit) => aggregates.forget(before(aggregatesDays), limit));
    await this.#inSlices('changes', (limit) => changes.forget(before(changesDays), limit));
  }

  async #inSlices(what: string, forget: (limit: number) => Promise<number>): Promise<void> {
    let forgotten = 0;
    for (let slice = 0; slice < MOST_SLICES && !this.#stopping; slice += 1) {
      const count = await forget(AT_ONCE);
      forgotten += count;
      if (count < AT_ONCE) break;
    }
    if (forgotten > 0) this.#log.info({ what, forgotten }, 'what was too old is forgotten');
  }
}
