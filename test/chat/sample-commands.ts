import { z } from 'zod';
import type { AnyCommand, Command } from '../../src/chat/command.ts';

/** What the sample questions look at: enough to make them answer, fail or hang. */
export interface SampleContext {
  run(): Promise<number | null>;
}

const rigOptions = z.object({ name: z.string() });
const rigFacts = z.object({ rig: z.string(), watts: z.number().nullable() });

export const rig: Command<SampleContext, z.infer<typeof rigOptions>, z.infer<typeof rigFacts>> = {
  name: 'rig',
  summary: 'Everything about one rig',
  aliases: ['worker', 'machine'],
  shorthands: {},
  role: 'viewer',
  changes: false,
  visibility: 'channel',
  options: [{ name: 'name', description: 'which rig', required: true, kind: 'rig', positional: true }],
  examples: ['rig a1'],
  parse: rigOptions,
  facts: rigFacts,
  run: async ({ name }, context) => ({ rig: name, watts: await context.run() }),
  present: ({ rig: name, watts }, { locale, timeZone }) => ({
    headline: `${name} draws ${watts ?? 'unknown'} W.`,
    blocks: [{ kind: 'notes', tone: 'plain', notes: [`${locale} ${timeZone}`] }],
    next: [],
  }),
};

const rigsOptions = z.object({
  site: z.string().optional(),
  sort: z.enum(['name', 'temp', 'power']).default('name'),
  page: z.coerce.number('a page is a number').int('a page is a whole number').default(1),
  wide: z.stringbool().optional(),
});

const rigsFacts = z.object({
  site: z.string().optional(),
  sort: z.string(),
  page: z.number(),
  wide: z.boolean().optional(),
});

export const rigs: Command<SampleContext, z.infer<typeof rigsOptions>, z.infer<typeof rigsFacts>> = {
  name: 'rigs',
  summary: 'A table of rigs',
  aliases: ['gpus'],
  shorthands: { temps: 'rigs sort:temp' },
  role: 'viewer',
  changes: false,
  visibility: 'channel',
  options: [
    { name: 'site', description: 'only this site', required: false, kind: 'site', positional: true },
    {
      name: 'sort',
      description: 'in which order',
      required: false,
      kind: 'choice',
      choices: ['name', 'temp', 'power'],
    },
    { name: 'page', description: 'which page', required: false, kind: 'number' },
    { name: 'wide', description: 'all columns', required: false, kind: 'boolean' },
  ],
  examples: ['rigs sort:temp', 'rigs site:quebec'],
  parse: rigsOptions,
  facts: rigsFacts,
  run: async (options) => options,
  present: (facts) => ({ headline: JSON.stringify(facts), blocks: [], next: [] }),
};

const nothing = z.object({});

export const restart: Command<SampleContext, object, object> = {
  name: 'restart',
  summary: 'Restarts the miner',
  aliases: [],
  shorthands: {},
  role: 'operator',
  changes: true,
  visibility: 'asker',
  options: [],
  examples: ['restart'],
  parse: nothing,
  facts: nothing,
  run: async () => ({}),
  present: () => ({ headline: 'Restarted.', blocks: [], next: [] }),
};

export const sampleCommands: readonly AnyCommand<SampleContext>[] = [rig, rigs, restart];
