import { type Kysely, sql } from 'kysely';
import type { OpenStoreOptions, Store } from '../../src/ports/store.ts';
import { createAggregateStore } from './aggregate-store.ts';
import { createAuditStore } from './audit-store.ts';
import { Calls } from './calls.ts';
import { createCardStore } from './card-store.ts';
import { createChangeStore } from './change-store.ts';
import { createClaimStore } from './claim-store.ts';
import type { Database } from './database.ts';
import { createLedgerStore } from './ledger-store.ts';
import { createOutboxStore } from './outbox-store.ts';
import { olderSchema, prepareForServer, schemaOf } from './prepare.ts';
import { openFileForReader, openFileForServer, openMemory } from './sqlite.ts';
import { parseStoreAddress, type StoreAddress } from './store-address.ts';
import type { Tables } from './tables.ts';
import { createTargetStore } from './target-store.ts';

/**
 * @param timeoutMs how long each call may take, opening included.
 * @throws UserError where the address, the file, the farm or the version is not what it should be, or another server has
 * the file; UpstreamError where the database does not answer.
 */
export async function openStore(options: OpenStoreOptions, timeoutMs = 10_000): Promise<Store> {
  const address = parseStoreAddress(options.url);
  const calls = new Calls(address.where, timeoutMs);
  const database = await calls.run('open the database', async (signal) => {
    const opened = await openPrepared(address, options, timeoutMs);
    if (signal.aborted) await opened.abandon();
    return opened;
  });
  return createStore(database, calls);
}

function createStore(database: Database, calls: Calls): Store {
  const { reader, writer, sending } = database;
  let closing: Promise<void> | null = null;
  return {
    ledger: createLedgerStore(database, calls),
    outbox: createOutboxStore(sending, calls),
    claims: createClaimStore(sending, calls),
    audit: createAuditStore(sending, calls),
    aggregates: createAggregateStore(database, calls),
    cards: createCardStore(database, calls),
    targets: createTargetStore(database, calls),
    changes: createChangeStore(database, calls),
    ping: () =>
      calls.run('reach the database', async () => {
        await Promise.all([reader, writer, sending.reader].map((db) => (db === null ? null : ask(db))));
      }),
    close: () => {
      closing ??= calls.finish().then((finished) => (finished ? database.close() : database.abandon()));
      return closing;
    },
  };
}

async function ask(db: Kysely<Tables>): Promise<void> {
  await sql`select 1`.execute(db);
}

async function openPrepared(address: StoreAddress, options: OpenStoreOptions, timeoutMs: number): Promise<Database> {
  const { farm, mode } = options;
  const ownership = { farm, where: address.where };
  const database = await openDatabase(address, options, timeoutMs);
  if (database === null) return openEmpty(farm, timeoutMs);
  try {
    if (mode === 'server') {
      await prepareForServer(database.writer ?? database.reader, ownership);
      return database;
    }
    const schema = await schemaOf(database.reader, ownership);
    if (schema === 'current') return database;
    if (schema === 'older') throw olderSchema(ownership);
  } catch (error) {
    await database.abandon();
    throw database.explain(error);
  }
  await database.abandon();
  return openEmpty(farm, timeoutMs);
}

/** Null where there is nothing to read. */
async function openDatabase(
  address: StoreAddress,
  { mode }: OpenStoreOptions,
  timeoutMs: number,
): Promise<Database | null> {
  // Waiting for somebody else's lock ends before the call's own time does, and says why.
  const busyTimeoutMs = Math.round(timeoutMs / 2);
  if (address.kind === 'memory') return mode === 'server' ? openMemory(busyTimeoutMs) : null;
  if (address.kind === 'file' && mode === 'server') return openFileForServer(address.path, busyTimeoutMs);
  if (address.kind === 'file') return openFileForReader(address.path, busyTimeoutMs);
  // pg takes a while to load, and most farms have no PostgreSQL.
  const { openPostgres } = await import('./postgres.ts');
  return openPostgres(address, mode, timeoutMs);
}

/** Tables without rows, for reading. */
async function openEmpty(farm: string, timeoutMs: number): Promise<Database> {
  const database = await openMemory(timeoutMs);
  await prepareForServer(database.reader, { farm, where: 'memory' });
  return { ...database, writer: null, sending: { reader: database.reader, writer: null } };
}
