import { z } from 'zod';
import { gpuFacts, moneyFacts, observationFacts } from '../../src/chat/fact-shapes.ts';
import { workStates } from '../../src/domain/work-state.ts';
import { ways } from '../../src/fleet/profit-facts.ts';
import { asicStates } from '../../src/fleet/work-apart.ts';
import { hashrateFacts } from './asics.ts';

const figure = z.number().nullable();
const words = z.string().nullable();

const rigStates = ['up', 'partial', 'silent', 'down'] as const;
const anyState = z.enum([...new Set([...rigStates, ...workStates])]);

const cardFacts = z.object({
  index: figure,
  uuid: words,
  bus: words,
  model: words,
  state: z.enum(workStates),
  /** Why this state. */
  evidence: z.string(),
  /** Since when; null where nobody saw it come. */
  since: words,
  /** What is seen now, but not believed yet. */
  unsettled: z.object({ seen: z.enum(workStates), since: z.string() }).nullable(),
  coreCelsius: figure,
  memoryCelsius: figure,
  watts: figure,
  utilisation: figure,
  vramTotalBytes: figure,
  vramUsedBytes: figure,
  pcieWidth: figure,
  pcieGeneration: figure,
  hashrate: figure,
  algorithm: words,
  processes: z.array(z.string()).nullable(),
  xids: z.array(z.number()).nullable(),
});

const asicFacts = z.object({
  /** `ASIC #0`: numbered within the rig. */
  name: z.string(),
  model: words,
  state: z.enum(asicStates),
  /** Why this state. */
  evidence: z.string(),
  /** Since when; null where nobody saw it come. */
  since: words,
  /** What is seen now, but not believed yet. */
  unsettled: z.object({ seen: z.enum(workStates), since: z.string() }).nullable(),
  hashrate: figure,
  /** As printed, or as the coin of this rig implies. */
  algorithm: words,
  /** As printed. */
  coin: words,
  /** At the wall. */
  watts: figure,
  celsius: figure,
  sharesAccepted: figure,
  sharesRejected: figure,
  hardwareErrors: figure,
});

/** Everything known of one rig. */
export const rigFacts = z.object({
  rig: z.string(),
  site: words,
  state: z.enum(rigStates),
  /** Since when none of its exporters answers. */
  silentSince: words,
  gpus: gpuFacts,
  cards: z.array(cardFacts),
  asics: z.array(asicFacts),
  /** Cards that a miner prints and that could not be tied to one of `cards`. */
  looseMiners: z.array(z.object({ model: words, algorithm: words, hashrate: figure, watts: figure })),
  /** Of a miner that speaks for the whole rig and prints no cards; its work is in `looseMiners`, too. */
  wholeRigHashrates: hashrateFacts,
  /** At the wall, as a meter of the rig prints it; null where none does. */
  wallWatts: figure,
  host: z.object({
    cpuModel: words,
    cpuThreads: figure,
    cpuCores: figure,
    ramTotalBytes: figure,
    nicBitsPerSecond: figure,
    osName: words,
    bootAt: words,
  }),
  marketplace: z
    .object({
      platform: z.string(),
      machineId: z.string(),
      listed: z.boolean().nullable(),
      verified: z.boolean().nullable(),
      rentedGpus: figure,
      defaultJobGpus: figure,
      reliability: figure,
      /** A listing, host side; no income. */
      listedPerGpuHour: moneyFacts.nullable(),
    })
    .nullable(),
  inventory: z
    .object({ rack: words, shelf: words, pdu: words, outlet: words, switch: words, consoleUrl: words })
    .nullable(),
  netNowPerDay: z.object({ value: moneyFacts.nullable(), gpus: z.number(), of: z.number() }),
  best: z.enum(ways).nullable(),
  netPerDay: z.object(
    Object.fromEntries(ways.map((way) => [way, moneyFacts.nullable()])) as Record<
      (typeof ways)[number],
      z.ZodNullable<typeof moneyFacts>
    >,
  ),
  /** The last 24 hours that are over; null where the ledger did not answer, an hour's GPU-hours where it has none of it. */
  hours: z
    .array(
      z.object({
        startMs: z.number(),
        gpuHours: z.record(z.enum(workStates), z.number()).nullable(),
        /** Of the part of the hour that nobody saw. */
        unobservedGpuHours: figure,
      }),
    )
    .nullable(),
  instances: z.array(z.string()),
  failures: z.array(z.object({ instance: z.string(), message: z.string() })),
  problems: z.array(z.string()),
  /** Its last changes of state, the newest first; `card` is null for the rig itself, all of it null where the store did not answer. */
  changes: z
    .array(z.object({ at: z.string(), card: words, from: anyState, to: anyState, evidence: z.string() }))
    .nullable(),
  sampledAt: words,
  observation: observationFacts,
});

export type RigFacts = z.infer<typeof rigFacts>;
