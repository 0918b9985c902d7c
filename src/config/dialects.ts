import type { Conversion, Dialect, LabelNames } from '../domain/dialect.ts';
import { unitOf, type WrittenDialect, type WrittenSeries } from './dialect-schema.ts';
import { operatorSignals } from './operator-signals.ts';

/** An operator's dialect as the built-in ones are written. Takes what the schema has accepted. */
export function dialectOf({ id, scope, rig, cards, series }: WrittenDialect): Dialect {
  return {
    id,
    evidence: 'configured',
    source: 'metrics.dialects',
    scope: scope ?? (rig === null ? 'rig' : 'farm'),
    ...(rig && { rig }),
    ...(cards && { card: cardLabels(cards) }),
    nameLabels: nameLabelsOf(series),
    series: Object.fromEntries(
      Object.entries(series).flatMap(([name, written]) => {
        const signal = operatorSignals.get(written.signal);
        if (signal === undefined) return [];
        const { among, sum } = written;
        const label = written.label ?? signal.label ?? '';
        return [[name, signal.mappingOf({ conversion: conversionOf(written), label, among, sum })]];
      }),
    ),
  };
}

function nameLabelsOf(series: WrittenDialect['series']): LabelNames {
  const named = Object.values(series).filter(({ signal }) => signal === 'host.name');
  return [...new Set(named.map(({ signal, label }) => label ?? operatorSignals.get(signal)?.label ?? ''))];
}

function cardLabels(cards: NonNullable<WrittenDialect['cards']>): NonNullable<Dialect['card']> {
  const { slot, ...others } = cards;
  const known = Object.entries(others).filter((entry): entry is [string, LabelNames & string[]] => entry[1] !== null);
  return { slot, ...Object.fromEntries(known) };
}

function conversionOf(written: WrittenSeries): Conversion {
  const { unknown, unknownFrom, fallback } = written;
  return {
    // Of a signal without a unit the value is not looked at.
    unit: unitOf(written) ?? 'count',
    ...(unknown && { unknown }),
    ...(unknownFrom !== null && { unknownFrom }),
    ...(fallback && { fallback }),
  };
}
