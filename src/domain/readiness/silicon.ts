import { BYTES_PER_GIB } from '../quantities.ts';
import type { Rig } from '../rig.ts';
import type { Judgement } from './criterion.ts';
import type { CrippledRequirement, SameModelRequirement, SiliconRequirement, VramRequirement } from './policy.ts';
import type { SubjectGpu } from './subject.ts';
import { type GateTier, reaches } from './tier.ts';

/** C01. A listed ceiling decides; without one the architecture does. An unlisted model can fail, never pass. */
export function judgeSilicon(subject: SubjectGpu, requirement: SiliconRequirement, tier: GateTier): Judgement {
  const { card, gpu } = subject;
  if (card !== null && card.ceiling !== null) {
    const status = reaches(card.ceiling, tier) ? 'pass' : 'fail';
    return silicon(status, `${card.model} (${architecture(card)})`, requirement);
  }
  if (card !== null && card.vendor === 'AMD') {
    if (card.gfxTarget === null) return silicon('unknown', card.model, requirement);
    const status = !requirement.gfxTargets.includes(card.gfxTarget) ? 'fail' : eccHbmStatus(subject, requirement);
    return silicon(status, `${card.model} (${card.gfxTarget})`, requirement);
  }
  const capability = card?.computeCapability ?? gpu.computeCapability;
  if (capability === null) return silicon('unknown', gpu.model, requirement);
  const actual = `${gpu.model ?? 'unknown model'} (CC ${capability.toFixed(1)})`;
  const basis = card === null ? 'measured' : 'reference';
  if (capability < requirement.computeCapability) return { ...silicon('fail', actual, requirement), basis };
  if (card === null) return { ...silicon('unknown', actual, requirement), basis };
  return silicon(eccHbmStatus(subject, requirement), actual, requirement);
}

function silicon(status: Judgement['status'], actual: string | null, requirement: SiliconRequirement): Judgement {
  const capability = `CC ${requirement.computeCapability.toFixed(1)}`;
  const amd = requirement.gfxTargets.length === 0 ? '' : ' or a supported AMD gfx target';
  const required = `${capability}${requirement.eccHbm ? ' with ECC HBM' : ''}${amd}`;
  return { status, actual, operator: '>=', required, unit: null, basis: 'reference' };
}

function architecture(card: NonNullable<SubjectGpu['card']>): string {
  if (card.computeCapability !== null) return `CC ${card.computeCapability.toFixed(1)}`;
  return card.gfxTarget ?? 'architecture unknown';
}

function eccHbmStatus({ card }: SubjectGpu, requirement: SiliconRequirement): Judgement['status'] {
  if (!requirement.eccHbm) return 'pass';
  if (card?.ecc === false || (card?.memory != null && !card.memory.startsWith('HBM'))) return 'fail';
  return card?.ecc === true && card.memory !== null ? 'pass' : 'unknown';
}

/** C02. Mining SKUs with cut compute; that a model is none is known only of models in the card table. */
export function judgeCrippled({ card, gpu }: SubjectGpu, requirement: CrippledRequirement): Judgement {
  const status = card === null ? 'unknown' : card.crippled ? requirement.status : 'pass';
  const actual = card?.model ?? gpu.model;
  return { status, actual, operator: 'not', required: 'a mining SKU', unit: null, basis: 'reference' };
}

const unitBytes = { GiB: BYTES_PER_GIB, GB: 1e9 } as const satisfies Record<VramRequirement['unit'], number>;

/** C03. */
export function judgeVram({ vramBytes, vramBasis }: SubjectGpu, requirement: VramRequirement): Judgement {
  const { operator, amount, unit } = requirement;
  const actual = vramBytes === null ? null : vramBytes / unitBytes[unit];
  const status =
    actual === null ? 'unknown' : (operator === '>' ? actual > amount : actual >= amount) ? 'pass' : 'fail';
  return { status, actual, operator, required: amount, unit, basis: vramBasis };
}

/** C04. One model in the whole rig, and one VBIOS where that is asked. A single card is alike to itself. */
export function judgeSameModel(rig: Rig, requirement: SameModelRequirement): Judgement {
  const models = distinct(rig.gpus.map((gpu) => gpu.model));
  const versions = requirement.sameVbios ? distinct(rig.gpus.map((gpu) => gpu.vbiosVersion)) : null;
  const required = requirement.sameVbios ? '1 model and 1 VBIOS' : '1 model';
  const judged = { operator: '=', required, unit: null, basis: 'measured' } as const;
  if (models.known.length > 1) return { ...judged, status: 'fail', actual: models.known.join(', ') };
  if (versions !== null && versions.known.length > 1) {
    return { ...judged, status: 'fail', actual: `VBIOS ${versions.known.join(', ')}` };
  }
  const actual = models.known[0] ?? null;
  const open = rig.gpus.length > 1 && (models.unknown || versions?.unknown === true);
  return { ...judged, status: open ? 'unknown' : 'pass', actual };
}

function distinct(values: readonly (string | null)[]): { known: readonly string[]; unknown: boolean } {
  const known = new Set(values.filter((value) => value !== null));
  return { known: [...known], unknown: values.includes(null) };
}
