import { Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { expect, onTestFinished, test } from 'vitest';
import { sqliteThreadDialect } from '../../adapters/store/sqlite-dialect.ts';
import { SqliteThread } from '../../adapters/store/sqlite-thread.ts';

async function openDatabase(): Promise<Kysely<unknown>> {
  const thread = await SqliteThread.open({ path: ':memory:', readOnly: false, busyTimeoutMs: 100 });
  onTestFinished(() => thread.close());
  return new Kysely({ dialect: sqliteThreadDialect(thread) });
}

test('a migration that breaks off leaves nothing behind, so that the next start can run it again', async () => {
  const db = await openDatabase();
  const failing = {
    up: async (migrated: Kysely<unknown>) => {
      await migrated.schema.createTable('half').addColumn('id', 'integer').execute();
      throw new Error('killed');
    },
  };
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: async () => ({ failing }) },
  }).migrateToLatest();
  expect(error).toMatchObject({ message: 'killed' });
  expect((await db.introspection.getTables()).map(({ name }) => name)).toEqual([]);
});

test('a transaction has the connection to itself', async () => {
  const db = await openDatabase();
  await db.schema.createTable('seen').addColumn('who', 'text').execute();
  const first = db.transaction().execute(async (transaction) => {
    for (let step = 0; step < 5; step += 1) await sql`insert into seen values ('first')`.execute(transaction);
  });
  const second = sql`insert into seen values ('second')`.execute(db);
  await Promise.all([first, second]);
  const { rows } = await sql<{ who: string }>`select who from seen order by rowid`.execute(db);
  expect(rows.map(({ who }) => who)).toEqual(['first', 'first', 'first', 'first', 'first', 'second']);
});

test('what SQLite refuses is told with its message and code', async () => {
  const db = await openDatabase();
  await expect(sql`select * from nowhere`.execute(db)).rejects.toMatchObject({
    name: 'SqliteError',
    message: 'no such table: nowhere',
    code: 1,
  });
});
