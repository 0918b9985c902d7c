import { z } from 'zod';
import type { Command } from '../src/chat/command.ts';
import { nearest } from '../src/chat/nearest.ts';
import { UserError } from '../src/domain/errors.ts';
import { normaliseModel } from '../src/domain/model-name.ts';
import type { FleetContext } from '../src/fleet/context.ts';
import { observationQuality } from '../src/fleet/observation-quality.ts';
import { type RigRow, rigRows } from '../src/fleet/rig-rows.ts';
import { currentSnapshot, rigsInScope } from '../src/fleet/scope.ts';
import { asicStates } from '../src/fleet/work-apart.ts';
import { asicFactsOf, hashratesOf } from './facts/asics.ts';
import { listFormats } from './facts/list-formats.ts';
import { filterStates, type RigsFacts, ROWS_PER_PAGE, rigsFacts, sorts } from './facts/rigs.ts';
import { presentRigs } from './present/rigs.ts';

const options = z.object({
  site: z.string().optional(),
  state: z.enum(filterStates).optional(),
  model: z.string().optional(),
  sort: z.enum(sorts).default('name'),
  page: z.coerce.number('not a whole number').int('not a whole number').min(1, 'pages begin at 1').default(1),
  format: z.enum(listFormats).default('table'),
});

type Options = z.infer<typeof options>;

/** The rigs as a table: filtered, sorted, in pages. */
export const rigs: Command<FleetContext, Options, RigsFacts> = {
  name: 'rigs',
  summary: 'A table of rigs: filter by site, state or model; sort by margin or temperature',
  aliases: ['gpus', 'machines', 'workers'],
  shorthands: { temps: 'rigs sort:temp', offline: 'rigs state:down', down: 'rigs state:down' },
  role: 'viewer',
  changes: false,
  visibility: 'channel',
  options: [
    { name: 'site', description: 'one site', required: false, kind: 'site', positional: true },
    {
      name: 'state',
      description: 'rigs in this state, or with a GPU in it',
      required: false,
      kind: 'choice',
      choices: filterStates,
    },
    { name: 'model', description: 'rigs with a card of this model', required: false, kind: 'model' },
    { name: 'sort', description: 'what comes first', required: false, kind: 'choice', choices: sorts },
    { name: 'page', description: 'which page', required: false, kind: 'number' },
    {
      name: 'format',
      description: 'a table, or csv: the whole list as a file',
      required: false,
      kind: 'choice',
      choices: listFormats,
    },
  ],
  examples: ['rigs', 'rigs state:down', 'rigs sort:margin', 'rigs format:csv', 'rigs model:"RTX 3090"'],
  parse: options,
  facts: rigsFacts,
  run,
  present: presentRigs,
};

async function run(asked: Options, context: FleetContext): Promise<RigsFacts> {
  const snapshot = currentSnapshot(context);
  const { farm } = context;
  const { scope, rigs: inScope } = rigsInScope(snapshot, context, asked, nearest);
  const model = asked.model === undefined ? null : normaliseModel(asked.model);
  const rows = (await rigRows(inScope, snapshot, farm))
    .filter((row) => asked.state === undefined || hasState(row, asked.state))
    .filter((row) => model === null || hasModel(row, model))
    .sort(orders[asked.sort]);
  const pages = Math.max(1, Math.ceil(rows.length / ROWS_PER_PAGE));
  const page = asked.format === 'csv' ? 1 : asked.page;
  if (page > pages) throw new UserError(`There is no page ${page}: the last is ${pages}.`, `Type rigs page:${pages}.`);
  const listed = asked.format === 'csv' ? rows : rows.slice((page - 1) * ROWS_PER_PAGE, page * ROWS_PER_PAGE);
  return {
    scope,
    currency: farm.currency,
    filter: { state: asked.state ?? null, model },
    sort: asked.sort,
    format: asked.format,
    matching: rows.length,
    page,
    pages,
    rigs: listed.map((row) => ({
      rig: row.rig,
      site: row.site,
      state: row.state,
      // A rig whose cards nobody sees has an unknown number of them; one of ASICs has none.
      gpus: row.gpus === 0 && row.asics === null ? null : { total: row.gpus, ...row.gpuStates },
      models: [...row.models],
      netPerDay: row.netPerDay === null ? null : { amount: row.netPerDay, currency: farm.currency },
      cardWatts: row.cardWatts,
      hottestCelsius: row.hottestCelsius,
      hottestMemoryCelsius: row.hottestMemoryCelsius,
      asics:
        row.asics === null
          ? null
          : { ...asicFactsOf(row.asics), models: [...row.asics.models], hottestCelsius: row.asics.hottestCelsius },
      wholeRigHashrates: hashratesOf(row.wholeRigHashrates),
      wallWatts: row.wallWatts,
    })),
    observation: observationQuality(snapshot, inScope, context),
  };
}

function hasState(row: RigRow, state: (typeof filterStates)[number]): boolean {
  if (state === 'up' || state === 'partial' || state === 'silent') return row.state === state;
  const asics = asicStates.find((known) => known === state);
  return (
    row.gpuStates[state] > 0 ||
    (asics !== undefined && (row.asics?.states[asics] ?? 0) > 0) ||
    (state === 'down' && row.state === 'down')
  );
}

function hasModel({ models, asics }: RigRow, model: string): boolean {
  return [...models, ...(asics?.models ?? [])].some((entry) => entry.model?.toLowerCase() === model.toLowerCase());
}

/** Best first, unknown last, equal ones by name. */
const orders: Record<(typeof sorts)[number], (a: RigRow, b: RigRow) => number> = {
  name: byName,
  margin: (a, b) => highestFirst(a.netPerDay, b.netPerDay) || byName(a, b),
  temp: (a, b) => highestFirst(hotter(a), hotter(b)) || byName(a, b),
  power: (a, b) => highestFirst(drawn(a), drawn(b)) || byName(a, b),
  gpus: (a, b) => b.gpus - a.gpus || byName(a, b),
};

function byName(a: RigRow, b: RigRow): number {
  return a.rig < b.rig ? -1 : a.rig > b.rig ? 1 : 0;
}

function highestFirst(a: number | null, b: number | null): number {
  if (a === null || b === null) return (a === null ? 1 : 0) - (b === null ? 1 : 0);
  return b - a;
}

/** As the table shows it: of cards and ASICs, or else what a meter says of a rig without cards. */
function drawn({ gpus, cardWatts, asics, wallWatts }: RigRow): number | null {
  const known = [cardWatts, asics?.wall.watts ?? null].filter((watts) => watts !== null);
  if (known.length === 0) return gpus === 0 ? wallWatts : null;
  return known.reduce((sum, watts) => sum + watts, 0);
}

function hotter({ hottestCelsius, hottestMemoryCelsius, asics }: RigRow): number | null {
  const known = [hottestCelsius, hottestMemoryCelsius, asics?.hottestCelsius ?? null].filter(
    (celsius) => celsius !== null,
  );
  return known.length === 0 ? null : Math.max(...known);
}
