/** What survives JSON, so that a drawing can be sent to a thread and kept. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type Mark = { readonly [key: string]: Json };

/** A rectangle in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The family under which the bundled fonts are registered. */
export const fontFamily = 'Rigshift Inter';

export interface TextStyle {
  readonly size: number;
  readonly fill: string;
  readonly bold?: boolean;
  readonly align?: 'left' | 'center' | 'right';
  readonly middle?: boolean;
  /** Colour of a chip that keeps the text readable on what it stands on. */
  readonly chip?: string;
}

/** One line of text, printed literally. `y` is its top, or its middle. */
export function textMark(
  text: string,
  x: number,
  y: number,
  { size, fill, bold, align, middle, chip }: TextStyle,
): Mark {
  return {
    type: 'text',
    silent: true,
    z: 20,
    x,
    y,
    style: {
      text,
      fill,
      font: `${bold === true ? 600 : 400} ${size}px '${fontFamily}'`,
      align: align ?? 'left',
      verticalAlign: middle === true ? 'middle' : 'top',
      ...(chip === undefined ? {} : { backgroundColor: chip, borderRadius: 4, padding: [2, 5] }),
    },
  };
}

export function lineMark(
  from: readonly [number, number],
  to: readonly [number, number],
  stroke: string,
  lineWidth: number,
  z: number,
): Mark {
  const shape = { x1: from[0], y1: from[1], x2: to[0], y2: to[1] };
  return { type: 'line', silent: true, z, shape, style: { stroke, lineWidth } };
}

export function boxMark({ left, top, width, height }: Box, fill: string): Mark {
  return { type: 'rect', silent: true, z: -1, shape: { x: left, y: top, width, height }, style: { fill } };
}

/** What bars or lines add to the frame. */
export interface Parts {
  /** Where the values stand; echarts keeps to it to the pixel. */
  readonly grid: Box;
  readonly xAxis: Json;
  readonly yAxis: Json;
  readonly series: readonly Json[];
  readonly marks: readonly Mark[];
}
