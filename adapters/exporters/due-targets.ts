import type { ScrapeTarget } from './scrape-target.ts';

export interface DueTarget {
  readonly target: ScrapeTarget;
  /** So long after the observation begins. */
  readonly offsetMs: number;
}

/** Targets in the order in which they are due, each at its own time within `spreadMs`, the same in every observation. */
export function dueTargets(targets: readonly ScrapeTarget[], spreadMs: number): readonly DueTarget[] {
  return targets
    .map((target) => ({ target, offsetMs: Math.floor(spreadMs * fraction(target.key)) }))
    .sort((a, b) => a.offsetMs - b.offsetMs);
}

/** FNV-1a with a last mixing, as a part of 1: keys that differ in a digit at the end lie far apart. */
function fraction(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
