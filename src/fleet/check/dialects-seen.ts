import type { Conversion, Dialect, SeriesMapping } from '../../domain/dialect.ts';
import { evidenceOf } from '../../domain/dialect.ts';
import { convert } from '../../domain/observation/raw-values.ts';
import { type Unit, units } from '../../domain/units.ts';
import type { DialectSeen, OwnSeriesSeen } from './report.ts';
import type { NameCount } from './series-count.ts';

type Counts = ReadonlyMap<string, NameCount>;

/** What was seen of each dialect; names that the operator maps himself count as his. */
export function dialectsSeen(builtIn: readonly Dialect[], own: readonly Dialect[], counts: Counts): DialectSeen[] {
  const owners = new Map(own.flatMap((dialect) => Object.keys(dialect.series).map((name) => [name, dialect] as const)));
  return [...own, ...builtIn].map((dialect) => {
    const names = Object.keys(dialect.series).filter((name) => (owners.get(name) ?? dialect) === dialect);
    const seen = names.flatMap((name) => {
      const count = counts.get(name);
      return count === undefined ? [] : [{ name, count }];
    });
    return {
      id: dialect.id,
      evidence: dialect.evidence,
      source: dialect.source,
      series: seen.reduce((sum, { count }) => sum + count.series, 0),
      targets: Math.max(0, ...seen.map(({ count }) => count.targets)),
      names: names.length,
      namesSeen: seen.length,
      namesUnseen: names.filter((name) => !counts.has(name)),
      unverified: seen.map(({ name }) => name).filter((name) => evidenceOf(dialect, name).evidence === 'unverified'),
    };
  });
}

/** What each series matched that the operator mapped himself. */
export function ownSeriesSeen(builtIn: readonly Dialect[], own: readonly Dialect[], counts: Counts): OwnSeriesSeen[] {
  return own.flatMap((dialect) =>
    Object.entries(dialect.series).map(([name, mapping]): OwnSeriesSeen => {
      const count = counts.get(name);
      return {
        dialect: dialect.id,
        name,
        as: 'signal' in mapping ? mapping.signal : mapping.kind,
        series: count?.series ?? 0,
        targets: count?.targets ?? 0,
        instances: count?.instances ?? [],
        example: exampleOf(mapping, count?.example ?? null),
        inPlaceOf: builtIn.find(({ series }) => Object.hasOwn(series, name))?.id ?? null,
      };
    }),
  );
}

function exampleOf(mapping: SeriesMapping, example: NameCount['example']): OwnSeriesSeen['example'] {
  if (example === null || !('unit' in mapping)) return null;
  const { instance, value } = example;
  return {
    instance,
    printed: value,
    unit: mapping.unit,
    value: convert(value, mapping satisfies Conversion),
    canonicalUnit: canonicalUnit(mapping.unit),
  };
}

function canonicalUnit(unit: Unit): Unit {
  const { dimension } = units[unit];
  const names = Object.keys(units) as Unit[];
  return names.find((name) => units[name].dimension === dimension && units[name].factor === 1) ?? unit;
}
