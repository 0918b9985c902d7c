import type { Rig } from '../rig.ts';
import type { FindCard } from './card.ts';
import { type CriterionId, type CriterionResult, criterionIds, isWorse, type Judgement, passes } from './criterion.ts';
import { judgeCpu, judgeRam } from './host.ts';
import { judgeLine } from './line.ts';
import { judgePcie } from './pcie.ts';
import type { ReadinessPolicy, TierRequirements } from './policy.ts';
import { judgeCrippled, judgeSameModel, judgeSilicon, judgeVram } from './silicon.ts';
import { type Place, type Subject, type SubjectGpu, subjectOf } from './subject.ts';
import { type GateTier, gateTiers, type ProvenTier, reaches, type Tier, tierAbove } from './tier.ts';
import { xidJudge } from './xids.ts';

/** Thresholds and the card table; both are data. */
export interface ReadinessReference {
  readonly policy: ReadinessPolicy;
  readonly findCard: FindCard;
}

/** What one rig could be sold as, under one policy, as it stands. */
export interface RigReadiness {
  readonly rig: string;
  readonly site: string | null;
  readonly state: Rig['state'];
  readonly gpus: number;
  /** Highest tier whose gates, and those of the tiers below, all have passing evidence. `T0` where `potential` is. */
  readonly proven: ProvenTier;
  /** The same with every unknown gate assumed to pass: no more than this is possible as the rig stands. */
  readonly potential: Tier;
  /**
   * Whether `potential` says something: false where the silicon of some card is unknown (its model, or the whole rig)
   * and nothing else rules the rig out. Then no potential is stated, and the rig is counted apart.
   */
  readonly potentialStated: boolean;
  /** Whether a gate of `proven` or below rests on the operator's word. */
  readonly restsOnDeclaration: boolean;
  /** Criteria that fail for the tier above `potential`. */
  readonly blockers: readonly CriterionId[];
  /** Criteria that are evaluated, but unknown, up to the tier above `potential`. */
  readonly unknown: readonly CriterionId[];
  /** Every evaluated gate of every tier, tiers ascending. */
  readonly gates: readonly CriterionResult[];
}

/** Holds a rig against every tier of a policy (READINESS.md 2.2). A rig that is down or silent shows nothing: all is unknown. */
export function evaluateRig(rig: Rig, place: Place, reference: ReadinessReference, atMs: number): RigReadiness {
  const { policy } = reference;
  const subject = subjectOf(rig, place, reference.findCard);
  const dark = rig.state === 'down' || rig.state === 'silent' || rig.gpus.length === 0;
  const evidence = evidenceOf(rig, policy);
  const gates = gateTiers.flatMap((tier) => evaluateTier(tier, policy.tiers[tier].requirements));

  const potential = highest((tier) => !gates.some((gate) => gate.tier === tier && gate.status === 'fail')) ?? 'T0';
  const provenGates = highest(
    (tier) =>
      policy.tiers[tier].notEvaluated.length === 0 && gates.every((gate) => gate.tier !== tier || passes(gate.status)),
  );
  const proven = provenGates ?? (potential === 'T0' ? 'T0' : 'none');
  const next = tierAbove(potential);
  const siliconKnown = !gates.some((gate) => gate.id === 'C01' && gate.tier === 'T1' && gate.status === 'unknown');
  return {
    rig: rig.name,
    site: rig.site,
    state: rig.state,
    gpus: rig.gpus.length,
    proven,
    potential,
    potentialStated: siliconKnown || potential === 'T0',
    restsOnDeclaration: gates.some(
      (gate) =>
        gate.basis === 'declared' && gate.status === 'pass' && provenGates !== null && reaches(provenGates, gate.tier),
    ),
    blockers: idsOf(gates.filter((gate) => gate.tier === next && gate.status === 'fail')),
    unknown: idsOf(gates.filter((gate) => reaches(next ?? 'T4', gate.tier) && gate.status === 'unknown')),
    gates,
  };

  function evaluateTier(tier: GateTier, requirements: TierRequirements): CriterionResult[] {
    return criterionIds.map((id) => {
      const requirement = requirements[requirementOf[id]];
      const judged = dark
        ? { judgement: nothingKnown, gpu: null, alike: null }
        : judge(id, subject, requirements, { tier, atMs, policy });
      // Field by field: a spread in front of other fields costs several times as much, and there are 36 gates a rig.
      const { status, actual, operator, required, unit, basis } = judged.judgement;
      return {
        id,
        tier,
        status,
        actual,
        operator,
        required,
        unit,
        basis,
        gpu: judged.gpu,
        gpusAlike: judged.alike,
        blockerClass: policy.criteria[id].blockerClass,
        evidence: evidence[id],
        source: requirement?.source ?? policy.tiers[tier].anchor,
      };
    });
  }
}

