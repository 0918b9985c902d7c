/** What the main thread and a SQLite thread say to each other. */

export interface SqliteThreadOptions {
  /** A file or `:memory:`. */
  readonly path: string;
  readonly readOnly: boolean;
  readonly busyTimeoutMs: number;
}

/** A value of a parameter or a column; SQLite knows no others. */
export type SqliteValue = string | number | bigint | null | Uint8Array;

export type SqliteRequest =
  | { readonly kind: 'open'; readonly options: SqliteThreadOptions }
  | { readonly kind: 'query'; readonly sql: string; readonly parameters: readonly SqliteValue[] }
  /** Ends a transaction that may have ended already: SQLite rolls back by itself after some errors. */
  | { readonly kind: 'rollback' }
  | { readonly kind: 'close' };

export interface SqliteResult {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** Rows that an insert, update or delete touched; 0 for anything else. */
  readonly changes: number;
}

export type SqliteResponse =
  | { readonly id: number; readonly result: SqliteResult }
  | { readonly id: number; readonly error: { readonly message: string; readonly code: number | null } };
