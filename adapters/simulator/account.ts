const dayMs = 86_400_000;
const payoutHourMs = 6 * 3_600_000;

/** USD that the account had been paid before the farm's epoch. */
export const paidBeforeUsd = 4_318.57;

/** The marketplace pays out once a day at 06:00 UTC: the newest such instant, Unix ms. */
export function lastPayoutMs(atMs: number): number {
  return Math.floor((atMs - payoutHourMs) / dayMs) * dayMs + payoutHourMs;
}
