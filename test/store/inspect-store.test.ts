import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { inspectStore } from '../../adapters/store/inspect-store.ts';
import { openStore } from '../../adapters/store/open-store.ts';
import { ask, type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { missingServers } from '../support/servers.ts';
import { prepareFileOf, preparePostgresOf, versionsBefore } from './previous-version.ts';
import { temporaryFolder } from './temporary-folder.ts';

const fine = { writable: true, failure: null, remedy: null };
const aVersion = expect.stringMatching(/^\d+\.\d+/);

describe('a SQLite file is inspected', () => {
  test('that a server has prepared and left', async () => {
    const file = await preparedFile();
    expect(await inspect(file)).toEqual({
      ...fine,
      system: 'SQLite',
      address: file,
      version: aVersion,
      latencyMs: expect.any(Number),
      schema: 'current',
      served: false,
    });
  });

  test('beside a server at work, which goes on', async () => {
    const file = join(temporaryFolder(), 'rigshift.db');
    const server = await openStore({ url: `sqlite:${file}`, farm: 'test', mode: 'server' });
    onTestFinished(() => server.close());
    expect(await inspect(file)).toMatchObject({ ...fine, schema: 'current', served: true });
    await server.ledger.saveOpen('still writing');
    expect(await inspect(file)).toMatchObject({ served: true });
    await server.close();
    expect(await inspect(file)).toMatchObject({ served: false });
  });

  test('without changing or creating anything', async () => {
    const folder = temporaryFolder();
    const file = await preparedFile(folder);
    const before = [readdirSync(folder), readFileSync(file)];
    await inspect(file);
    await inspect(join(folder, 'nowhere', 'rigshift.db'));
    expect([readdirSync(folder), readFileSync(file)]).toEqual(before);
  });

  test('that is not there yet', async () => {
    const file = join(temporaryFolder(), 'below', 'rigshift.db');
    expect(await inspect(file)).toEqual({
      ...fine,
      system: 'SQLite',
      address: file,
      version: aVersion,
      latencyMs: null,
      schema: 'none',
      served: false,
    });
  });

  test.each(versionsBefore)('of version %s', async (version) => {
    const file = join(temporaryFolder(), 'rigshift.db');
    await prepareFileOf(version, file);
    expect(await inspect(file)).toMatchObject({ ...fine, schema: 'older' });
  });

  test('that is another farm’s', async () => {
    expect(await inspect(await preparedFile(), 'other')).toMatchObject({
      version: aVersion,
      schema: null,
      failure: expect.stringMatching(/belongs to the farm "test"/),
      remedy: expect.stringContaining('DATABASE_URL'),
    });
  });

  test('that a newer version has written', async () => {
    const file = await preparedFile();
    const database = new DatabaseSync(file);
    database.exec(`insert into kysely_migration values ('9999-later', '2030-01-01')`);
    database.close();
    expect(await inspect(file)).toMatchObject({ schema: null, failure: expect.stringMatching(/newer version/) });
  });

  test('that is no database', async () => {
    const file = join(temporaryFolder(), 'notes.txt');
    writeFileSync(file, 'what to buy on Saturday\n'.repeat(500));
    expect(await inspect(file)).toMatchObject({
      version: null,
      writable: null,
      schema: null,
      failure: `The file ${file} is not a SQLite database`,
    });
  });

  test('that is a folder', async () => {
    const folder = join(temporaryFolder(), 'rigshift.db');
    mkdirSync(folder);
    expect(await inspect(folder)).toMatchObject({ writable: null, failure: expect.stringContaining(folder) });
  });

  test('whose folder is a file', async () => {
    const file = join(temporaryFolder(), 'taken');
    writeFileSync(file, '');
    expect(await inspect(join(file, 'below', 'rigshift.db'))).toMatchObject({
      writable: false,
      failure: `The database cannot be written: ${file} is no folder`,
    });
  });

  // Root may write everywhere.
  test.skipIf(process.getuid?.() === 0).each([
    ['the folder', (folder: string, _: string) => chmodSync(folder, 0o500)],
    ['the file', (_: string, file: string) => chmodSync(file, 0o400)],
    ['the lock', (_: string, file: string) => chmodSync(`${file}.lock`, 0o400)],
  ])('where %s may not be written', async (_, forbid) => {
    const folder = temporaryFolder();
    const file = await preparedFile(folder);
    forbid(folder, file);
    expect(await inspect(file)).toMatchObject({ writable: false, failure: expect.stringContaining('EACCES') });
    chmodSync(folder, 0o700);
  });
});

test('a database in memory is there as soon as a server is', async () => {
  expect(await inspectStore('sqlite::memory:', 'test')).toMatchObject({ ...fine, version: aVersion, schema: 'none' });
});

test('what is no address is the operator’s mistake', async () => {
  await expect(inspectStore('mysql://localhost/farm', 'test')).rejects.toMatchObject({ name: 'UserError' });
});

test('a PostgreSQL that does not answer is a finding, without a password', async () => {
  const found = await inspectStore('postgres://rigshift:not-a-secret@127.0.0.1:1/farm', 'test');
  expect(found).toMatchObject({
    system: 'PostgreSQL',
    address: 'postgres://127.0.0.1:1/farm',
    version: null,
    latencyMs: null,
    writable: null,
    schema: null,
    failure: expect.stringContaining('127.0.0.1:1'),
  });
  expect(JSON.stringify(found)).not.toContain('not-a-secret');
});

describe.skipIf(missingServers('initdb', 'postgres'))('a PostgreSQL is inspected', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  test('before and after a server has prepared it, and is left as it is', async () => {
    const url = await server.createDatabase();
    const expected = { ...fine, version: aVersion, latencyMs: expect.any(Number), served: null };
    expect(await inspectStore(url, 'test')).toMatchObject({ ...expected, schema: 'none' });
    expect(await ask(url, `select tablename from pg_tables where schemaname = 'public'`)).toEqual([]);
    const store = await openStore({ url, farm: 'test', mode: 'server' });
    onTestFinished(() => store.close());
    expect(await inspectStore(url, 'test')).toMatchObject({ ...expected, schema: 'current' });
    expect(await inspectStore(url, 'other')).toMatchObject({ schema: null, failure: expect.stringMatching(/belongs/) });
  });

  test.each(versionsBefore)('of version %s', async (version) => {
    const url = await server.createDatabase();
    await preparePostgresOf(version, url);
    expect(await inspectStore(url, 'test')).toMatchObject({ ...fine, schema: 'older' });
  });

  test.each([
    ['that knows no tables, to a user who may not make them', null, [], /may not create tables in the schema public/],
    [
      'of the version before, to a user who does not own it',
      '0002-sending',
      ['grant create on schema public to guest'],
      /belong to another user/,
    ],
  ] as const)('%s', async (_, version, grants, failure) => {
    const url = await server.createDatabase();
    if (version !== null) await preparePostgresOf(version, url);
    const guest = await guestOf(url, grants);
    expect(await inspectStore(guest, 'test')).toMatchObject({
      writable: false,
      failure: expect.stringMatching(failure),
    });
  });

  test('as a user who may read everything and write almost everything', async () => {
    const url = await server.createDatabase();
    await (await openStore({ url, farm: 'test', mode: 'server' })).close();
    const guest = await guestOf(url, ['grant insert, update, delete on all tables in schema public to guest']);
    expect(await inspectStore(guest, 'test')).toMatchObject({ ...fine, schema: 'current' });
    await ask(url, 'revoke update on aggregates from guest; revoke delete on ledger from guest');
    expect(await inspectStore(guest, 'test')).toMatchObject({
      writable: false,
      schema: 'current',
      failure: 'The user may not write to ledger, aggregates',
    });
  });

  test('whose transactions are read-only', async () => {
    const url = await server.createDatabase();
    await ask(url, `alter database ${new URL(url).pathname.slice(1)} set default_transaction_read_only = on`);
    expect(await inspectStore(url, 'test')).toMatchObject({
      writable: false,
      failure: expect.stringContaining('default_transaction_read_only'),
    });
  });

  /** The address for a user who may look and has been granted no more than that. */
  async function guestOf(url: string, grants: readonly string[]): Promise<string> {
    await ask(url, `do $$ begin create role guest login; exception when duplicate_object then null; end $$`);
    await ask(url, ['grant select on all tables in schema public to guest', ...grants].join('; '));
    const guest = new URL(url);
    guest.username = 'guest';
    return guest.href;
  }
});

function inspect(file: string, farm = 'test') {
  return inspectStore(`sqlite:${file}`, farm);
}

async function preparedFile(folder = temporaryFolder()): Promise<string> {
  const file = join(folder, 'rigshift.db');
  await (await openStore({ url: `sqlite:${file}`, farm: 'test', mode: 'server' })).close();
  return file;
}
