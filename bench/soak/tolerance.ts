import { MS_PER_HOUR } from '../../src/domain/quantities.ts';

/** How far the ledger may be from the truth, as a share of it. */
export const allowedShare = 0.005;
/** Every change is seen up to an interval too early; into a state and out of it make up for each other, and leave as much an hour. */
export const intervalsPerHour = 3;

/** Share that the edges of so many hours of rigs leave: as they come, so that the more there are, the less is left. */
export function edgeShare(intervalMs: number, hours: number): number {
  return (intervalsPerHour * intervalMs) / MS_PER_HOUR / Math.sqrt(hours);
}
