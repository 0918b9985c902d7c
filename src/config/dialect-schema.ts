import { z } from 'zod';
import { speedtests } from '../data/speedtests.ts';
import type { Unit } from '../domain/units.ts';
import { byName, labelName, listOf, oneOrMore, orShort, section } from './groups.ts';
import { nearestName } from './nearest.ts';
import { type OperatorSignal, operatorSignals, unitsOf } from './operator-signals.ts';
import { name, oneOf, orUnknown, reading } from './values.ts';

const label = z.string({ error: 'the name of a label' }).regex(labelName, { error: 'the name of a label' });
const labelNames = oneOrMore('names of labels', label);
const numbers = oneOrMore('numbers', z.number({ error: 'a number' }));

export const seriesName = z
  .string({ error: 'the name of a series, without labels' })
  .max(200, { error: 'the name of a series, 200 characters at most' })
  .regex(/^[a-zA-Z_:][\w:]*$/, { error: 'the name of a series, without labels' });

const signal = reading((written) => {
  const names = [...operatorSignals.keys()];
  const known = names.find((candidate) => candidate === written);
  if (known !== undefined) return { value: known };
  const nearest = typeof written === 'string' ? nearestName(written, names) : undefined;
  return { allowed: 'a signal of docs/configuration.md, such as powerWatts, hashrate or rig.powerWatts', nearest };
});

const flag = z.boolean({ error: 'true or false' }).default(false);

/** What one series says. Its short form is the signal alone, where the unit goes without saying. */
const series = orShort(
  'signal',
  section({
    signal,
    unit: orUnknown(name),
    unknown: orUnknown(numbers),
    unknownFrom: orUnknown(z.number({ error: 'a number' })),
    fallback: flag,
    sum: flag,
    among: orUnknown(
      section({ label, values: oneOrMore('values of the label', z.string({ error: 'text in quotes' })) }),
    ),
    label: orUnknown(label),
  }).superRefine((written, context) => {
    const known = operatorSignals.get(written.signal);
    if (known === undefined) return;
    for (const { path, allowed, nearest } of misfits(written.signal, known, written)) {
      context.addIssue({ code: 'custom', path: [path], message: allowed, params: { nearest } });
    }
  }),
);

export interface WrittenSeries {
  readonly signal: string;
  readonly unit: string | null;
  readonly unknown: readonly number[] | null;
  readonly unknownFrom: number | null;
  readonly fallback: boolean;
  readonly sum: boolean;
  readonly among: { readonly label: string; readonly values: readonly string[] } | null;
  readonly label: string | null;
}

/** The unit of a series: as written, or the only one that its signal can have. */
export function unitOf({ signal: of, unit }: Pick<WrittenSeries, 'signal' | 'unit'>): Unit | null {
  const known = operatorSignals.get(of);
  const possible = known === undefined ? [] : unitsOf(known);
  return possible.find((candidate) => candidate === unit) ?? (possible.length === 1 ? (possible[0] ?? null) : null);
}

interface Misfit {
  readonly path: keyof WrittenSeries;
  readonly allowed: string;
  readonly nearest?: string | undefined;
}

/** Keys of a series that do not fit its signal. */
function* misfits(of: string, known: OperatorSignal, written: WrittenSeries): Generator<Misfit> {
  const possible = unitsOf(known);
  if (possible.length === 0 && written.unit !== null) {
    yield { path: 'unit', allowed: `none: of ${of} the labels count, not the value` };
  } else if (written.unit === null ? possible.length > 1 : !possible.some((unit) => unit === written.unit)) {
    const nearest = written.unit === null ? undefined : nearestName(written.unit, possible);
    yield { path: 'unit', allowed: `a unit of ${of}: ${possible.join(', ')}`, nearest };
  }
  const takesSentinels = known.dimension !== null && known.plain === undefined;
  for (const path of ['unknown', 'unknownFrom'] as const) {
    if (written[path] !== null && !takesSentinels) yield { path, allowed: `none: ${of} is taken as it is printed` };
  }
  if (written.fallback && !takesSentinels) yield { path: 'fallback', allowed: `none: ${of} has no second best` };
  const isOfCardOrAsic = takesSentinels && (known.ofCard || of.startsWith('asic.'));
  if (written.sum && !isOfCardOrAsic) yield { path: 'sum', allowed: 'true only for numbers of cards and ASICs' };
  const isLine = of.startsWith('line.');
  if (written.among !== null && !isLine && !(known.ofCard && takesSentinels)) {
    yield { path: 'among', allowed: 'a choice only for numbers of cards and for lines' };
  } else if (written.among !== null && isLine && written.among.values.length > 1) {
    yield { path: 'among', allowed: 'one value for a line' };
  }
  if (written.label !== null && known.label === undefined) {
    yield { path: 'label', allowed: `none: ${of} is taken from no label` };
  }
}

const cards = section({
  slot: labelNames,
  uuid: orUnknown(labelNames),
  bus: orUnknown(labelNames),
  index: orUnknown(labelNames),
  model: orUnknown(labelNames),
  coin: orUnknown(labelNames),
  algorithm: orUnknown(labelNames),
});

const idAllowed = 'a name of lower-case letters, digits, - and _, such as my_panel';

/** How an operator's own exporter says what. */
export const dialectSchema = section({
  id: z.string({ error: idAllowed }).regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, { error: idAllowed }),
  scope: orUnknown(oneOf(['rig', 'farm', 'outside'])),
  rig: orUnknown(labelNames),
  cards: orUnknown(cards),
  series: byName('series (my_gpu_power)', series),
});

export type WrittenDialect = z.output<typeof dialectSchema>;

const lineSeries = section({
  series: seriesName,
  unit: oneOf(unitsOf({ dimension: 'data rate', ofCard: false, mappingOf: () => ({ kind: 'host-name' }) })),
  only: orUnknown(section({ label, value: z.string({ error: 'text in quotes' }) })),
});

/** A speed test's exporter: one that is known by name, or its series with their unit. */
export const speedtestSchema = orShort(
  'variant',
  section({
    variant: orUnknown(oneOf(speedtests.map(({ id }) => id))),
    download: orUnknown(lineSeries),
    upload: orUnknown(lineSeries),
  }).superRefine(({ variant, download, upload }, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    const isWritten = download !== null || upload !== null;
    if (variant === null && !isWritten) refuse('variant', 'the name of a variant, or download and upload');
    if (variant !== null && isWritten) refuse('variant', 'a variant, or download and upload');
    if (download === null || upload === null || download.series !== upload.series) return;
    const isToldApart = download.only !== null && download.only.label === upload.only?.label;
    if (!isToldApart || download.only?.value === upload.only?.value || download.unit !== upload.unit) {
      refuse('upload', 'another series than of download, or the same unit and another value of one label');
    }
  }),
);

export type WrittenSpeedtest = z.output<typeof speedtestSchema>;

export const dialectsSchema = listOf('dialects', dialectSchema).max(50, { error: '50 dialects at most' }).default([]);
