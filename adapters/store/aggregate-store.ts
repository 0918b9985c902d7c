import type { Kysely } from 'kysely';
import { mergeAggregates, type RigDayAggregate } from '../../src/domain/aggregates.ts';
import type { AggregateStore } from '../../src/ports/store.ts';
import { fromAggregateColumns, toAggregateColumns } from './aggregate-columns.ts';
import type { Calls } from './calls.ts';
import type { Connections } from './database.ts';
import { chunksOf } from './pages.ts';
import { InvalidRowError } from './row-validity.ts';
import type { AggregatesTable, Tables } from './tables.ts';
import { createTransactions } from './transactions.ts';

/**
 * Rows that are read, merged and written at once: one of a rig of 8 cards is 5 kB of JSON, on which the main thread spends
 * half a millisecond.
 */
const sliceRows = 20;
/** Of one transaction, each of which waits for the disk. */
const transactionRows = 200;

type AddedAggregate = Parameters<AggregateStore['add']>[0][number];
type DayRange = Parameters<AggregateStore['days']>[0];

/**
 * Adding and reading take several transactions, each with a time limit of its own: those of a large farm last seconds, and
 * what else is written takes its turn in between.
 */
export function createAggregateStore(connections: Connections, calls: Calls): AggregateStore {
  const { read, write } = createTransactions(connections, calls);
  return {
    add: async (aggregates) => {
      for (const some of chunksOf(aggregates, transactionRows)) {
        await write('add to the daily aggregates', async (db, signal) => {
          for (const slice of chunksOf(some, sliceRows)) {
            signal.throwIfAborted();
            await addSlice(db, slice);
          }
        });
      }
    },

    days: async (range) => {
      const days: RigDayAggregate[] = [];
      let last: AggregatesTable | null = null;
      do {
        const page: AggregatesTable[] = await read('read the daily aggregates', (db) => daysPage(db, range, last));
        for (const columns of page) days.push(fromAggregateColumns(columns));
        last = page.length < sliceRows ? null : (page.at(-1) ?? null);
      } while (last !== null);
      return days;
    },

    forget: (beforeMs, limit) =>
      write('clear the daily aggregates', async (db) => {
        const { numDeletedRows } = await db
          .deleteFrom('aggregates')
          .where(({ eb, refTuple, selectFrom }) =>
            eb(
              refTuple('rig', 'day_ms'),
              'in',
              selectFrom('aggregates')
                .select(['rig', 'day_ms'])
                .where('day_ms', '<', beforeMs)
                .orderBy('day_ms')
                .orderBy('rig')
                .limit(limit)
                .$asTuple('rig', 'day_ms'),
            ),
          )
          .executeTakeFirst();
        return Number(numDeletedRows);
      }),
  };
}

async function addSlice(db: Kysely<Tables>, slice: readonly AddedAggregate[]): Promise<void> {
  const days = await daysOf(db, slice);
  const changed = new Map<string, RigDayAggregate>();
  for (const { fromMs, ...part } of slice) {
    if (!(fromMs < part.untilMs)) throw new InvalidRowError(`aggregate of rig ${part.rig} ends before it begins`);
    const key = keyOf(part);
    const there = days.get(key);
    if (there !== undefined && fromMs < there.untilMs) continue;
    const day = there === undefined ? part : mergeAggregates(there, part);
    days.set(key, day);
    changed.set(key, day);
  }
  if (changed.size === 0) return;
  await db
    .insertInto('aggregates')
    .values(Array.from(changed.values(), toAggregateColumns))
    .onConflict((conflict) =>
      conflict
        .columns(['rig', 'day_ms'])
        .doUpdateSet(({ ref }) => ({
          until_ms: ref('excluded.until_ms'),
          host: ref('excluded.host'),
          cards: ref('excluded.cards'),
        }))
        // Another server on the same PostgreSQL may have added the same hour since we looked.
        .whereRef('aggregates.until_ms', '<', 'excluded.until_ms'),
    )
    .execute();
}

/** What is there of the days that a slice adds to. */
async function daysOf(db: Kysely<Tables>, slice: readonly AddedAggregate[]): Promise<Map<string, RigDayAggregate>> {
  const rows = await db
    .selectFrom('aggregates')
    .selectAll()
    .where('rig', 'in', [...new Set(slice.map(({ rig }) => rig))])
    .where('day_ms', 'in', [...new Set(slice.map(({ dayMs }) => dayMs))])
    .execute();
  return new Map(rows.map(fromAggregateColumns).map((day) => [keyOf(day), day]));
}

function daysPage(db: Kysely<Tables>, { fromMs, toMs, rig }: DayRange, last: AggregatesTable | null) {
  let query = db.selectFrom('aggregates').selectAll().where('day_ms', '<', toMs);
  if (rig !== undefined) query = query.where('rig', '=', rig);
  query =
    last === null
      ? query.where('day_ms', '>=', fromMs)
      : query.where(({ eb, refTuple, tuple }) => eb(refTuple('day_ms', 'rig'), '>', tuple(last.day_ms, last.rig)));
  return query.orderBy('day_ms').orderBy('rig').limit(sliceRows).execute();
}

function keyOf({ rig, dayMs }: RigDayAggregate): string {
  return `${dayMs} ${rig}`;
}
