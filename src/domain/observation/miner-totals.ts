import type { Dialect, SeriesMapping } from '../dialect.ts';
import type { CardReading } from './card-reading.ts';
import { convert, firstLabel, type Labels, text } from './raw-values.ts';

/** What one miner prints for all its cards together. */
export interface MinerTotal {
  readonly dialect: Dialect;
  /** H/s. */
  hashrate: number;
  /** Of the family that it comes from: the smallest counts. */
  place: number;
  readonly coin: string | null;
  readonly algorithm: string | null;
}

export function addMinerTotal(
  totals: Map<string, MinerTotal>,
  { dialect, place }: { readonly dialect: Dialect; readonly place: number },
  mapping: Extract<SeriesMapping, { kind: 'miner-hashrate' }>,
  labels: Labels,
  value: number,
): void {
  const hashrate = convert(value, mapping);
  if (hashrate === null) return;
  const key = [dialect.id, ...mapping.miner.map((label) => labels[label] ?? '')].join('\n');
  const known = totals.get(key);
  if (known !== undefined) {
    if (place > known.place) return;
    known.hashrate = place < known.place ? hashrate : Math.max(known.hashrate, hashrate);
    known.place = place;
    return;
  }
  totals.set(key, {
    dialect,
    hashrate,
    place,
    coin: text(firstLabel(labels, dialect.card?.coin ?? []))?.toUpperCase() ?? null,
    algorithm: text(firstLabel(labels, dialect.card?.algorithm ?? []))?.toLowerCase() ?? null,
  });
}

/**
 * Hashrates of cards that are thousands of times off what their miner prints in all stand in another unit than the dialect
 * says: they are brought to H/s. Returns the dialects of which that was so.
 */
export function mendUnits(totals: Iterable<MinerTotal>, cards: Iterable<CardReading>): string[] {
  const byDialect = Map.groupBy(totals, ({ dialect }) => dialect);
  if (byDialect.size === 0) return [];
  const mended: string[] = [];
  const readings = [...cards];
  for (const [dialect, miners] of byDialect) {
    const own = readings.filter((card) => card.dialect === dialect);
    const total = miners.reduce((sum, { hashrate }) => sum + hashrate, 0);
    const summed = own.reduce((sum, card) => sum + (card.get('hashrate') ?? 0), 0);
    const factor = total > 0 && summed > 0 ? 1000 ** Math.round(Math.log10(total / summed) / 3) : 1;
    // A total of other cards too, or of a moment later, is not the same number, but it is of the same order.
    const rest = total / summed / factor;
    if (factor === 1 || rest < 0.4 || rest > 2.5) continue;
    for (const card of own) card.scaleHashrate(factor);
    mended.push(dialect.id);
  }
  return mended;
}

/** A card may mine two coins at once, or its exporter still prints the one that it mined before: nobody can tell. */
export function severalCoins(cards: Iterable<CardReading>): string[] {
  const found = new Map<string, Set<string>>();
  for (const { dialect, hashingCoins } of cards) {
    if (hashingCoins === null || hashingCoins.size < 2) continue;
    found.set(dialect.id, (found.get(dialect.id) ?? new Set<string>()).union(hashingCoins));
  }
  return [...found].map(
    ([dialect, coins]) =>
      `${dialect} prints hashrates of several coins for one card (${[...coins].sort().join(', ')}): the largest counts`,
  );
}
