/** An axis of values, which holds 0. */
export interface ValueScale {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
}

/** Steps that people count in. */
const steps = [1, 2, 2.5, 5, 10];
const MOST_STEPS = 4;

/** From tick to tick, with a place for all values; 0 to 1 where they are all 0. */
export function valueScale(values: readonly number[]): ValueScale {
  const { low, high } = extentOf(values);
  const step = niceStep((high - low) / MOST_STEPS);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
  return { min: ticks[0] ?? low, max: ticks.at(-1) ?? high, ticks };
}

/** From the least to the greatest value and 0, for figures that are printed where they stand. */
export function tightScale(values: readonly number[]): ValueScale {
  const { low, high } = extentOf(values);
  return { min: low, max: high, ticks: [] };
}

function extentOf(values: readonly number[]): { low: number; high: number } {
  const low = values.reduce((least, value) => Math.min(least, value), 0);
  const high = values.reduce((most, value) => Math.max(most, value), 0);
  return low === high ? { low: 0, high: 1 } : { low, high };
}

function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * (steps.find((step) => step * power >= least * (1 - 1e-9)) ?? 10);
}
