import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Kysely } from 'kysely';
import { UserError } from '../../src/domain/errors.ts';
import type { Database } from './database.ts';
import { type FileLock, lockDatabaseFile } from './file-lock.ts';
import { sqliteThreadDialect } from './sqlite-dialect.ts';
import { SqliteError, sqliteCodes, toSqliteError } from './sqlite-error.ts';
import { SqliteThread } from './sqlite-thread.ts';
import type { Tables } from './tables.ts';

/** One thread for reading and writing: a database in memory belongs to one connection. */
export async function openMemory(busyTimeoutMs: number): Promise<Database> {
  const thread = await SqliteThread.open({ path: ':memory:', readOnly: false, busyTimeoutMs });
  const db = kyselyOn(thread);
  return {
    flavour: 'sqlite',
    reader: db,
    writer: db,
    sending: { reader: db, writer: db },
    explain: (error) => error,
    close: () => thread.close(),
    abandon: () => thread.terminate(),
  };
}

/**
 * Makes the folder and the file where they are missing, and holds the file's lock until closed.
 * @throws UserError where another server has the file, or where it cannot be a database.
 */
export async function openFileForServer(path: string, busyTimeoutMs: number): Promise<Database> {
  const file = explained(path, () => createFolderOf(path));
  const lock = explained(file, () => lockDatabaseFile(file));
  try {
    return await openThreads(file, lock, busyTimeoutMs);
  } catch (error) {
    lock.release();
    throw explain(file, error);
  }
}

/**
 * Writes nothing; null where there is no such file.
 * @throws UserError where the file is no database.
 */
export async function openFileForReader(path: string, busyTimeoutMs: number): Promise<Database | null> {
  if (!existsSync(path)) return null;
  try {
    const thread = await SqliteThread.open({ path, readOnly: true, busyTimeoutMs });
    const reader = kyselyOn(thread);
    return {
      flavour: 'sqlite',
      reader,
      writer: null,
      sending: { reader, writer: null },
      explain: (error) => explain(path, error),
      close: () => thread.close(),
      abandon: () => thread.terminate(),
    };
  } catch (error) {
    throw explain(path, error);
  }
}

async function openThreads(file: string, lock: FileLock, busyTimeoutMs: number): Promise<Database> {
  const writing = await SqliteThread.open({ path: file, readOnly: false, busyTimeoutMs });
  const reading = await SqliteThread.open({ path: file, readOnly: true, busyTimeoutMs }).catch(async (error) => {
    await writing.terminate();
    throw error;
  });
  const writer = kyselyOn(writing);
  return {
    flavour: 'sqlite',
    reader: kyselyOn(reading),
    writer,
    // In turn with the ledger's commits, of which one of 10,000 rows took 300 ms. A third connection would wait for them
    // as well, without a turn: SQLite lets it ask again every 100 ms, and between commits in a row it waited up to 2.8 s.
    sending: { reader: writer, writer },
    explain: (error) => explain(file, error),
    close: async () => {
      try {
        await reading.close();
        await leaveWal(writing);
        await writing.close();
      } finally {
        lock.release();
      }
    },
    abandon: async () => {
      await Promise.all([reading.terminate(), writing.terminate()]);
      lock.release();
    },
  };
}

/**
 * A file that nobody serves is left without a write-ahead log, so that a reader finds one complete file and need not
 * create the log's index beside it.
 */
async function leaveWal(thread: SqliteThread): Promise<void> {
  try {
    await thread.query('pragma busy_timeout = 0');
    await thread.query('pragma journal_mode = delete');
  } catch (error) {
    // Somebody is reading the file this moment; it is as complete with its log as without.
    if (!(error instanceof SqliteError)) throw error;
  }
}

function kyselyOn(thread: SqliteThread): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: sqliteThreadDialect(thread) });
}

/** The file's one true path, whatever links lead to it, so that two servers meet at the same lock. */
function createFolderOf(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  mkdirSync(dirname(path), { recursive: true });
  return join(realpathSync(dirname(path)), basename(path));
}

function explained<T>(path: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw explain(path, error);
  }
}

/** What an operator can put right becomes a UserError; the rest stays as it is. */
function explain(path: string, error: unknown): unknown {
  const { code } = error instanceof SqliteError ? error : toSqliteError(error);
  if (code === sqliteCodes.notADatabase) {
    return new UserError(
      `The file ${path} is not a SQLite database`,
      'Move it away or name another file in DATABASE_URL.',
    );
  }
  if (code === sqliteCodes.cannotOpen || code === sqliteCodes.readOnly || isFileSystemError(error)) {
    const detail = error instanceof Error ? error.message : String(error);
    return new UserError(
      `The database ${path} cannot be opened: ${detail}`,
      'Give Rigshift a file in a folder that it may write to, or name another one in DATABASE_URL.',
    );
  }
  return error;
}

function isFileSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
