import { z } from 'zod';
import { sourceFailureFacts } from '../../src/chat/fact-shapes.ts';
import { criterionIds } from '../../src/domain/readiness/criterion.ts';
import { gateTiers, provenTiers } from '../../src/domain/readiness/tier.ts';
import { listFormats } from './list-formats.ts';

const tier = z.enum(provenTiers);
const criterion = z.enum(criterionIds);
const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1).nullable();

const gateFacts = z.object({
  criterion,
  tier: z.enum(gateTiers),
  status: z.enum(['pass', 'fail', 'warn', 'unknown', 'n/a']),
  /** The card that decided, and how many are like it; null where the rig is judged as a whole. */
  gpu: z.string().nullable(),
  gpusAlike: count.nullable(),
  /** In `unit` where it is a number. */
  actual: z.union([z.number(), z.string()]).nullable(),
  operator: z.enum(['>', '>=', '=', 'not']),
  required: z.union([z.number(), z.string()]).nullable(),
  unit: z.string().nullable(),
  basis: z.enum(['measured', 'declared', 'reference']),
  class: z.enum(['SILICON', 'HOST', 'SITE', 'HEALTH', 'POLICY']),
  evidence: z.object({
    /** What an operator can run himself, one query per line and instance. */
    query: z.string(),
    instance: z.string(),
    /** Instant in UTC. */
    sampledAt: z.string().nullable(),
  }),
  source: z.string(),
});

const rigReadinessFacts = z.object({
  rig: z.string(),
  site: z.string().nullable(),
  state: z.enum(['up', 'partial', 'silent', 'down']),
  /** Null where none of the rig's cards is seen: how many it has is unknown. */
  gpus: count.nullable(),
  proven: tier,
  /** Null where the silicon of some card is unknown: then none is stated. */
  potential: tier.nullable(),
  /** What fails for the tier above the potential. */
  blockers: z.array(criterion),
  /** What nothing could judge, up to the tier above the potential. */
  unknown: z.array(criterion),
  /** What the marketplace itself says of the machine; stands beside, and decides nothing. */
  marketplaceVerified: z.boolean().nullable(),
  /** For one rig all; for several what does not pass; for very many none. */
  gates: z.array(gateFacts),
});

/** How far GPUs are on the way to HPC work, as a policy judges it, and what every judgement rests on. */
export const readinessFacts = z.object({
  at: z.string(),
  policy: z.string(),
  policyDate: z.string(),
  /** What the policy's tiers and criteria are called. */
  tierNames: z.record(tier, z.string()),
  criterionNames: z.record(criterion, z.string()),
  scope: z.object({ kind: z.enum(['fleet', 'site', 'rig']), name: z.string().nullable() }),
  gpus: z.object({
    total: count,
    proven: z.record(tier, count),
    /** `unknown`: no potential can be stated; apart from every tier. */
    potential: z.record(z.enum(['T0', ...gateTiers, 'unknown']), count),
  }),
  /** Of the GPUs seen, in rigs of at least the tier `from`; null where no GPU was seen. */
  shares: z.object({
    from: tier,
    proven: share,
    provenDeclared: share,
    potential: share,
    unknown: share,
    denominator: count,
  }),
  /** Of the farm. */
  sites: z.array(z.string()),
  /** `csv`: every rig is in `rigs`, without its gates. */
  format: z.enum(listFormats),
  rigsWithoutGpus: count,
  /** Rigs that count above and are not in `rigs`: the ones with the least potential. `readiness site:NAME` lists fewer. */
  rigsNotListed: count,
  incomplete: z.boolean(),
  sourceFailure: sourceFailureFacts,
  rigs: z.array(rigReadinessFacts),
  notEvaluated: z.array(z.string()),
});

export type ReadinessFacts = z.infer<typeof readinessFacts>;
export type RigReadinessFacts = z.infer<typeof rigReadinessFacts>;
export type GateFacts = z.infer<typeof gateFacts>;
