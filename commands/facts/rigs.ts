import { z } from 'zod';
import { gpuFacts, moneyFacts, observationFacts, scopeFacts } from '../../src/chat/fact-shapes.ts';
import { workStates } from '../../src/domain/work-state.ts';
import { asicFacts, hashrateFacts } from './asics.ts';
import { listFormats } from './list-formats.ts';

export const sorts = ['name', 'margin', 'temp', 'power', 'gpus'] as const;
export const ROWS_PER_PAGE = 20;

/** A rig's own state, or that of one of its GPUs or ASICs. */
export const filterStates = ['up', 'partial', 'silent', ...workStates] as const;

/** Rigs that fit a filter, sorted, one page of them. */
export const rigsFacts = z.object({
  scope: scopeFacts,
  currency: z.string(),
  filter: z.object({ state: z.enum(filterStates).nullable(), model: z.string().nullable() }),
  sort: z.enum(sorts),
  /** `csv`: all that match are in `rigs`. */
  format: z.enum(listFormats),
  matching: z.number(),
  page: z.number(),
  pages: z.number(),
  rigs: z.array(
    z.object({
      rig: z.string(),
      site: z.string().nullable(),
      state: z.enum(['up', 'partial', 'silent', 'down']),
      /** Null where neither cards nor ASICs of the rig are seen: how many it has is unknown. */
      gpus: gpuFacts.nullable(),
      models: z.array(z.object({ model: z.string().nullable(), gpus: z.number() })),
      netPerDay: moneyFacts.nullable(),
      cardWatts: z.number().nullable(),
      hottestCelsius: z.number().nullable(),
      hottestMemoryCelsius: z.number().nullable(),
      /** Null where none was ever seen. */
      asics: asicFacts
        .extend({
          models: z.array(z.object({ model: z.string().nullable(), asics: z.number() })),
          hottestCelsius: z.number().nullable(),
        })
        .nullable(),
      /** Of a miner that speaks for the whole rig and prints no cards. */
      wholeRigHashrates: hashrateFacts,
      /** At the wall, as a meter of the rig prints it. */
      wallWatts: z.number().nullable(),
    }),
  ),
  observation: observationFacts,
});

export type RigsFacts = z.infer<typeof rigsFacts>;
