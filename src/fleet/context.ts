import type { MeasuredOccupancies } from '../domain/economics/rental.ts';
import type { Farm } from '../domain/farm.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { StateChange } from '../domain/state-change.ts';
import type { Clock } from '../ports/clock.ts';
import type { AuditStore, LedgerStore } from '../ports/store.ts';

/** Since the newest snapshot no observation succeeded. */
export interface SourceFailure {
  /** Of the first failed observation, Unix ms. */
  readonly sinceMs: number;
  /** What the last one failed with. */
  readonly message: string;
}

/** What the questions may look at. */
export interface FleetContext {
  readonly farm: Farm;
  readonly clock: Clock;
  /** The newest snapshot, or null before the first observation. */
  snapshot(): Snapshot | null;
  /** Null where the source answers, or nobody asks it again. */
  sourceFailure?(): SourceFailure | null;
  readonly ledger: LedgerStore;
  /** An hour is in the ledger so long after its end; where nobody says it, the ledger's usual time. */
  readonly writtenAfterMs?: number;
  readonly audit: Pick<AuditStore, 'list'>;
  /** The last changes of states of a rig and its cards, the newest first. */
  changes(rig: string, limit: number): Promise<readonly StateChange[]>;
  /** What the ledger's last 30 days say of each model; empty until they were summed. */
  occupancies(): MeasuredOccupancies;
  /** The query an operator can run himself for these families of one instance; opaque text. */
  explain(families: readonly string[], instance: string): string;
}
