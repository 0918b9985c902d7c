import type { Dialect, LabelFilter, LabelNames, SeriesMapping } from '../dialect.ts';
import { type CardFamily, cardFamily } from './card-reading.ts';

export interface FamilyMapping {
  readonly dialect: Dialect;
  /** Position of the dialect: an earlier one wins where two say the same of one card. */
  readonly rank: number;
  readonly mapping: SeriesMapping;
  /** Where several families of the dialect give one signal, the smallest place counts; families of sums share one. */
  readonly place: number;
  /** The part of the family that counts; null for all of it. */
  readonly only: LabelFilter | null;
  /** Labels of the series that name its rig; null where the target is the rig. */
  readonly rigLabels: LabelNames | null;
  /** How a number of a card is kept, worked out once; null for every other kind. */
  readonly card: CardFamily | null;
}

/** Every series name that some dialect maps; of two dialects that map one name the later one has it. */
export function familiesOf(dialects: readonly Dialect[]): ReadonlyMap<string, FamilyMapping> {
  const families = new Map<string, FamilyMapping>();
  for (const [rank, dialect] of dialects.entries()) {
    const rigLabels = dialect.scope === 'farm' ? ownLabels(dialect.rig ?? []) : null;
    const places = new Map<string, number>();
    for (const [name, mapping] of inOrderOfTrust(dialect)) {
      const place = placeOf(mapping, places);
      const card = mapping.kind === 'card' ? cardFamily(mapping, place) : null;
      families.set(name, { dialect, rank, mapping, place, only: wantedPart(mapping), rigLabels, card });
    }
  }
  return families;
}

/** What a source has to read for these mappings: each name, and the part of its series that counts, null for all. */
export function wantedFamilies(families: ReadonlyMap<string, FamilyMapping>): ReadonlyMap<string, LabelFilter | null> {
  return new Map(families.entries().map(([name, { only }]) => [name, only]));
}

function wantedPart(mapping: SeriesMapping): LabelFilter | null {
  if (mapping.kind === 'card' && mapping.among !== undefined) {
    const { label, values } = mapping.among;
    const [value] = values;
    return values.length === 1 && value !== undefined ? { label, value } : null;
  }
  return 'only' in mapping ? (mapping.only ?? null) : null;
}

/** A series' own label that its target carries too is kept as `exported_NAME`: it speaks of the series' rig. */
function ownLabels(names: LabelNames): LabelNames {
  return names.flatMap((name) => [`exported_${name}`, name]);
}

function inOrderOfTrust(dialect: Dialect): (readonly [string, SeriesMapping])[] {
  const series = Object.entries(dialect.series);
  return [
    ...series.filter(([, mapping]) => !isFallback(mapping)),
    ...series.filter(([, mapping]) => isFallback(mapping)),
  ];
}

function isFallback(mapping: SeriesMapping): boolean {
  return 'fallback' in mapping && mapping.fallback === true;
}

const summed: ReadonlySet<SeriesMapping['kind']> = new Set(['rig-power', 'rig-rented', 'rig-revenue']);

function isSum(mapping: SeriesMapping): boolean {
  return summed.has(mapping.kind) || ('sum' in mapping && mapping.sum === true);
}

function placeOf(mapping: SeriesMapping, places: Map<string, number>): number {
  const signal = `${mapping.kind} ${'signal' in mapping ? mapping.signal : ''}`;
  const shared = `${signal} ${isFallback(mapping) ? 'fallback' : 'sum'}`;
  const known = isSum(mapping) ? places.get(shared) : undefined;
  if (known !== undefined) return known;
  const place = places.get(signal) ?? 0;
  places.set(signal, place + 1);
  if (isSum(mapping)) places.set(shared, place);
  return place;
}
