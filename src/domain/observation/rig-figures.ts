import type { SeriesMapping } from '../dialect.ts';
import type { PlatformRental } from '../rig.ts';
import { firstKnown } from './first-known.ts';
import { convert, type Labels, text } from './raw-values.ts';
import { SignalValues } from './signal-values.ts';

/** What the operator prints of a whole rig. Series of one figure that other labels tell apart add up. */
export interface RigFigures {
  readonly power: SignalValues<'wallWatts'>;
  /** By platform. */
  readonly rentedGpus: SignalValues<string>;
  readonly revenueUsd: SignalValues<string>;
}

export function nothingOfRig(): RigFigures {
  return { power: new SignalValues(), rentedGpus: new SignalValues(), revenueUsd: new SignalValues() };
}

export function addRigFigure(
  figures: RigFigures,
  mapping: Extract<SeriesMapping, { kind: 'rig-power' | 'rig-rented' | 'rig-revenue' }>,
  labels: Labels,
  value: number,
  place: number,
): void {
  const known = convert(value, mapping) ?? Number.NaN;
  if (mapping.kind === 'rig-power') {
    figures.power.add('wallWatts', known, place, true);
    return;
  }
  const platform = text(labels[mapping.platform]);
  if (platform === null) return;
  if (mapping.kind === 'rig-rented') figures.rentedGpus.add(platform, known, place, true);
  else figures.revenueUsd.add(platform, known, place, true);
}

/** Of several that print a figure the first, of rentals and revenue for each platform. */
export function wallWattsOf(all: readonly RigFigures[]): number | null {
  return firstKnown(all, ({ power }) => power.get('wallWatts'));
}

export function rentalsOf(all: readonly RigFigures[]): readonly PlatformRental[] {
  return [...byPlatform(all.map(({ rentedGpus }) => rentedGpus))].map(([platform, gpus]) => ({ platform, gpus }));
}

/** USD by platform. */
export function revenueOf(all: readonly RigFigures[]): ReadonlyMap<string, number> {
  return byPlatform(all.map(({ revenueUsd }) => revenueUsd));
}

function byPlatform(all: readonly SignalValues<string>[]): Map<string, number> {
  const platforms = [...new Set(all.flatMap((values) => [...values.keys()]))].sort();
  const found = new Map<string, number>();
  for (const platform of platforms) {
    const value = firstKnown(all, (values) => values.get(platform));
    if (value !== null) found.set(platform, value);
  }
  return found;
}
