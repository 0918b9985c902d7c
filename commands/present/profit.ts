import type { Presentation } from '../../src/chat/command.ts';
import { formatAge, formatMoney, formatNumber, formatPercent, unknown } from '../../src/chat/format.ts';
import { formatCount, formatPart } from '../../src/chat/format-count.ts';
import { observationNotes } from '../../src/chat/observation-notes.ts';
import type { Reply, ReplyBlock } from '../../src/chat/reply.ts';
import { type Way, ways, waysInWords } from '../../src/fleet/profit-facts.ts';
import type { ProfitFacts } from '../facts/profit.ts';
import { left, notes, right } from './blocks.ts';

const wayNames = { mine: 'Mine', rent: 'GPU rental', mixed: 'Mine while idle', off: 'Off' } as const satisfies Record<
  Way,
  string
>;

export function presentProfit(answer: ProfitFacts, presentation: Presentation): Reply {
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

function headline(answer: ProfitFacts, presentation: Presentation): string {
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

function rentIfOccupied({ breakEven }: ProfitFacts, presentation: Presentation): string {
  return `GPU rental overtakes mining above ${formatPercent(breakEven.occupancy, presentation)} occupancy, yours is ${unknown}`;
}

function dayTable({ perDay, currency }: ProfitFacts, presentation: Presentation): ReplyBlock {
  const row = (title: string, field: keyof ProfitFacts['perDay']['mine']) => [
    title,
    ...ways.map((way) => formatMoney(perDay[way][field], presentation)),
  ];
  return {
    kind: 'table',
    title: `Per day, est., in ${currency}`,
    columns: [left(''), ...ways.map((way) => right(wayNames[way]))],
    rows: [row('Revenue', 'revenue'), row('Power', 'power'), row('Opex', 'operations'), row('Net', 'net')],
    more: null,
  };
}

function breakEvens({ breakEven, occupancy, perDay }: ProfitFacts, presentation: Presentation): ReplyBlock {
  const perHour =
    breakEven.rentPerGpuHour === null
      ? unknown
      : `${formatMoney(breakEven.rentPerGpuHour, presentation)} per GPU-hour at your occupancy`;
  const perKwh = (price: ProfitFacts['breakEven']['pricePerKwhMine']) =>
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
  { breakEven, perDay }: Pick<ProfitFacts, 'breakEven' | 'perDay'>,
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

function modelTable({ models }: ProfitFacts, presentation: Presentation): ReplyBlock {
  return {
    kind: 'table',
    title: 'Net per day by model, est.',
    columns: [
      left('Model'),
      right('GPUs'),
      ...ways.map((way) => right(wayNames[way])),
      right('Break-even occ.'),
      left('Best'),
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

function modelsAtBest({ bestPerModel: { net, gpus } }: ProfitFacts, presentation: Presentation): ReplyBlock {
  const over = net === null ? '' : ` per day est. over ${formatCount(gpus, 'GPU', presentation)}`;
  return { kind: 'text', text: `each model at its best: ${formatMoney(net, presentation)}${over}` };
}

function smallPrint(answer: ProfitFacts, presentation: Presentation): ReplyBlock[] {
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
  return [...notes('warning', excluded), ...notes('plain', plain)];
}
