import type { EventLoopDelay } from './event-loop-delay.ts';

/** One line of the bench's table. */
export interface Row {
  readonly what: string;
  /** With its unit. */
  readonly figure: string;
  /** Other figures, and ratios to what was measured beside it in the same run. */
  readonly beside: string;
  /** What it is to be, and whether it is. */
  readonly aim: string;
}

const longestStretchMs = 50;
const widths = { what: 50, figure: 20, aim: 26 } as const;

export function printHeading(title: string): void {
  const line = `${title.toUpperCase().padEnd(widths.what)} ${''.padStart(widths.figure)}  ${'aim'.padEnd(widths.aim)} beside`;
  process.stdout.write(`\n${line.trimEnd()}\n`);
}

export function printRow({ what, figure, beside, aim }: Row): void {
  const line = `${what.padEnd(widths.what)} ${figure.padStart(widths.figure)}  ${aim.padEnd(widths.aim)} ${beside}`;
  process.stdout.write(`${line.trimEnd()}\n`);
}

export function printDelay(what: string, { p99Ms, maxMs, maxCpuMs }: EventLoopDelay): void {
  printRow({
    what,
    figure: milliseconds(maxCpuMs),
    aim: aimOf(`under ${longestStretchMs} ms`, maxCpuMs < longestStretchMs),
    beside: `CPU of the main thread; by the clock ${milliseconds(maxMs)}, p99 ${milliseconds(p99Ms)}`,
  });
}

/** `under 50 ms: met`. */
export function aimOf(name: string, met: boolean): string {
  return `${name}: ${met ? 'met' : 'MISSED'}`;
}

export function milliseconds(value: number): string {
  return `${value.toFixed(1)} ms`;
}

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

/** Nearest rank; `share` is 0.5 for the median. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
