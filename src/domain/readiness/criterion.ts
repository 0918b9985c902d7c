import type { GateTier } from './tier.ts';

/** The criteria that are evaluated so far (READINESS.md 1.2). */
export const criterionIds = ['C01', 'C02', 'C03', 'C04', 'C05', 'C06', 'C07', 'C11', 'C17'] as const;
export type CriterionId = (typeof criterionIds)[number];

export type CriterionStatus = 'pass' | 'fail' | 'warn' | 'unknown' | 'n/a';

/** What would have to change: the card, the machine around it, the site, its health, or the way it is sold. */
export type BlockerClass = 'SILICON' | 'HOST' | 'SITE' | 'HEALTH' | 'POLICY';

/** `declared`: the operator's word, weaker than a measurement. `reference`: from the card table. */
export type EvidenceBasis = 'measured' | 'declared' | 'reference';

/** One requirement held against what is known. */
export interface Judgement {
  readonly status: CriterionStatus;
  /** What was found, in `unit` where it is a number; null where nothing was. */
  readonly actual: number | string | null;
  readonly operator: '>' | '>=' | '=' | 'not';
  /** In `unit` where it is a number; null where it depends on something unknown or nothing is asked. */
  readonly required: number | string | null;
  readonly unit: string | null;
  /** What `actual` rests on. */
  readonly basis: EvidenceBasis;
}

export interface Evidence {
  /** Series that show it. */
  readonly families: readonly string[];
  /** Targets of the rig that may print them. */
  readonly instances: readonly string[];
  /** Unix ms; null where nothing was sampled. */
  readonly sampledAtMs: number | null;
}

/** One gate of one tier of a rig. */
export interface CriterionResult extends Judgement {
  readonly id: CriterionId;
  readonly tier: GateTier;
  /** Key of the card that decided, where cards are judged one by one. */
  readonly gpu: string | null;
  /** How many cards share the deciding status; null where the rig is judged as a whole. */
  readonly gpusAlike: number | null;
  readonly blockerClass: BlockerClass;
  readonly evidence: Evidence;
  /** Of the requirement. */
  readonly source: string;
}

const severity = { 'n/a': 0, pass: 1, warn: 2, unknown: 3, fail: 4 } as const satisfies Record<CriterionStatus, number>;

export function isWorse(a: CriterionStatus, b: CriterionStatus): boolean {
  return severity[a] > severity[b];
}

/** Whether a gate lets a rig through; `unknown` never does. */
export function passes(status: CriterionStatus): boolean {
  return status === 'pass' || status === 'warn' || status === 'n/a';
}
