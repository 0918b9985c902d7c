import { once } from 'node:events';
import { createServer } from 'node:net';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
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
import { ask, type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { missingServers } from '../support/servers.ts';
import { firstHourMs, hourMs, ledgerRowOf } from './ledger-rows.ts';
import { postOf } from './posts.ts';
import { expectKept, preparePostgresOf, versionsBefore } from './previous-version.ts';

const allTime = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };
const batch = { rows: [ledgerRowOf('a', firstHourMs)], accounts: [] };

describe.skipIf(missingServers('initdb', 'postgres'))('PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  const openEmpty = async () => open(await server.createDatabase(), 'server');
  storeContract('PostgreSQL', openEmpty);
  // One database for all of these, since creating and preparing one takes longer than most of them.
  let shared: Promise<string> | null = null;
  const openCleared = async () => {
    shared ??= server.createDatabase();
    const store = await open(await shared, 'server');
    await ask(
      await shared,
      'truncate outbox, claims, audit, ledger, accounts, ledger_days, aggregates, known_cards, known_targets, state_changes',
    );
    return store;
  };
  outboxContract('PostgreSQL', openCleared);
  claimContract('PostgreSQL', openCleared);
  auditContract('PostgreSQL', openCleared);
  ledgerDaysContract('PostgreSQL', openCleared);
  aggregateContract('PostgreSQL', openCleared);
  cardContract('PostgreSQL', openCleared);
  changeContract('PostgreSQL', openCleared);
  targetContract('PostgreSQL', openCleared);

  test('keeps everything when the store is opened again', async () => {
    const url = await server.createDatabase();
    const first = await open(url, 'server');
    await first.ledger.commitAndSaveOpen(batch, 'open');
    await first.close();
    const second = await openUntilTested(url, 'server');
    expect(await second.ledger.rows(allTime)).toEqual(batch.rows);
    expect(await second.ledger.loadOpen()).toBe('open');
  });

  test('lets two servers open an empty database at once', async () => {
    const url = await server.createDatabase();
    const stores = await Promise.all([openUntilTested(url, 'server'), openUntilTested(url, 'server')]);
    const results = await Promise.all(stores.map((store) => store.ledger.commit(batch)));
    expect(results.map(({ inserted }) => inserted).toSorted()).toEqual([0, 1]);
  });

  test('lets one of two servers add, begin, end and claim', async () => {
    const url = await server.createDatabase();
    const stores = await Promise.all([openUntilTested(url, 'server'), openUntilTested(url, 'server')]);
    const winners = async (ask: (store: Store) => Promise<boolean>) => {
      const answers = await Promise.all(Array.from({ length: 25 }, () => stores.map(ask)).flat());
      return answers.filter(Boolean).length;
    };
    for (const key of ['a', 'b', 'c']) {
      expect(await winners(({ outbox }) => outbox.add(postOf(key)))).toBe(1);
      expect(await winners(({ outbox }) => outbox.begin(key, 2))).toBe(1);
      expect(await winners(({ outbox }) => outbox.end(key, { state: 'sent', receipt: '{}', atMs: 3 }))).toBe(1);
      expect(await winners(({ claims }) => claims.claim(key, 4))).toBe(1);
      expect(await stores[0].outbox.entry(key)).toMatchObject({ state: 'sent', attempts: 1 });
    }
  });

  test('adds an hour to a day once, whichever of two servers does', async () => {
    const url = await server.createDatabase();
    const stores = await Promise.all([openUntilTested(url, 'server'), openUntilTested(url, 'server')]);
    const rigs = Array.from({ length: 60 }, (_, rig) => `rig-${rig}`);
    const load = { seconds: 3_600, min: 1, max: 1, last: 1, increase: 1, beyond: [] };
    for (const hour of [0, 1, 2]) {
      const fromMs = firstHourMs + hour * hourMs;
      const part = { dayMs: firstHourMs, fromMs, untilMs: fromMs + hourMs, host: { load }, cards: {} };
      const parts = rigs.map((rig) => ({ rig, ...part }));
      await Promise.all(stores.map(({ aggregates }) => aggregates.add(parts)));
    }
    const days = await stores[0].aggregates.days(allTime);
    expect(days.map(({ host }) => host['load']?.increase)).toEqual(rigs.map(() => 3));
  });

  test('lets a post begin while the ledger is being committed', async () => {
    const url = await server.createDatabase();
    const store = await openUntilTested(url, 'server');
    await store.outbox.add(postOf('a'));
    const other = new Client({ connectionString: url });
    await other.connect();
    await other.query('begin; lock table ledger in access exclusive mode');
    const committing = store.ledger.commit(batch);
    expect(await store.outbox.begin('a', 2)).toBe(true);
    await other.query('rollback');
    await other.end();
    expect(await committing).toEqual({ inserted: 1, known: 0 });
  });

  test.each(versionsBefore)(
    'of version %s is brought up to date by a server, and refused to a reader before',
    async (version) => {
      const url = await server.createDatabase();
      await preparePostgresOf(version, url);
      await expect(open(url, 'reader')).rejects.toThrow(/older version/);
      await expectKept(await openUntilTested(url, 'server'));
      await expectKept(await openUntilTested(url, 'reader'));
    },
  );

  test('is an empty ledger to a reader before a server prepared it, and stays untouched', async () => {
    const url = await server.createDatabase();
    const reader = await openUntilTested(url, 'reader');
    expect(await reader.ledger.rows(allTime)).toEqual([]);
    expect(await ask(url, `select tablename from pg_tables where schemaname = 'public'`)).toEqual([]);
  });

  test('is read beside the server, and a reader does not write', async () => {
    const url = await server.createDatabase();
    const writer = await openUntilTested(url, 'server');
    const reader = await openUntilTested(url, 'reader');
    await writer.ledger.commit(batch);
    expect(await reader.ledger.rows(allTime)).toEqual(batch.rows);
    await expect(reader.ledger.commit(batch)).rejects.toThrow(/opened for reading/);
    await expect(reader.ledger.saveOpen('x')).rejects.not.toBeInstanceOf(UpstreamError);
    await writer.outbox.add(postOf('a'));
    expect(await reader.outbox.entry('a')).toMatchObject({ state: 'waiting' });
    await expect(reader.outbox.begin('a', 2)).rejects.toThrow(/opened for reading/);
    await expect(reader.claims.claim('a', 2)).rejects.toThrow(/opened for reading/);
  });

  test.each<StoreMode>(['server', 'reader'])(
    'refuses another farm as %s, naming both and no password',
    async (mode) => {
      const url = await server.createDatabase();
      await (await open(url, 'server')).close();
      const error = await openStore({ url, farm: 'other', mode }).catch((caught) => caught);
      expect(error).toBeInstanceOf(UserError);
      expect(error.message).toContain('"test"');
      expect(error.message).toContain('"other"');
      expect(error.message).toContain(`127.0.0.1:${server.port}/`);
      expect(`${error.message} ${error.remedy}`).not.toContain('not-a-secret');
    },
  );

  test('refuses a database of a newer version, and leaves it alone', async () => {
    const url = await server.createDatabase();
    await (await open(url, 'server')).close();
    await ask(url, `insert into kysely_migration values ('9999-later', '2030-01-01')`);
    for (const mode of ['server', 'reader'] as const) {
      await expect(open(url, mode)).rejects.toThrow(/newer version.*9999-later/);
    }
  });

  test('tells a database that does not exist', async () => {
    const error = await open(`postgres://rigshift@127.0.0.1:${server.port}/nowhere`, 'server').catch(
      (caught) => caught,
    );
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toMatch(/refuses Rigshift.*"nowhere" does not exist/);
  });

  test.each(['mined', 'models', 'quotes'])('names the row whose %s is corrupt', async (column) => {
    const url = await server.createDatabase();
    const store = await openUntilTested(url, 'server');
    await store.ledger.commit(batch);
    await ask(url, `update ledger set ${column} = '[{'`);
    const error = await store.ledger.rows(allTime).catch((caught) => caught);
    expect(error).toBeInstanceOf(UpstreamError);
    expect(error.message).toContain(`table ledger, rig a, start_ms ${firstHourMs}, column ${column}`);
  });

  test('gives up on a locked table in time, and answers again when it is free', async () => {
    const url = await server.createDatabase();
    const store = await openStore({ url, farm: 'test', mode: 'server' }, 500);
    onTestFinished(() => store.close());
    const other = new Client({ connectionString: url });
    await other.connect();
    await other.query('begin; lock table ledger in access exclusive mode');
    await expect(store.ledger.rows(allTime)).rejects.toMatchObject({ name: 'UpstreamError', system: 'store' });
    await expect(store.ledger.commit(batch)).rejects.toMatchObject({ name: 'UpstreamError', system: 'store' });
    await other.query('rollback');
    await other.end();
    expect(await store.ledger.rows(allTime)).toEqual([]);
    expect(await store.ledger.commit(batch)).toEqual({ inserted: 1, known: 0 });
  });

  test('fails in time when the server goes away, and works again when it takes connections', async () => {
    const url = await server.createDatabase();
    const store = await openUntilTested(url, 'server');
    await store.ledger.commit(batch);
    const name = new URL(url).pathname.slice(1);
    const admin = url.replace(name, 'postgres');
    await ask(admin, `alter database ${name} with allow_connections false`);
    await ask(admin, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
    await expect(store.ping()).rejects.toMatchObject({ name: 'UpstreamError', system: 'store' });
    await ask(admin, `alter database ${name} with allow_connections true`);
    await expect
      .poll(() =>
        store.ping().then(
          () => 'up',
          () => 'down',
        ),
      )
      .toBe('up');
    const later = { rows: [ledgerRowOf('a', firstHourMs + hourMs)], accounts: [] };
    expect(await store.ledger.commit(later)).toEqual({ inserted: 1, known: 0 });
  });
});

describe('a PostgreSQL that cannot be reached', () => {
  test('is an UpstreamError with host and port and without the password', async () => {
    const error = await open('postgres://rigshift:not-a-secret@127.0.0.1:1/farm', 'server').catch((caught) => caught);
    expect(error).toBeInstanceOf(UpstreamError);
    expect(error.system).toBe('store');
    expect(error.message).toContain('127.0.0.1:1');
    expect(error.message).not.toContain('not-a-secret');
  });

  test('is given up within 5 s when it takes the connection and says nothing', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    onTestFinished(() => {
      silent.close();
    });
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const before = performance.now();
    await expect(open(`postgres://rigshift@127.0.0.1:${port}/farm`, 'server')).rejects.toBeInstanceOf(UpstreamError);
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});

function open(url: string, mode: StoreMode): Promise<Store> {
  return openStore({ url, farm: 'test', mode });
}

async function openUntilTested(url: string, mode: StoreMode): Promise<Store> {
  const store = await open(url, mode);
  onTestFinished(() => store.close());
  return store;
}
