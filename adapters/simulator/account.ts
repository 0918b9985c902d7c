import type { Life } from './life.ts';
import type { Rig } from './rig.ts';

const dayMs = 86_400_000;
const payoutHourMs = 6 * 3_600_000;

/** USD that the account had been paid before the farm's epoch. */
export const paidBeforeUsd = 4_318.57;

/** The marketplace pays out once a day at 06:00 UTC: the newest such instant, Unix ms. */
export function lastPayoutMs(atMs: number): number {
  return Math.floor((atMs - payoutHourMs) / dayMs) * dayMs + payoutHourMs;
}

/** Earned by the rig's rentals since the epoch. */
export function revenueUsd({ rig, life }: { readonly rig: Rig; readonly life: Life }, atMs: number): number {
  const rentedSeconds = rig.cards.reduce((sum, card) => sum + life.secondsBy(card, atMs).rented, 0);
  return (rentedSeconds / 3600) * (rig.machine?.usdPerGpuHour ?? rig.kind.textfile?.usdPerGpuHour ?? 0);
}

/** What a meter at the wall counts: cards and host through the power supply. Joules of seconds, or watts of one. */
export function atTheWall({ site }: Rig, cards: number, hostSeconds: number): number {
  return (cards + site.hostWatts * hostSeconds) / site.psuEfficiency;
}
