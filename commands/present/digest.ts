import type { Presentation } from '../../src/chat/command.ts';
import { quoteValue } from '../../src/chat/command-line.ts';
import {
  formatAge,
  formatEnergy,
  formatInstant,
  formatMoney,
  formatNumber,
  formatPercent,
  unknown,
} from '../../src/chat/format.ts';
import { formatPart } from '../../src/chat/format-count.ts';
import type { Reply, ReplyBlock } from '../../src/chat/reply.ts';
import { type Basis, JOULES_PER_KWH, type Money } from '../../src/domain/quantities.ts';
import { workStates } from '../../src/domain/work-state.ts';
import type { BusinessLineFacts, DigestFacts } from '../facts/digest.ts';
import { left, notes, right } from './blocks.ts';

export function presentDigest(shown: DigestFacts, presentation: Presentation): Reply {
  return shown.digest.rigs === 0 ? presentNothing(shown, presentation) : presentDay(shown, presentation);
}

function dayName({ asked, date }: DigestFacts): string {
  return asked === 'today' || asked === 'yesterday' ? `${asked} (${date})` : date;
}

function presentNothing(shown: DigestFacts, presentation: Presentation): Reply {
  const { site, newestStartMs } = shown;
  const where = site === null ? '' : ` of site ${site}`;
  const text =
    newestStartMs === null
      ? 'The ledger is empty. It grows while Rigshift runs: each hour is written some minutes after it ended, so ask again then.'
      : `The newest hour in the ledger begins at ${formatInstant(newestStartMs, presentation)}. Hours before Rigshift first ran are not in it.`;
  return {
    headline: `The ledger holds nothing${where} for ${dayName(shown)}, so what it earned is ${unknown}.`,
    blocks: [{ kind: 'text', text }],
    next: [{ label: 'Today', command: 'digest today' }],
  };
}

function presentDay(shown: DigestFacts, presentation: Presentation): Reply {
  const { site } = shown;
  const suffix = site === null ? '' : ` site:${quoteValue(site)}`;
  return {
    headline: headline(shown, presentation),
    blocks: [
      comparison(shown, presentation),
      details(shown, presentation),
      ...notes('warning', warnings(shown, presentation)),
      ...notes('plain', workings(shown, presentation)),
    ],
    next: [
      shown.asked === 'today'
        ? { label: 'Yesterday', command: `digest yesterday${suffix}` }
        : { label: 'Today so far', command: `digest today${suffix}` },
    ],
  };
}

const marks = { estimated: 'est.', realised: 'real.' } satisfies Record<Basis, string>;

/** Every money figure says whether it is estimated or realised. */
function marked(amount: Money | null, basis: Basis, presentation: Presentation): string {
  return amount === null ? unknown : `${formatMoney(amount, presentation)} (${marks[basis]})`;
}

function earned({ revenue, basis, unknownGpuHours }: BusinessLineFacts, presentation: Presentation): string {
  const least = revenue !== null && unknownGpuHours > 0 ? 'at least ' : '';
  return `${least}${marked(revenue, basis, presentation)}`;
}

function headline(shown: DigestFacts, presentation: Presentation): string {
  const { ai, mining, aiShare, net } = shown.digest;
  const day = dayName(shown);
  const where = shown.site === null ? '' : ` at ${shown.site}`;
  const share = aiShare === null ? '' : `: AI is ${formatPercent(aiShare, presentation, 0)} of revenue`;
  const remainder =
    net === null ? `what is left after power is ${unknown}` : `${leftover(shown, presentation)} is left`;
  const amount = (business: BusinessLineFacts) =>
    business.revenue === null ? `an ${unknown} amount` : earned(business, presentation);
  const earnings = `AI earned ${amount(ai)}, mining ${amount(mining)}`;
  const part = isObservedInFull(shown) ? '' : ` (${coverage(shown, presentation)})`;
  return `${day.charAt(0).toUpperCase()}${day.slice(1)}${where} ${earnings}${share}; ${remainder}${part}.`;
}

/** Less than this share of the GPU-hours without known power changes no figure that is printed. */
const SMALL_SHARE = 0.005;

function leftover({ digest }: DigestFacts, presentation: Presentation): string {
  const { net, ai, mining, power, gpuHours } = digest;
  const allHours = Object.values(gpuHours).reduce((sum, hours) => sum + hours, 0);
  const incomplete =
    ai.unknownGpuHours > 0 || mining.unknownGpuHours > 0 || power.unknownGpuHours > SMALL_SHARE * allHours;
  return `${incomplete ? 'of what is known, ' : ''}after power ${marked(net, 'estimated', presentation)}`;
}

function isObservedInFull({ digest: { observedHours, dayHours } }: DigestFacts): boolean {
  return observedHours !== null && observedHours >= (1 - SMALL_SHARE) * dayHours;
}

function coverage(
  { digest: { observedHours, dayHours, settledHours } }: DigestFacts,
  presentation: Presentation,
): string {
  const hours = (value: number | null) => `${formatNumber(value, presentation, 1)} h`;
  const settled = settledHours < dayHours ? `, ${hours(settledHours)} of which are over and settled` : '';
  return `observed ${hours(observedHours)} of ${hours(dayHours)}${settled}`;
}

