import type { Rig } from '../rig.ts';

/** Counters of one card or ASIC at one sight; growth between two sights is what it did. */
export interface CardSight {
  readonly energyJoules: number | null;
  readonly sharesAccepted: number | null;
  readonly sharesRejected: number | null;
}

/** What has to be remembered of a rig until it is seen again. */
export interface RigSight {
  readonly atMs: number;
  /** By the key of the card or ASIC; without any counter it is left out. */
  readonly cards: ReadonlyMap<string, CardSight>;
}

export function sightOf(rig: Rig, atMs: number): RigSight {
  const cards = new Map<string, CardSight>();
  for (const { key, energyJoules, sharesAccepted, sharesRejected } of rig.gpus) {
    if (energyJoules === null && sharesAccepted === null && sharesRejected === null) continue;
    cards.set(key, { energyJoules, sharesAccepted, sharesRejected });
  }
  for (const { key, sharesAccepted, sharesRejected } of rig.asics) {
    if (sharesAccepted === null && sharesRejected === null) continue;
    cards.set(key, { energyJoules: null, sharesAccepted, sharesRejected });
  }
  return { atMs, cards };
}

/** Growth of a counter that may have started anew in between: then its new value is what it grew since. */
export function growth(before: number | null | undefined, after: number | null): number | null {
  if (before === null || before === undefined || after === null) return null;
  return after < before ? after : after - before;
}
