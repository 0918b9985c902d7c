import { existsSync, realpathSync } from 'node:fs';
import { type Kysely, sql } from 'kysely';
import { UpstreamError, UserError } from '../../src/domain/errors.ts';
import { Calls } from './calls.ts';
import type { Database } from './database.ts';
import { isFileLocked } from './file-lock.ts';
import { fileObstacle } from './file-rights.ts';
import type { Obstacle } from './obstacle.ts';
import { postgresObstacle } from './postgres-rights.ts';
import { type Ownership, type Schema, schemaOf } from './prepare.ts';
import { openFileForReader, openMemory } from './sqlite.ts';
import { type PostgresAddress, parseStoreAddress } from './store-address.ts';
import type { Tables } from './tables.ts';

/** A store as a server would find it. */
export interface StoreInspection {
  readonly system: 'SQLite' | 'PostgreSQL';
  /** Without a password. */
  readonly address: string;
  readonly version: string | null;
  /** Of one small query; null where there is nothing to ask. */
  readonly latencyMs: number | null;
  /** Whether a server could write; null where nobody can say. */
  readonly writable: boolean | null;
  /** `none`: a server will prepare it. `older`: a server will bring it up to date. Null where nobody can say. */
  readonly schema: Schema | null;
  /** A server has the file open this moment; null where servers leave no sign, as in PostgreSQL. */
  readonly served: boolean | null;
  /** What keeps a server from working with it; null where nothing does. */
  readonly failure: string | null;
  readonly remedy: string | null;
}

type Findings = Omit<StoreInspection, 'system' | 'address'>;

/**
 * Asks what `check` shows. Writes and creates nothing, and does not mind a server at work.
 * @throws UserError where `url` is no address of a store.
 */
export async function inspectStore(url: string, farm: string, timeoutMs = 5_000): Promise<StoreInspection> {
  const address = parseStoreAddress(url);
  const ownership = { farm, where: address.where };
  const calls = new Calls(address.where, timeoutMs);
  const inspect = (): Promise<Findings> => {
    if (address.kind === 'memory') return inspectMemory(timeoutMs);
    if (address.kind === 'file') return inspectFile(address.path, ownership, timeoutMs);
    return inspectPostgres(address, ownership, timeoutMs);
  };
  const system = address.kind === 'postgres' ? 'PostgreSQL' : 'SQLite';
  const findings = await calls.run('inspect the database', inspect).catch(whatFailed);
  return { system, address: address.where, ...findings };
}

async function inspectMemory(timeoutMs: number): Promise<Findings> {
  const database = await openMemory(timeoutMs);
  return closing(database, async () => ({
    ...nothingFound,
    ...(await askSqlite(database.reader)),
    writable: true,
    schema: 'none',
    served: false,
  }));
}

async function inspectFile(path: string, ownership: Ownership, timeoutMs: number): Promise<Findings> {
  const file = existsSync(path) ? realpathSync(path) : path;
  const obstacle = fileObstacle(file);
  const database = await openFileForReader(file, Math.round(timeoutMs / 2));
  // Nothing to ask: the version is that of the library, and what was answered for the memory is no latency of the file.
  if (database === null) return { ...(await inspectMemory(timeoutMs)), latencyMs: null, ...writing(obstacle) };
  return closing(database, async () => ({
    ...(await askSqlite(database.reader)),
    served: isFileLocked(file),
    ...writing(obstacle),
    ...(await schemaFindings(database.reader, ownership)),
  }));
}

async function inspectPostgres(address: PostgresAddress, ownership: Ownership, timeoutMs: number): Promise<Findings> {
  const { openPostgres } = await import('./postgres.ts');
  const database = openPostgres(address, 'reader', timeoutMs);
  const { reader } = database;
  return closing(database, async () => {
    const { rows } = await sql<{ version: string }>`select current_setting('server_version') as version`.execute(
      reader,
    );
    const latencyMs = await latencyOf(reader);
    const found = await schemaFindings(reader, ownership);
    const obstacle = await postgresObstacle(reader, found.schema);
    return { version: rows[0]?.version ?? null, latencyMs, served: null, ...writing(obstacle), ...found };
  });
}

function writing(obstacle: Obstacle | null): Pick<Findings, 'writable' | 'failure' | 'remedy'> {
  return { writable: obstacle === null, failure: obstacle?.failure ?? null, remedy: obstacle?.remedy ?? null };
}

/** That the database is another farm's or a newer Rigshift's outweighs what else there is to say. */
async function schemaFindings(
  db: Kysely<Tables>,
  ownership: Ownership,
): Promise<Pick<Findings, 'schema'> & Partial<Findings>> {
  try {
    return { schema: await schemaOf(db, ownership) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { schema: null, failure: error.message, remedy: error.remedy };
  }
}

async function askSqlite(db: Kysely<Tables>): Promise<Pick<Findings, 'version' | 'latencyMs'>> {
  const { rows } = await sql<{ version: string }>`select sqlite_version() as version`.execute(db);
  return { version: rows[0]?.version ?? null, latencyMs: await latencyOf(db) };
}

/** Of a second query: the first one may connect. */
async function latencyOf(db: Kysely<Tables>): Promise<number> {
  const before = performance.now();
  await sql`select 1`.execute(db);
  return performance.now() - before;
}

const nothingFound: Findings = {
  version: null,
  latencyMs: null,
  writable: null,
  schema: null,
  served: null,
  failure: null,
  remedy: null,
};

/** A mistake of the program is thrown on. */
function whatFailed(error: unknown): Findings {
  if (error instanceof UserError) return { ...nothingFound, failure: error.message, remedy: error.remedy };
  if (error instanceof UpstreamError) return { ...nothingFound, failure: error.message };
  throw error;
}

async function closing<T>(database: Database, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw database.explain(error);
  } finally {
    await database.abandon();
  }
}
