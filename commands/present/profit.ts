import type { Presentation } from '../../src/chat/command.ts';
import { formatAge, formatAmount, formatMoney, formatNumber, formatPercent, unknown } from '../../src/chat/format.ts';
import { formatCount, formatPart } from '../../src/chat/format-count.ts';
import { observationNotes } from '../../src/chat/observation-notes.ts';
import type { Reply, ReplyBlock } from '../../src/chat/reply.ts';
import { writeLine } from '../../src/chat/write-line.ts';
import { type Way, ways } from '../../src/fleet/profit-facts.ts';
import type { ProfitFacts } from '../facts/profit.ts';
import { left, notes, right } from './blocks.ts';
import { sayParts } from './parts.ts';
import { profitChart } from './profit-chart.ts';
import { sitePick } from './site-pick.ts';
import { wayAsTitle, wayInSentence } from './ways.ts';

export function presentProfit(answer: ProfitFacts, presentation: Presentation): Reply {
  const { observation } = answer;
  return {
    headline: headline(answer, presentation),
    blocks: [
      dayTable(answer, presentation),
      breakEvens(answer, presentation),
      ...profitChart(answer, presentation),
      ...(answer.models.length > 1 ? [modelTable(answer, presentation), modelsAtBest(answer, presentation)] : []),
      ...smallPrint(answer, presentation),
      ...observationNotes(observation, presentation),
    ],
    ...next(answer, presentation),
  };
}

/** From one rig to the rest about it; from many to those that earn most and least. */
function next({ scope, sites }: ProfitFacts, presentation: Presentation): Pick<Reply, 'next' | 'pick'> {
  const { say } = presentation;
  if (scope.kind === 'rig') {
    const rig = scope.name ?? '';
    return {
      next: [
        { label: say('Rig'), command: writeLine('rig', { name: rig }) },
        { label: say('Readiness'), command: writeLine('readiness', { rig }) },
        { label: say('Whole fleet'), command: 'profit' },
      ],
    };
  }
  const site = scope.name ?? '';
  return {
    next: [
      { label: say('Rigs by margin'), command: writeLine('rigs', { site, sort: 'margin' }) },
      { label: say('Readiness'), command: writeLine('readiness', { site }) },
      { label: say('Status'), command: writeLine('status', { site }) },
    ],
    ...sitePick('profit', sites, scope.name, presentation),
  };
}

function headline(answer: ProfitFacts, presentation: Presentation): string {
  const { say } = presentation;
  const { best, perDay, breakEven, coverage } = answer;
  const where = answer.scope.name ?? say('The fleet');
  if (best === null) {
    const reason = say.sentence(coverage.excluded[0]?.reason ?? 'no GPU was seen');
    return say('{where}: what to do with the GPUs is unknown ({reason}).', { where, reason });
  }
  const money = (way: Way) => formatMoney(perDay[way].net, presentation);
  const others = ways
    .filter((way) => way !== best && perDay[way].net !== null)
    .map((way) => `${say(wayInSentence, { way })} ${money(way)}`);
  const rivals =
    perDay.rent.net === null && breakEven.occupancy !== null
      ? [...others, rentIfOccupied(answer, presentation)]
      : others;
  return say('{where}: {best} nets most, {net} per day (est.) over {gpus}; {rivals}.', {
    where,
    best: say(wayInSentence, { way: best }),
    net: money(best),
    gpus: formatPart(coverage.compared, coverage.gpus, 'GPU', presentation),
    rivals: rivals.join(', '),
  });
}

function rentIfOccupied({ breakEven }: ProfitFacts, presentation: Presentation): string {
  return presentation.say('GPU rental overtakes mining above {occupancy} occupancy, yours is unknown', {
    occupancy: formatPercent(breakEven.occupancy, presentation),
  });
}

function dayTable({ perDay, currency }: ProfitFacts, presentation: Presentation): ReplyBlock {
  const { say } = presentation;
  const row = (title: string, field: keyof ProfitFacts['perDay']['mine']) => [
    say(title),
    ...ways.map((way) => formatAmount(perDay[way][field], presentation)),
  ];
  return {
    kind: 'table',
    title: say('Per day, est., in {currency}', { currency }),
    columns: [left(''), ...ways.map((way) => right(say(wayAsTitle, { way })))],
    rows: [row('Revenue', 'revenue'), row('Power', 'power'), row('Opex', 'operations'), row('Net', 'net')],
    more: null,
  };
}

function breakEvens(answer: ProfitFacts, presentation: Presentation): ReplyBlock {
  const { say } = presentation;
  const { breakEven } = answer;
  const perHour =
    breakEven.rentPerGpuHour === null
      ? unknown(presentation)
      : say('{price} per GPU-hour at your occupancy', { price: formatMoney(breakEven.rentPerGpuHour, presentation) });
  const perKwh = (price: ProfitFacts['breakEven']['pricePerKwhMine']) =>
    price === null ? unknown(presentation) : say('{price} per kWh', { price: formatMoney(price, presentation) });
  return {
    kind: 'fields',
    title: say('Break-even'),
    fields: [
      { name: say('Occupancy'), value: occupancies(answer, presentation) },
      { name: say('Rental price'), value: perHour },
      { name: say('Power price, mining'), value: perKwh(breakEven.pricePerKwhMine) },
      { name: say('Power price, GPU rental'), value: perKwh(breakEven.pricePerKwhRent) },
    ],
  };
}

