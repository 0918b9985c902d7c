import { DatabaseSync } from 'node:sqlite';
import { parentPort } from 'node:worker_threads';
import { toSqliteError } from './sqlite-error.ts';
import type {
  SqliteRequest,
  SqliteResponse,
  SqliteResult,
  SqliteThreadOptions,
  SqliteValue,
} from './sqlite-messages.ts';

let database: DatabaseSync | null = null;

parentPort?.on('message', ({ id, request }: { readonly id: number; readonly request: SqliteRequest }) => {
  parentPort?.postMessage(respond(id, request));
});

function respond(id: number, request: SqliteRequest): SqliteResponse {
  try {
    return { id, result: answer(request) };
  } catch (error) {
    const { message, code } = toSqliteError(error);
    return { id, error: { message, code } };
  }
}

function answer(request: SqliteRequest): SqliteResult {
  if (request.kind === 'open') {
    database = open(request.options);
    return noRows(0);
  }
  if (database === null) throw new Error('the database is not open');
  if (request.kind === 'query') return query(database, request.sql, request.parameters);
  if (request.kind === 'close') database.close();
  else if (database.isTransaction) database.exec('rollback');
  return noRows(0);
}

function open({ path, readOnly, busyTimeoutMs }: SqliteThreadOptions): DatabaseSync {
  const opened = new DatabaseSync(path, { readOnly, timeout: busyTimeoutMs });
  // Readers beside the writer; every commit is on the disk before it is answered.
  if (!readOnly) opened.exec('pragma journal_mode = wal; pragma synchronous = full');
  opened.exec('pragma foreign_keys = on');
  return opened;
}

function query(opened: DatabaseSync, sql: string, parameters: readonly SqliteValue[]): SqliteResult {
  const statement = opened.prepare(sql);
  if (statement.columns().length > 0) return { rows: statement.all(...parameters), changes: 0 };
  return noRows(Number(statement.run(...parameters).changes));
}

function noRows(changes: number): SqliteResult {
  return { rows: [], changes };
}
