import { z } from 'zod';
import type { Command, Presentation } from '../src/chat/command.ts';
import { gpuFacts, moneyFacts, observationFacts, partialFacts, scopeFacts } from '../src/chat/fact-shapes.ts';
import { formatAge, formatMoney, formatNumber, formatPercent, unknown } from '../src/chat/format.ts';
import { formatCount, formatPart } from '../src/chat/format-count.ts';
import { nearest } from '../src/chat/nearest.ts';
import { observationNotes } from '../src/chat/observation-notes.ts';
import type { Reply, ReplyBlock } from '../src/chat/reply.ts';
import { compareFleet } from '../src/fleet/compare-fleet.ts';
import type { FleetContext } from '../src/fleet/context.ts';
import { earningsNow } from '../src/fleet/earnings-now.ts';
import { observationQuality } from '../src/fleet/observation-quality.ts';
import {
  bestPerModel,
  bestWay,
  breakEvenMoney,
  dayMoney,
  nowMoney,
  quotesUsed,
  type Way,
  ways,
  waysInWords,
} from '../src/fleet/profit-facts.ts';
import { currentSnapshot, rigsInScope } from '../src/fleet/scope.ts';

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

const facts = z.object({
  scope: scopeFacts,
  currency: z.string(),
  /** Quotes times measured work: no money here was paid out. */
  basis: z.literal('estimated'),
  gpus: gpuFacts,
  perDay: perDayFacts,
  best: z.enum(ways).nullable(),
  breakEven: breakEvenFacts,
  occupancy: z.object({ used: z.number().nullable(), market: z.number().nullable() }),
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

const options = z.object({ rig: z.string().optional(), site: z.string().optional() });

type Facts = z.infer<typeof facts>;

/** Mine, GPU rental, mine while idle, off: what the GPUs would make each way, and where one overtakes the other. */
export const profit: Command<FleetContext, z.infer<typeof options>, Facts> = {
  name: 'profit',
  summary: 'Mine, GPU rental, mine while idle or off: net per day and break-evens',
  aliases: ['earnings', 'income', 'revenue', 'compare'],
  shorthands: {},
  role: 'viewer',
  changes: false,
  options: [
    { name: 'rig', description: 'one rig', required: false, kind: 'rig', positional: true },
    { name: 'site', description: 'one site', required: false, kind: 'site' },
  ],
  examples: ['profit', 'profit site:quebec', 'profit rig:a1'],
  parse: options,
  facts,
  run,
  present,
};

async function run(asked: z.infer<typeof options>, context: FleetContext): Promise<Facts> {
  const snapshot = currentSnapshot(context);
  const { farm } = context;
  const { scope, rigs } = rigsInScope(snapshot, context, asked, nearest);
  const fleet = await compareFleet(rigs, snapshot, farm, context.occupancies());
  const now = await earningsNow(rigs, snapshot, farm);
  const nowMs = context.clock.now();
  const single = fleet.models.length === 1 ? fleet.models[0] : undefined;
  return {
    scope,
    currency: farm.currency,
    basis: 'estimated',
    gpus: { total: fleet.gpus, ...fleet.states },
    perDay: dayMoney(fleet.comparison, farm.currency),
    best: bestWay(fleet.comparison),
    breakEven: breakEvenMoney(fleet.comparison, farm.currency),
    occupancy: { used: fleet.occupancy, market: single?.rate?.marketOccupancy ?? null },
    now: nowMoney(now, farm.currency),
    quotes: quotesUsed(fleet, farm, nowMs),
    coverage: {
      gpus: fleet.gpus,
      compared: fleet.compared,
      excluded: [...fleet.excluded],
      hashrate: fleet.hashrateOrigins,
      miningPower: fleet.wattsOrigins,
    },
    models: fleet.models.map((model) => ({
      model: model.model,
      gpus: model.gpus,
      compared: model.compared,
      perDay: dayMoney(model.comparison, farm.currency),
      best: bestWay(model.comparison),
      breakEven: breakEvenMoney(model.comparison, farm.currency),
      occupancy: model.occupancy,
    })),
    bestPerModel: bestPerModel(fleet, farm.currency),
    assumptions: [...fleet.assumptions],
    observation: observationQuality(snapshot, rigs, nowMs),
  };
}

const wayNames = { mine: 'Mine', rent: 'GPU rental', mixed: 'Mine while idle', off: 'Off' } as const satisfies Record<
  Way,
  string
>;

function present(answer: Facts, presentation: Presentation): Reply {
  const { scope, observation } = answer;
  return {
    headline: headline(answer, presentation),
    blocks: [
      dayTable(answer, presentation),
      breakEvens(answer, presentation),
      ...(answer.models.length > 1 ? [modelTable(answer, presentation), modelsAtBest(answer, presentation)] : []),
      ...smallPrint(answer, presentation),
      ...observationNotes(observation, presentation),
    ],
    next:
      scope.kind === 'rig'
        ? [
            { label: 'Rig', command: `rig name:"${scope.name}"` },
            { label: 'Readiness', command: `readiness rig:"${scope.name}"` },
          ]
        : [
            { label: 'Rigs', command: 'rigs' },
            { label: 'Readiness', command: 'readiness' },
          ],
  };
}

function headline(answer: Facts, presentation: Presentation): string {
  const { best, perDay, breakEven, coverage } = answer;
  const where = answer.scope.name ?? 'The fleet';
  const over = `over ${formatPart(coverage.compared, coverage.gpus, 'GPU', presentation)}`;
  if (best === null) {
    const missing = coverage.excluded[0]?.reason ?? 'no GPU was seen';
    return `${where}: what to do with the GPUs is unknown (${missing}).`;
  }
  const net = formatMoney(perDay[best].net, presentation);
  const others = ways
    .filter((way) => way !== best && perDay[way].net !== null)
    .map((way) => `${waysInWords[way]} ${formatMoney(perDay[way].net, presentation)}`);
  const rivals =
    perDay.rent.net === null && breakEven.occupancy !== null
      ? [...others, rentIfOccupied(answer, presentation)]
      : others;
  return `${where}: ${waysInWords[best]} nets most, ${net} per day est. ${over}; ${rivals.join(', ')}.`;
}

function rentIfOccupied({ breakEven }: Facts, presentation: Presentation): string {
  return `GPU rental overtakes mining above ${formatPercent(breakEven.occupancy, presentation)} occupancy, yours is ${unknown}`;
}

function dayTable({ perDay, currency }: Facts, presentation: Presentation): ReplyBlock {
  const row = (title: string, field: keyof Facts['perDay']['mine']) => [
    title,
    ...ways.map((way) => formatMoney(perDay[way][field], presentation)),
  ];
  return {
    kind: 'table',
    title: `Per day, est., in ${currency}`,
    columns: [{ title: '', align: 'left' }, ...ways.map((way) => ({ title: wayNames[way], align: 'right' }) as const)],
    rows: [row('Revenue', 'revenue'), row('Power', 'power'), row('Opex', 'operations'), row('Net', 'net')],
    more: null,
  };
}

function breakEvens({ breakEven, occupancy, perDay }: Facts, presentation: Presentation): ReplyBlock {
  const perHour =
    breakEven.rentPerGpuHour === null
      ? unknown
      : `${formatMoney(breakEven.rentPerGpuHour, presentation)} per GPU-hour at your occupancy`;
  const perKwh = (price: Facts['breakEven']['pricePerKwhMine']) =>
    price === null ? unknown : `${formatMoney(price, presentation)} per kWh`;
  const market = occupancy.market === null ? '' : `, the market's ${formatPercent(occupancy.market, presentation)}`;
  return {
    kind: 'fields',
    title: 'Break-even',
    fields: [
      {
        name: 'Occupancy',
        value: `${occupancyInWords({ breakEven, perDay }, presentation)}; yours ${formatPercent(occupancy.used, presentation)}${market}`,
      },
      { name: 'Rental price', value: perHour },
      { name: 'Power price, mining', value: perKwh(breakEven.pricePerKwhMine) },
      { name: 'Power price, GPU rental', value: perKwh(breakEven.pricePerKwhRent) },
    ],
  };
}

/** Outside 0..1 a break-even occupancy has a meaning and an answer in words. */
function occupancyInWords(
  { breakEven, perDay }: Pick<Facts, 'breakEven' | 'perDay'>,
  presentation: Presentation,
): string {
  const figure = formatPercent(breakEven.occupancy, presentation);
  const offWins = (perDay.off.net?.amount ?? -Infinity) > (perDay.mine.net?.amount ?? -Infinity);
  switch (breakEven.occupancyMeaning) {
    case 'reachable':
      return figure;
    case 'never':
      return `${figure}: even fully rented, GPU rental makes less than mining`;
    case 'always':
      return `${figure}: mining loses more than an empty rig${offWins ? '; off is better than mining' : ''}`;
    case 'no-gain':
      return 'none: a rented hour earns no more than its power; choose between mining and off';
    case 'unknown':
      return unknown;
  }
}

function modelTable({ models }: Facts, presentation: Presentation): ReplyBlock {
  const left = { align: 'left' } as const;
  const right = { align: 'right' } as const;
  return {
    kind: 'table',
    title: 'Net per day by model, est.',
    columns: [
      { title: 'Model', ...left },
      { title: 'GPUs', ...right },
      ...ways.map((way) => ({ title: wayNames[way], ...right })),
      { title: 'Break-even occ.', ...right },
      { title: 'Best', ...left },
    ],
    rows: models.map((model) => [
      model.model,
      model.compared === model.gpus
        ? formatNumber(model.gpus, presentation)
        : `${formatNumber(model.compared, presentation)} of ${formatNumber(model.gpus, presentation)}`,
      ...ways.map((way) => formatMoney(model.perDay[way].net, presentation)),
      formatPercent(model.breakEven.occupancy, presentation),
      model.best === null ? unknown : wayNames[model.best],
    ]),
    more: null,
  };
}

function modelsAtBest({ bestPerModel: { net, gpus } }: Facts, presentation: Presentation): ReplyBlock {
  const over = net === null ? '' : ` per day est. over ${formatCount(gpus, 'GPU', presentation)}`;
  return { kind: 'text', text: `each model at its best: ${formatMoney(net, presentation)}${over}` };
}

function smallPrint(answer: Facts, presentation: Presentation): ReplyBlock[] {
  const { coverage, assumptions, quotes, now } = answer;
  const number = (value: number) => formatNumber(value, presentation);
  const excluded = coverage.excluded.map(
    ({ reason, gpus }) => `not compared: ${formatCount(gpus, 'GPU', presentation)}, ${reason}`,
  );
  const { hashrate } = coverage;
  const netKnown =
    now.net.value === null ? '' : ` per day est. over ${formatPart(now.net.gpus, now.net.of, 'GPU', presentation)}`;
  const plain = [
    `now: mining ${formatMoney(now.mining.value, presentation)}, GPU rental ${formatMoney(now.rental.value, presentation)}, ` +
      `net ${formatMoney(now.net.value, presentation)}${netKnown}`,
    `hashrate measured on ${formatCount(hashrate.measured, 'GPU', presentation)}, of the same model here on ${number(hashrate.peers)}, ` +
      `from the reference table on ${number(hashrate.table)}, ${unknown} on ${number(hashrate.unknown)}`,
    ...quotes.map(
      (quote) =>
        `${quote.what}: ${formatMoney(quote.price, presentation)} per ${quote.unit}, ${quote.kind}; ${quote.source}, ` +
        (quote.asOf === null ? 'undated' : formatAge(Date.parse(quote.asOf), presentation)),
    ),
    ...assumptions.map((assumption) => `assumed: ${assumption}`),
  ];
  return [
    ...(excluded.length === 0 ? [] : [{ kind: 'notes', tone: 'warning', notes: excluded } as const]),
    { kind: 'notes', tone: 'plain', notes: plain },
  ];
}
