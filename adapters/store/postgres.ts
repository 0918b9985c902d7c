import { CompiledQuery, Kysely, PostgresDialect } from 'kysely';
import { DatabaseError, Pool, type PoolConfig, types } from 'pg';
import { UserError } from '../../src/domain/errors.ts';
import type { StoreMode } from '../../src/ports/store.ts';
import type { Database } from './database.ts';
import type { PostgresAddress } from './store-address.ts';
import type { Tables } from './tables.ts';

/** A server that cannot be reached is reported within 5 s. */
const connectTimeoutMs = 4_500;
const maxReadingConnections = 4;
const maxSendingConnections = 2;

/**
 * Connects when it is first asked something. One connection writes the ledger, so that its writes stay in the order of the
 * calls; others send, which therefore never waits for the ledger.
 */
export function openPostgres({ url, where }: PostgresAddress, mode: StoreMode, timeoutMs: number): Database {
  const explain = (error: unknown) => explainRefusal(where, error);
  const reading = openPool(url, maxReadingConnections, timeoutMs);
  const reader = new Kysely<Tables>({
    dialect: new PostgresDialect({
      pool: reading,
      onCreateConnection: async (connection) => {
        await connection.executeQuery(CompiledQuery.raw('set default_transaction_read_only = on'));
      },
    }),
  });
  if (mode === 'reader')
    return {
      flavour: 'postgres',
      reader,
      writer: null,
      sending: { reader, writer: null },
      explain,
      close: () => reading.end(),
      abandon: () => reading.end(),
    };

  const writing = openPool(url, 1, timeoutMs);
  const sending = openPool(url, maxSendingConnections, timeoutMs);
  const close = async () => {
    await Promise.all([reading.end(), writing.end(), sending.end()]);
  };
  const writer = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: writing }) });
  const sender = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: sending }) });
  return {
    flavour: 'postgres',
    reader,
    writer,
    sending: { reader: sender, writer: sender },
    explain,
    close,
    abandon: close,
  };
}

function openPool(url: string, max: number, timeoutMs: number): Pool {
  const pool = new Pool({
    connectionString: url,
    max,
    application_name: 'rigshift',
    connectionTimeoutMillis: Math.min(connectTimeoutMs, timeoutMs),
    // The server stops a statement that nobody waits for any more; the client gives up on a server that went silent.
    statement_timeout: timeoutMs,
    query_timeout: timeoutMs,
    idle_in_transaction_session_timeout: timeoutMs,
    types: numericTypes,
  });
  // An idle connection that breaks is replaced at the next call, which says so if it cannot be.
  pool.on('error', () => {});
  return pool;
}

/** bigint as a number: all of ours are times. Set here and not in pg's own table, which everybody in the process shares. */
const numericTypes: NonNullable<PoolConfig['types']> = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format),
};

function explainRefusal(where: string, error: unknown): unknown {
  if (!(error instanceof DatabaseError) || error.code === undefined) return error;
  const invalidAuthorisation = error.code.startsWith('28');
  const noSuchDatabase = error.code === '3D000';
  if (!invalidAuthorisation && !noSuchDatabase) return error;
  return new UserError(
    `The database ${where} refuses Rigshift: ${error.message}`,
    'Correct the user, password and database in DATABASE_URL.',
  );
}
