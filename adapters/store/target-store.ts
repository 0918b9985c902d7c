import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { KnownTarget } from '../../src/domain/known-target.ts';
import type { TargetStore } from '../../src/ports/store.ts';
import type { Calls } from './calls.ts';
import type { Connections } from './database.ts';
import { chunksOf, pageRows, readPages } from './pages.ts';
import { mustBeValid, parseJson, readAs, storable } from './row-validity.ts';
import type { KnownTargetsTable, Tables } from './tables.ts';
import { createTransactions } from './transactions.ts';

const said = z.strictObject({
  parts: z.array(z.string()),
  machines: z.array(z.strictObject({ id: z.string(), hostname: z.string().nullable(), model: z.string().nullable() })),
  asics: z.array(
    z.strictObject({
      rig: z.string(),
      key: z.string(),
      model: z.string().nullable(),
      algorithm: z.string().nullable(),
      coin: z.string().nullable(),
    }),
  ),
});

const knownTarget = said.extend({
  key: z.string(),
  rig: z.string().nullable(),
  hasCards: z.boolean().nullable(),
  isStranger: z.boolean(),
  firstSeenMs: z.int(),
  listedMs: z.int(),
}) satisfies z.ZodType<KnownTarget>;

export function createTargetStore(connections: Connections, calls: Calls): TargetStore {
  const { read, write } = createTransactions(connections, calls);
  return {
    all: () =>
      read('read the known targets', (db, signal) =>
        readPages((last) => targetsPage(db, last).execute(), fromTargetColumns, signal),
      ),

    save: (targets) =>
      write('save the known targets', async (db, signal) => {
        // One insert must not name a target twice; the last one counts.
        const latest = new Map(targets.map((target) => [target.key, target]));
        for (const chunk of chunksOf([...latest.values()])) {
          signal.throwIfAborted();
          await replaceTargets(db, chunk.map(toTargetColumns));
        }
      }),

    remove: (keys) =>
      write('remove known targets', async (db, signal) => {
        for (const chunk of chunksOf(keys)) {
          signal.throwIfAborted();
          await db.deleteFrom('known_targets').where('key', 'in', chunk.map(storable)).execute();
        }
      }),
  };
}

function targetsPage(db: Kysely<Tables>, last: KnownTargetsTable | null) {
  const query = db.selectFrom('known_targets').selectAll().orderBy('key').limit(pageRows);
  return last === null ? query : query.where('key', '>', last.key);
}

async function replaceTargets(db: Kysely<Tables>, targets: readonly KnownTargetsTable[]): Promise<void> {
  await db
    .insertInto('known_targets')
    .values(targets)
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet(({ ref }) => ({
        rig: ref('excluded.rig'),
        has_cards: ref('excluded.has_cards'),
        is_stranger: ref('excluded.is_stranger'),
        said: ref('excluded.said'),
        first_seen_ms: ref('excluded.first_seen_ms'),
        listed_ms: ref('excluded.listed_ms'),
      })),
    )
    .execute();
}

/** @throws InvalidRowError */
function toTargetColumns(target: KnownTarget): KnownTargetsTable {
  mustBeValid(knownTarget, target, `known target ${target.key}`);
  const { key, rig, hasCards, isStranger, parts, machines, asics, firstSeenMs, listedMs } = target;
  return {
    key: storable(key),
    rig: rig === null ? null : storable(rig),
    has_cards: hasCards === null ? null : Number(hasCards),
    is_stranger: Number(isStranger),
    said: JSON.stringify({ parts, machines, asics }),
    first_seen_ms: firstSeenMs,
    listed_ms: listedMs,
  };
}

/** @throws UpstreamError naming the target where the database holds something that is none. */
function fromTargetColumns(columns: KnownTargetsTable): KnownTarget {
  const where = `table known_targets, key ${columns.key}`;
  return readAs(knownTarget, where, {
    key: columns.key,
    rig: columns.rig,
    hasCards: columns.has_cards === null ? null : columns.has_cards === 1,
    isStranger: columns.is_stranger === 1,
    ...readAs(said, where, parseJson(columns.said, where)),
    firstSeenMs: columns.first_seen_ms,
    listedMs: columns.listed_ms,
  });
}
