import type { Migration } from 'kysely/migration';
import { ledger } from './0001-ledger.ts';

/** Every migration by its name, in the order in which they run (which is the order of the names). */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-ledger': ledger,
};
