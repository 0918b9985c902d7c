import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../adapters/store/open-store.ts';
import { UpstreamError, UserError } from '../../src/domain/errors.ts';
import type { Store, StoreMode } from '../../src/ports/store.ts';
import { aggregateContract } from '../contracts/aggregate-contract.ts';
import { auditContract } from '../contracts/audit-contract.ts';
import { cardContract } from '../contracts/card-contract.ts';
import { changeContract } from '../contracts/change-contract.ts';
import { claimContract } from '../contracts/claim-contract.ts';
import { ledgerDaysContract } from '../contracts/ledger-days-contract.ts';
import { outboxContract } from '../contracts/outbox-contract.ts';
import { storeContract } from '../contracts/store-contract.ts';
import { targetContract } from '../contracts/target-contract.ts';
import { accountRowOf, firstHourMs, ledgerRowOf } from './ledger-rows.ts';
import { temporaryFolder } from './temporary-folder.ts';

const allTime = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };
const batch = { rows: [ledgerRowOf('a', firstHourMs)], accounts: [] };

const openEmpty = () => open(join(temporaryFolder(), 'rigshift.db'));
storeContract('a SQLite file', openEmpty);
outboxContract('a SQLite file', openEmpty);
claimContract('a SQLite file', openEmpty);
auditContract('a SQLite file', openEmpty);
ledgerDaysContract('a SQLite file', openEmpty);
aggregateContract('a SQLite file', openEmpty);
cardContract('a SQLite file', openEmpty);
changeContract('a SQLite file', openEmpty);
targetContract('a SQLite file', openEmpty);

