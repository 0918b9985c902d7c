import type { LedgerBatch } from '../ledger.ts';

export function mergeBatches(batches: readonly LedgerBatch[]): LedgerBatch {
  return { rows: batches.flatMap(({ rows }) => rows), accounts: batches.flatMap(({ accounts }) => accounts) };
}
