import { tickPrinter } from './figures.ts';
import type { Settings } from './frame.ts';
import { type InstantLabel, instantLabels } from './instant-labels.ts';
import { cutLabel, labelWidth } from './labels.ts';
import { type Box, lineMark, type Mark, textMark } from './marks.ts';
import type { Slots } from './plot.ts';
import type { ValueScale } from './value-scale.ts';

export const LABEL_SIZE = 19;
export const LABEL_ROW = 25;

/** Where a value stands between the ends of its axis: 0 at the least, 1 at the greatest. */
export function shareOf(value: number, { min, max }: ValueScale): number {
  return (value - min) / (max - min);
}

/** Pixels that the printed ticks of an upright axis take, with the space beside them. */
export function tickWidth({ ticks }: ValueScale, { locale }: Settings): number {
  const print = tickPrinter(ticks, locale);
  return Math.max(...ticks.map((tick) => labelWidth(print(tick), LABEL_SIZE))) + 12;
}

/** Ticks of an upright axis of values, printed left of the grid. */
export function uprightTicks(grid: Box, scale: ValueScale, { theme, locale }: Settings): Mark[] {
  const print = tickPrinter(scale.ticks, locale);
  return scale.ticks.flatMap((tick) => {
    const y = grid.top + grid.height * (1 - shareOf(tick, scale));
    return [
      lineMark([grid.left, y], [grid.left + grid.width, y], theme.gridLine, 1, 0),
      textMark(print(tick), grid.left - 10, y, { size: LABEL_SIZE, fill: theme.muted, align: 'right', middle: true }),
    ];
  });
}

/** Ticks of a level axis of values, printed below the grid. */
export function levelTicks(grid: Box, scale: ValueScale, { theme, locale }: Settings): Mark[] {
  const print = tickPrinter(scale.ticks, locale);
  const bottom = grid.top + grid.height;
  return scale.ticks.flatMap((tick) => {
    const x = grid.left + grid.width * shareOf(tick, scale);
    return [
      lineMark([x, grid.top], [x, bottom], theme.gridLine, 1, 0),
      textMark(print(tick), x, bottom + 8, { size: LABEL_SIZE, fill: theme.muted, align: 'center' }),
    ];
  });
}

/** The line of 0, over what stands on it. */
export function zeroLine(grid: Box, scale: ValueScale, isUpright: boolean, { theme }: Settings): Mark {
  const share = shareOf(0, scale);
  const x = grid.left + grid.width * share;
  const y = grid.top + grid.height * (1 - share);
  return isUpright
    ? lineMark([x, grid.top], [x, grid.top + grid.height], theme.zeroLine, 2, 10)
    : lineMark([grid.left, y], [grid.left + grid.width, y], theme.zeroLine, 2, 10);
}

/** Rows that the labels below a grid take: two where dates stand below times of day. */
export function slotLabelRows(slots: Slots, width: number, settings: Settings): 1 | 2 {
  if (slots.kind === 'names') return 1;
  return timeLabels(slots.atMs, width, settings).some(({ date }) => date !== null) ? 2 : 1;
}

function timeLabels(atMs: readonly number[], width: number, settings: Settings): readonly InstantLabel[] {
  return instantLabels(atMs, Math.floor(width / 88), settings);
}

/** Labels below the grid, as many as have room. `xOf` gives the middle of a slot, `startOf` where its time begins. */
export function slotLabels(
  slots: Slots,
  grid: Box,
  xOf: (slot: number) => number,
  startOf: (slot: number) => number,
  settings: Settings,
): Mark[] {
  return slots.kind === 'names'
    ? nameLabels(slots.names, grid, xOf, settings)
    : instantMarks(slots.atMs, grid, xOf, startOf, settings);
}

function nameLabels(names: readonly string[], grid: Box, xOf: (slot: number) => number, { theme }: Settings): Mark[] {
  const step = Math.ceil(names.length / Math.floor(grid.width / 70));
  const room = (grid.width / names.length) * step - 10;
  return names.flatMap((name, slot) => {
    if (slot % step !== 0) return [];
    const label = cutLabel(name, room, LABEL_SIZE);
    const x = within(grid, xOf(slot), labelWidth(label, LABEL_SIZE));
    return [textMark(label, x, grid.top + grid.height + 10, { size: LABEL_SIZE, fill: theme.ink, align: 'center' })];
  });
}

function instantMarks(
  atMs: readonly number[],
  grid: Box,
  xOf: (slot: number) => number,
  startOf: (slot: number) => number,
  settings: Settings,
): Mark[] {
  const { theme } = settings;
  const bottom = grid.top + grid.height;
  const style = { size: LABEL_SIZE, fill: theme.muted, align: 'center' } as const;
  const labels = timeLabels(atMs, grid.width, settings);
  const isTimeOfDay = labels.some(({ date }) => date !== null);
  let free = Number.NEGATIVE_INFINITY;
  return labels.flatMap(({ index, text, date }) => {
    const x = isTimeOfDay ? startOf(index) : xOf(index);
    const width = Math.max(labelWidth(text, LABEL_SIZE), labelWidth(date ?? '', LABEL_SIZE));
    const middle = within(grid, x, width);
    const ticks = x === startOf(index) ? [lineMark([x, bottom], [x, bottom + 6], theme.zeroLine, 1, 0)] : [];
    // Unevenly spaced instants may leave no room for the next label.
    if (middle - width / 2 < free) return ticks;
    free = middle + width / 2 + 6;
    return [
      ...ticks,
      textMark(text, middle, bottom + 10, style),
      ...(date === null ? [] : [textMark(date, middle, bottom + 10 + LABEL_ROW - 3, style)]),
    ];
  });
}

/** The middle of a label that stays on the picture. */
function within(grid: Box, x: number, width: number): number {
  const left = 6 + width / 2;
  const right = grid.left + grid.width + 16 - width / 2;
  return Math.max(left, Math.min(right, x));
}
