import type { ChartBlock } from '../chat/reply.ts';
import { barParts, barsLieDown, lyingHeight } from './bars.ts';
import { printableLocale } from './figures.ts';
import { type Frame, frameOf, PADDING } from './frame.ts';
import { printableTimeZone } from './instant-labels.ts';
import { lineParts } from './lines.ts';
import { type Box, fontFamily, type Json, type Parts, textMark } from './marks.ts';
import { isKnown, type Plot, plotOf, slotCount, withMissingInstants } from './plot.ts';
import { themes } from './theme.ts';
import { chartWords } from './words.ts';

/** What a picture is drawn for. Lying bars take the height they need, a tall legend adds to it. */
export interface Surface {
  readonly theme: 'light' | 'dark';
  readonly locale: string;
  readonly timeZone: string;
  /** Pixels as the picture is shown; phones show 640 of them as about 350. */
  readonly width: number;
  readonly height: number;
}

/** An echarts option that is data alone: every text is printed literally, where and as it stands here. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly background: string;
  readonly option: { readonly [key: string]: Json };
}

/** Below this, lines and bars say little. */
const LEAST_BODY = 230;

/** Draws any chart; what is wrong with one (figures that are no numbers, instants that do not rise) is drawn as unknown. */
export function drawingOf(chart: ChartBlock, surface: Surface): Drawing {
  const settings = {
    theme: themes[surface.theme],
    locale: printableLocale(surface.locale),
    timeZone: printableTimeZone(surface.timeZone),
  };
  const plot = chart.form === 'lines' ? plotOf(chart) : withMissingInstants(plotOf(chart));
  const frame = frameOf(plot, surface, settings);
  if (!plot.series.some(({ values }) => values.some(isKnown))) return emptyDrawing(plot, frame);

  const lies = plot.form !== 'lines' && barsLieDown(plot, surface.width - 2 * PADDING);
  const needed = frame.top + (lies ? lyingHeight(plot) : LEAST_BODY) + frame.bottom;
  const height = lies ? needed : Math.max(surface.height, needed);
  const body = { ...bodyOf(frame), height: height - frame.top - frame.bottom };
  const parts = plot.form === 'lines' ? lineParts(plot, body, settings) : barParts(plot, body, lies, settings);
  return finish({ ...frame, height }, parts);
}

function bodyOf({ top, bottom, width, height }: Frame): Box {
  return { left: PADDING, top, width: width - 2 * PADDING, height: height - top - bottom };
}

function emptyDrawing(plot: Plot, frame: Frame): Drawing {
  const body = bodyOf(frame);
  const words = chartWords(frame.settings.locale);
  const isEmpty = plot.series.length === 0 || slotCount(plot.slots) === 0;
  const text = textMark(isEmpty ? words.nothing : words.unknown, frame.width / 2, body.top + body.height / 2, {
    size: 26,
    fill: frame.settings.theme.muted,
    align: 'center',
    middle: true,
  });
  const hidden = { show: false };
  return finish(frame, { grid: body, xAxis: hidden, yAxis: hidden, series: [], marks: [text] });
}

function finish(frame: Frame, { grid, xAxis, yAxis, series, marks }: Parts): Drawing {
  const { width, height, settings } = frame;
  return {
    width,
    height,
    background: settings.theme.background,
    option: {
      animation: false,
      backgroundColor: settings.theme.background,
      textStyle: { fontFamily },
      legend: frame.legends,
      grid: { ...grid, containLabel: false },
      xAxis,
      yAxis,
      series: [...series],
      graphic: { elements: [...frame.marks(height), ...marks] },
    },
  };
}
