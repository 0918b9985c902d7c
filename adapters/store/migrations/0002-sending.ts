import { type Kysely, PostgresAdapter, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What must arrive, what one alone may do, and who changed what. Runs on SQLite and PostgreSQL; never edited once released. */
async function up(db: Kysely<unknown>): Promise<void> {
  // Keys sort by bytes on both; PostgreSQL would else sort by the language of the server.
  const key = db.getExecutor().adapter instanceof PostgresAdapter ? sql`text collate "C"` : sql`text`;

  await db.schema
    .createTable('outbox')
    .addColumn('key', key, (column) => column.primaryKey().notNull())
    .addColumn('platform', key, (column) => column.notNull())
    .addColumn('channel', key, (column) => column.notNull())
    .addColumn('priority', 'integer', (column) => column.notNull())
    .addColumn('payload', 'text', (column) => column.notNull())
    .addColumn('created_ms', 'bigint', (column) => column.notNull())
    .addColumn('not_before_ms', 'bigint', (column) => column.notNull())
    .addColumn('state', key, (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('sending_ms', 'bigint')
    .addColumn('ended_ms', 'bigint')
    .addColumn('receipt', 'text')
    .addColumn('error', 'text')
    .execute();
  await index(db, 'outbox_by_priority', 'outbox', ['state', 'priority', 'created_ms', 'key']);
  await index(db, 'outbox_by_creation', 'outbox', ['state', 'created_ms', 'key']);
  await index(db, 'outbox_by_due_time', 'outbox', ['state', 'not_before_ms']);
  await index(db, 'outbox_by_end', 'outbox', ['ended_ms']);

  await db.schema
    .createTable('claims')
    .addColumn('key', key, (column) => column.primaryKey().notNull())
    .addColumn('claimed_ms', 'bigint', (column) => column.notNull())
    .execute();
  await index(db, 'claims_by_time', 'claims', ['claimed_ms']);

  await db.schema
    .createTable('audit')
    .addColumn('id', key, (column) => column.primaryKey().notNull())
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addColumn('platform', key, (column) => column.notNull())
    .addColumn('channel', key, (column) => column.notNull())
    .addColumn('user_id', key, (column) => column.notNull())
    .addColumn('user_name', 'text', (column) => column.notNull())
    .addColumn('command', key, (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('result', key)
    .addColumn('detail', 'text')
    .execute();
  await index(db, 'audit_by_time', 'audit', ['at_ms', 'id']);
  await index(db, 'audit_by_user', 'audit', ['user_id', 'at_ms', 'id']);
  await index(db, 'audit_by_command', 'audit', ['command', 'at_ms', 'id']);
}

function index(db: Kysely<unknown>, name: string, table: string, columns: string[]): Promise<void> {
  return db.schema.createIndex(name).on(table).columns(columns).execute();
}

export const sending: Migration = { up };
