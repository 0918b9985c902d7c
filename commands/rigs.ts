import { z } from 'zod';
import type { Command, Presentation } from '../src/chat/command.ts';
import { gpuFacts, moneyFacts, observationFacts, scopeFacts } from '../src/chat/fact-shapes.ts';
import { formatMoney, formatNumber, formatTemperature, formatWatts, unknown } from '../src/chat/format.ts';
import { formatCount } from '../src/chat/format-count.ts';
import { nearest } from '../src/chat/nearest.ts';
import { observationNotes } from '../src/chat/observation-notes.ts';
import type { Reply } from '../src/chat/reply.ts';
import { stateNames } from '../src/chat/state-names.ts';
import { UserError } from '../src/domain/errors.ts';
import { normaliseModel } from '../src/domain/model-name.ts';
import { workStates } from '../src/domain/work-state.ts';
import type { FleetContext } from '../src/fleet/context.ts';
import { observationQuality } from '../src/fleet/observation-quality.ts';
import { type RigRow, rigRows } from '../src/fleet/rig-rows.ts';
import { currentSnapshot, rigsInScope } from '../src/fleet/scope.ts';

const ROWS_PER_PAGE = 20;
const sorts = ['name', 'margin', 'temp', 'power', 'gpus'] as const;
const states = ['up', 'partial', ...workStates] as const;

const facts = z.object({
  scope: scopeFacts,
  currency: z.string(),
  filter: z.object({ state: z.enum(states).nullable(), model: z.string().nullable() }),
  sort: z.enum(sorts),
  matching: z.number(),
  page: z.number(),
  pages: z.number(),
  rigs: z.array(
    z.object({
      rig: z.string(),
      site: z.string().nullable(),
      state: z.enum(['up', 'partial', 'down']),
      gpus: gpuFacts,
      models: z.array(z.object({ model: z.string().nullable(), gpus: z.number() })),
      netPerDay: moneyFacts.nullable(),
      cardWatts: z.number().nullable(),
      hottestCelsius: z.number().nullable(),
      hottestMemoryCelsius: z.number().nullable(),
    }),
  ),
  observation: observationFacts,
});

const options = z.object({
  site: z.string().optional(),
  state: z.enum(states).optional(),
  model: z.string().optional(),
  sort: z.enum(sorts).default('name'),
  page: z.coerce.number().int().min(1).default(1),
});

type Options = z.infer<typeof options>;
type Facts = z.infer<typeof facts>;

/** The rigs as a table: filtered, sorted, in pages. */
export const rigs: Command<FleetContext, Options, Facts> = {
  name: 'rigs',
  summary: 'A table of rigs: filter by site, state or model; sort by margin or temperature',
  aliases: ['gpus', 'machines', 'workers'],
  shorthands: { temps: 'rigs sort:temp', offline: 'rigs state:down', down: 'rigs state:down' },
  role: 'viewer',
  changes: false,
  options: [
    { name: 'site', description: 'one site', required: false, kind: 'site', positional: true },
    {
      name: 'state',
      description: 'rigs in this state, or with a GPU in it',
      required: false,
      kind: 'choice',
      choices: states,
    },
    { name: 'model', description: 'rigs with a card of this model', required: false, kind: 'model' },
    { name: 'sort', description: 'what comes first', required: false, kind: 'choice', choices: sorts },
    { name: 'page', description: 'which page', required: false, kind: 'number' },
  ],
  examples: ['rigs', 'rigs state:down', 'rigs sort:margin', 'rigs model:"RTX 3090"'],
  parse: options,
  facts,
  run,
  present,
};

async function run(asked: Options, context: FleetContext): Promise<Facts> {
  const snapshot = currentSnapshot(context);
  const { farm } = context;
  const { scope, rigs: inScope } = rigsInScope(snapshot, context, asked, nearest);
  const model = asked.model === undefined ? null : normaliseModel(asked.model);
  const rows = (await rigRows(inScope, snapshot, farm))
    .filter((row) => asked.state === undefined || hasState(row, asked.state))
    .filter((row) => model === null || row.models.some((entry) => entry.model?.toLowerCase() === model.toLowerCase()))
    .sort(orders[asked.sort]);
  const pages = Math.max(1, Math.ceil(rows.length / ROWS_PER_PAGE));
  if (asked.page > pages)
    throw new UserError(`There is no page ${asked.page}: the last is ${pages}.`, `Type rigs page:${pages}.`);
  return {
    scope,
    currency: farm.currency,
    filter: { state: asked.state ?? null, model },
    sort: asked.sort,
    matching: rows.length,
    page: asked.page,
    pages,
    rigs: rows.slice((asked.page - 1) * ROWS_PER_PAGE, asked.page * ROWS_PER_PAGE).map((row) => ({
      rig: row.rig,
      site: row.site,
      state: row.state,
      gpus: { total: row.gpus, ...row.gpuStates },
      models: [...row.models],
      netPerDay: row.netPerDay === null ? null : { amount: row.netPerDay, currency: farm.currency },
      cardWatts: row.cardWatts,
      hottestCelsius: row.hottestCelsius,
      hottestMemoryCelsius: row.hottestMemoryCelsius,
    })),
    observation: observationQuality(snapshot, inScope, context.clock.now()),
  };
}