function comparison(
  { digest: { ai, mining, power, net, gpuHours } }: DigestFacts,
  presentation: Presentation,
): ReplyBlock {
  const estimated = (amount: Money | null) => marked(amount, 'estimated', presentation);
  const hours = (value: number) => formatNumber(value, presentation, 1);
  const ratio = ({ margin, revenue }: BusinessLineFacts) =>
    margin === null || revenue === null || revenue.amount <= 0
      ? unknown
      : formatPercent(margin.amount / revenue.amount, presentation);
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
      right('GPU-hours'),
      right('Revenue'),
      right('Power'),
      right('Hardware margin'),
      right('Margin %'),
    ],
    rows: [
      row('AI (GPU rental)', ai),
      row('Mining', mining),
      ['Neither', hours(allHours - ai.gpuHours - mining.gpuHours), '-', estimated(power.other), '-', '-'],
      row('Together', together),
    ],
    more: null,
  };
}

function details(shown: DigestFacts, presentation: Presentation): ReplyBlock {
  const { digest } = shown;
  const hours = (value: number) => `${formatNumber(value, presentation, 1)} h`;
  const states = workStates
    .filter((state) => digest.gpuHours[state] > 0)
    .map((state) => `${state} ${hours(digest.gpuHours[state])}`);
  const rigs = (lines: readonly { readonly rig: string; readonly net: Money | null }[]) =>
    lines.map(({ rig, net }) => `${rig} ${marked(net, 'estimated', presentation)}`).join(', ');
  const { wallKwh } = digest.power;
  return {
    kind: 'fields',
    title: null,
    fields: [
      { name: 'Coverage', value: coverage(shown, presentation) },
      { name: 'GPU-hours', value: states.length === 0 ? unknown : states.join(', ') },
      {
        name: 'Energy at the wall',
        value: formatEnergy(wallKwh === null ? null : wallKwh * JOULES_PER_KWH, presentation),
      },
      ...(digest.best.length > 0 ? [{ name: 'Best rigs, net of power', value: rigs(digest.best) }] : []),
      ...(digest.worst.length > 0 ? [{ name: 'Worst rigs', value: rigs(digest.worst) }] : []),
    ],
  };
}

function warnings(shown: DigestFacts, presentation: Presentation): readonly string[] {
  const { ai, mining, power, accounts, cutRows, rigs, rigsWithUnknownGpus } = shown.digest;
  const hours = (value: number) => formatNumber(value, presentation, 1);
  const found: string[] = [];
  if (!isObservedInFull(shown)) found.push(`Only observed hours count here: ${coverage(shown, presentation)}.`);
  if (rigsWithUnknownGpus > 0) {
    found.push(`Number of GPUs unknown: ${formatPart(rigsWithUnknownGpus, rigs, 'rig', presentation)}.`);
  }
  if (ai.unknownGpuHours > 0)
    found.push(
      `What ${hours(ai.unknownGpuHours)} rented GPU-hours earned is ${unknown}: no price for the model, or which model is rented is not told.`,
    );
  if (mining.unknownGpuHours > 0)
    found.push(
      `What ${hours(mining.unknownGpuHours)} mining GPU-hours earned is ${unknown}: no coin or no price for the algorithm.`,
    );
  if (power.unknownGpuHours >= 0.05)
    found.push(
      `Power of ${hours(power.unknownGpuHours)} GPU-hours is ${unknown} and missing in the cost: the true cost is higher.`,
    );
  for (const { platform, instance, unknownBecause } of accounts) {
    if (unknownBecause !== null)
      found.push(`What the ${platform} account at ${instance} paid is ${unknown}: ${unknownBecause}.`);
  }
  if (cutRows > 0)
    found.push(
      `${formatNumber(cutRows, presentation)} hours reach over an edge of the day and count in proportion: the farm's zone has changed since.`,
    );
  return found;
}

const MOST_QUOTES = 8;
const priced = /^(?:coin|rental|power|fx):/;

function workings({ timezone, digest }: DigestFacts, presentation: Presentation): readonly string[] {
  const { ai, quotes } = digest;
  const prices = quotes.filter(({ what }) => priced.test(what));
  const assumed = quotes.filter(({ source }) => source === 'assumed').map(({ what, lowest }) => `${what} ${lowest}`);
  const omitted = prices.length - MOST_QUOTES;
  return [
    `The day is the farm's, in ${timezone}. Power is attributed to AI and mining by GPU-hours within each rig and hour; nobody measures it apart.`,
    ...(ai.basis === 'realised'
      ? ["AI is the growth of the accounts' payouts, allotted to sites and rigs by rented GPU-hours."]
      : []),
    ...(ai.basis === 'estimated' && ai.realised !== null
      ? [
          `Payouts grew by ${marked(ai.realised, 'realised', presentation)} while the accounts were in sight, which was not all day.`,
        ]
      : []),
    ...prices.slice(0, MOST_QUOTES).map((quote) => priceLine(quote, presentation)),
    ...(omitted > 0 ? [`${omitted} more prices are in the facts (--json).`] : []),
    ...(assumed.length > 0 ? [`Assumed, because nobody said it: ${assumed.join(', ')}.`] : []),
  ];
}

function priceLine(quote: DigestFacts['digest']['quotes'][number], presentation: Presentation): string {
  const { what, lowest, highest, currency, unit, source, asOfMs } = quote;
  const [low, high] = [lowest, highest].map((amount) => formatMoney({ amount, currency }, presentation));
  const range = low === high ? low : `${low} to ${high}`;
  const age = asOfMs === null ? 'no date' : formatAge(asOfMs, presentation);
  return `${what}: ${range} per ${unit} (${source}, ${age})`;
}
