import { zoneNames } from './instant-labels.ts';
import { cutLabel, distinctLabels, labelWidth, wrapLabel } from './labels.ts';
import { fontFamily, type Json, type Mark, textMark } from './marks.ts';
import { isKnown, type Plot } from './plot.ts';
import type { Theme } from './theme.ts';
import { chartWords } from './words.ts';

export interface Settings {
  readonly theme: Theme;
  readonly locale: string;
  readonly timeZone: string;
}

/** What stands around the values: title, unit, legend above, notes below. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly settings: Settings;
  /** Pixels taken above and below. */
  readonly top: number;
  readonly bottom: number;
  readonly legends: readonly Json[];
  /** Title, unit and notes on a picture of this height. */
  readonly marks: (height: number) => readonly Mark[];
}

export const PADDING = 22;
const TITLE_SIZE = 27;
const UNIT_SIZE = 19;
const LEGEND_SIZE = 19;
const LEGEND_ROW = 30;
const NOTE_SIZE = 18;
const NOTE_ROW = 23;
const MOST_LEGEND_ROWS = 4;
const LEGEND_GAP = 20;
const LEGEND_PADDING = 8;

export function frameOf(
  plot: Plot,
  size: { readonly width: number; readonly height: number },
  settings: Settings,
): Frame {
  const inner = size.width - 2 * PADDING;
  const { theme } = settings;
  const titles = wrapLabel(plot.title, inner, TITLE_SIZE * 1.06, 2);
  const unitTop = PADDING + titles.length * TITLE_SIZE * 1.25 + 4;
  const legendTop = unitTop + UNIT_SIZE + 12;
  const legend = legendOf(plot, inner, legendTop, settings);
  const notes = notesOf(plot, settings).flatMap((note) => wrapLabel(note, inner, NOTE_SIZE, 2));
  const zone = zoneOf(plot, settings);
  return {
    ...size,
    settings,
    top: legendTop + legend.height + 8,
    bottom: notes.length === 0 ? 16 : notes.length * NOTE_ROW + 26,
    legends: legend.rows,
    marks: (height) => [
      ...titles.map((line, row) =>
        textMark(line, PADDING, PADDING + row * TITLE_SIZE * 1.25, { size: TITLE_SIZE, fill: theme.ink, bold: true }),
      ),
      textMark(cutLabel(plot.unit, inner - labelWidth(zone, UNIT_SIZE) - 20, UNIT_SIZE), PADDING, unitTop, {
        size: UNIT_SIZE,
        fill: theme.muted,
      }),
      textMark(zone, size.width - PADDING, unitTop, { size: UNIT_SIZE, fill: theme.muted, align: 'right' }),
      ...legend.marks,
      ...notes.map((line, row) =>
        textMark(line, PADDING, height - 14 - (notes.length - row) * NOTE_ROW, { size: NOTE_SIZE, fill: theme.muted }),
      ),
    ],
  };
}

/** The zone of times of day; dates do without. */
function zoneOf({ slots }: Plot, settings: Settings): string {
  if (slots.kind === 'names' || slots.atMs.length === 0) return '';
  const spanMs = (slots.atMs.at(-1) ?? 0) - (slots.atMs[0] ?? 0);
  return spanMs > 4 * 86_400_000 ? '' : cutLabel(zoneNames(slots.atMs, settings), 200, UNIT_SIZE);
}

function notesOf(plot: Plot, { locale }: Settings): string[] {
  const words = chartWords(locale);
  const hasGaps =
    plot.series.some(({ values }) => values.some(isKnown)) && plot.series.some(({ values }) => values.includes(null));
  return [...(hasGaps ? [words.gaps] : []), ...(plot.hidden > 0 ? [words.more(plot.hidden)] : [])];
}

/** Names of the series as the legend prints them: cut, told apart, and marked where nothing of one is known. */
export function legendNames(plot: Plot, { locale }: Pick<Settings, 'locale'>): string[] {
  const { unknown } = chartWords(locale);
  return distinctLabels(
    plot.series.map(({ name, values }) => {
      const cut = cutLabel(name, 200, LEGEND_SIZE);
      return values.some(isKnown) ? cut : `${cut} (${unknown})`;
    }),
  );
}

interface Legend {
  readonly rows: readonly Json[];
  readonly marks: readonly Mark[];
  readonly height: number;
}

/** One echarts legend for each row, so that where it breaks is known. */
function legendOf(plot: Plot, width: number, top: number, settings: Settings): Legend {
  if (plot.series.length < 2) return { rows: [], marks: [], height: 0 };
  const iconWidth = plot.form === 'lines' ? 40 : 26;
  const rows: string[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const name of legendNames(plot, settings)) {
    const own = iconWidth + LEGEND_PADDING + labelWidth(name, LEGEND_SIZE) + LEGEND_GAP;
    if (used + own > width + LEGEND_GAP) {
      rows.push([]);
      used = 0;
    }
    rows.at(-1)?.push(name);
    used += own;
  }
  const shown = rows.slice(0, MOST_LEGEND_ROWS);
  const left = plot.series.length - shown.flat().length;
  const more = textMark(chartWords(settings.locale).more(left), PADDING, top + shown.length * LEGEND_ROW + 4, {
    size: LEGEND_SIZE,
    fill: settings.theme.muted,
  });
  return {
    rows: shown.map((data, row) => ({
      data,
      selectedMode: false,
      left: PADDING,
      top: top + row * LEGEND_ROW,
      padding: 0,
      itemGap: LEGEND_GAP,
      itemWidth: iconWidth,
      itemHeight: 17,
      textStyle: {
        color: settings.theme.ink,
        fontSize: LEGEND_SIZE,
        fontFamily,
        padding: [0, 0, 0, LEGEND_PADDING - 5],
      },
    })),
    marks: left > 0 ? [more] : [],
    height: (shown.length + (left > 0 ? 1 : 0)) * LEGEND_ROW + 2,
  };
}
