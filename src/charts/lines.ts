import {
  LABEL_ROW,
  LABEL_SIZE,
  shareOf,
  slotLabelRows,
  slotLabels,
  tickWidth,
  uprightTicks,
  zeroLine,
} from './axes.ts';
import { figurePrinter } from './figures.ts';
import { legendNames, type Settings } from './frame.ts';
import { labelWidth } from './labels.ts';
import { type Box, boxMark, type Json, type Mark, type Parts, textMark } from './marks.ts';
import { isKnown, type Plot, slotCount, valuesAt } from './plot.ts';
import { dashes, symbols } from './theme.ts';
import { valueScale } from './value-scale.ts';
import { chartWords } from './words.ts';

const MOST_WITH_SYMBOLS = 16;

/** Lines over time stand where their instants are; a value that is not known breaks its line. */
export function lineParts(plot: Plot, body: Box, settings: Settings): Parts {
  const scale = valueScale(plot.series.flatMap(({ values }) => values.filter(isKnown)));
  const left = body.left + tickWidth(scale, settings);
  const grid = {
    left,
    top: body.top + 12,
    width: body.left + body.width - left,
    height: body.height - 12 - 8 - LABEL_ROW * slotLabelRows(plot.slots, body.width, settings),
  };
  const { positions, min, max } = positionsOf(plot);
  const xOf = (slot: number) => grid.left + (grid.width * ((positions[slot] ?? min) - min)) / (max - min);
  const hidden = { type: 'value', show: false };
  return {
    grid,
    xAxis: { ...hidden, min, max },
    yAxis: { ...hidden, min: scale.min, max: scale.max },
    series: lineSeries(plot, positions, settings),
    marks: [
      ...gapMarks(plot, grid, xOf, settings),
      ...uprightTicks(grid, scale, settings),
      zeroLine(grid, scale, false, settings),
      ...slotLabels(plot.slots, grid, xOf, xOf, settings),
      ...onlyFigure(plot, grid, (value) => grid.top + grid.height * (1 - shareOf(value, scale)), settings),
    ],
  };
}

/** Positions along the level axis from 0 on, with a little room at both ends. */
function positionsOf({ slots }: Plot): { positions: readonly number[]; min: number; max: number } {
  const first = slots.kind === 'names' ? 0 : (slots.atMs[0] ?? 0);
  const positions = slots.kind === 'names' ? slots.names.map((_, index) => index) : slots.atMs.map((at) => at - first);
  const span = positions.at(-1) ?? 0;
  const room = span === 0 ? 1 : span * (slots.kind === 'names' ? 0.5 / slotCount(slots) : 0.015);
  return { positions, min: -room, max: span + room };
}

function lineSeries(plot: Plot, positions: readonly number[], { theme, locale }: Settings): Json[] {
  const names = legendNames(plot, { locale });
  const few = positions.length <= MOST_WITH_SYMBOLS;
  return plot.series.map(({ values }, index) => {
    const color = theme.series[index % theme.series.length] ?? theme.ink;
    const dash = dashes[index % dashes.length] ?? 'solid';
    return {
      type: 'line',
      name: names[index] ?? '',
      color,
      lineStyle: { color, width: 3.5, type: dash, cap: 'round', join: 'round' },
      itemStyle: { color, borderWidth: 0 },
      symbol: symbols[index % symbols.length] ?? 'circle',
      symbolSize: 10,
      showSymbol: true,
      connectNulls: false,
      data: values.map((value, slot) => ({
        value: [positions[slot] ?? 0, value],
        // A point between two gaps has no line that would show it.
        symbolSize: few || isAlone(values, slot) ? 10 : 0,
      })),
    };
  });
}

function isAlone(values: readonly (number | null)[], slot: number): boolean {
  return (values[slot - 1] ?? null) === null && (values[slot + 1] ?? null) === null;
}

/** Shades the time in which no series is known, from the last known point to the next. */
function gapMarks(plot: Plot, grid: Box, xOf: (slot: number) => number, { theme, locale }: Settings): Mark[] {
  const known = Array.from({ length: slotCount(plot.slots) }, (_, slot) => slot).filter((slot) =>
    valuesAt(plot, slot).some(isKnown),
  );
  const { unknown } = chartWords(locale);
  const edges = [-1, ...known, slotCount(plot.slots)];
  return edges.flatMap((slot, index) => {
    const next = edges[index + 1];
    if (next === undefined || next - slot < 2) return [];
    const from = slot < 0 ? grid.left : xOf(slot);
    const until = next === slotCount(plot.slots) ? grid.left + grid.width : xOf(next);
    const box = boxMark({ ...grid, left: from, width: until - from }, theme.gap);
    if (labelWidth(unknown, LABEL_SIZE) > until - from) return [box];
    const style = { size: LABEL_SIZE, fill: theme.muted, align: 'center' } as const;
    return [box, textMark(unknown, (from + until) / 2, grid.top + 6, style)];
  });
}

/** One point alone says its figure. */
function onlyFigure(plot: Plot, grid: Box, yOf: (value: number) => number, { theme, locale }: Settings): Mark[] {
  const [value] = valuesAt(plot, 0).filter(isKnown);
  if (slotCount(plot.slots) !== 1 || plot.series.length !== 1 || value === undefined) return [];
  const x = grid.left + grid.width / 2 + 14;
  return [
    textMark(figurePrinter([value], locale)(value), x, yOf(value), {
      size: LABEL_SIZE,
      fill: theme.ink,
      middle: true,
      chip: theme.background,
    }),
  ];
}
