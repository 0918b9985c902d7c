import type { AccountRow, LedgerBatch, LedgerRow } from '../domain/ledger.ts';

export interface LedgerRange {
  /** Rows that start at or after `fromMs` and before `toMs`. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly rig?: string;
  readonly site?: string;
}

/** GPU-seconds of one model, over the rows of which it is known which cards were rented. */
export interface ModelUse {
  readonly model: string;
  /** Owned and observed: of the time that nobody saw it is unknown whether they were rented. */
  readonly observedSeconds: number;
  readonly rentedSeconds: number;
}

export interface LedgerStore {
  /**
   * Writes rows that are not there yet; a row that is there is left as it is. One transaction. `inserted` and `known`
   * count rows of rigs and of accounts together.
   */
  commit(batch: LedgerBatch): Promise<{ readonly inserted: number; readonly known: number }>;
  /** In the order of start, then rig. */
  rows(range: LedgerRange): Promise<readonly LedgerRow[]>;
  accounts(range: Pick<LedgerRange, 'fromMs' | 'toMs'>): Promise<readonly AccountRow[]>;
  /** Summed by the database, by model; rows of which it is unknown which cards were rented are left out. */
  modelUse(range: Pick<LedgerRange, 'fromMs' | 'toMs'>): Promise<readonly ModelUse[]>;
  /** Start of the newest committed period of a rig, Unix ms; null in an empty ledger. */
  newestStartMs(): Promise<number | null>;
  /**
   * Periods that are still open, as opaque JSON text, so that a crash loses no more than the time since the last call.
   * Replaces what was saved before. A commit may come with the next state of the open periods in one transaction.
   */
  saveOpen(state: string): Promise<void>;
  loadOpen(): Promise<string | null>;
  commitAndSaveOpen(batch: LedgerBatch, state: string): Promise<{ readonly inserted: number; readonly known: number }>;
}

export interface Store {
  readonly ledger: LedgerStore;
  /** @throws UpstreamError where the store does not answer. */
  ping(): Promise<void>;
  /** Waits for what is being written, then lets go. */
  close(): Promise<void>;
}

/** `server`: migrates, writes, and is the only one on a SQLite file. `reader`: never writes and never creates anything. */
export type StoreMode = 'server' | 'reader';

export interface OpenStoreOptions {
  /** `sqlite:PATH`, `sqlite::memory:` or `postgres://…`. */
  readonly url: string;
  readonly farm: string;
  readonly mode: StoreMode;
}
