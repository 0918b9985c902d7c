import { HOURS_PER_DAY } from '../quantities.ts';

/** What stands between a card's watts and the bill; each declared, or assumed and said so. */
export interface PowerPath {
  /** Watts of board, CPU and fans behind the PSU, per rig. */
  readonly hostWatts: number;
  /** Ratio 0..1. */
  readonly psuEfficiency: number;
  /** Facility energy over IT energy, 1 or more. */
  readonly pue: number;
}

/** (cards + host) / PSU efficiency (ECONOMICS.md 1.3). */
export function wallWatts(cardWatts: number, path: PowerPath): number {
  return (cardWatts + path.hostWatts) / path.psuEfficiency;
}

/** Wall power times PUE: what the meter of the site sees. */
export function facilityWatts(cardWatts: number, path: PowerPath): number {
  return wallWatts(cardWatts, path) * path.pue;
}

/** kWh of a day at constant power. */
export function kwhPerDay(watts: number): number {
  return (watts * HOURS_PER_DAY) / 1000;
}
