import { isKnown } from './plot.ts';
import type { ValueScale } from './value-scale.ts';

const heights = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** The values over time in `width` columns: the mean of what is known in each, `·` where nothing is. */
export function sparkline(values: readonly (number | null)[], { min, max }: ValueScale, width: number): string {
  return Array.from({ length: width }, (_, column) => {
    const from = Math.floor((column * values.length) / width);
    const until = Math.max(from + 1, Math.floor(((column + 1) * values.length) / width));
    const known = values.slice(from, until).filter(isKnown);
    if (known.length === 0) return '·';
    const mean = known.reduce((sum, value) => sum + value / known.length, 0);
    const share = (mean - min) / (max - min);
    return heights[Math.min(heights.length - 1, Math.floor(share * heights.length))] ?? '·';
  }).join('');
}
