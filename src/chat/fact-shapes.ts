import { z } from 'zod';
import { workStates } from '../domain/work-state.ts';

/** Shapes that the facts of several commands share. Everywhere `null` is unknown. */

export const moneyFacts = z.object({ amount: z.number(), currency: z.string() });

/** GPUs by work state, and all of them. */
export const gpuFacts = z.object({
  total: z.number(),
  ...(Object.fromEntries(workStates.map((state) => [state, z.number()])) as Record<
    (typeof workStates)[number],
    z.ZodNumber
  >),
});

/** An amount over the GPUs for which it is known, out of those it should speak of; null where it is known for none. */
export const partialFacts = z.object({ value: moneyFacts.nullable(), gpus: z.number(), of: z.number() });

/** Why there is no newer observation; null where the source answers. */
export const sourceFailureFacts = z.object({ since: z.iso.datetime(), message: z.string() }).nullable();

/** How good the observation is that an answer rests on. */
export const observationFacts = z.object({
  at: z.iso.datetime(),
  ageSeconds: z.number(),
  source: z.enum(['prometheus', 'exporters']),
  targets: z.object({ total: z.number(), up: z.number() }),
  rigs: z.object({
    total: z.number(),
    up: z.number(),
    partial: z.number(),
    /** None of their exporters answers, but not for so long that they are called down. */
    silent: z.number(),
    down: z.number(),
  }),
  /** Rigs of which neither GPUs nor ASICs were ever seen: how many they hold is unknown. */
  rigsWithUnknownGpus: z.number(),
  incomplete: z.boolean(),
  warnings: z.array(z.string()),
  sourceFailure: sourceFailureFacts,
});

export const scopeFacts = z.object({ kind: z.enum(['fleet', 'site', 'rig']), name: z.string().nullable() });
