import { type Drawing, drawingOf, type Surface } from '../../src/charts/drawing.ts';
import type { ChartBlock } from '../../src/chat/reply.ts';

const usual: Surface = { theme: 'light', locale: 'en-US', timeZone: 'America/Toronto', width: 640, height: 400 };

/** A drawing as those see it who look at the picture. */
export interface Drawn extends Drawing {
  readonly texts: readonly { readonly text: string; readonly x: number; readonly y: number }[];
  readonly series: readonly DrawnSeries[];
}

export interface DrawnSeries {
  readonly type: 'bar' | 'line';
  readonly name: string;
  readonly color: string;
  readonly stack?: string;
  readonly data: readonly unknown[];
  readonly itemStyle: { readonly decal?: object };
  readonly lineStyle?: { readonly type: unknown };
}

interface Element {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly style: { readonly text?: string };
}

export function drawn(chart: ChartBlock, surface: Partial<Surface> = {}): Drawn {
  const drawing = drawingOf(chart, { ...usual, ...surface });
  const option = JSON.parse(JSON.stringify(drawing.option)) as {
    graphic: { elements: readonly Element[] };
    series: readonly DrawnSeries[];
  };
  const texts = option.graphic.elements.flatMap(({ type, x, y, style }) =>
    type === 'text' && style.text !== undefined && style.text !== '' ? [{ text: style.text, x, y }] : [],
  );
  return { ...drawing, texts, series: option.series };
}

export function textsOf(chart: ChartBlock, surface: Partial<Surface> = {}): string[] {
  return drawn(chart, surface).texts.map(({ text }) => text);
}
