import type { Farm } from '../domain/farm.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { LedgerStore } from '../ports/store.ts';
import { HistoryLedger, type Replay } from './ledger-history.ts';
import type { LedgerJob } from './ledger-job.ts';
import { ScrapeLedger } from './ledger-scrapes.ts';
import { type Sleep, systemSleep } from './time-limit.ts';

/** What may wait for a store that fails: twenty hours of 10,000 rigs. */
const MOST_PENDING_ROWS = 200_000;

/** @param options.replay the observer's; null where the source keeps no history and live snapshots have to do. */
export function createLedgerJob(options: {
  readonly replay: Replay | null;
  readonly ledger: LedgerStore;
  readonly farm: Farm;
  readonly clock: Clock;
  readonly log: Log;
  readonly intervalMs: number;
  readonly sleep?: Sleep;
  readonly mostPendingRows?: number;
}): LedgerJob {
  const { replay, sleep = systemSleep, mostPendingRows = MOST_PENDING_ROWS, ...rest } = options;
  return replay === null
    ? new ScrapeLedger({ ...rest, mostPendingRows })
    : new HistoryLedger({ ...rest, replay, sleep });
}

export type { LedgerJob } from './ledger-job.ts';
