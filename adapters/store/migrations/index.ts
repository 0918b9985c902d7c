import type { Migration } from 'kysely/migration';
import { ledger } from './0001-ledger.ts';
import { sending } from './0002-sending.ts';
import { metrics } from './0003-metrics.ts';

/** Every migration by its name, in the order in which they run (which is the order of the names). */
export const migrations = {
  '0001-ledger': ledger,
  '0002-sending': sending,
  '0003-metrics': metrics,
} as const satisfies Readonly<Record<string, Migration>>;
