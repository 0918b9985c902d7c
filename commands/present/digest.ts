import type { Presentation } from '../../src/chat/command.ts';
import { quoteValue } from '../../src/chat/command-line.ts';
import {
  formatEnergy,
  formatInstant,
  formatMoney,
  formatNumber,
  formatPercent,
  unknown,
} from '../../src/chat/format.ts';
import type { Reply, ReplyBlock } from '../../src/chat/reply.ts';
import { stateNames } from '../../src/chat/state-names.ts';
import { type Basis, JOULES_PER_KWH, type Money } from '../../src/domain/quantities.ts';
import { workStates } from '../../src/domain/work-state.ts';
import type { BusinessLineFacts, DigestFacts } from '../facts/digest.ts';
import { left, notes, right } from './blocks.ts';
import { digestChart } from './digest-chart.ts';
import { digestWarnings, digestWorkings } from './digest-notes.ts';

export function presentDigest(shown: DigestFacts, presentation: Presentation): Reply {
  return shown.digest.rigs === 0 ? presentNothing(shown, presentation) : presentDay(shown, presentation);
}

function dayName({ asked, date }: DigestFacts, { say }: Presentation): string {
  if (asked === 'today') return say('today ({date})', { date });
  return asked === 'yesterday' ? say('yesterday ({date})', { date }) : date;
}

function presentNothing(shown: DigestFacts, presentation: Presentation): Reply {
  const { say } = presentation;
  const { site, newestStartMs } = shown;
  const day = dayName(shown, presentation);
  const text =
    newestStartMs === null
      ? say(
          'The ledger is empty. It grows while Rigshift runs: each hour is written some minutes after it ended, so ask again then.',
        )
      : say(
          'The newest hour in the ledger begins at {instant}. Of the time before Rigshift first ran it holds only what a metrics server kept and was read back.',
          {
            instant: formatInstant(newestStartMs, presentation),
          },
        );
  return {
    headline:
      site === null
        ? say('The ledger holds nothing for {day}, so what it earned is unknown.', { day })
        : say('The ledger holds nothing of site {site} for {day}, so what it earned is unknown.', { site, day }),
    blocks: [{ kind: 'text', text }],
    next: [{ label: say('Today'), command: 'digest today' }],
  };
}

function presentDay(shown: DigestFacts, presentation: Presentation): Reply {
  const { say } = presentation;
  const { site } = shown;
  const suffix = site === null ? '' : ` site:${quoteValue(site)}`;
  return {
    headline: headline(shown, presentation),
    blocks: [
      comparison(shown, presentation),
      ...digestChart(shown, presentation),
      details(shown, presentation),
      ...notes('warning', [...unobserved(shown, presentation), ...digestWarnings(shown, presentation)]),
      ...notes('plain', digestWorkings(shown, presentation)),
    ],
    next: [
      shown.asked === 'today'
        ? { label: say('Yesterday'), command: `digest yesterday${suffix}` }
        : { label: say('Today so far'), command: `digest today${suffix}` },
    ],
  };
}

const marks = { estimated: '{amount} (est.)', realised: '{amount} (real.)' } as const satisfies Record<Basis, string>;

/** Every money figure says whether it is estimated or realised. */
function marked(amount: Money | null, basis: Basis, presentation: Presentation): string {
  if (amount === null) return unknown(presentation);
  return presentation.say(marks[basis], { amount: formatMoney(amount, presentation) });
}

function earned({ revenue, basis, unknownGpuHours }: BusinessLineFacts, presentation: Presentation): string {
  const amount = marked(revenue, basis, presentation);
  return revenue !== null && unknownGpuHours > 0 ? presentation.say('at least {amount}', { amount }) : amount;
}

function headline(shown: DigestFacts, presentation: Presentation): string {
  const { say } = presentation;
  const { ai, mining, aiShare, net } = shown.digest;
  const amount = (business: BusinessLineFacts) =>
    business.revenue === null ? say('an unknown amount') : earned(business, presentation);
  const left = net === null ? say('what is left after power is unknown') : leftover(shown, presentation);
  const remainder = isObservedInFull(shown) ? left : `${left} (${coverage(shown, presentation)})`;
  const day = dayName(shown, presentation);
  const named = `${day.charAt(0).toUpperCase()}${day.slice(1)}`;
  const figures = {
    when: shown.site === null ? named : say('{day} at {site}', { day: named, site: shown.site }),
    ai: amount(ai),
    mining: amount(mining),
    remainder,
  };
  return aiShare === null
    ? say('{when} AI earned {ai}, mining {mining}; {remainder}.', figures)
    : say('{when} AI earned {ai}, mining {mining}: AI is {share} of revenue; {remainder}.', {
        ...figures,
        share: formatPercent(aiShare, presentation, 0),
      });
}

/** Less than this share of the GPU-hours without known power changes no figure that is printed. */
const SMALL_SHARE = 0.005;

