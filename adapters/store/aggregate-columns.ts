import type { RigDayAggregate, SignalDay, SignalDays } from '../../src/domain/aggregates.ts';
import { corruptRow, InvalidRowError, mustBeTime, parseJson } from './row-validity.ts';
import type { AggregatesTable } from './tables.ts';

/** `[seconds, min, max, last, increase, ...beyond]`: a farm of 80,000 cards writes a million of them, and each hour anew. */
type SignalFigures = readonly (number | null)[];
type SignalsFigures = Readonly<Record<string, SignalFigures>>;

const increaseAt = 4;

/** @throws InvalidRowError */
export function toAggregateColumns(aggregate: RigDayAggregate): AggregatesTable {
  const { rig, dayMs, untilMs, host, cards } = aggregate;
  mustBeTime(dayMs);
  mustBeTime(untilMs);
  const what = `aggregate of rig ${rig} on ${dayMs}`;
  return {
    rig,
    day_ms: dayMs,
    until_ms: untilMs,
    host: JSON.stringify(toFigures(host, what)),
    cards: JSON.stringify(mapValues(cards, (signals, key) => toFigures(signals, `${what}, card ${key}`))),
  };
}

/** @throws UpstreamError naming the row where the database holds something that is no aggregate. */
export function fromAggregateColumns(columns: AggregatesTable): RigDayAggregate {
  const where = `table aggregates, rig ${columns.rig}, day_ms ${columns.day_ms}`;
  const cards = recordIn(parseJson(columns.cards, `${where}, column cards`), where);
  return {
    rig: columns.rig,
    dayMs: columns.day_ms,
    untilMs: columns.until_ms,
    host: fromFigures(parseJson(columns.host, `${where}, column host`), where),
    cards: mapValues(cards, (signals, key) => fromFigures(signals, `${where}, card ${key}`)),
  };
}

function toFigures(signals: SignalDays, what: string): SignalsFigures {
  return mapValues(signals, (day, signal) => {
    const { seconds, min, max, last, increase, beyond, ...unknown } = day;
    // A field that is added to the type and not here would be lost.
    unknown satisfies Record<string, never>;
    const figures = [seconds, min, max, last, increase, ...beyond];
    if (!areFigures(figures)) throw new InvalidRowError(`invalid ${what}: ${signal} is ${JSON.stringify(day)}`);
    return figures;
  });
}

function fromFigures(value: unknown, where: string): SignalDays {
  return mapValues(recordIn(value, where), (figures, signal): SignalDay => {
    if (!areFigures(figures)) throw corruptRow(where, `${signal} is ${JSON.stringify(figures)}`);
    const [seconds, min, max, last, increase, ...beyond] = figures;
    return { seconds, min, max, last, increase, beyond };
  });
}

/** Checked by hand: a schema takes longer for a page of these than the main thread may be kept. */
function areFigures(
  value: unknown,
): value is [seconds: number, min: number, max: number, last: number, increase: number | null, ...beyond: number[]] {
  return (
    Array.isArray(value) &&
    value.length > increaseAt &&
    value.every((figure, at) => Number.isFinite(figure) || (at === increaseAt && figure === null))
  );
}

function recordIn(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw corruptRow(where, 'no record of signals');
}

/** Keeps every key, also `__proto__`. */
function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From, key: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