describe('a server on a SQLite file', () => {
  test('creates the folder and the file, and keeps everything when it is opened again', async () => {
    const file = join(temporaryFolder(), 'a folder', 'below', 'rigshift.db');
    await withStore(file, (store) => store.ledger.commitAndSaveOpen(batch, 'open'));
    await withStore(file, async (store) => {
      expect(await store.ledger.rows(allTime)).toEqual(batch.rows);
      expect(await store.ledger.loadOpen()).toBe('open');
    });
  });

  test('leaves one complete file behind, without a log of its own', async () => {
    const folder = temporaryFolder();
    await withStore(join(folder, 'rigshift.db'), (store) => store.ledger.commit(batch));
    expect(readdirSync(folder).toSorted()).toEqual(['rigshift.db', 'rigshift.db.lock']);
  });

  test('writes what it answered for to the disk, at once', async () => {
    const file = join(temporaryFolder(), 'rigshift.db');
    const store = await openUntilTested(file);
    await store.ledger.commit(batch);
    const other = new DatabaseSync(file, { readOnly: true });
    onTestFinished(() => other.close());
    expect(other.prepare('select rig, start_ms from ledger').all()).toEqual([{ rig: 'a', start_ms: firstHourMs }]);
  });

  test('is refused where this process has a server on the file already, by whatever path', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'rigshift.db');
    const first = await openUntilTested(file);
    symlinkSync(file, join(folder, 'link.db'));
    symlinkSync(folder, join(folder, 'here'));
    for (const path of [file, join(folder, 'link.db'), join(folder, 'here', 'rigshift.db')]) {
      await expect(open(path)).rejects.toThrow(/Another Rigshift server is using the database .*rigshift\.db/);
    }
    await first.ledger.commit(batch);
    await first.close();
    await (await open(file)).close();
  });

  test('lets go of the file when it is refused for another reason', async () => {
    const file = join(temporaryFolder(), 'rigshift.db');
    await withStore(file, (store) => store.ping());
    await expect(open(file, 'server', 'other')).rejects.toBeInstanceOf(UserError);
    await withStore(file, (store) => store.ping());
  });

  test.each<StoreMode>(['server', 'reader'])(
    'is refused under another farm as %s, and both are named',
    async (mode) => {
      const file = join(temporaryFolder(), 'rigshift.db');
      await withStore(file, (store) => store.ledger.commit(batch));
      const error = await open(file, mode, 'other').catch((caught) => caught);
      expect(error).toBeInstanceOf(UserError);
      expect(error.message).toContain(`${file} belongs to the farm "test"`);
      expect(error.message).toContain('"other"');
      expect(error.remedy).toContain('DATABASE_URL');
      await withStore(file, async (store) => expect(await store.ledger.rows(allTime)).toEqual(batch.rows));
    },
  );

  test.each<StoreMode>(['server', 'reader'])('is refused on the database of a newer version as %s', async (mode) => {
    const file = join(temporaryFolder(), 'rigshift.db');
    await withStore(file, (store) => store.ping());
    change(file, `insert into kysely_migration values ('9999-later', '2030-01-01')`);
    await expect(open(file, mode)).rejects.toThrow(/newer version.*9999-later/);
  });

  test.each<StoreMode>(['server', 'reader'])(
    'is refused on a file that is no database as %s, and leaves it',
    async (mode) => {
      const file = join(temporaryFolder(), 'notes.txt');
      const notes = 'what to buy on Saturday\n'.repeat(500);
      writeFileSync(file, notes);
      const error = await open(file, mode).catch((caught) => caught);
      expect(error).toBeInstanceOf(UserError);
      expect(error.message).toBe(`The file ${file} is not a SQLite database`);
      expect(readFileSync(file, 'utf8')).toBe(notes);
    },
  );

  test('is refused where the folder cannot be made', async () => {
    const file = join(temporaryFolder(), 'taken');
    writeFileSync(file, '');
    await expect(open(join(file, 'below', 'rigshift.db'))).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(join(file, 'below', 'rigshift.db')),
    });
  });

  test('is refused where the path is a folder', async () => {
    const folder = join(temporaryFolder(), 'rigshift.db');
    mkdirSync(folder);
    await expect(open(folder)).rejects.toMatchObject({ name: 'UserError', message: expect.stringContaining(folder) });
  });

  // Root may write everywhere.
  test.skipIf(process.getuid?.() === 0)('is refused in a folder that it may not write to', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o500);
    await expect(open(join(folder, 'rigshift.db'))).rejects.toBeInstanceOf(UserError);
  });

  test('waits for a lock no longer than it may, and writes again when it is gone', async () => {
    const file = join(temporaryFolder(), 'rigshift.db');
    await open(file).then((made) => made.close());
    const store = await openStore({ url: `sqlite:${file}`, farm: 'test', mode: 'server' }, 600);
    onTestFinished(() => store.close());
    const other = new DatabaseSync(file);
    other.exec('begin immediate');
    await expect(store.ledger.commitAndSaveOpen(batch, 'open')).rejects.toMatchObject({
      name: 'UpstreamError',
      system: 'store',
      message: expect.stringContaining(`Cannot commit to the ledger (${file}): database is locked`),
    });
    expect(await store.ledger.rows(allTime)).toEqual([]);
    other.exec('rollback');
    other.close();
    expect(await store.ledger.commitAndSaveOpen(batch, 'open')).toEqual({ inserted: 1, known: 0 });
  });

  test.each([
    ['ledger', 'mined', '[{'],
    ['ledger', 'models', '[{"model":"RTX 3090"}]'],
    ['ledger', 'quotes', 'null'],
    ['ledger', 'power_cost_amount', null],
    ['ledger', 'power_cost_currency', null],
    ['ledger', 'observed_seconds', 'many'],
    ['accounts', 'last_usd', 'much'],
  ])('names a corrupt row of %s whose %s is %s instead of leaving it out', async (table, column, value) => {
    const file = join(temporaryFolder(), 'rigshift.db');
    const store = await openUntilTested(file);
    await store.ledger.commit({ ...batch, accounts: [accountRowOf('vast:9090', firstHourMs)] });
    change(file, `update ${table} set ${column} = ${value === null ? 'null' : `'${value}'`}`);
    const error = await (table === 'ledger' ? store.ledger.rows(allTime) : store.ledger.accounts(allTime)).catch(
      (caught) => caught,
    );
    expect(error).toBeInstanceOf(UpstreamError);
    expect(error.message).toContain(`table ${table}`);
    expect(error.message).toContain(`start_ms ${firstHourMs}`);
    expect(error.retryable).toBe(false);
  });
});

