import { z } from 'zod';
import { gpuFacts, moneyFacts, observationFacts, partialFacts, scopeFacts } from '../../src/chat/fact-shapes.ts';
import { ways } from '../../src/fleet/profit-facts.ts';

const dayFacts = z.object({
  revenue: moneyFacts.nullable(),
  power: moneyFacts.nullable(),
  operations: moneyFacts.nullable(),
  net: moneyFacts.nullable(),
});
const perDayFacts = z.object({ mine: dayFacts, rent: dayFacts, mixed: dayFacts, off: dayFacts });
const breakEvenFacts = z.object({
  /** Ratio of owned hours; below 0 and above 1 have meanings of their own. */
  occupancy: z.number().nullable(),
  occupancyMeaning: z.enum(['reachable', 'never', 'always', 'no-gain', 'unknown']),
  /** Price on the quote's side at the occupancy used. */
  rentPerGpuHour: moneyFacts.nullable(),
  pricePerKwhMine: moneyFacts.nullable(),
  pricePerKwhRent: moneyFacts.nullable(),
});
const originFacts = z.object({ measured: z.number(), peers: z.number(), table: z.number(), unknown: z.number() });

/** What each way would make per day, where one overtakes the other, and what all of it rests on. */
export const profitFacts = z.object({
  scope: scopeFacts,
  /** Of the farm. */
  sites: z.array(z.string()),
  currency: z.string(),
  /** Quotes times measured work: no money here was paid out. */
  basis: z.literal('estimated'),
  gpus: gpuFacts,
  perDay: perDayFacts,
  best: z.enum(ways).nullable(),
  breakEven: breakEvenFacts,
  occupancy: z.object({
    used: z.number().nullable(),
    /** Of our own last 30 days, as configured, or some of each; null where it is unknown. */
    basis: z.enum(['measured', 'declared', 'mixed']).nullable(),
    market: z.number().nullable(),
  }),
  /** What the GPUs earn per day if they go on as they do now. */
  now: z.object({
    mining: partialFacts,
    rental: partialFacts,
    power: partialFacts,
    operations: partialFacts,
    net: partialFacts,
    missing: z.array(z.object({ reason: z.string(), gpus: z.number() })),
  }),
  quotes: z.array(
    z.object({
      what: z.string(),
      price: moneyFacts,
      unit: z.string(),
      kind: z.string(),
      source: z.string(),
      asOf: z.string().nullable(),
      ageSeconds: z.number().nullable(),
    }),
  ),
  coverage: z.object({
    gpus: z.number(),
    compared: z.number(),
    excluded: z.array(z.object({ reason: z.string(), gpus: z.number() })),
    hashrate: originFacts,
    miningPower: originFacts,
  }),
  models: z.array(
    z.object({
      model: z.string(),
      gpus: z.number(),
      compared: z.number(),
      perDay: perDayFacts,
      best: z.enum(ways).nullable(),
      breakEven: breakEvenFacts,
      occupancy: z.number().nullable(),
    }),
  ),
  /** Every model its own best way, added up over the models of which one is known. */
  bestPerModel: z.object({ net: moneyFacts.nullable(), gpus: z.number() }),
  assumptions: z.array(z.string()),
  observation: observationFacts,
});

export type ProfitFacts = z.infer<typeof profitFacts>;
