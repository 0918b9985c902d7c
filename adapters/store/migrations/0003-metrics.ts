import { type ColumnDataType, type Kysely, PostgresAdapter, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Rigs without GPUs, days that outlive their hours, and what is remembered of the fleet. Runs on SQLite and PostgreSQL;
 * never edited once released.
 */
async function up(db: Kysely<unknown>): Promise<void> {
  // Keys sort by bytes on both; PostgreSQL would else sort by the language of the server.
  const key = db.getExecutor().adapter instanceof PostgresAdapter ? sql`text collate "C"` : sql`text`;

  await db.schema.alterTable('ledger').addColumn('asic_seconds', 'text').execute();
  await db.schema.alterTable('ledger').addColumn('parts', 'text').execute();

  let days = db.schema
    .createTable('ledger_days')
    .addColumn('rig', key, (column) => column.notNull())
    .addColumn('start_ms', 'bigint', (column) => column.notNull())
    .addColumn('site', key);
  for (const [name, type, notNull] of figures) {
    days = days.addColumn(name, type, (column) => (notNull ? column.notNull() : column));
  }
  await days.addPrimaryKeyConstraint('ledger_days_key', ['rig', 'start_ms']).execute();
  await index(db, 'ledger_days_by_start', 'ledger_days', ['start_ms', 'rig']);
  await index(db, 'ledger_days_by_site', 'ledger_days', ['site', 'start_ms', 'rig']);

  await db.schema
    .createTable('aggregates')
    .addColumn('rig', key, (column) => column.notNull())
    .addColumn('day_ms', 'bigint', (column) => column.notNull())
    .addColumn('until_ms', 'bigint', (column) => column.notNull())
    .addColumn('host', 'text', (column) => column.notNull())
    .addColumn('cards', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('aggregates_key', ['rig', 'day_ms'])
    .execute();
  await index(db, 'aggregates_by_day', 'aggregates', ['day_ms', 'rig']);

  await db.schema
    .createTable('known_cards')
    .addColumn('rig', key, (column) => column.notNull())
    .addColumn('key', key, (column) => column.notNull())
    .addColumn('gpu_index', 'integer')
    .addColumn('uuid', 'text')
    .addColumn('bus', 'text')
    .addColumn('model', 'text')
    .addColumn('vram_total_bytes', 'double precision')
    .addColumn('pcie_width_max', 'double precision')
    .addColumn('pcie_generation_max', 'double precision')
    .addColumn('compute_capability', 'double precision')
    .addColumn('driver_version', 'text')
    .addColumn('cuda_version', 'text')
    .addColumn('vbios_version', 'text')
    .addColumn('first_seen_ms', 'bigint', (column) => column.notNull())
    .addColumn('seen_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('known_cards_key', ['rig', 'key'])
    .execute();

  await db.schema
    .createTable('known_targets')
    .addColumn('key', key, (column) => column.primaryKey())
    .addColumn('rig', 'text')
    .addColumn('has_cards', 'integer')
    .addColumn('is_stranger', 'integer', (column) => column.notNull())
    .addColumn('said', 'text', (column) => column.notNull())
    .addColumn('first_seen_ms', 'bigint', (column) => column.notNull())
    .addColumn('listed_ms', 'bigint', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('state_changes')
    .addColumn('rig', key, (column) => column.notNull())
    // Empty for the rig itself: a key holds no null.
    .addColumn('card', key, (column) => column.notNull())
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addColumn('from_state', key, (column) => column.notNull())
    .addColumn('to_state', key, (column) => column.notNull())
    .addColumn('evidence', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('state_changes_key', ['rig', 'at_ms', 'card'])
    .execute();
  await index(db, 'state_changes_by_time', 'state_changes', ['at_ms', 'rig', 'card']);
}

/** The columns of `ledger` as 0001 made them, and those that are added here. */
const figures: readonly (readonly [name: string, type: ColumnDataType, notNull: boolean])[] = [
  ['seconds', 'double precision', true],
  ['observed_seconds', 'double precision', true],
  ['down_seconds', 'double precision', true],
  ['rented_seconds', 'double precision', true],
  ['mining_seconds', 'double precision', true],
  ['busy_seconds', 'double precision', true],
  ['idle_listed_seconds', 'double precision', true],
  ['idle_unlisted_seconds', 'double precision', true],
  ['unknown_seconds', 'double precision', true],
  ['card_joules', 'double precision', false],
  ['wall_joules', 'double precision', false],
  ['power_seconds', 'double precision', true],
  ['power_cost_amount', 'double precision', false],
  ['power_cost_currency', 'text', false],
  ['rented_revenue_amount', 'double precision', false],
  ['rented_revenue_currency', 'text', false],
  ['mined', 'text', true],
  ['models', 'text', true],
  ['quotes', 'text', true],
  ['asic_seconds', 'text', false],
  ['parts', 'text', false],
];

function index(db: Kysely<unknown>, name: string, table: string, columns: string[]): Promise<void> {
  return db.schema.createIndex(name).on(table).columns(columns).execute();
}

export const metrics: Migration = { up };
