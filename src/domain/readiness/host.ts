import { BYTES_PER_GIB } from '../quantities.ts';
import type { CriterionStatus, Judgement } from './criterion.ts';
import type { CpuRequirement, RamRequirement } from './policy.ts';
import type { Subject } from './subject.ts';

/** C06. Fewer cores or threads than asked fail; what is not exported (cores, `avx`, base clock) proves nothing. */
export function judgeCpu({ rig }: Subject, requirement: CpuRequirement): Judgement {
  const { cpuCores, cpuThreads, avx } = rig.host;
  const gpus = rig.gpus.length;
  const cores = requirement.coresPerGpu === null ? null : requirement.coresPerGpu * gpus + requirement.extraCores;
  const threads = requirement.threadsPerGpu === null ? null : requirement.threadsPerGpu * gpus;
  const checks: CriterionStatus[] = [];
  if (cores !== null) checks.push(atLeast(cpuCores, cores));
  // A thread is at most a core, so too few threads are too few cores.
  if (cores !== null && cpuThreads !== null && cpuThreads < cores) checks.push('fail');
  if (threads !== null) checks.push(atLeast(cpuThreads, threads));
  if (requirement.avx) checks.push(avx === null ? 'unknown' : avx ? 'pass' : 'fail');
  if (requirement.baseGigahertz !== null) checks.push('unknown');
  const status = checks.includes('fail') ? 'fail' : checks.includes('unknown') ? 'unknown' : 'pass';
  const required = [
    ...(cores === null ? [] : [counted(cores, 'core')]),
    ...(threads === null ? [] : [counted(threads, 'thread')]),
    ...(requirement.avx ? ['AVX'] : []),
    ...(requirement.baseGigahertz === null ? [] : [`${requirement.baseGigahertz} GHz base clock`]),
  ];
  return { status, actual: describe(), operator: '>=', required: required.join(', '), unit: null, basis: 'measured' };

  function describe(): string | null {
    const parts = [
      ...(cpuCores === null ? [] : [counted(cpuCores, 'core')]),
      ...(cpuThreads === null ? [] : [counted(cpuThreads, 'thread')]),
      ...(requirement.avx && avx !== null ? [avx ? 'AVX' : 'no AVX'] : []),
    ];
    return parts.length === 0 ? null : parts.join(', ');
  }
}

function atLeast(actual: number | null, required: number): CriterionStatus {
  if (actual === null) return 'unknown';
  return actual >= required ? 'pass' : 'fail';
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** C07. Where some card's VRAM is unknown, the rest of it is the least that the RAM has to match. */
export function judgeRam(subject: Subject, requirement: RamRequirement): Judgement {
  const { ramTotalBytes } = subject.rig.host;
  const { bytes, complete } = requiredRam(subject, requirement);
  const status =
    ramTotalBytes === null
      ? 'unknown'
      : ramTotalBytes < bytes
        ? 'fail'
        : complete || ramTotalBytes >= mostRequired(requirement)
          ? 'pass'
          : 'unknown';
  return {
    status,
    actual: ramTotalBytes === null ? null : ramTotalBytes / 1e9,
    operator: '>=',
    required: complete || status === 'fail' ? bytes / 1e9 : null,
    unit: 'GB',
    basis: 'measured',
  };
}

function requiredRam(subject: Subject, requirement: RamRequirement): { bytes: number; complete: boolean } {
  switch (requirement.kind) {
    case 'per-gpu':
      return { bytes: requirement.gigabytes * 1e9 * subject.gpus.length, complete: true };
    case 'vram-share': {
      const bytes = Math.min(requirement.share * subject.knownVramBytes, mostRequired(requirement));
      return { bytes, complete: subject.vramComplete };
    }
    case 'by-vram': {
      const gigabytes = subject.gpus.reduce((sum, { vramBytes }) => {
        if (vramBytes === null) return sum;
        const vramGib = vramBytes / BYTES_PER_GIB;
        const row = requirement.rows.find(({ mostVramGib }) => vramGib <= mostVramGib) ?? requirement.rows.at(-1);
        return sum + (row?.gigabytesPerGpu ?? 0);
      }, 0);
      return { bytes: gigabytes * 1e9, complete: subject.vramComplete };
    }
  }
}

/** More than this is never asked, whatever the VRAM. */
function mostRequired(requirement: RamRequirement): number {
  return requirement.kind === 'vram-share' ? requirement.mostMebibytes * 2 ** 20 : Number.POSITIVE_INFINITY;
}
