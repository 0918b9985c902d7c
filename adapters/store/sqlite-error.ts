/** SQLite's primary result codes that mean something to an operator (sqlite.org/rescode.html). */
export const sqliteCodes = { busy: 5, readOnly: 8, cannotOpen: 14, notADatabase: 26 } as const;

/** What SQLite answered instead of a result; `code` is its primary result code, null where SQLite gave none. */
export class SqliteError extends Error {
  override readonly name = 'SqliteError';
  readonly code: number | null;
  constructor(message: string, code: number | null) {
    super(message);
    this.code = code;
  }
}

/** From what node:sqlite threw, whose `errcode` carries the primary code in its low byte. */
export function toSqliteError(error: unknown): SqliteError {
  if (!(error instanceof Error)) return new SqliteError(String(error), null);
  const code = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : null;
  return new SqliteError(error.message, code);
}
