import type { Snapshot } from '../domain/snapshot.ts';

export interface LedgerStatus {
  /** Why the last attempt failed, or null after a success. */
  readonly failure: string | null;
  /** Rows that have not reached the store yet. */
  readonly pendingRows: number;
  /** Rows given up since the start because the store failed for too long. */
  readonly lostRows: number;
}

/** Writes the ledger. Failures of store and metrics are logged and tried again; only `start` throws them. */
export interface LedgerJob {
  /** Goes on where the last process ended. To be awaited before anything else. */
  start(): Promise<void>;
  accept(snapshot: Snapshot): Promise<void>;
  /** To be called every minute. May return before what it started is done, so that it never delays an end. */
  tick(): Promise<void>;
  /** Ends what is running and saves what is open. */
  stop(): Promise<void>;
  status(): LedgerStatus;
  /** Of periods that ended by then, Unix ms, none will be written any more; null while that is not known. */
  writtenUntilMs(): number | null;
}
