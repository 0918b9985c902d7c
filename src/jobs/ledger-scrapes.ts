import type { Farm } from '../domain/farm.ts';
import { AggregateFold, type DayAt, type HourAggregate } from '../domain/ledger/aggregate-fold.ts';
import { mergeBatches } from '../domain/ledger/batch.ts';
import { Integrator } from '../domain/ledger/integrator.ts';
import type { LedgerTiming } from '../domain/ledger/timing.ts';
import type { LedgerBatch } from '../domain/ledger.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { zoneOffsetMinutes } from '../fleet/accounting-day.ts';
import { createBreather } from '../fleet/breather.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { AggregateStore, LedgerStore } from '../ports/store.ts';
import type { LedgerJob, LedgerStatus } from './ledger-job.ts';

const SAVE_EVERY_MS = 60_000;
/** Snapshots that wait to be added; more of them mean that adding takes longer than observing. */
const MOST_WAITING = 4;
/** A clock that was set back by less is waited for, so that no time counts twice. */
const LONGEST_WAIT_MS = 10 * 60_000;
/** Of rigs, in one transaction. */
const AGGREGATES_AT_ONCE = 500;

/**
 * The ledger of a farm without history: adds up the scrapes as they come. Closed periods and what is still open reach the
 * store in one transaction, so a kill loses the time since the last save and never counts any twice. Aggregates follow:
 * of those a kill loses the open hour, and one that is closed but not handed over.
 */
export class ScrapeLedger implements LedgerJob {
  readonly #ledger: LedgerStore;
  readonly #aggregates: Pick<AggregateStore, 'add'>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #mostPendingRows: number;
  readonly #integrator: Integrator;
  readonly #newFold: () => AggregateFold;
  #fold: AggregateFold;
  /** Calls to the integrator, one after the other. */
  #adding: Promise<void> = Promise.resolve();
  #waiting = 0;
  #saving: Promise<void> | null = null;
  #savedMs = Number.NEGATIVE_INFINITY;
  /** Closed but not yet in the store, oldest first. */
  #pending: LedgerBatch[] = [];
  #pendingAggregates: HourAggregate[] = [];
  #writtenUntilMs: number | null = null;
  #failure: string | null = null;
  #lostRows = 0;

  constructor(options: {
    readonly ledger: LedgerStore;
    readonly aggregates: Pick<AggregateStore, 'add'>;
    readonly farm: Farm;
    readonly clock: Clock;
    readonly log: Log;
    readonly timing: LedgerTiming;
    readonly dayAt: DayAt;
    readonly mostPendingRows: number;
  }) {
    const { timing, dayAt } = options;
    this.#ledger = options.ledger;
    this.#aggregates = options.aggregates;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#mostPendingRows = options.mostPendingRows;
    this.#integrator = new Integrator(options.farm, { timing, offsetMinutes: zoneOffsetMinutes });
    this.#newFold = () => new AggregateFold({ timing, dayAt });
    this.#fold = this.#newFold();
  }

  async start(): Promise<void> {
    const [open, newestStartMs] = await Promise.all([this.#ledger.loadOpen(), this.#ledger.newestStartMs()]);
    if (open === null) return;
    if (this.#integrator.restore(open, newestStartMs)) return;
    this.#log.warn({}, 'open periods were saved by another kind of ledger: this hour begins anew');
  }

  async accept(snapshot: Snapshot): Promise<void> {
    if (this.#waiting >= MOST_WAITING) {
      this.#log.error({ atMs: snapshot.atMs }, 'ledger too slow: a snapshot was left out');
      return;
    }
    this.#waiting += 1;
    try {
      await this.#exclusively(() => this.#add(snapshot));
    } finally {
      this.#waiting -= 1;
    }
    if (this.#saveDue()) this.#startSaving();
  }

  async tick(): Promise<void> {
    if (this.#saveDue()) await this.#startSaving();
  }

  async stop(): Promise<void> {
    await this.#saving;
    await this.#exclusively(async () => {
      this.#pendingAggregates.push(...(await this.#fold.takeAll(createBreather())));
    });
    await this.#startSaving();
  }

  status(): LedgerStatus {
    return { failure: this.#failure, pendingRows: countRows(this.#pending), lostRows: this.#lostRows };
  }

  writtenUntilMs(): number | null {
    return this.#writtenUntilMs;
  }

  async #add(snapshot: Snapshot): Promise<void> {
    const breathe = createBreather();
    const { atMs } = snapshot;
    const { newestMs } = this.#integrator;
    if (newestMs !== null && newestMs - atMs > LONGEST_WAIT_MS) {
      this.#log.error({ atMs, newestMs }, 'the clock ran ahead: the ledger goes on from now');
      this.#integrator.setBack(atMs);
      this.#fold = this.#newFold();
    }
    if (!(await this.#integrator.add(snapshot, breathe))) {
      this.#log.warn({ atMs, newestMs }, 'snapshot is older than the ledger: clock set back?');
      return;
    }
    await this.#fold.add(snapshot, breathe);
    this.#pendingAggregates.push(...(await this.#fold.takeClosed(breathe)));
    const closed = await this.#integrator.takeClosed(breathe);
    if (closed.rows.length + closed.accounts.length === 0) return;
    this.#pending.push(closed);
    this.#boundPending();
  }

  #boundPending(): void {
    while (this.#pending.length > 1 && countRows(this.#pending) > this.#mostPendingRows) {
      const lost = this.#pending.shift()?.rows.length ?? 0;
      this.#lostRows += lost;
      this.#log.error({ rows: lost }, 'store failed for too long: ledger rows are lost');
    }
    const overflow = this.#pendingAggregates.length - this.#mostPendingRows;
    if (overflow > 0) this.#pendingAggregates.splice(0, overflow);
  }

  #saveDue(): boolean {
    return this.#pending.length > 0 || this.#clock.now() - this.#savedMs >= SAVE_EVERY_MS;
  }

  #startSaving(): Promise<void> {
    this.#saving ??= this.#save().finally(() => {
      this.#saving = null;
    });
    return this.#saving;
  }

  async #save(): Promise<void> {
    try {
      const { batches, state, closedMs } = await this.#exclusively(async () => ({
        batches: [...this.#pending],
        state: await this.#integrator.state(createBreather()),
        closedMs: this.#integrator.closedMs,
      }));
      await this.#ledger.commitAndSaveOpen(mergeBatches(batches), state);
      this.#pending = this.#pending.filter((batch) => !batches.includes(batch));
      if (Number.isFinite(closedMs)) this.#writtenUntilMs = closedMs;
      this.#savedMs = this.#clock.now();
      await this.#saveAggregates();
      this.#failure = null;
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
      this.#log.error({ err: error, pendingRows: countRows(this.#pending) }, 'ledger not saved: tried again');
    }
  }

  async #saveAggregates(): Promise<void> {
    while (this.#pendingAggregates.length > 0) {
      const slice = this.#pendingAggregates.slice(0, AGGREGATES_AT_ONCE);
      await this.#aggregates.add(slice);
      // They are still the first unless there were too many meanwhile.
      if (this.#pendingAggregates[0] === slice[0]) this.#pendingAggregates.splice(0, slice.length);
    }
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#adding.then(work);
    this.#adding = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }
}

function countRows(batches: readonly LedgerBatch[]): number {
  return batches.reduce((sum, { rows, accounts }) => sum + rows.length + accounts.length, 0);
}
