import {
  LABEL_ROW,
  LABEL_SIZE,
  levelTicks,
  shareOf,
  slotLabelRows,
  slotLabels,
  tickWidth,
  uprightTicks,
  zeroLine,
} from './axes.ts';
import { figurePrinter, type Print } from './figures.ts';
import { legendNames, type Settings } from './frame.ts';
import { cutLabel, labelWidth, wrapLabel } from './labels.ts';
import { type Box, boxMark, type Json, type Mark, type Parts, textMark } from './marks.ts';
import { isKnown, type Plot, slotCount, valuesAt } from './plot.ts';
import { patterns } from './theme.ts';
import { tightScale, type ValueScale, valueScale } from './value-scale.ts';
import { chartWords } from './words.ts';

const VALUE_SIZE = 20;
const VALUE_ROW = 28;
const MOST_UPRIGHT_NAMES = 6;
const MOST_UPRIGHT_FIGURES = 8;
const WIDEST_BAR = 84;
/** Between the bars of one slot, in widths of a bar. */
const BAR_GAP = 0.12;

/** Bars of many or long names lie, so that the names stand level beside them. */
export function barsLieDown({ slots }: Plot, width: number): boolean {
  if (slots.kind === 'instants') return false;
  if (slots.names.length > MOST_UPRIGHT_NAMES) return true;
  const room = width / slots.names.length - 12;
  return slots.names.some((name) => wrapLabel(name, room, LABEL_SIZE, 1)[0] !== name);
}

/** Pixels that lying bars need. */
export function lyingHeight(plot: Plot): number {
  const perSlot = plot.form === 'bars' ? Math.max(46, 26 * plot.series.length + 14) : 50;
  const axis = plot.form === 'bars' ? 0 : LABEL_ROW + 12;
  return Math.max(100, Math.min(perSlot * slotCount(plot.slots), 3_000)) + axis;
}

/** Where bars stand: positions along their slots and sizes across them, whichever way they point. */
interface Layout {
  readonly grid: Box;
  readonly lies: boolean;
  readonly scale: ValueScale;
  readonly slotSize: number;
  readonly barSize: number;
  /** Every bar says its figure, and the axis says none. */
  readonly printsFigures: boolean;
  readonly print: Print;
  /** The middle of a bar. */
  readonly middleOf: (slot: number, series: number) => number;
  readonly pixelOf: (value: number) => number;
}

/** Bars side by side or one on another; what is not known has a word or a question mark in its place. */
export function barParts(plot: Plot, body: Box, lies: boolean, settings: Settings): Parts {
  const layout = layoutOf(plot, body, lies, settings);
  const { grid, scale } = layout;
  const slots = {
    type: 'category',
    show: false,
    inverse: lies,
    data: Array.from({ length: slotCount(plot.slots) }, (_, slot) => String(slot)),
  };
  const values = { type: 'value', show: false, min: scale.min, max: scale.max };
  const ticks = lies ? levelTicks : uprightTicks;
  return {
    grid,
    xAxis: lies ? values : slots,
    yAxis: lies ? slots : values,
    series: barSeries(plot, layout, settings),
    marks: [
      ...gapBoxes(plot, layout, settings),
      ...(layout.printsFigures ? [] : ticks(grid, scale, settings)),
      zeroLine(grid, scale, lies, settings),
      ...(lies ? lyingNames(plot, layout, settings) : uprightLabels(plot, layout, settings)),
      ...(plot.form === 'bars' ? barFigures(plot, layout, settings) : stackFigures(plot, layout, settings)),
    ],
  };
}

