import { type Kysely, sql } from 'kysely';
import type { LedgerRange, ModelUse } from '../../src/ports/store.ts';
import type { Flavour } from './database.ts';
import type { Tables } from './tables.ts';

/** The entries of the JSON column `models`, one row each, in the words of each database. */
const entries = {
  sqlite: {
    from: sql`ledger, json_each(ledger.models) as entry`,
    model: sql<string>`json_extract(entry.value, '$.model')`,
    observed: sql`json_extract(entry.value, '$.observedSeconds')`,
    rented: sql`json_extract(entry.value, '$.rentedSeconds')`,
  },
  postgres: {
    from: sql`ledger, jsonb_array_elements(ledger.models::jsonb) as entry`,
    model: sql<string>`entry ->> 'model'`,
    observed: sql`(entry ->> 'observedSeconds')::double precision`,
    rented: sql`(entry ->> 'rentedSeconds')::double precision`,
  },
} as const satisfies Record<Flavour, unknown>;

/** Millions of entries: summed where they are, in the reader's own thread. */
export async function sumByModel(
  db: Kysely<Tables>,
  flavour: Flavour,
  range: Pick<LedgerRange, 'fromMs' | 'toMs'>,
): Promise<ModelUse[]> {
  const { from, model, observed, rented } = entries[flavour];
  const { rows } = await sql<{ model: string; observed: number; rented: number }>`
    select ${model} as model, sum(${observed}) as observed, sum(${rented}) as rented
    from ${from}
    where start_ms >= ${range.fromMs} and start_ms < ${range.toMs}
      and ${model} is not null and ${rented} is not null
    group by ${model}
  `.execute(db);
  return rows
    .map((row) => ({ model: row.model, observedSeconds: row.observed, rentedSeconds: row.rented }))
    .sort((a, b) => (a.model < b.model ? -1 : 1));
}
