import { displayWidth, graphemes } from '../chat/display-width.ts';
import type { ChartBlock } from '../chat/reply.ts';
import { figurePrinter, type Print, printableLocale } from './figures.ts';
import { printableTimeZone } from './instant-labels.ts';
import { isKnown, type Plot, plotOf, slotCount, withMissingInstants } from './plot.ts';
import { sparkline } from './sparkline.ts';
import { textBar } from './text-bar.ts';
import { tightScale } from './value-scale.ts';
import { type ChartWords, chartWords } from './words.ts';

export interface ChartTextOptions {
  /** Columns; no line is wider. At least 30 are taken. */
  readonly width: number;
  readonly locale: string;
  readonly timeZone: string;
}

interface Page {
  readonly width: number;
  readonly locale: string;
  readonly timeZone: string;
  readonly words: ChartWords;
  readonly print: Print;
}

const NARROWEST = 30;
const WIDEST = 120;

/**
 * A chart in block characters: a bar and its figure for each name, a line of heights for each series over time. What is not
 * known is a `·` or its word. Labels from outside are one plain line each.
 */
export function chartLines(chart: ChartBlock, options: ChartTextOptions): string[] {
  const whole = plotOf(chart);
  const plot = chart.form === 'lines' ? whole : withMissingInstants(whole);
  const locale = printableLocale(options.locale);
  const page: Page = {
    // Beyond a readable width the terminal's width adds nothing.
    width: Math.max(NARROWEST, Math.min(options.width, WIDEST)),
    locale,
    timeZone: printableTimeZone(options.timeZone),
    words: chartWords(locale),
    print: figurePrinter(
      plot.series.flatMap(({ values }) => values.filter(isKnown)),
      locale,
    ),
  };
  const lines = [`${plot.title} (${plot.unit})`, ...bodyLines(plot, page)];
  if (plot.hidden > 0) lines.push(page.words.more(plot.hidden));
  return lines.map((line) => cutColumns(line, page.width));
}

function bodyLines(plot: Plot, page: Page): string[] {
  if (plot.series.length === 0 || slotCount(plot.slots) === 0) return [page.words.nothing];
  return plot.slots.kind === 'names'
    ? nameLines(plot, plot.slots.names, page)
    : instantLines(plot, plot.slots.atMs, page);
}

/** One line for each name and series; the name stands on its first line. */
function nameLines(plot: Plot, names: readonly string[], page: Page): string[] {
  const scale = tightScale(plot.series.flatMap(({ values }) => values.filter(isKnown)));
  const single = plot.series.length === 1;
  const nameWidth = columnWidth(names, page);
  const seriesWidth = single
    ? 0
    : columnWidth(
        plot.series.map(({ name }) => name),
        page,
      ) + 2;
  const figures = plot.series.map(({ values }) =>
    values.map((value) => (value === null ? page.words.unknown : page.print(value))),
  );
  const figureWidth = Math.max(...figures.flat().map(displayWidth));
  const barWidth = Math.max(4, page.width - nameWidth - seriesWidth - figureWidth - 4);
  return names.flatMap((name, slot) =>
    plot.series.map(({ name: series, values }, index) => {
      const label = padColumns(index === 0 ? name : '', nameWidth);
      const own = single ? '' : `${padColumns(series, seriesWidth - 2)}  `;
      const figure = figures[index]?.[slot] ?? page.words.unknown;
      const indent = ' '.repeat(figureWidth - displayWidth(figure));
      return `${label}  ${own}${indent}${figure}  ${textBar(values[slot] ?? null, scale, barWidth)}`.trimEnd();
    }),
  );
}

/** One line of heights for each series, its least and greatest figure, and the time that the lines span. */
function instantLines(plot: Plot, atMs: readonly number[], page: Page): string[] {
  const scale = tightScale(plot.series.flatMap(({ values }) => values.filter(isKnown)));
  const nameWidth =
    plot.series.length === 1
      ? 0
      : columnWidth(
          plot.series.map(({ name }) => name),
          page,
        ) + 2;
  const ranges = plot.series.map(({ values }) => rangeText(values.filter(isKnown), page));
  const rangeWidth = Math.max(...ranges.map(displayWidth));
  const width = Math.max(4, Math.min(page.width - nameWidth - rangeWidth - 2, atMs.length));
  const rows = plot.series.map(({ name, values }, index) => {
    const label = nameWidth === 0 ? '' : `${padColumns(name, nameWidth - 2)}  `;
    return `${label}${sparkline(values, scale, width)}  ${ranges[index] ?? ''}`;
  });
  return [...rows, `${' '.repeat(nameWidth)}${spanText(atMs, page)}`];
}

function rangeText(known: readonly number[], { words, print }: Page): string {
  if (known.length === 0) return words.unknown;
  const { least, most } = known.reduce(
    (range, value) => ({ least: Math.min(range.least, value), most: Math.max(range.most, value) }),
    { least: Number.POSITIVE_INFINITY, most: Number.NEGATIVE_INFINITY },
  );
  return least === most ? print(least) : `${print(least)} ${words.to} ${print(most)}`;
}

function spanText(atMs: readonly number[], { locale, timeZone, words }: Page): string {
  const format = new Intl.DateTimeFormat(locale, {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
    timeZoneName: 'short',
  });
  const ends = [...new Set([atMs[0], atMs.at(-1)])].filter((instant) => instant !== undefined);
  return ends.map((instant) => format.format(instant)).join(` ${words.to} `);
}

/** Columns for labels: what they need, but no more than a quarter of the page. */
function columnWidth(labels: readonly string[], { width }: Page): number {
  return Math.min(Math.floor(width / 4), Math.max(...labels.map(displayWidth)));
}

function padColumns(text: string, width: number): string {
  const cut = cutColumns(text, width);
  return cut + ' '.repeat(width - displayWidth(cut));
}

function cutColumns(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let used = 1;
  const kept: string[] = [];
  for (const grapheme of graphemes(text)) {
    used += displayWidth(grapheme);
    if (used > width) break;
    kept.push(grapheme);
  }
  return `${kept.join('')}…`;
}