function layoutOf(plot: Plot, body: Box, lies: boolean, settings: Settings): Layout {
  const known = plot.series.flatMap(({ values }) => values.filter(isKnown));
  const print = figurePrinter(known, settings.locale);
  const widest = Math.max(...known.map((value) => labelWidth(print(value), VALUE_SIZE))) + 12;
  const count = slotCount(plot.slots);
  const beside = plot.form === 'bars' ? plot.series.length : 1;
  const barIn = (slotSize: number) =>
    Math.min(WIDEST_BAR, (slotSize * (slotSize < 12 ? 0.94 : 0.74)) / (beside + (beside - 1) * BAR_GAP));
  const fits =
    lies || (known.length <= MOST_UPRIGHT_FIGURES && widest - 8 <= barIn(body.width / count) * (1 + BAR_GAP));
  const printsFigures = plot.form === 'bars' && fits;
  const scale = printsFigures ? tightScale(known) : valueScale(plot.form === 'bars' ? known : stackEnds(plot));
  const grid = gridOf(plot, body, lies, scale, printsFigures ? widest : 0, settings);
  const slotSize = (lies ? grid.height : grid.width) / count;
  const barSize = barIn(slotSize);
  const start = lies ? grid.top : grid.left;
  return {
    grid,
    lies,
    scale,
    slotSize,
    barSize,
    printsFigures,
    print,
    middleOf: (slot, series) => start + (slot + 0.5) * slotSize + (series - (beside - 1) / 2) * barSize * (1 + BAR_GAP),
    pixelOf: (value) =>
      lies ? grid.left + grid.width * shareOf(value, scale) : grid.top + grid.height * (1 - shareOf(value, scale)),
  };
}

/** `figureWidth` is 0 where the axis prints the figures. */
function gridOf(plot: Plot, body: Box, lies: boolean, scale: ValueScale, figureWidth: number, settings: Settings): Box {
  const hasNegative = scale.min < 0;
  if (lies) {
    const names = plot.slots.kind === 'names' ? plot.slots.names : [];
    const nameWidth = Math.min(body.width * 0.4, Math.max(...names.map((name) => labelWidth(name, LABEL_SIZE))) + 4);
    const left = body.left + nameWidth + 12 + (hasNegative ? figureWidth : 0);
    const right = body.left + body.width - (figureWidth === 0 ? 12 : figureWidth);
    const axisHeight = figureWidth === 0 ? LABEL_ROW + 8 : 0;
    return { left, top: body.top + 4, width: right - left, height: body.height - 4 - axisHeight };
  }
  const left = body.left + (figureWidth === 0 ? tickWidth(scale, settings) : 0);
  const top = body.top + (figureWidth === 0 ? 12 : VALUE_ROW);
  const labelRows = slotLabelRows(plot.slots, body.width, settings);
  const below = labelRows * LABEL_ROW + 8 + (hasNegative && figureWidth > 0 ? VALUE_ROW : 0);
  return { left, top, width: body.left + body.width - left, height: body.top + body.height - top - below };
}

/** Both ends of each stack: what is above 0 and what is below stack apart. */
function stackEnds(plot: Plot): number[] {
  return Array.from({ length: slotCount(plot.slots) }, (_, slot) => slot).flatMap((slot) => {
    const known = valuesAt(plot, slot).filter(isKnown);
    const sum = (part: readonly number[]) => part.reduce((total, value) => total + value, 0);
    return [sum(known.filter((value) => value > 0)), sum(known.filter((value) => value < 0))];
  });
}

function barSeries(plot: Plot, { barSize }: Layout, { theme, locale }: Settings): Json[] {
  const names = legendNames(plot, { locale });
  return plot.series.map(({ values }, index) => {
    const color = theme.series[index % theme.series.length] ?? theme.ink;
    const pattern = patterns[index % patterns.length] ?? null;
    const decal = pattern === null ? {} : { decal: { ...pattern, color: theme.pattern } };
    const isStacked = plot.form === 'stacked bars';
    return {
      type: 'bar',
      name: names[index] ?? '',
      ...(isStacked ? { stack: 'all' } : {}),
      barWidth: barSize,
      barGap: `${BAR_GAP * 100}%`,
      color,
      itemStyle: {
        color,
        ...decal,
        // Thin bars would be nothing but their border.
        ...(isStacked && barSize > 8 ? { borderColor: theme.background, borderWidth: 1 } : {}),
        ...(isStacked ? {} : { borderRadius: barSize > 12 ? 3 : 0 }),
      },
      data: [...values],
    };
  });
}

/** Shades the time in which nothing is known. */
function gapBoxes(plot: Plot, { grid, slotSize }: Layout, { theme }: Settings): Mark[] {
  if (plot.slots.kind === 'names') return [];
  return plot.slots.atMs.flatMap((_, slot) =>
    valuesAt(plot, slot).some(isKnown)
      ? []
      : [boxMark({ ...grid, left: grid.left + slot * slotSize, width: slotSize }, theme.gap)],
  );
}

