import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../adapters/store/open-store.ts';
import { UpstreamError } from '../../src/domain/errors.ts';
import type { Store, StoreMode } from '../../src/ports/store.ts';
import { firstHourMs, hourMs, ledgerRowOf } from './ledger-rows.ts';
import { askedFor, postOf } from './posts.ts';
import { expectKept, prepareFileOf, versionsBefore } from './previous-version.ts';
import { temporaryFolder } from './temporary-folder.ts';

const allTime = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };

test('what was added, claimed and noted is there when the file is opened again', async () => {
  const file = newFile();
  const first = await open(file);
  await first.outbox.add(postOf('a'));
  await first.outbox.begin('a', 2);
  await first.claims.claim('b', 3);
  await first.audit.begin(askedFor('c', 4));
  await first.close();
  const second = await open(file);
  expect(await second.outbox.inState('sending', 10)).toMatchObject([{ key: 'a', attempts: 1, sendingMs: 2 }]);
  expect(await second.claims.claim('b', 9)).toBe(false);
  expect(await second.audit.list({ limit: 10 })).toMatchObject([{ id: 'c', result: null }]);
});

test('a post waits for one commit of the ledger at most, however many are asked for', async () => {
  const store = await open(newFile());
  await store.outbox.add(postOf('a'));
  const settled: string[] = [];
  const commits = Array.from({ length: 6 }, async (_, hour) => {
    const rigs = Array.from({ length: 600 }, (__, rig) => ledgerRowOf(`${rig}`, firstHourMs + hour * hourMs));
    await store.ledger.commit({ rows: rigs, accounts: [] });
    settled.push('commit');
  });
  await store.outbox.begin('a', 2);
  settled.push('begin');
  await Promise.all(commits);
  expect(settled.indexOf('begin')).toBeLessThanOrEqual(1);
  expect(settled).toHaveLength(7);
});

test('a post does not wait until the ledger has been read', async () => {
  const store = await open(newFile());
  const rigs = Array.from({ length: 3_000 }, (_, rig) => ledgerRowOf(`${rig}`, firstHourMs));
  await store.ledger.commit({ rows: rigs, accounts: [] });
  await store.outbox.add(postOf('a'));
  const settled: string[] = [];
  const reading = Promise.all([store.ledger.rows(allTime), store.ledger.rows(allTime)]).then(() =>
    settled.push('read'),
  );
  expect(await store.outbox.due(1_000, 10)).toHaveLength(1);
  settled.push('due');
  await reading;
  expect(settled).toEqual(['due', 'read']);
});

