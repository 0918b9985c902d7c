import type { ValueScale } from './value-scale.ts';

/** Eighths of a column, from the left. */
const leftBlocks = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/**
 * A bar of at most `width` columns on a scale that holds 0. Where the scale goes below 0, `│` marks 0 and bars of loss stand
 * left of it. A value that is not 0 always shows; one that is not known shows nothing but `·`.
 */
export function textBar(value: number | null, { min, max }: ValueScale, width: number): string {
  const columns = min < 0 ? width - 1 : width;
  const below = min < 0 ? Math.min(columns - 1, Math.max(1, Math.round((columns * -min) / (max - min)))) : 0;
  const above = columns - below;
  const axis = min < 0 ? '│' : '';
  const left = ' '.repeat(below) + axis;
  if (value === null) return `${left}·`;
  if (value >= 0) return left + eighths(max === 0 ? 0 : value / max, above);
  // There are no blocks that fill a column from its right.
  const full = Math.max(1, Math.round((value / min) * below));
  return ' '.repeat(below - full) + '█'.repeat(full) + axis;
}

function eighths(share: number, columns: number): string {
  if (share === 0) return '';
  const count = Math.max(1, Math.round(share * columns * 8));
  return '█'.repeat(Math.floor(count / 8)) + (leftBlocks[count % 8] ?? '');
}
