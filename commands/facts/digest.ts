import { z } from 'zod';
import { moneyFacts } from '../../src/chat/fact-shapes.ts';
import { workStates } from '../../src/domain/work-state.ts';

const money = moneyFacts.nullable();
const basis = z.enum(['estimated', 'realised']);

const businessLine = z.object({
  revenue: money,
  basis,
  /** GPU-hours, and hours of ASICs, whose revenue is unknown and not in it. */
  unknownGpuHours: z.number(),
  gpuHours: z.number(),
  /** Attributed by GPU-hours. */
  power: money,
  margin: money,
});

const rigLine = z.object({
  rig: z.string(),
  site: z.string().nullable(),
  ai: money,
  mining: money,
  power: money,
  net: money,
});

const dayFacts = z.object({
  rigs: z.number(),
  rigsWithUnknownGpus: z.number(),
  dayHours: z.number(),
  /** Hours of the day that are written or should be. */
  settledHours: z.number(),
  /** Of these, weighed by owned GPUs; null without any row. */
  observedHours: z.number().nullable(),
  ownedGpuHours: z.number(),
  gpuHours: z.record(z.enum(workStates), z.number()),
  /** Hours of ASICs: they are no GPUs. */
  asicHours: z.record(z.enum(workStates), z.number()),
  ai: businessLine.extend({ estimated: money, realised: money }),
  mining: businessLine,
  power: z.object({ cost: money, other: money, unknownGpuHours: z.number(), wallKwh: z.number().nullable() }),
  aiShare: z.number().nullable(),
  net: money,
  work: z.array(z.object({ algorithm: z.string().nullable(), hashes: z.number(), gpuHours: z.number() })),
  best: z.array(rigLine),
  worst: z.array(rigLine),
  accounts: z.array(
    z.object({
      platform: z.string(),
      instance: z.string(),
      /** Whose own counter it is; null for an account. */
      rig: z.string().nullable(),
      usd: z.number().nullable(),
      fromMs: z.number(),
      toMs: z.number(),
      unknownBecause: z.string().nullable(),
    }),
  ),
  quotes: z.array(
    z.object({
      what: z.string(),
      lowest: z.number(),
      highest: z.number(),
      currency: z.string(),
      unit: z.string(),
      source: z.string(),
      asOfMs: z.number().nullable(),
    }),
  ),
  /** Rows that reached over an edge of the day and were counted in proportion. */
  cutRows: z.number(),
});

/** What the ledger says of a day. Everywhere `null` is unknown. */
export const digestFacts = z.object({
  date: z.string(),
  timezone: z.string(),
  /** The day as it was asked for. */
  asked: z.string(),
  site: z.string().nullable(),
  fromMs: z.number(),
  toMs: z.number(),
  untilMs: z.number(),
  /** Start of the newest period in the ledger; null while it is empty. */
  newestStartMs: z.number().nullable(),
  digest: dayFacts,
});

export type DigestFacts = z.infer<typeof digestFacts>;
export type BusinessLineFacts = z.infer<typeof businessLine>;
