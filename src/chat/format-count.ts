import type { Presentation } from './command.ts';
import { formatNumber } from './format.ts';

/** `1 rig`, `2 rigs`, `0 rigs`: for nouns whose plural takes an s. */
export function formatCount(count: number, noun: string, presentation: Pick<Presentation, 'locale'>): string {
  return `${formatNumber(count, presentation)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `3 rigs`, or `2 of 3 rigs` where it is not all of them. */
export function formatPart(
  part: number,
  all: number,
  noun: string,
  presentation: Pick<Presentation, 'locale'>,
): string {
  const whole = formatCount(all, noun, presentation);
  return part === all ? whole : `${formatNumber(part, presentation)} of ${whole}`;
}