const bases = {
  measured: '{occupancy} (30 d, real.)',
  declared: '{occupancy} (declared)',
  mixed: '{occupancy} (partly declared)',
} as const satisfies Record<NonNullable<ProfitFacts['occupancy']['basis']>, string>;

/** The break-even beside what is: yours, and the market's where it is known. */
function occupancies(answer: ProfitFacts, presentation: Presentation): string {
  const { say } = presentation;
  const { used, basis, market } = answer.occupancy;
  const compared = {
    breakEven: occupancyInWords(answer, presentation),
    yours: basis === null ? unknown(presentation) : say(bases[basis], { occupancy: formatPercent(used, presentation) }),
  };
  return market === null
    ? say('{breakEven}; yours {yours}', compared)
    : say("{breakEven}; yours {yours}, the market's {market}", {
        ...compared,
        market: formatPercent(market, presentation),
      });
}

/** Outside 0..1 a break-even occupancy has a meaning and an answer in words. */
function occupancyInWords({ breakEven, perDay }: ProfitFacts, presentation: Presentation): string {
  const { say } = presentation;
  const figure = formatPercent(breakEven.occupancy, presentation);
  switch (breakEven.occupancyMeaning) {
    case 'reachable':
      return figure;
    case 'never':
      return say('{figure}: even fully rented, GPU rental makes less than mining', { figure });
    case 'always':
      return (perDay.off.net?.amount ?? -Infinity) > (perDay.mine.net?.amount ?? -Infinity)
        ? say('{figure}: mining loses more than an empty rig; off is better than mining', { figure })
        : say('{figure}: mining loses more than an empty rig', { figure });
    case 'no-gain':
      return say('none: a rented hour earns no more than its power; choose between mining and off');
    case 'unknown':
      return unknown(presentation);
  }
}

function modelTable({ models }: ProfitFacts, presentation: Presentation): ReplyBlock {
  const { say } = presentation;
  return {
    kind: 'table',
    title: say('Net per day by model, est.'),
    columns: [
      left(say('Model')),
      right(say('GPUs')),
      ...ways.map((way) => right(say(wayAsTitle, { way }))),
      right(say('Break-even occ.')),
      left(say('Best')),
    ],
    rows: models.map((model) => [
      say.sentence(model.model),
      model.compared === model.gpus
        ? formatNumber(model.gpus, presentation)
        : say('{compared, number} of {gpus, number}', { compared: model.compared, gpus: model.gpus }),
      ...ways.map((way) => formatMoney(model.perDay[way].net, presentation)),
      formatPercent(model.breakEven.occupancy, presentation),
      model.best === null ? unknown(presentation) : say(wayAsTitle, { way: model.best }),
    ]),
    more: null,
  };
}

function modelsAtBest({ bestPerModel: { net, gpus } }: ProfitFacts, presentation: Presentation): ReplyBlock {
  const { say } = presentation;
  const text =
    net === null
      ? say('each model at its best: unknown')
      : say('each model at its best: {net} per day (est.) over {gpus}', {
          net: formatMoney(net, presentation),
          gpus: formatCount(gpus, 'GPU', presentation),
        });
  return { kind: 'text', text };
}

function smallPrint(answer: ProfitFacts, presentation: Presentation): ReplyBlock[] {
  const { say } = presentation;
  const { coverage, assumptions, quotes } = answer;
  const excluded = coverage.excluded.map(({ reason, gpus }) =>
    say('not compared: {gpus}, {reason}', {
      gpus: formatCount(gpus, 'GPU', presentation),
      reason: say.sentence(reason),
    }),
  );
  const { hashrate } = coverage;
  const plain = [
    doneNow(answer, presentation),
    say(
      'hashrate measured on {measured}, of the same model here on {peers, number}, from the reference table on {table, number}, unknown on {unknown, number}',
      { ...hashrate, measured: formatCount(hashrate.measured, 'GPU', presentation) },
    ),
    ...quotes.map((quote) => quoteLine(quote, presentation)),
    ...assumptions.map((assumption) => say('assumed: {assumption}', { assumption: say.sentence(assumption) })),
  ];
  return [...notes('warning', excluded), ...notes('plain', plain)];
}

/** What the GPUs earn if they go on as they do now. */
function doneNow({ now }: ProfitFacts, presentation: Presentation): string {
  const { say } = presentation;
  const figures = {
    mining: formatMoney(now.mining.value, presentation),
    rental: formatMoney(now.rental.value, presentation),
    net: formatMoney(now.net.value, presentation),
  };
  if (now.net.value === null) return say('now: mining {mining}, GPU rental {rental}, net {net}', figures);
  return say('now: mining {mining}, GPU rental {rental}, net {net} per day (est.) over {gpus}', {
    ...figures,
    gpus: formatPart(now.net.gpus, now.net.of, 'GPU', presentation),
  });
}

/** A price that was used, with its kind, its source and its age. */
function quoteLine(quote: ProfitFacts['quotes'][number], presentation: Presentation): string {
  const { say } = presentation;
  return say('{what}: {price} per {unit}, {kind}; {source}, {age}', {
    what: say.sentence(quote.what),
    price: formatMoney(quote.price, presentation),
    unit: say.sentence(quote.unit),
    kind: sayParts(quote.kind, say),
    source: say.sentence(quote.source),
    age: quote.asOf === null ? say('undated') : formatAge(Date.parse(quote.asOf), presentation),
  });
}
