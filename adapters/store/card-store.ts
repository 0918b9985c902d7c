import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { KnownCard } from '../../src/domain/known-card.ts';
import type { CardStore } from '../../src/ports/store.ts';
import type { Calls } from './calls.ts';
import type { Connections } from './database.ts';
import { chunksOf, pageRows, readPages } from './pages.ts';
import { mustBeValid, readAs, storable } from './row-validity.ts';
import type { KnownCardsTable, Tables } from './tables.ts';
import { createTransactions } from './transactions.ts';

const knownCard = z.strictObject({
  rig: z.string(),
  key: z.string(),
  index: z.int32().nullable(),
  uuid: z.string().nullable(),
  bus: z.string().nullable(),
  model: z.string().nullable(),
  vramTotalBytes: z.number().nullable(),
  pcieWidthMax: z.number().nullable(),
  pcieGenerationMax: z.number().nullable(),
  computeCapability: z.number().nullable(),
  driverVersion: z.string().nullable(),
  cudaVersion: z.string().nullable(),
  vbiosVersion: z.string().nullable(),
  firstSeenMs: z.int(),
  seenMs: z.int(),
}) satisfies z.ZodType<KnownCard>;

export function createCardStore(connections: Connections, calls: Calls): CardStore {
  const { read, write } = createTransactions(connections, calls);
  return {
    all: () =>
      read('read the known cards', (db, signal) =>
        readPages((last) => cardsPage(db, last).execute(), fromCardColumns, signal),
      ),

    save: (cards) =>
      write('save the known cards', async (db, signal) => {
        // One insert must not name a card twice; the last one counts.
        const latest = new Map(cards.map((card) => [JSON.stringify([card.rig, card.key]), card]));
        for (const chunk of chunksOf([...latest.values()])) {
          signal.throwIfAborted();
          await replaceCards(db, chunk.map(toCardColumns));
        }
      }),

    remove: (cards) =>
      write('remove known cards', async (db, signal) => {
        for (const { rig, key } of cards) {
          signal.throwIfAborted();
          await db
            .deleteFrom('known_cards')
            .where('rig', '=', storable(rig))
            .where('key', '=', storable(key))
            .execute();
        }
      }),
  };
}

function cardsPage(db: Kysely<Tables>, last: KnownCardsTable | null) {
  const query = db.selectFrom('known_cards').selectAll().orderBy('rig').orderBy('key').limit(pageRows);
  if (last === null) return query;
  return query.where(({ eb, refTuple, tuple }) => eb(refTuple('rig', 'key'), '>', tuple(last.rig, last.key)));
}

async function replaceCards(db: Kysely<Tables>, cards: readonly KnownCardsTable[]): Promise<void> {
  await db
    .insertInto('known_cards')
    .values(cards)
    .onConflict((conflict) =>
      conflict.columns(['rig', 'key']).doUpdateSet(({ ref }) => ({
        gpu_index: ref('excluded.gpu_index'),
        uuid: ref('excluded.uuid'),
        bus: ref('excluded.bus'),
        model: ref('excluded.model'),
        vram_total_bytes: ref('excluded.vram_total_bytes'),
        pcie_width_max: ref('excluded.pcie_width_max'),
        pcie_generation_max: ref('excluded.pcie_generation_max'),
        compute_capability: ref('excluded.compute_capability'),
        driver_version: ref('excluded.driver_version'),
        cuda_version: ref('excluded.cuda_version'),
        vbios_version: ref('excluded.vbios_version'),
        first_seen_ms: ref('excluded.first_seen_ms'),
        seen_ms: ref('excluded.seen_ms'),
      })),
    )
    .execute();
}

/** @throws InvalidRowError */
function toCardColumns(card: KnownCard): KnownCardsTable {
  mustBeValid(knownCard, card, `known card ${card.key} of rig ${card.rig}`);
  return {
    rig: storable(card.rig),
    key: storable(card.key),
    gpu_index: card.index,
    uuid: storableOrNull(card.uuid),
    bus: storableOrNull(card.bus),
    model: storableOrNull(card.model),
    vram_total_bytes: card.vramTotalBytes,
    pcie_width_max: card.pcieWidthMax,
    pcie_generation_max: card.pcieGenerationMax,
    compute_capability: card.computeCapability,
    driver_version: storableOrNull(card.driverVersion),
    cuda_version: storableOrNull(card.cudaVersion),
    vbios_version: storableOrNull(card.vbiosVersion),
    first_seen_ms: card.firstSeenMs,
    seen_ms: card.seenMs,
  };
}

/** @throws UpstreamError naming the card where the database holds something that is none. */
function fromCardColumns(columns: KnownCardsTable): KnownCard {
  return readAs(knownCard, `table known_cards, rig ${columns.rig}, key ${columns.key}`, {
    rig: columns.rig,
    key: columns.key,
    index: columns.gpu_index,
    uuid: columns.uuid,
    bus: columns.bus,
    model: columns.model,
    vramTotalBytes: columns.vram_total_bytes,
    pcieWidthMax: columns.pcie_width_max,
    pcieGenerationMax: columns.pcie_generation_max,
    computeCapability: columns.compute_capability,
    driverVersion: columns.driver_version,
    cudaVersion: columns.cuda_version,
    vbiosVersion: columns.vbios_version,
    firstSeenMs: columns.first_seen_ms,
    seenMs: columns.seen_ms,
  });
}

function storableOrNull(text: string | null): string | null {
  return text === null ? null : storable(text);
}
