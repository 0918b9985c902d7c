import { BYTES_PER_GIB } from '../quantities.ts';
import type { Judgement } from './criterion.ts';
import type { LineRequirement } from './policy.ts';
import type { Subject } from './subject.ts';

interface LineSpeed {
  readonly megabitsPerSecond: number | null;
  readonly basis: 'measured' | 'declared';
}

/**
 * C11, both ways. A marketplace's measurement is evidence; without one the operator's word for the site's line is, and
 * is shared by the site's rigs where the requirement is per machine. The network port bounds the line from above: it can
 * fail a rig and never pass one.
 */
export function judgeLine(subject: Subject, requirement: LineRequirement | null): Judgement {
  if (requirement === null) {
    return { status: 'n/a', actual: null, operator: '>=', required: null, unit: null, basis: 'measured' };
  }
  const share = requirement.kind === 'per-machine' ? Math.max(1, subject.place.rigsAtSite) : 1;
  const capacity = subject.place.site?.capacity ?? null;
  const { machine, host } = subject.rig;
  const down = lineSpeed(machine?.downloadBitsPerSecond ?? null, capacity?.lineDownMbps ?? null, share);
  const up = lineSpeed(machine?.uploadBitsPerSecond ?? null, capacity?.lineUpMbps ?? null, share);
  const port = host.nicBitsPerSecond === null ? null : host.nicBitsPerSecond / 1e6;
  const { least, most } = requiredMegabits(subject, requirement);

  const known = [down.megabitsPerSecond, up.megabitsPerSecond, port].filter((speed) => speed !== null);
  const slowest = known.length === 0 ? null : Math.min(...known);
  const bothKnown = down.megabitsPerSecond !== null && up.megabitsPerSecond !== null;
  const status =
    slowest !== null && slowest < least
      ? 'fail'
      : slowest !== null && bothKnown && slowest >= most
        ? 'pass'
        : 'unknown';
  return {
    status,
    actual: describe(),
    operator: '>=',
    required: `${number(least)}${least === most ? '' : ` to ${number(most)}`} Mb/s both ways`,
    unit: null,
    basis: [down, up].some(({ megabitsPerSecond, basis }) => megabitsPerSecond !== null && basis === 'declared')
      ? 'declared'
      : 'measured',
  };

  function describe(): string | null {
    const parts = [
      ...(down.megabitsPerSecond === null ? [] : [`${number(down.megabitsPerSecond)} Mb/s down (${down.basis})`]),
      ...(up.megabitsPerSecond === null ? [] : [`${number(up.megabitsPerSecond)} Mb/s up (${up.basis})`]),
      ...(port === null ? [] : [`${number(port)} Mb/s port`]),
    ];
    return parts.length === 0 ? null : parts.join(', ');
  }
}

function lineSpeed(measuredBitsPerSecond: number | null, declaredMbps: number | null, share: number): LineSpeed {
  if (measuredBitsPerSecond !== null) return { megabitsPerSecond: measuredBitsPerSecond / 1e6, basis: 'measured' };
  return { megabitsPerSecond: declaredMbps === null ? null : declaredMbps / share, basis: 'declared' };
}

/** Between `least` and `most` where some card's VRAM is unknown, else both are the same. */
function requiredMegabits(subject: Subject, requirement: LineRequirement): { least: number; most: number } {
  if (requirement.kind !== 'by-vram') {
    return { least: requirement.megabitsPerSecond, most: requirement.megabitsPerSecond };
  }
  const wanted = (requirement.perVramGib * subject.knownVramBytes) / BYTES_PER_GIB;
  const least = Math.min(requirement.most, Math.max(requirement.least, wanted));
  return { least, most: subject.vramComplete ? least : requirement.most };
}

function number(megabitsPerSecond: number): string {
  return String(Math.round(megabitsPerSecond * 100) / 100);
}
