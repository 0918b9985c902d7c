import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** Where the two speak different SQL. */
export type Flavour = 'sqlite' | 'postgres';

export interface Connections {
  readonly reader: Kysely<Tables>;
  /** Null where it was opened for reading. */
  readonly writer: Kysely<Tables> | null;
}

/** An open database, whichever it is. */
export interface Database extends Connections {
  readonly flavour: Flavour;
  /** For outbox, claims and audit, which must not wait until the ledger has been read. */
  readonly sending: Connections;
  /** Turns what an operator can put right into a UserError; leaves the rest as it is. */
  explain(error: unknown): unknown;
  /** Lets go; to be called when everything that was asked is answered. */
  close(): Promise<void>;
  /** Lets go at once. */
  abandon(): Promise<void>;
}