function hasState(row: RigRow, state: (typeof states)[number]): boolean {
  if (state === 'up' || state === 'partial') return row.state === state;
  return row.gpuStates[state] > 0 || (state === 'down' && row.state === 'down');
}

/** Best first, unknown last, equal ones by name. */
const orders: Record<(typeof sorts)[number], (a: RigRow, b: RigRow) => number> = {
  name: byName,
  margin: (a, b) => highestFirst(a.netPerDay, b.netPerDay) || byName(a, b),
  temp: (a, b) => highestFirst(hotter(a), hotter(b)) || byName(a, b),
  power: (a, b) => highestFirst(a.cardWatts, b.cardWatts) || byName(a, b),
  gpus: (a, b) => b.gpus - a.gpus || byName(a, b),
};

function byName(a: RigRow, b: RigRow): number {
  return a.rig < b.rig ? -1 : a.rig > b.rig ? 1 : 0;
}

function highestFirst(a: number | null, b: number | null): number {
  if (a === null || b === null) return (a === null ? 1 : 0) - (b === null ? 1 : 0);
  return b - a;
}

function hotter(row: RigRow): number | null {
  if (row.hottestMemoryCelsius === null) return row.hottestCelsius;
  return Math.max(row.hottestMemoryCelsius, row.hottestCelsius ?? 0);
}

function present(answer: Facts, presentation: Presentation): Reply {
  const number = (value: number) => formatNumber(value, presentation);
  const left = { align: 'left' } as const;
  const right = { align: 'right' } as const;
  const what = [answer.filter.state, answer.filter.model].filter((part) => part !== null).join(', ');
  const more = answer.matching - answer.page * ROWS_PER_PAGE;
  return {
    headline: `${formatCount(answer.matching, 'rig', presentation)}${what === '' ? '' : ` (${what})`} at ${answer.scope.name ?? 'all sites'}, by ${answer.sort}.`,
    blocks: [
      {
        kind: 'table',
        title: null,
        columns: [
          { title: 'Rig', ...left },
          { title: 'Site', ...left },
          { title: 'Cards', ...left },
          { title: 'Work', ...left },
          { title: 'Net per day est.', ...right },
          { title: 'Cards’ power', ...right },
          { title: 'Core', ...right },
          { title: 'Memory', ...right },
        ],
        rows: answer.rigs.map((row) => [
          row.rig,
          row.site ?? unknown,
          row.models.map(({ model, gpus }) => `${number(gpus)}× ${model ?? unknown}`).join(', ') || unknown,
          work(row),
          formatMoney(row.netPerDay, presentation),
          formatWatts(row.cardWatts, presentation),
          formatTemperature(row.hottestCelsius, presentation),
          formatTemperature(row.hottestMemoryCelsius, presentation),
        ]),
        more: more > 0 ? { count: more, hint: nextPage(answer) } : null,
      },
      ...observationNotes(answer.observation, presentation),
    ],
    next: answer.rigs.slice(0, 3).map(({ rig }) => ({ label: rig, command: `rig name:"${rig}"` })),
  };
}

/** The same question for the page after this. */
function nextPage({ scope, filter, sort, page }: Facts): string {
  const asked = [
    ...(scope.name === null ? [] : [`site:"${scope.name}"`]),
    ...(filter.state === null ? [] : [`state:${filter.state}`]),
    ...(filter.model === null ? [] : [`model:"${filter.model}"`]),
    ...(sort === 'name' ? [] : [`sort:${sort}`]),
  ];
  return ['rigs', ...asked, `page:${page + 1}`].join(' ');
}

function work({ state, gpus }: Facts['rigs'][number]): string {
  if (state === 'down') return 'rig down';
  const parts = workStates.filter((name) => gpus[name] > 0).map((name) => `${gpus[name]} ${stateNames[name]}`);
  return parts.join(', ') || unknown;
}
