import type { ChartBlock } from '../chat/reply.ts';
import { isInstant } from './instant-labels.ts';
import { distinctLabels, plainLabel } from './labels.ts';

/** A chart that can be drawn as it is: labels are plain, as many values as slots, each finite or unknown. */
export interface Plot {
  readonly title: string;
  readonly unit: string;
  readonly form: ChartBlock['form'];
  readonly slots: Slots;
  readonly series: readonly PlotSeries[];
  /** Slots that there was no room for. */
  readonly hidden: number;
}

export type Slots =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'instants'; readonly atMs: readonly number[] };

export interface PlotSeries {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

const MOST_NAMES = 30;
const MOST_INSTANTS = 4_000;
/** Beyond this nothing is a figure of a farm; sums would leave the numbers' range. */
const LARGEST = 1e100;
/** Below this nothing is a figure of a farm either; steps of an axis would leave the numbers' range. */
const SMALLEST = 1e-12;

export function slotCount(slots: Slots): number {
  return slots.kind === 'names' ? slots.names.length : slots.atMs.length;
}

/** Values of one slot, series by series. */
export function valuesAt(plot: Plot, slot: number): (number | null)[] {
  return plot.series.map(({ values }) => values[slot] ?? null);
}

export function isKnown(value: number | null): value is number {
  return value !== null;
}

/** What can be drawn of a chart; names that it has no room for are counted, of too many instants the newest are kept. */
export function plotOf(chart: ChartBlock): Plot {
  const { along } = chart;
  const kept = along.kind === 'names' ? along.names.map((_, index) => index) : risingInstants(along.atMs);
  const shown = along.kind === 'names' ? kept.slice(0, MOST_NAMES) : kept.slice(-MOST_INSTANTS);
  const names = distinctLabels(chart.series.map(({ name }) => plainLabel(name)));
  return {
    title: plainLabel(chart.title),
    unit: plainLabel(chart.unit),
    form: chart.form,
    slots:
      along.kind === 'names'
        ? { kind: 'names', names: along.names.slice(0, MOST_NAMES).map(plainLabel) }
        : { kind: 'instants', atMs: shown.map((index) => along.atMs[index] ?? 0) },
    series: chart.series.map(({ values }, series) => ({
      name: names[series] ?? '',
      values: shown.map((index) => figure(values[index])),
    })),
    hidden: kept.length - shown.length,
  };
}

function risingInstants(atMs: readonly number[]): number[] {
  let last = Number.NEGATIVE_INFINITY;
  return atMs.flatMap((instant, index) => {
    if (!isInstant(instant) || instant <= last) return [];
    last = instant;
    return [index];
  });
}

function figure(value: number | null | undefined): number | null {
  if (value === null || value === undefined || !(Math.abs(value) <= LARGEST)) return null;
  // Of either sign, so that no -0 is drawn.
  return Math.abs(value) < SMALLEST ? 0 : value;
}

/**
 * The same plot with slots for the instants that are missing between others, so that bars of equal width stand where their
 * time is. A month and a day of 23 hours are one slot each, as the distances of the others are.
 */
export function withMissingInstants(plot: Plot): Plot {
  if (plot.slots.kind === 'names') return plot;
  const { atMs } = plot.slots;
  const distances = atMs.slice(1).map((instant, index) => instant - (atMs[index] ?? 0));
  const usual = distances.toSorted((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 1;
  const steps = distances.map((distance) => Math.max(1, Math.round(distance / usual)));
  const count = steps.reduce((sum, step) => sum + step, 1);
  if (atMs.length === 0 || count > 2 * atMs.length) return plot;
  // Each instant, and after it what is missing until the next.
  const sources = atMs.flatMap((_, index) =>
    Array.from({ length: steps[index] ?? 1 }, (_, missing) => ({ index, missing })),
  );
  return {
    ...plot,
    slots: {
      kind: 'instants',
      atMs: sources.map(({ index, missing }) => (atMs[index] ?? 0) + missing * usual),
    },
    series: plot.series.map(({ name, values }) => ({
      name,
      values: sources.map(({ index, missing }) => (missing === 0 ? (values[index] ?? null) : null)),
    })),
  };
}
