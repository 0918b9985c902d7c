import { z } from 'zod';
import { gpuFacts, moneyFacts, observationFacts, partialFacts, scopeFacts } from '../../src/chat/fact-shapes.ts';
import { asicFacts, hashrateFacts } from './asics.ts';

/** Watts over the GPUs for which they are known; null where they are for none. */
const wattsFacts = z.object({ watts: z.number().nullable(), gpus: z.number(), of: z.number() });

/** Rigs and GPUs by work state, what they draw, hash and earn now. */
export const statusFacts = z.object({
  scope: scopeFacts,
  /** Of the farm. */
  sites: z.array(z.string()),
  currency: z.string(),
  gpus: gpuFacts,
  /** In none of the sums below but `hashrates`. */
  asics: asicFacts,
  /** Rigs whose miner hashes and prints no cards; they are in `hashrates` alone, too. */
  wholeRigMiners: z.number(),
  power: z.object({ cards: wattsFacts, facility: wattsFacts }),
  hashrates: hashrateFacts,
  rentedGpus: z.number(),
  /** Estimated: quotes times what is done now. */
  perDay: z.object({
    mining: partialFacts,
    rental: partialFacts,
    power: partialFacts,
    operations: partialFacts,
    net: partialFacts,
    missing: z.array(z.object({ reason: z.string(), gpus: z.number() })),
  }),
  listedUsdPerGpuHour: z.array(z.object({ rig: z.string(), price: moneyFacts })),
  failures: z.object({
    count: z.number(),
    first: z.array(
      z.object({ instance: z.string(), rig: z.string().nullable(), kind: z.string(), message: z.string() }),
    ),
  }),
  problems: z.array(z.object({ rig: z.string(), problem: z.string() })),
  observation: observationFacts,
});

export type StatusFacts = z.infer<typeof statusFacts>;
