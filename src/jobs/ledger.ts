import type { Farm } from '../domain/farm.ts';
import { ledgerTiming } from '../domain/ledger/timing.ts';
import type { StateTimes } from '../domain/metrics-settings.ts';
import { createDayBounds } from '../fleet/day-bounds.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { AggregateStore, LedgerStore } from '../ports/store.ts';
import { HistoryLedger, type Replay } from './ledger-history.ts';
import type { LedgerJob } from './ledger-job.ts';
import { ScrapeLedger } from './ledger-scrapes.ts';
import { type Sleep, systemSleep } from './time-limit.ts';

/** What may wait for a store that fails: twenty hours of 10,000 rigs. */
const MOST_PENDING_ROWS = 200_000;

export interface LedgerJobOptions {
  /**
   * An observer's for hours as they end and another's for the past, each with a memory of cards and names of its own; null
   * where the source keeps no history and live snapshots have to do.
   */
  readonly replay: { readonly live: Replay; readonly past: Replay } | null;
  readonly ledger: LedgerStore;
  readonly aggregates: Pick<AggregateStore, 'add'>;
  readonly farm: Farm;
  readonly clock: Clock;
  readonly log: Log;
  readonly intervalMs: number;
  readonly states: StateTimes;
  /** What the source is told may arrive so late; 0 where nobody says it. */
  readonly delayMs?: number;
  /** How far an empty ledger is filled from a source with history. */
  readonly backfillDays: number;
  readonly sleep?: Sleep;
  readonly mostPendingRows?: number;
}

export function createLedgerJob(options: LedgerJobOptions): LedgerJob {
  const { replay, sleep = systemSleep, mostPendingRows = MOST_PENDING_ROWS, states, delayMs = 0, ...rest } = options;
  const shared = {
    ...rest,
    timing: ledgerTiming(options.intervalMs, states, delayMs),
    dayAt: createDayBounds(options.farm.timezone),
  };
  return replay === null
    ? new ScrapeLedger({ ...shared, mostPendingRows })
    : new HistoryLedger({ ...shared, replay, sleep });
}

export type { LedgerJob } from './ledger-job.ts';
