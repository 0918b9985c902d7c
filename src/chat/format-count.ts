import type { Presentation } from './command.ts';

const counts = {
  rig: '{count, plural, one {# rig} other {# rigs}}',
  GPU: '{count, plural, one {# GPU} other {# GPUs}}',
  ASIC: '{count, plural, one {# ASIC} other {# ASICs}}',
  target: '{count, plural, one {# target} other {# targets}}',
  change: '{count, plural, one {# change} other {# changes}}',
} as const;

const parts = {
  rig: '{part, number} of {count, plural, one {# rig} other {# rigs}}',
  GPU: '{part, number} of {count, plural, one {# GPU} other {# GPUs}}',
  ASIC: '{part, number} of {count, plural, one {# ASIC} other {# ASICs}}',
  target: '{part, number} of {count, plural, one {# target} other {# targets}}',
  change: '{part, number} of {count, plural, one {# change} other {# changes}}',
} as const satisfies Record<Counted, string>;

export type Counted = keyof typeof counts;

/** `1 rig`, `2 rigs`, `0 rigs`. */
export function formatCount(count: number, counted: Counted, { say }: Pick<Presentation, 'say'>): string {
  return say(counts[counted], { count });
}

/** `3 rigs`, or `2 of 3 rigs` where it is not all of them. */
export function formatPart(part: number, all: number, counted: Counted, { say }: Pick<Presentation, 'say'>): string {
  return part === all ? say(counts[counted], { count: all }) : say(parts[counted], { part, count: all });
}
