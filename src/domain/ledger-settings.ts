/** How long the ledger keeps what, in days. Days of rigs and payouts are kept for ever. */
export interface LedgerSettings {
  /** Hours of rigs; at least 35, because occupancy looks 30 days back. */
  readonly hoursDays: number;
  /** Daily aggregates for readiness. */
  readonly aggregatesDays: number;
  /** Changes of work states. */
  readonly changesDays: number;
  /** How far an empty ledger is filled from a source with history. */
  readonly backfillDays: number;
}
