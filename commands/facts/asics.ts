import { z } from 'zod';
import type { AsicsNow } from '../../src/fleet/work-apart.ts';

/** H/s by algorithm; of different algorithms never added. */
export const hashrateFacts = z.array(z.object({ algorithm: z.string(), hashrate: z.number() }));

/** ASICs by what they do. They are no GPUs: no sum over GPUs holds them. */
export const asicFacts = z.object({
  total: z.number(),
  mining: z.number(),
  'idle-unlisted': z.number(),
  down: z.number(),
  unknown: z.number(),
  hashrates: hashrateFacts,
  /** Watts at the wall over the ASICs that print them, out of those that are not down; null where none prints them. */
  wall: z.object({ watts: z.number().nullable(), asics: z.number(), of: z.number() }),
});

export type AsicFacts = z.infer<typeof asicFacts>;

export function asicFactsOf({ total, states, hashrates, wall }: AsicsNow): AsicFacts {
  return { total, ...states, hashrates: hashratesOf(hashrates), wall: { ...wall } };
}

/** By the algorithms' names. */
export function hashratesOf(hashrates: Iterable<readonly [string, number]>): z.infer<typeof hashrateFacts> {
  return Array.from(hashrates, ([algorithm, hashrate]) => ({ algorithm, hashrate })).sort((a, b) =>
    a.algorithm < b.algorithm ? -1 : 1,
  );
}
