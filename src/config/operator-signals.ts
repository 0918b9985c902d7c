import { asicSignals, type Conversion, cardSignals, diskSignals, type SeriesMapping } from '../domain/dialect.ts';
import { type Dimension, type Unit, units } from '../domain/units.ts';

/** What an operator's own series can say, by the name that he writes as `signal`. */
export interface OperatorSignal {
  /** What its units measure; null where labels alone count and the value says nothing. */
  readonly dimension: Dimension | null;
  /** Whether it belongs to one card, so that the dialect has to say which labels tell cards apart. */
  readonly ofCard: boolean;
  /** The label that it takes something from, where nothing else is written. */
  readonly label?: string;
  /** Its value is taken as it is printed: the one unit that it can have, and no sentinel values. */
  readonly plain?: Unit;
  mappingOf(series: SeriesTerms): SeriesMapping;
}

/** How one series is written, its label settled. */
export interface SeriesTerms {
  readonly conversion: Conversion;
  readonly label: string;
  readonly among: { readonly label: string; readonly values: readonly string[] } | null;
  readonly sum: boolean;
}

type Signals = Readonly<Record<string, OperatorSignal>>;

/** A table of signals by other names. */
function named<Name extends string>(
  prefix: string,
  dimensions: Readonly<Record<Name, Dimension>>,
  signalOf: (name: Name) => Omit<OperatorSignal, 'dimension'>,
): Signals {
  const names = Object.keys(dimensions) as Name[];
  return Object.fromEntries(
    names.map((name) => [`${prefix}${name}`, { dimension: dimensions[name], ...signalOf(name) }]),
  );
}

const ofCards = named('', cardSignals, (signal) => ({
  ofCard: true,
  mappingOf: ({ conversion, among, sum }) => ({
    kind: 'card',
    signal,
    ...conversion,
    ...(among && { among }),
    ...(sum && { sum }),
  }),
}));

const ofAsics = named('asic.', asicSignals, (signal) => ({
  ofCard: false,
  mappingOf: ({ conversion, sum }) => ({ kind: 'asic', signal, ...conversion, ...(sum && { sum }) }),
}));

const ofDisks = named('disk.', diskSignals, (signal) => ({
  ofCard: false,
  label: 'device',
  mappingOf: ({ conversion, label }) => ({ kind: 'disk', signal, device: label, ...conversion }),
}));

function line(direction: 'down' | 'up'): OperatorSignal {
  return {
    dimension: 'data rate',
    ofCard: false,
    mappingOf: ({ conversion, among }) => {
      const value = among?.values[0];
      const only = among === null || value === undefined ? {} : { only: { label: among.label, value } };
      return { kind: 'line', direction, ...only, ...conversion };
    },
  };
}

/** Everything else that is no plain number of a card, a disk or an ASIC. */
const others = {
  'card.info': { dimension: null, ofCard: true, mappingOf: () => ({ kind: 'card-info' }) },
  'card.process': {
    dimension: null,
    ofCard: true,
    label: 'process_name',
    mappingOf: ({ label }) => ({ kind: 'card-process', label }),
  },
  'card.lastXid': {
    dimension: 'count',
    ofCard: true,
    plain: 'count',
    mappingOf: () => ({ kind: 'card-xid-last' }),
  },
  'miner.algorithm': {
    dimension: null,
    ofCard: false,
    label: 'algorithm',
    mappingOf: ({ label }) => ({ kind: 'miner-algorithm', label }),
  },
  'host.name': { dimension: null, ofCard: false, label: 'nodename', mappingOf: () => ({ kind: 'host-name' }) },
  'host.ramBytes': { dimension: 'data', ofCard: false, plain: 'byte', mappingOf: () => ({ kind: 'host-ram' }) },
  'host.bootSeconds': {
    dimension: 'time',
    ofCard: false,
    plain: 's',
    mappingOf: () => ({ kind: 'host-boot-seconds' }),
  },
  'line.down': line('down'),
  'line.up': line('up'),
  'rig.powerWatts': {
    dimension: 'power',
    ofCard: false,
    mappingOf: ({ conversion }) => ({ kind: 'rig-power', ...conversion }),
  },
  'rig.rentedGpus': {
    dimension: 'count',
    ofCard: false,
    label: 'platform',
    mappingOf: ({ conversion, label }) => ({ kind: 'rig-rented', platform: label, ...conversion }),
  },
  'rig.revenueUsd': {
    dimension: 'USD',
    ofCard: false,
    label: 'platform',
    mappingOf: ({ conversion, label }) => ({ kind: 'rig-revenue', platform: label, ...conversion }),
  },
  'rig.reachable': { dimension: 'flag', ofCard: false, plain: 'flag', mappingOf: () => ({ kind: 'probe' }) },
  'asic.model': {
    dimension: null,
    ofCard: false,
    label: 'model',
    mappingOf: ({ label }) => ({ kind: 'asic-info', model: label }),
  },
} satisfies Signals;

export const operatorSignals: ReadonlyMap<string, OperatorSignal> = new Map<string, OperatorSignal>(
  Object.entries({ ...ofCards, ...others, ...ofAsics, ...ofDisks }),
);

/** Units that a signal can be written in; none where its value says nothing. */
export function unitsOf({ dimension, plain }: OperatorSignal): readonly Unit[] {
  if (plain !== undefined) return [plain];
  return (Object.keys(units) as Unit[]).filter((unit) => units[unit].dimension === dimension);
}
