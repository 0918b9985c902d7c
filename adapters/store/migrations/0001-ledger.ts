import { type Kysely, PostgresAdapter, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The tables of the first version. Runs on SQLite and PostgreSQL; whatever was released is never edited. */
async function up(db: Kysely<unknown>): Promise<void> {
  // Keys sort by bytes on both; PostgreSQL would else sort by the language of the server.
  const key = db.getExecutor().adapter instanceof PostgresAdapter ? sql`text collate "C"` : sql`text`;

  await db.schema
    .createTable('meta')
    .addColumn('name', 'text', (column) => column.primaryKey().notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('ledger')
    .addColumn('rig', key, (column) => column.notNull())
    .addColumn('start_ms', 'bigint', (column) => column.notNull())
    .addColumn('site', key)
    .addColumn('seconds', 'double precision', (column) => column.notNull())
    .addColumn('observed_seconds', 'double precision', (column) => column.notNull())
    .addColumn('down_seconds', 'double precision', (column) => column.notNull())
    .addColumn('rented_seconds', 'double precision', (column) => column.notNull())
    .addColumn('mining_seconds', 'double precision', (column) => column.notNull())
    .addColumn('busy_seconds', 'double precision', (column) => column.notNull())
    .addColumn('idle_listed_seconds', 'double precision', (column) => column.notNull())
    .addColumn('idle_unlisted_seconds', 'double precision', (column) => column.notNull())
    .addColumn('unknown_seconds', 'double precision', (column) => column.notNull())
    .addColumn('card_joules', 'double precision')
    .addColumn('wall_joules', 'double precision')
    .addColumn('power_seconds', 'double precision', (column) => column.notNull())
    .addColumn('power_cost_amount', 'double precision')
    .addColumn('power_cost_currency', 'text')
    .addColumn('rented_revenue_amount', 'double precision')
    .addColumn('rented_revenue_currency', 'text')
    .addColumn('mined', 'text', (column) => column.notNull())
    .addColumn('models', 'text', (column) => column.notNull())
    .addColumn('quotes', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('ledger_key', ['rig', 'start_ms'])
    .execute();
  await db.schema.createIndex('ledger_by_start').on('ledger').columns(['start_ms', 'rig']).execute();
  await db.schema.createIndex('ledger_by_site').on('ledger').columns(['site', 'start_ms', 'rig']).execute();

  await db.schema
    .createTable('accounts')
    .addColumn('platform', key, (column) => column.notNull())
    .addColumn('instance', key, (column) => column.notNull())
    .addColumn('start_ms', 'bigint', (column) => column.notNull())
    .addColumn('seconds', 'double precision', (column) => column.notNull())
    .addColumn('first_usd', 'double precision', (column) => column.notNull())
    .addColumn('first_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('last_usd', 'double precision', (column) => column.notNull())
    .addColumn('last_at_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('accounts_key', ['platform', 'instance', 'start_ms'])
    .execute();
  await db.schema
    .createIndex('accounts_by_start')
    .on('accounts')
    .columns(['start_ms', 'platform', 'instance'])
    .execute();

  await db.schema
    .createTable('open_periods')
    .addColumn('id', 'integer', (column) => column.primaryKey().notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addCheckConstraint('open_periods_one_row', sql`id = 1`)
    .execute();
}

export const ledger: Migration = { up };