describe.each(versionsBefore)('a file of version %s', (version) => {
  const prepareFile = async () => {
    const file = newFile();
    await prepareFileOf(version, file);
    return file;
  };

  test('is brought up to date by a server, with all that it holds', async () => {
    const store = await open(await prepareFile());
    await expectKept(store);
    expect(await store.outbox.add(postOf('a'))).toBe(true);
    expect(await store.claims.claim('a', 1)).toBe(true);
    await store.audit.begin(askedFor('a', 1));
  });

  test('is refused to a reader, who is told what to do and leaves it as it is', async () => {
    const file = await prepareFile();
    const before = readFileSync(file);
    await expect(open(file, 'reader')).rejects.toMatchObject({
      name: 'UserError',
      message: `The database ${file} was written by an older version of Rigshift`,
      remedy: expect.stringContaining('Start the server once'),
    });
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test.each<StoreMode>(['server', 'reader'])('is refused to another farm as %s', async (mode) => {
    const file = await prepareFile();
    await expect(openStore({ url: `sqlite:${file}`, farm: 'other', mode })).rejects.toThrow(/belongs to/);
  });
});

describe('a reader', () => {
  test('sees nothing where there is no file, and creates nothing', async () => {
    const folder = temporaryFolder();
    const reader = await open(join(folder, 'rigshift.db'), 'reader');
    await expectNothing(reader);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('sees what the server writes', async () => {
    const file = newFile();
    const server = await open(file);
    const reader = await open(file, 'reader');
    await server.outbox.add(postOf('a'));
    await server.audit.begin(askedFor('b', 4));
    expect(await reader.outbox.due(1_000, 10)).toMatchObject([{ key: 'a' }]);
    expect(await reader.outbox.nextDueMs()).toBe(1_000);
    expect(await reader.audit.list({ limit: 10 })).toMatchObject([{ id: 'b' }]);
  });

  test.each([
    ['a file', async () => withoutServer(newFile())],
    ['no file', async () => newFile()],
  ])('of %s refuses to write, which would be a mistake of the program', async (_, prepare) => {
    const file = await prepare();
    const existed = existsSync(file);
    const { outbox, claims, audit, ledger, aggregates, cards, changes } = await open(file, 'reader');
    const writes: readonly (() => Promise<unknown>)[] = [
      () => outbox.add(postOf('a')),
      () => outbox.begin('a', 1),
      () => outbox.end('a', { state: 'failed', error: 'no', atMs: 1 }),
      () => outbox.forget(1, 1),
      () => claims.claim('a', 1),
      () => claims.forget(1, 1),
      () => audit.begin(askedFor('a', 1)),
      () => audit.end('a', 'done', ''),
      () => ledger.commitDays([]),
      () => ledger.forgetHours(1, 1),
      () => aggregates.add([{ rig: 'a', dayMs: 0, fromMs: 0, untilMs: 1, host: {}, cards: {} }]),
      () => aggregates.forget(1, 1),
      () => cards.save([]),
      () => cards.remove([]),
      () => changes.add([]),
      () => changes.forget(1, 1),
    ];
    for (const write of writes) {
      await expect(write()).rejects.toMatchObject({
        name: 'Error',
        message: expect.stringContaining('opened for reading'),
      });
    }
    expect([existsSync(file), existsSync(`${file}-wal`)]).toEqual([existed, false]);
  });
});

test.each([
  ['outbox', `priority = 9`],
  ['outbox', `state = 'lost'`],
  ['outbox', `attempts = 'many'`],
  ['outbox', `created_ms = 1.5`],
  ['audit', `result = 'perhaps'`],
  ['audit', `at_ms = 'noon'`],
])('names a corrupt row of %s whose %s instead of leaving it out', async (table, change) => {
  const file = newFile();
  const store = await open(file);
  await store.outbox.add(postOf('a'));
  await store.audit.begin(askedFor('a', 1));
  const other = new DatabaseSync(file);
  other.exec(`update ${table} set ${change}`);
  other.close();
  const error = await (table === 'audit' ? store.audit.list({ limit: 1 }) : store.outbox.entry('a')).catch(
    (caught) => caught,
  );
  expect(error).toBeInstanceOf(UpstreamError);
  expect(error.message).toContain(`table ${table}`);
  expect(error.retryable).toBe(false);
});

async function expectNothing({ outbox, audit }: Store): Promise<void> {
  expect(await outbox.due(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
  expect(await outbox.nextDueMs()).toBeNull();
  expect(await outbox.inState('sent', 10)).toEqual([]);
  expect(await outbox.entry('a')).toBeNull();
  expect(await audit.list({ limit: 10 })).toEqual([]);
}

/** A file that a server has prepared, filled and left. */
async function withoutServer(file: string, fill = async (_: Store): Promise<unknown> => null): Promise<string> {
  const store = await openStore({ url: `sqlite:${file}`, farm: 'test', mode: 'server' });
  await fill(store);
  await store.close();
  return file;
}

function newFile(): string {
  return join(temporaryFolder(), 'rigshift.db');
}

/** Closes when the test is over, if nobody did before. */
async function open(file: string, mode: StoreMode = 'server'): Promise<Store> {
  const store = await openStore({ url: `sqlite:${file}`, farm: 'test', mode });
  onTestFinished(() => store.close());
  return store;
}
