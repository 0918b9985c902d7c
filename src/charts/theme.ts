/** Colours of a picture. Everything stands on `background`. */
export interface Theme {
  readonly background: string;
  readonly ink: string;
  readonly muted: string;
  readonly gridLine: string;
  readonly zeroLine: string;
  /** Where nothing is known. */
  readonly gap: string;
  /** Lines of a bar's pattern. */
  readonly pattern: string;
  /** Told apart with every common colour blindness (after Okabe and Ito), each 3:1 or better against the background. */
  readonly series: readonly string[];
}

export const themes = {
  light: {
    background: '#ffffff',
    ink: '#16191f',
    muted: '#59616e',
    gridLine: '#e6e8ec',
    zeroLine: '#59616e',
    gap: '#f0f1f4',
    pattern: 'rgba(255, 255, 255, 0.55)',
    series: ['#0067b1', '#d55e00', '#00875f', '#a0509b', '#3a8fbf', '#a87400', '#6b7280', '#882255'],
  },
  dark: {
    background: '#1e2025',
    ink: '#f2f3f5',
    muted: '#aeb4bf',
    gridLine: '#33363e',
    zeroLine: '#aeb4bf',
    gap: '#2a2d34',
    pattern: 'rgba(20, 22, 26, 0.5)',
    series: ['#56b4e9', '#f59a3c', '#2fc792', '#e08fc4', '#f0e442', '#8c9eff', '#a8afba', '#ff7d6e'],
  },
} satisfies Record<'light' | 'dark', Theme>;

export type Dash = 'solid' | readonly number[];

/** Strokes of lines, so that they differ without colour. */
export const dashes: readonly Dash[] = ['solid', [10, 5], [3, 4], [14, 5, 3, 5], [20, 6], [6, 3]];

/** Marks of single points. */
export const symbols = ['circle', 'rect', 'triangle', 'diamond'] as const;

/** Hatching of bars, as echarts draws it; the first series is plain. */
export const patterns: readonly (BarPattern | null)[] = [
  null,
  { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [3, 6], rotation: -Math.PI / 4 },
  {
    symbol: 'circle',
    symbolSize: 0.7,
    dashArrayX: [
      [9, 9],
      [0, 9, 9, 0],
    ],
    dashArrayY: [9, 0],
  },
  { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [3, 6], rotation: Math.PI / 4 },
  { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 6], rotation: 0 },
  { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 6], rotation: Math.PI / 2 },
];

export interface BarPattern {
  readonly symbol: 'rect' | 'circle';
  readonly symbolSize?: number;
  readonly dashArrayX: readonly number[] | readonly (readonly number[])[];
  readonly dashArrayY: readonly number[];
  readonly rotation?: number;
}
