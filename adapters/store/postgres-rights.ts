import { type Kysely, sql } from 'kysely';
import type { Obstacle } from './obstacle.ts';
import type { Schema } from './prepare.ts';
import type { Tables } from './tables.ts';

/** Every table that a server writes. */
const tables = [
  'ledger',
  'ledger_days',
  'accounts',
  'open_periods',
  'aggregates',
  'known_cards',
  'known_targets',
  'state_changes',
  'outbox',
  'claims',
  'audit',
  'meta',
] as const satisfies readonly (keyof Tables)[];

interface Rights {
  readonly standby: boolean;
  readonly read_only: boolean;
  readonly schema: string | null;
  readonly may_create: boolean | null;
}

/**
 * What keeps this user from serving a database with such a schema, or null. Asks what the catalogue says of his rights
 * and tries nothing (postgresql.org/docs/current/functions-info.html, "Access Privilege Inquiry Functions").
 */
export async function postgresObstacle(db: Kysely<Tables>, schema: Schema | null): Promise<Obstacle | null> {
  // Our own connection was made read-only: what it would be without that is the setting's reset_val.
  const { rows } = await sql<Rights>`
    select pg_is_in_recovery() as standby,
      (select reset_val = 'on' from pg_settings where name = 'default_transaction_read_only') as read_only,
      current_schema() as schema,
      has_schema_privilege(current_schema(), 'create') as may_create
  `.execute(db);
  const rights = rows[0];
  if (rights === undefined || rights.standby) {
    return obstacle('It is a standby, which takes no writes', 'Name the primary server in DATABASE_URL.');
  }
  if (rights.read_only) {
    return obstacle(
      'Its transactions are read-only (default_transaction_read_only is on)',
      'Turn the setting off for this user and database.',
    );
  }
  if (schema !== 'current' && rights.may_create !== true) {
    return obstacle(
      `The user may not create tables${rights.schema === null ? ': there is no schema' : ` in the schema ${rights.schema}`}`,
      'Grant the user CREATE on the schema.',
    );
  }
  if (schema === 'older' && !(await ownsLedger(db))) {
    return obstacle(
      'The tables belong to another user, so they cannot be brought up to date',
      'Connect as their owner in DATABASE_URL.',
    );
  }
  const refused = schema === 'current' ? await refusedTables(db) : [];
  if (refused.length === 0) return null;
  return obstacle(
    `The user may not write to ${refused.join(', ')}`,
    'Grant the user SELECT, INSERT, UPDATE and DELETE on these tables.',
  );
}

async function ownsLedger(db: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql<{ owns: boolean }>`
    select pg_has_role(relowner, 'usage') as owns from pg_class where oid = 'ledger'::regclass
  `.execute(db);
  return rows[0]?.owns === true;
}

async function refusedTables(db: Kysely<Tables>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name
    from unnest(array[${sql.join(tables.map((table) => sql.val(table)))}]::text[]) as name
    where not (
      has_table_privilege(name, 'select') and has_table_privilege(name, 'insert')
      and has_table_privilege(name, 'update') and has_table_privilege(name, 'delete')
    )
  `.execute(db);
  return rows.map(({ name }) => name);
}

function obstacle(failure: string, remedy: string): Obstacle {
  return { failure, remedy };
}
