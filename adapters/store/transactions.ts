import type { Kysely } from 'kysely';
import type { Calls } from './calls.ts';
import type { Connections } from './database.ts';
import type { Tables } from './tables.ts';

/** What happens within one transaction. `signal` is aborted when the call's time is up. */
type Work<T> = (db: Kysely<Tables>, signal: AbortSignal) => Promise<T>;

/** `attempt` completes "Cannot …" where it fails. */
export interface Transactions {
  /** One view of the data for all that is read in it: a batch is seen whole or not at all. */
  read<T>(attempt: string, work: Work<T>): Promise<T>;
  /**
   * On the disk when its promise settles. Writes take turns, in the order of the calls, so that only one at a time asks
   * for the connection: what others write on it waits for one of these at most.
   */
  write<T>(attempt: string, work: Work<T>): Promise<T>;
}

/** Without a writer nothing can be written. */
export function createTransactions({ reader, writer }: Connections, calls: Calls): Transactions {
  const inTurn = createTurns();
  return {
    read: (attempt, work) =>
      calls.run(attempt, (signal) =>
        reader
          .transaction()
          .setIsolationLevel('repeatable read')
          .setAccessMode('read only')
          .execute((transaction) => work(transaction, signal)),
      ),
    write: async (attempt, work) => {
      if (writer === null) throw new Error(`cannot ${attempt}: the store was opened for reading`);
      return calls.run(attempt, (signal) =>
        inTurn(async () => {
          signal.throwIfAborted();
          return writer.transaction().execute(async (transaction) => {
            signal.throwIfAborted();
            const result = await work(transaction, signal);
            // Too late to be answered for, so it must not stay.
            signal.throwIfAborted();
            return result;
          });
        }),
      );
    },
  };
}

/** One piece of work after the other; one that fails does not keep the next from its turn. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };
}
