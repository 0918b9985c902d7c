import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { StateChange } from '../../src/domain/state-change.ts';
import { workStates } from '../../src/domain/work-state.ts';
import type { StateChangeStore } from '../../src/ports/store.ts';
import type { Calls } from './calls.ts';
import type { Connections } from './database.ts';
import { chunksOf } from './pages.ts';
import { mustBeValid, readAs, storable } from './row-validity.ts';
import type { StateChangesTable, Tables } from './tables.ts';
import { createTransactions } from './transactions.ts';

const state = z.enum([...workStates, 'up', 'partial', 'silent']) satisfies z.ZodType<StateChange['to']>;

const stateChange = z.strictObject({
  rig: z.string(),
  card: z.string().min(1).nullable(),
  atMs: z.int(),
  from: state,
  to: state,
  evidence: z.string(),
}) satisfies z.ZodType<StateChange>;

/** In the column `card`, which is part of the key and holds no null. */
const theRigItself = '';

export function createChangeStore(connections: Connections, calls: Calls): StateChangeStore {
  const { read, write } = createTransactions(connections, calls);
  return {
    add: (changes) =>
      write('note changes of states', async (db, signal) => {
        for (const chunk of chunksOf(changes)) {
          signal.throwIfAborted();
          await db
            .insertInto('state_changes')
            .values(chunk.map(toChangeColumns))
            .onConflict((conflict) => conflict.doNothing())
            .execute();
        }
      }),

    list: (query) =>
      read('read the changes of states', async (db) => {
        const rows = await changesOf(db, query).execute();
        return rows.map(fromChangeColumns);
      }),

    forget: (beforeMs, limit) =>
      write('clear the changes of states', async (db) => {
        const { numDeletedRows } = await db
          .deleteFrom('state_changes')
          .where(({ eb, refTuple, selectFrom }) =>
            eb(
              refTuple('rig', 'at_ms', 'card'),
              'in',
              selectFrom('state_changes')
                .select(['rig', 'at_ms', 'card'])
                .where('at_ms', '<', beforeMs)
                .orderBy('at_ms')
                .orderBy('rig')
                .orderBy('card')
                .limit(limit)
                .$asTuple('rig', 'at_ms', 'card'),
            ),
          )
          .executeTakeFirst();
        return Number(numDeletedRows);
      }),
  };
}

function changesOf(db: Kysely<Tables>, { rig, fromMs, toMs, limit }: Parameters<StateChangeStore['list']>[0]) {
  let query = db.selectFrom('state_changes').selectAll();
  if (rig !== undefined) query = query.where('rig', '=', rig);
  if (fromMs !== undefined) query = query.where('at_ms', '>=', fromMs);
  if (toMs !== undefined) query = query.where('at_ms', '<', toMs);
  return query.orderBy('at_ms', 'desc').orderBy('rig', 'desc').orderBy('card', 'desc').limit(limit);
}

/** @throws InvalidRowError */
function toChangeColumns(change: StateChange): StateChangesTable {
  mustBeValid(stateChange, change, `change of state of rig ${change.rig} at ${change.atMs}`);
  return {
    rig: storable(change.rig),
    card: change.card === null ? theRigItself : storable(change.card),
    at_ms: change.atMs,
    from_state: change.from,
    to_state: change.to,
    evidence: storable(change.evidence),
  };
}

/** @throws UpstreamError naming the change where the database holds something that is none. */
function fromChangeColumns(columns: StateChangesTable): StateChange {
  const where = `table state_changes, rig ${columns.rig}, at_ms ${columns.at_ms}, card ${columns.card}`;
  return readAs(stateChange, where, {
    rig: columns.rig,
    card: columns.card === theRigItself ? null : columns.card,
    atMs: columns.at_ms,
    from: columns.from_state,
    to: columns.to_state,
    evidence: columns.evidence,
  });
}