function leftover({ digest }: DigestFacts, presentation: Presentation): string {
  const { say } = presentation;
  const { net, ai, mining, power, gpuHours, asicHours } = digest;
  const allHours = [gpuHours, asicHours].flatMap(Object.values<number>).reduce((sum, hours) => sum + hours, 0);
  const incomplete =
    ai.unknownGpuHours > 0 || mining.unknownGpuHours > 0 || power.unknownGpuHours > SMALL_SHARE * allHours;
  const amount = marked(net, 'estimated', presentation);
  return incomplete
    ? say('of what is known, after power {amount} is left', { amount })
    : say('after power {amount} is left', { amount });
}

function isObservedInFull({ digest: { observedHours, dayHours } }: DigestFacts): boolean {
  return observedHours !== null && observedHours >= (1 - SMALL_SHARE) * dayHours;
}

function coverage(
  { digest: { observedHours, dayHours, settledHours } }: DigestFacts,
  presentation: Presentation,
): string {
  const { say } = presentation;
  const figures = {
    observed: formatHours(observedHours, presentation),
    day: formatHours(dayHours, presentation),
    settled: formatHours(settledHours, presentation),
  };
  return settledHours < dayHours
    ? say('observed {observed} of {day}, {settled} of which are over and settled', figures)
    : say('observed {observed} of {day}', figures);
}

function unobserved(shown: DigestFacts, presentation: Presentation): readonly string[] {
  if (isObservedInFull(shown)) return [];
  return [presentation.say('Only observed hours count here: {coverage}.', { coverage: coverage(shown, presentation) })];
}

/** Hours with one decimal: `23.5 h`. */
function formatHours(hours: number | null, presentation: Presentation): string {
  return presentation.say('{hours} h', { hours: formatNumber(hours, presentation, 1) });
}

function comparison(
  { digest: { ai, mining, power, net, gpuHours } }: DigestFacts,
  presentation: Presentation,
): ReplyBlock {
  const { say } = presentation;
  const estimated = (amount: Money | null) => marked(amount, 'estimated', presentation);
  const hours = (value: number) => formatNumber(value, presentation, 1);
  const ratio = ({ margin, revenue }: BusinessLineFacts) =>
    formatPercent(
      margin === null || revenue === null || revenue.amount <= 0 ? null : margin.amount / revenue.amount,
      presentation,
    );
  const row = (name: string, business: BusinessLineFacts) => [
    name,
    hours(business.gpuHours),
    earned(business, presentation),
    estimated(business.power),
    estimated(business.margin),
    business.gpuHours === 0 ? '-' : ratio(business),
  ];
  const allHours = Object.values(gpuHours).reduce((sum, value) => sum + value, 0);
  const revenue =
    ai.revenue === null || mining.revenue === null
      ? null
      : { ...ai.revenue, amount: ai.revenue.amount + mining.revenue.amount };
  const together: BusinessLineFacts = {
    revenue,
    basis: 'estimated',
    unknownGpuHours: ai.unknownGpuHours + mining.unknownGpuHours,
    gpuHours: allHours,
    power: power.cost,
    margin: net,
  };
  return {
    kind: 'table',
    title: null,
    columns: [
      left(''),
      right(say('GPU-hours')),
      right(say('Revenue')),
      right(say('Power')),
      right(say('Hardware margin')),
      right(say('Margin %')),
    ],
    rows: [
      row(say('AI (GPU rental)'), ai),
      row(say('Mining'), mining),
      [say('Neither'), hours(allHours - ai.gpuHours - mining.gpuHours), '-', estimated(power.other), '-', '-'],
      row(say('Together'), together),
    ],
    more: null,
  };
}

function details(shown: DigestFacts, presentation: Presentation): ReplyBlock {
  const { say } = presentation;
  const { digest } = shown;
  const hoursByState = (hours: DigestFacts['digest']['gpuHours']) =>
    workStates
      .filter((state) => hours[state] > 0)
      .map((state) => `${say(stateNames[state])} ${formatHours(hours[state], presentation)}`);
  const states = hoursByState(digest.gpuHours);
  const asics = hoursByState(digest.asicHours);
  const rigs = (lines: readonly { readonly rig: string; readonly net: Money | null }[]) =>
    lines.map(({ rig, net }) => `${rig} ${marked(net, 'estimated', presentation)}`).join(', ');
  const { wallKwh } = digest.power;
  return {
    kind: 'fields',
    title: null,
    fields: [
      { name: say('Coverage'), value: coverage(shown, presentation) },
      ...(states.length > 0 || asics.length === 0
        ? [{ name: say('GPU-hours'), value: states.length === 0 ? unknown(presentation) : states.join(', ') }]
        : []),
      ...(asics.length > 0 ? [{ name: say('ASIC-hours'), value: asics.join(', ') }] : []),
      {
        name: say('Energy at the wall'),
        value: formatEnergy(wallKwh === null ? null : wallKwh * JOULES_PER_KWH, presentation),
      },
      ...(digest.best.length > 0 ? [{ name: say('Best rigs, net of power'), value: rigs(digest.best) }] : []),
      ...(digest.worst.length > 0 ? [{ name: say('Worst rigs'), value: rigs(digest.worst) }] : []),
    ],
  };
}
