import { MS_PER_HOUR } from '../quantities.ts';
import type { Gpu, Rig, XidEvent } from '../rig.ts';
import { type CriterionStatus, isWorse, type Judgement } from './criterion.ts';
import type { ReadinessPolicy, XidRequirement } from './policy.ts';

/**
 * C17. A fatal code blocks while it is open: inside the window and not cleared by a restart of the host with quiet hours
 * since. Where only the last code is printed, its time is unknown, and so is whether it is still open. A code that the
 * XID table does not list is unknown too. A card that is gone while its rig answers is what XID 79 says.
 */
export function xidJudge(
  rig: Rig,
  requirement: XidRequirement,
  { xidWindowDays, xidQuietHours }: Pick<ReadinessPolicy, 'xidWindowDays' | 'xidQuietHours'>,
  atMs: number,
): (gpu: Gpu) => Judgement {
  const judged = { operator: 'not', required: requirement.fatal.join(', '), unit: 'XID', basis: 'measured' } as const;
  const none = `none in ${xidWindowDays} d`;
  return (gpu) => {
    if (gpu.state === 'down' && rig.state === 'up') {
      return { ...judged, status: 'fail', actual: 'the card is gone, as after XID 79' };
    }
    if (gpu.xids === null) return { ...judged, status: 'unknown', actual: null };
    let worst: { status: CriterionStatus; actual: string } = { status: 'pass', actual: none };
    for (const event of gpu.xids) {
      const found = judgeEvent(event);
      if (isWorse(found.status, worst.status)) worst = found;
    }
    return { ...judged, status: worst.status, actual: worst.actual };
  };

  function judgeEvent({ code, lastAtMs }: XidEvent): { status: CriterionStatus; actual: string } {
    const age = lastAtMs === null ? 'time unknown' : `${days(atMs - lastAtMs)} d ago`;
    const actual = `XID ${code} seen, ${age}`;
    if (requirement.ignored.includes(code)) return { status: 'pass', actual };
    if (lastAtMs !== null && atMs - lastAtMs >= xidWindowDays * 24 * MS_PER_HOUR) return { status: 'pass', actual };
    if (requirement.fatal.includes(code)) return { status: lastAtMs === null ? 'unknown' : openness(lastAtMs), actual };
    if (requirement.warning.includes(code)) return { status: 'warn', actual };
    return { status: 'unknown', actual: `${actual}, meaning not listed` };
  }

  function openness(lastAtMs: number): CriterionStatus {
    const quietMs = xidQuietHours * MS_PER_HOUR;
    if (atMs - lastAtMs < quietMs) return 'fail';
    const { bootAtMs } = rig.host;
    if (bootAtMs === null) return 'unknown';
    return bootAtMs > lastAtMs && atMs - bootAtMs >= quietMs ? 'warn' : 'fail';
  }
}

function days(ms: number): number {
  return Math.round(ms / (2.4 * MS_PER_HOUR)) / 10;
}
