import type { MeasuredOccupancies } from '../domain/economics/rental.ts';
import type { Farm } from '../domain/farm.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Clock } from '../ports/clock.ts';
import type { AuditStore, LedgerStore } from '../ports/store.ts';

/** What the questions may look at. */
export interface FleetContext {
  readonly farm: Farm;
  readonly clock: Clock;
  /** The newest snapshot, or null before the first observation. */
  snapshot(): Snapshot | null;
  readonly ledger: LedgerStore;
  readonly audit: Pick<AuditStore, 'list'>;
  /** What the ledger's last 30 days say of each model; empty until they were summed. */
  occupancies(): MeasuredOccupancies;
  /** The query an operator can run himself for these families of one instance; opaque text. */
  explain(families: readonly string[], instance: string): string;
}
