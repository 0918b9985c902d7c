import type { AuditEntry, AuditTrail } from '../chat/audit.ts';
import type { SendPriority } from '../chat/send-queue.ts';
import type { RigDayAggregate } from '../domain/aggregates.ts';
import type { KnownCard } from '../domain/known-card.ts';
import type { KnownTarget } from '../domain/known-target.ts';
import type { AccountRow, LedgerBatch, LedgerRow } from '../domain/ledger.ts';
import type { StateChange } from '../domain/state-change.ts';

export type { AuditEntry } from '../chat/audit.ts';

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
  /**
   * Days that are folded from hours, kept for ever; of each rig those that overlap the range, in the order of start, then
   * rig.
   */
  days(range: LedgerRange): Promise<readonly LedgerRow[]>;
  /** Writes days that are not there yet; a day that is there is left as it is. One transaction. */
  commitDays(days: readonly LedgerRow[]): Promise<{ readonly inserted: number; readonly known: number }>;
  /** Start of the newest day, Unix ms; null before the first. */
  newestDayMs(): Promise<number | null>;
  /** Start of the oldest period that `rows` still gives, Unix ms; null in an empty ledger. */
  oldestStartMs(): Promise<number | null>;
  /** Deletes periods of rigs that start before; at most `limit` at a time. Returns how many. Payouts stay. */
  forgetHours(beforeMs: number, limit: number): Promise<number>;
}

/** Daily aggregates for readiness windows. */
export interface AggregateStore {
  /**
   * Adds an hour to the days it falls into, each by `merge` of what is there and what comes. An aggregate whose `fromMs`
   * lies before the `untilMs` of what is there was added before: it is left out. Each rig's is added whole or not at all,
   * some hundred of them in one transaction; what broke off half-way is completed by adding the same again.
   */
  add(aggregates: readonly (RigDayAggregate & { readonly fromMs: number })[]): Promise<void>;
  /** In the order of day, then rig. Of more than a day ask rig by rig: a month of 10,000 rigs is gigabytes at once. */
  days(range: {
    readonly fromMs: number;
    readonly toMs: number;
    readonly rig?: string;
  }): Promise<readonly RigDayAggregate[]>;
  /** Deletes days that start before; at most `limit` at a time. Returns how many. */
  forget(beforeMs: number, limit: number): Promise<number>;
}

/** What was seen of the fleet, so that what disappears is missed also after a restart. */
export interface CardStore {
  all(): Promise<readonly KnownCard[]>;
  /** Writes or replaces by rig and key. One transaction. */
  save(cards: readonly KnownCard[]): Promise<void>;
  remove(cards: readonly Pick<KnownCard, 'rig' | 'key'>[]): Promise<void>;
}

/** Which targets there were, and which rigs they are or speak of, so that a rig that is down keeps its name after a restart. */
export interface TargetStore {
  /** In the order of their keys. */
  all(): Promise<readonly KnownTarget[]>;
  /** Writes or replaces by key. One transaction. */
  save(targets: readonly KnownTarget[]): Promise<void>;
  remove(keys: readonly string[]): Promise<void>;
}

/** Changes of work states, each kept. */
export interface StateChangeStore {
  /** A change that is there already (rig, card and time) is left as it is. */
  add(changes: readonly StateChange[]): Promise<void>;
  /** The newest first. */
  list(query: {
    readonly rig?: string;
    readonly fromMs?: number;
    readonly toMs?: number;
    readonly limit: number;
  }): Promise<readonly StateChange[]>;
  /** Deletes changes before; at most `limit` at a time. Returns how many. */
  forget(beforeMs: number, limit: number): Promise<number>;
}

/** Something to be posted; `payload` is the post as opaque JSON text. */
export interface NewOutboxEntry {
  /** Names the post for ever; at most 40 of [a-z0-9-]. */
  readonly key: string;
  readonly platform: string;
  readonly channel: string;
  readonly priority: SendPriority;
  readonly payload: string;
  /** Unix ms. */
  readonly createdMs: number;
  /** Not to be sent before, Unix ms. */
  readonly notBeforeMs: number;
}

/**
 * `waiting` → `sending` (written before each attempt) → `sent`, back to `waiting` for another attempt, `failed` (refused
 * for good) or `unsure` (it may stand there, nobody can look, and saying it twice would be worse than asking).
 */
export type OutboxState = 'waiting' | 'sending' | 'sent' | 'failed' | 'unsure';

export interface OutboxEntry extends NewOutboxEntry {
  readonly state: OutboxState;
  readonly attempts: number;
  /** When it last became `sending`, Unix ms; null before the first attempt. */
  readonly sendingMs: number | null;
  /** When it became `sent`, `failed` or `unsure`, Unix ms. */
  readonly endedMs: number | null;
  /** What the platform gave for the message; opaque JSON text. */
  readonly receipt: string | null;
  /** What the last attempt failed with. */
  readonly error: string | null;
}

/** What must arrive. Every change is on the disk before its promise settles. */
export interface OutboxStore {
  /** False where an entry with this key is there already: it is left as it is. */
  add(entry: NewOutboxEntry): Promise<boolean>;
  /** Waiting entries that may be sent now: pages, replies, digests, edits; the oldest first within each. */
  due(nowMs: number, limit: number): Promise<readonly OutboxEntry[]>;
  /** When the next waiting entry may be sent, Unix ms, or null where none waits. */
  nextDueMs(): Promise<number | null>;
  /** `waiting` → `sending`, counting an attempt. False where it was not waiting any more: somebody else sends it. */
  begin(key: string, nowMs: number): Promise<boolean>;
  /** `sending` → another state. False where it was not `sending`. */
  end(key: string, result: OutboxResult): Promise<boolean>;
  entry(key: string): Promise<OutboxEntry | null>;
  /** In the order of their creation. */
  inState(state: OutboxState, limit: number): Promise<readonly OutboxEntry[]>;
  /** Deletes what ended before; at most `limit` at a time. Returns how many. */
  forget(endedBeforeMs: number, limit: number): Promise<number>;
}

export type OutboxResult =
  | { readonly state: 'sent'; readonly receipt: string; readonly atMs: number }
  | { readonly state: 'waiting'; readonly notBeforeMs: number; readonly error: string }
  | { readonly state: 'failed' | 'unsure'; readonly error: string; readonly atMs: number };

/** One row, one winner: whoever claims a key first may do what it names. */
export interface ClaimStore {
  /** True for the first caller of all that ever share this store. */
  claim(key: string, nowMs: number): Promise<boolean>;
  /** Deletes claims made before; at most `limit` at a time. Returns how many. */
  forget(claimedBeforeMs: number, limit: number): Promise<number>;
}

export interface AuditQuery {
  readonly limit: number;
  /** Entries before this one in time, for pages; Unix ms. */
  readonly beforeMs?: number;
  readonly userId?: string;
  readonly command?: string;
}

export interface AuditStore extends AuditTrail {
  /** The newest first. */
  list(query: AuditQuery): Promise<readonly AuditEntry[]>;
}

export interface Store {
  readonly ledger: LedgerStore;
  readonly outbox: OutboxStore;
  readonly claims: ClaimStore;
  readonly audit: AuditStore;
  readonly aggregates: AggregateStore;
  readonly cards: CardStore;
  readonly targets: TargetStore;
  readonly changes: StateChangeStore;
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
