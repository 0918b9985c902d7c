import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { UserError } from '../../src/domain/errors.ts';
import { migrations } from './migrations/index.ts';
import type { Tables } from './tables.ts';

/** Whose figures are wanted, and the database's address for people: without a password. */
export interface Ownership {
  readonly farm: string;
  readonly where: string;
}

/**
 * Brings the tables up to date and puts the farm's name on a database that has none yet.
 * @throws UserError where the database is another farm's or a newer Rigshift's; it is then left as it is.
 */
export async function prepareForServer(db: Kysely<Tables>, ownership: Ownership): Promise<void> {
  const applied = await appliedMigrations(db);
  refuseNewer(applied, ownership);
  if (applied.length > 0) await refuseOtherFarm(db, ownership);

  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;

  await db
    .insertInto('meta')
    .values({ name: 'farm', value: ownership.farm })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  // Two servers that open an empty PostgreSQL at once both come here; one of them wrote its name.
  await refuseOtherFarm(db, ownership);
}

/** `none`: no server has prepared it. `older`: one of an earlier version has. */
export type Schema = 'none' | 'older' | 'current';

/**
 * What a database holds. Writes nothing.
 * @throws UserError where it is another farm's or a newer Rigshift's.
 */
export async function schemaOf(db: Kysely<Tables>, ownership: Ownership): Promise<Schema> {
  const applied = await appliedMigrations(db);
  if (applied.length === 0) return 'none';
  refuseNewer(applied, ownership);
  await refuseOtherFarm(db, ownership);
  return applied.length === Object.keys(migrations).length ? 'current' : 'older';
}

/** To whoever only reads and finds an older one. */
export function olderSchema({ where }: Ownership): UserError {
  return new UserError(
    `The database ${where} was written by an older version of Rigshift`,
    'Start the server once: it brings the database up to date and keeps everything.',
  );
}

async function appliedMigrations(db: Kysely<Tables>): Promise<readonly string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === 'kysely_migration')) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  return rows.map(({ name }) => name);
}

function refuseNewer(applied: readonly string[], { where }: Ownership): void {
  const unknown = applied.filter((name) => !Object.hasOwn(migrations, name));
  if (unknown.length === 0) return;
  throw new UserError(
    `The database ${where} was written by a newer version of Rigshift (it has ${unknown.join(', ')})`,
    'Install that version again, or restore the database from before the update.',
  );
}

async function refuseOtherFarm(db: Kysely<Tables>, { farm, where }: Ownership): Promise<void> {
  const owner = await db.selectFrom('meta').select('value').where('name', '=', 'farm').executeTakeFirst();
  if (owner === undefined || owner.value === farm) return;
  throw new UserError(
    `The database ${where} belongs to the farm "${owner.value}", but the configuration names the farm "${farm}"`,
    `Point DATABASE_URL at the database of "${farm}", or set the farm's name back to "${owner.value}".`,
  );
}