describe('a reader of a SQLite file', () => {
  test('sees an empty ledger where there is no file, and creates nothing', async () => {
    const folder = temporaryFolder();
    const reader = await openUntilTested(join(folder, 'nowhere', 'rigshift.db'), 'reader');
    expect(await reader.ledger.rows(allTime)).toEqual([]);
    expect(await reader.ledger.newestStartMs()).toBeNull();
    expect(await reader.ledger.loadOpen()).toBeNull();
    await reader.ping();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('sees an empty ledger in a file that no server has prepared, and leaves it so', async () => {
    const file = join(temporaryFolder(), 'rigshift.db');
    writeFileSync(file, '');
    const reader = await openUntilTested(file, 'reader');
    expect(await reader.ledger.rows(allTime)).toEqual([]);
    expect(statSync(file).size).toBe(0);
  });

  test('creates and changes nothing beside a file that nobody serves', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'rigshift.db');
    await withStore(file, (store) => store.ledger.commit(batch));
    const files = readdirSync(folder);
    const before = readFileSync(file);
    const reader = await open(file, 'reader');
    expect(await reader.ledger.rows(allTime)).toEqual(batch.rows);
    expect(readdirSync(folder)).toEqual(files);
    await reader.close();
    expect(readdirSync(folder)).toEqual(files);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('reads beside the server, sees what it commits, and outlives it', async () => {
    const file = join(temporaryFolder(), 'rigshift.db');
    const server = await open(file);
    const reader = await openUntilTested(file, 'reader');
    expect(await reader.ledger.rows(allTime)).toEqual([]);
    await server.ledger.commit(batch);
    expect(await reader.ledger.rows(allTime)).toEqual(batch.rows);
    await server.close();
    expect(await reader.ledger.rows(allTime)).toEqual(batch.rows);
    await withStore(file, (again) => again.ledger.saveOpen('next'));
    expect(await reader.ledger.loadOpen()).toBe('next');
  });

  test.each<[string, (store: Store) => Promise<unknown>]>([
    ['commit', (store) => store.ledger.commit(batch)],
    ['saveOpen', (store) => store.ledger.saveOpen('open')],
    ['commitAndSaveOpen', (store) => store.ledger.commitAndSaveOpen(batch, 'open')],
  ])('refuses %s, which is a mistake of the program', async (_, write) => {
    const file = join(temporaryFolder(), 'rigshift.db');
    await withStore(file, (store) => store.ping());
    for (const path of [file, join(temporaryFolder(), 'missing.db')]) {
      const reader = await openUntilTested(path, 'reader');
      await expect(write(reader)).rejects.toMatchObject({
        name: 'Error',
        message: expect.stringContaining('opened for reading'),
      });
    }
    expect(existsSync(`${file}-wal`)).toBe(false);
  });
});

function open(file: string, mode: StoreMode = 'server', farm = 'test'): Promise<Store> {
  return openStore({ url: `sqlite:${file}`, farm, mode });
}

async function openUntilTested(file: string, mode: StoreMode = 'server'): Promise<Store> {
  const store = await open(file, mode);
  onTestFinished(() => store.close());
  return store;
}

async function withStore(file: string, work: (store: Store) => Promise<unknown>): Promise<void> {
  const store = await open(file);
  await work(store);
  await store.close();
}

/** What no Rigshift does: an operator's hand, or a broken disk. */
function change(file: string, statement: string): void {
  const database = new DatabaseSync(file);
  database.exec(statement);
  database.close();
}
