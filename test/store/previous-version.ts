import { Kysely, PostgresDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { Pool } from 'pg';
import { expect } from 'vitest';
import { migrations } from '../../adapters/store/migrations/index.ts';
import { sqliteThreadDialect } from '../../adapters/store/sqlite-dialect.ts';
import { SqliteThread } from '../../adapters/store/sqlite-thread.ts';
import type { Tables } from '../../adapters/store/tables.ts';
import type { Store } from '../../src/ports/store.ts';
import { accountRowOf, firstHourMs, ledgerRowOf } from './ledger-rows.ts';

type Version = keyof typeof migrations;

export const versionsBefore = ['0001-ledger', '0002-sending'] as const satisfies readonly Version[];

/** Columns as the versions before 0003 wrote them, of a rig of the farm `test`. */
const ledgerRow = {
  rig: 'a',
  start_ms: firstHourMs,
  site: null,
  seconds: 3_600,
  observed_seconds: 3_590.5,
  down_seconds: 0,
  rented_seconds: 0,
  mining_seconds: 21_543,
  busy_seconds: 0,
  idle_listed_seconds: 0,
  idle_unlisted_seconds: 0,
  unknown_seconds: 0,
  card_joules: 2_584_000.25,
  wall_joules: null,
  power_seconds: 21_543,
  power_cost_amount: 0.0612,
  power_cost_currency: 'CAD',
  rented_revenue_amount: null,
  rented_revenue_currency: null,
  mined: '[]',
  models: '[]',
  quotes: '[]',
};

/** Runs the migrations up to a version, and writes what that version wrote for an hour of the rig `a`. */
async function prepareVersion(db: Kysely<Tables>, version: Version): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error } = await migrator.migrateTo(version);
  if (error !== undefined) throw error;
  await db.insertInto('meta').values({ name: 'farm', value: 'test' }).execute();
  await db.insertInto('open_periods').values({ id: 1, state: 'open' }).execute();
  // Before 0003 there was no column for ASICs.
  await db
    .insertInto('ledger')
    .values(ledgerRow as Tables['ledger'])
    .execute();
  await db
    .insertInto('accounts')
    .values({
      platform: 'vast',
      instance: 'vast:9090',
      start_ms: firstHourMs,
      seconds: 3_600,
      first_usd: 101.25,
      first_at_ms: firstHourMs,
      last_usd: 103.5,
      last_at_ms: firstHourMs + 1,
    })
    .execute();
}

export async function prepareFileOf(version: Version, file: string): Promise<void> {
  const thread = await SqliteThread.open({ path: file, readOnly: false, busyTimeoutMs: 1_000 });
  await prepareVersion(new Kysely<Tables>({ dialect: sqliteThreadDialect(thread) }), version);
  await thread.query('pragma journal_mode = delete');
  await thread.close();
}

export async function preparePostgresOf(version: Version, url: string): Promise<void> {
  const pool = new Pool({ connectionString: url, max: 1 });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  await prepareVersion(db, version);
  await db.destroy();
}

/** What the version before wrote is there in the words of this one. */
export async function expectKept({ ledger, outbox, aggregates, cards, changes }: Store): Promise<void> {
  const allTime = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };
  const expected = { site: null, wallJoules: null, asicSeconds: null, mined: [], models: [], quotes: [] };
  expect(await ledger.rows(allTime)).toStrictEqual([ledgerRowOf('a', firstHourMs, expected)]);
  expect(await ledger.accounts(allTime)).toStrictEqual([
    accountRowOf('vast:9090', firstHourMs, { firstAtMs: firstHourMs, lastAtMs: firstHourMs + 1 }),
  ]);
  expect(await ledger.loadOpen()).toBe('open');
  expect(await outbox.inState('waiting', 10)).toEqual([]);
  const days = [ledger.days(allTime), aggregates.days(allTime), cards.all(), changes.list({ limit: 10 })];
  expect(await Promise.all(days)).toEqual([[], [], [], []]);
}
