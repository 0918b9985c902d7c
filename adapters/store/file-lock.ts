import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { UserError } from '../../src/domain/errors.ts';
import { sqliteCodes, toSqliteError } from './sqlite-error.ts';

export interface FileLock {
  release(): void;
}

/**
 * Makes this the only server on a database file. The lock is an exclusive transaction on `FILE.lock`, itself a SQLite
 * database: the operating system lets go of it when the process dies, however it dies, and SQLite sees to it that a
 * second holder within one process is refused as well. The lock's file stays where it is; only the lock on it counts.
 * @throws UserError where another server holds it.
 */
export function lockDatabaseFile(path: string): FileLock {
  const lock = new DatabaseSync(`${path}.lock`, { timeout: 0 });
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    if (toSqliteError(error).code !== sqliteCodes.busy) throw error;
    throw new UserError(
      `Another Rigshift server is using the database ${path}`,
      'Stop that server first, or give this one a database of its own in DATABASE_URL.',
    );
  }
  return { release: () => lock.close() };
}

/** Whether a server has the database file this moment. Creates nothing, and holds the lock for one query alone. */
export function isFileLocked(path: string): boolean {
  if (!existsSync(`${path}.lock`)) return false;
  const lock = new DatabaseSync(`${path}.lock`, { readOnly: true, timeout: 0 });
  try {
    // Reading needs a lock that an exclusive one does not leave.
    lock.prepare('select count(*) from sqlite_schema').get();
    return false;
  } catch (error) {
    if (toSqliteError(error).code === sqliteCodes.busy) return true;
    throw error;
  } finally {
    lock.close();
  }
}