const requirementOf = {
  C01: 'silicon',
  C02: 'crippled',
  C03: 'vram',
  C04: 'sameModel',
  C05: 'pcie',
  C06: 'cpu',
  C07: 'ram',
  C11: 'line',
  C17: 'xids',
} as const satisfies Record<CriterionId, keyof TierRequirements>;

const nothingKnown: Judgement = {
  status: 'unknown',
  actual: null,
  operator: '>=',
  required: null,
  unit: null,
  basis: 'measured',
};

interface Folded {
  readonly judgement: Judgement;
  readonly gpu: string | null;
  readonly alike: number | null;
}

interface JudgeAt {
  readonly tier: GateTier;
  readonly atMs: number;
  readonly policy: ReadinessPolicy;
}

function judge(id: CriterionId, subject: Subject, requirements: TierRequirements, at: JudgeAt): Folded {
  switch (id) {
    case 'C01':
      return foldWorst(subject.gpus, (gpu) => judgeSilicon(gpu, requirements.silicon, at.tier));
    case 'C02':
      return foldWorst(subject.gpus, (gpu) => judgeCrippled(gpu, requirements.crippled));
    case 'C03':
      return foldWorst(subject.gpus, (gpu) => judgeVram(gpu, requirements.vram));
    case 'C04':
      return asAWhole(judgeSameModel(subject.rig, requirements.sameModel));
    case 'C05':
      return foldWorst(subject.gpus, (gpu) => judgePcie(gpu, requirements.pcie));
    case 'C06':
      return asAWhole(judgeCpu(subject, requirements.cpu));
    case 'C07':
      return asAWhole(judgeRam(subject, requirements.ram));
    case 'C11':
      return asAWhole(judgeLine(subject, requirements.line));
    case 'C17': {
      const judgeXidsOf = xidJudge(subject.rig, requirements.xids, at.policy, at.atMs);
      return foldWorst(subject.gpus, ({ gpu }) => judgeXidsOf(gpu));
    }
  }
}

/** The rig sells as one machine, so its worst card speaks for it. */
function foldWorst(gpus: readonly SubjectGpu[], judgeGpu: (gpu: SubjectGpu) => Judgement): Folded {
  let worst: Judgement = nothingKnown;
  let key: string | null = null;
  let alike = 0;
  for (const subject of gpus) {
    const judgement = judgeGpu(subject);
    if (key !== null && judgement.status === worst.status) alike += 1;
    if (key !== null && !isWorse(judgement.status, worst.status)) continue;
    worst = judgement;
    key = subject.gpu.key;
    alike = 1;
  }
  return { judgement: worst, gpu: key, alike };
}

function asAWhole(judgement: Judgement): Folded {
  return { judgement, gpu: null, alike: null };
}

type Evidences = { readonly [Id in CriterionId]: CriterionResult['evidence'] };

function evidenceOf({ instances, sampledAtMs }: Rig, { criteria }: ReadinessPolicy): Evidences {
  const of = (id: CriterionId) => ({ families: criteria[id].families, instances, sampledAtMs });
  return {
    C01: of('C01'),
    C02: of('C02'),
    C03: of('C03'),
    C04: of('C04'),
    C05: of('C05'),
    C06: of('C06'),
    C07: of('C07'),
    C11: of('C11'),
    C17: of('C17'),
  };
}

/** The last of the tiers that hold without a gap from the first. */
function highest(holds: (tier: GateTier) => boolean): GateTier | null {
  const gap = gateTiers.findIndex((tier) => !holds(tier));
  return (gap === -1 ? gateTiers.at(-1) : gateTiers[gap - 1]) ?? null;
}

function idsOf(gates: readonly CriterionResult[]): readonly CriterionId[] {
  return [...new Set(gates.map((gate) => gate.id))];
}
