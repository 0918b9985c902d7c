import type { AccountPayout } from '../snapshot.ts';
import type { TargetGroup } from './join-targets.ts';
import { revenueOf } from './rig-figures.ts';

/** The rig's own counters of revenue, by platform: one for each rig, `rig:NAME`. */
export function rigPayouts({ name, targets }: TargetGroup, atMs: number): AccountPayout[] {
  const live = targets.filter(({ failure }) => failure === null);
  const printed = live.flatMap((target) => (target.ownPart === null ? [target] : [target, target.ownPart]));
  const figures = printed.flatMap((target) => target.figures ?? []);
  const sampledAtMs = printed.find((target) => target.figures !== null)?.atMs ?? atMs;
  return [...revenueOf(figures)].map(([platform, paidPlusPendingUsd]) => ({
    platform,
    instance: `rig:${name}`,
    paidPlusPendingUsd,
    sampledAtMs,
  }));
}