function uprightLabels(plot: Plot, { grid, slotSize, scale, printsFigures }: Layout, settings: Settings): Mark[] {
  // Figures of bars that hang down stand between them and the labels.
  const below = printsFigures && scale.min < 0 ? VALUE_ROW : 0;
  const start = (slot: number) => grid.left + slot * slotSize;
  const labelled = { ...grid, height: grid.height + below };
  return slotLabels(plot.slots, labelled, (slot) => start(slot) + slotSize / 2, start, settings);
}

function lyingNames(plot: Plot, { grid, scale, slotSize, printsFigures, print }: Layout, settings: Settings): Mark[] {
  if (plot.slots.kind === 'instants') return [];
  const figureWidth = printsFigures && scale.min < 0 ? labelWidth(print(scale.min), VALUE_SIZE) + 12 : 0;
  const right = grid.left - 12 - figureWidth;
  return plot.slots.names.map((name, slot) =>
    textMark(cutLabel(name, right - 18, LABEL_SIZE), 22, grid.top + (slot + 0.5) * slotSize, {
      size: LABEL_SIZE,
      fill: settings.theme.ink,
      middle: true,
    }),
  );
}

function barFigures(plot: Plot, layout: Layout, settings: Settings): Mark[] {
  return plot.series.flatMap(({ values }, series) =>
    values.flatMap((value, slot) => {
      const at = layout.middleOf(slot, series);
      if (value === null) return [unknownMark(at, 0, layout, settings)];
      return layout.printsFigures ? [endMark(layout.print(value), at, value, layout, settings.theme.ink)] : [];
    }),
  );
}

/** A text beyond the end of a bar. */
function endMark(text: string, at: number, value: number, { lies, pixelOf }: Layout, fill: string): Mark {
  const size = VALUE_SIZE;
  const end = pixelOf(value);
  if (lies) {
    const style = { size, fill, middle: true, align: value < 0 ? 'right' : 'left' } as const;
    return textMark(text, end + (value < 0 ? -8 : 8), at, style);
  }
  return textMark(text, at, value < 0 ? end + 6 : end - VALUE_ROW + 4, { size, fill, align: 'center' });
}

function unknownMark(at: number, value: number, layout: Layout, { theme, locale }: Settings): Mark {
  const { unknown } = chartWords(locale);
  const hasRoom = layout.lies || labelWidth(unknown, VALUE_SIZE) < layout.barSize * 1.3;
  return endMark(hasRoom ? unknown : '?', at, value, layout, theme.muted);
}

/** Figures in the parts that have room for theirs, and a question mark on a stack of which a part is not known. */
function stackFigures(plot: Plot, layout: Layout, settings: Settings): Mark[] {
  return Array.from({ length: slotCount(plot.slots) }, (_, slot) => slot).flatMap((slot) => {
    const at = layout.middleOf(slot, 0);
    const ends = { above: 0, below: 0 };
    const figures = valuesAt(plot, slot).flatMap((value) => {
      if (value === null || value === 0) return [];
      const side = value > 0 ? 'above' : 'below';
      const from = ends[side];
      ends[side] += value;
      return partFigure(layout.print(value), at, from, ends[side], layout, settings);
    });
    const isPartly = valuesAt(plot, slot).includes(null);
    if (!isPartly || layout.slotSize < 14) return figures;
    const hasSome = valuesAt(plot, slot).some(isKnown);
    return [
      ...figures,
      hasSome ? endMark('?', at, ends.above, layout, settings.theme.muted) : unknownMark(at, 0, layout, settings),
    ];
  });
}

function partFigure(text: string, at: number, from: number, to: number, layout: Layout, { theme }: Settings): Mark[] {
  const { lies, pixelOf, barSize } = layout;
  const size = VALUE_SIZE - 2;
  const width = labelWidth(text, size) + 12;
  const length = Math.abs(pixelOf(to) - pixelOf(from));
  const hasRoom = lies ? length > width && barSize > size : length > size + 6 && barSize > width;
  if (!hasRoom) return [];
  const middle = (pixelOf(from) + pixelOf(to)) / 2;
  const style = { size, fill: theme.ink, chip: theme.background, align: 'center', middle: true } as const;
  return [lies ? textMark(text, middle, at, style) : textMark(text, at, middle, style)];
}
