import type { Dialect, LabelFilter, SeriesMapping } from '../dialect.ts';

export interface FamilyMapping {
  readonly dialect: Dialect;
  /** Position of the dialect: an earlier one wins where two say the same of one card. */
  readonly rank: number;
  readonly mapping: SeriesMapping;
}

/** Every series name that some dialect maps. */
export function familiesOf(dialects: readonly Dialect[]): ReadonlyMap<string, FamilyMapping> {
  const families = new Map<string, FamilyMapping>();
  for (const [rank, dialect] of dialects.entries()) {
    for (const [name, mapping] of Object.entries(dialect.series)) families.set(name, { dialect, rank, mapping });
  }
  return families;
}

/** What a source has to read for these mappings: each name, and the part of its series that counts, null for all. */
export function wantedFamilies(families: ReadonlyMap<string, FamilyMapping>): ReadonlyMap<string, LabelFilter | null> {
  return new Map(families.entries().map(([name, { mapping }]) => [name, 'only' in mapping ? mapping.only : null]));
}
