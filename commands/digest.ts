import { z } from 'zod';
import type { Command, Presentation } from '../src/chat/command.ts';
import { quoteValue } from '../src/chat/command-line.ts';
import { moneyFacts } from '../src/chat/fact-shapes.ts';
import {
  formatAge,
  formatEnergy,
  formatInstant,
  formatMoney,
  formatNumber,
  formatPercent,
  unknown,
} from '../src/chat/format.ts';
import { formatPart } from '../src/chat/format-count.ts';
import { nearest } from '../src/chat/nearest.ts';
import type { Reply, ReplyBlock } from '../src/chat/reply.ts';
import { UserError } from '../src/domain/errors.ts';
import type { Farm } from '../src/domain/farm.ts';
import { type Basis, JOULES_PER_KWH, type Money } from '../src/domain/quantities.ts';
import { workStates } from '../src/domain/work-state.ts';
import { accountingDay } from '../src/fleet/accounting-day.ts';
import type { FleetContext } from '../src/fleet/context.ts';
import { digestOf } from '../src/fleet/digest.ts';
import { ledgerDay } from '../src/fleet/ledger.ts';

const money = moneyFacts.nullable();
const basis = z.enum(['estimated', 'realised']);

const line = z.object({
  revenue: money,
  basis,
  /** GPU-hours whose revenue is unknown and not in it. */
  unknownGpuHours: z.number(),
  gpuHours: z.number(),
  /** Attributed by GPU-hours. */
  power: money,
  margin: money,
});

const rigLine = z.object({
  rig: z.string(),
  site: z.string().nullable(),
  ai: money,
  mining: money,
  power: money,
  net: money,
});

const digestFacts = z.object({
  rigs: z.number(),
  rigsWithUnknownGpus: z.number(),
  dayHours: z.number(),
  /** Hours of the day that are written or should be. */
  settledHours: z.number(),
  /** Of these, weighed by owned GPUs; null without any row. */
  observedHours: z.number().nullable(),
  ownedGpuHours: z.number(),
  gpuHours: z.record(z.enum(workStates), z.number()),
  ai: line.extend({ estimated: money, realised: money }),
  mining: line,
  power: z.object({ cost: money, other: money, unknownGpuHours: z.number(), wallKwh: z.number().nullable() }),
  aiShare: z.number().nullable(),
  net: money,
  work: z.array(z.object({ algorithm: z.string().nullable(), hashes: z.number(), gpuHours: z.number() })),
  best: z.array(rigLine),
  worst: z.array(rigLine),
  accounts: z.array(
    z.object({
      platform: z.string(),
      instance: z.string(),
      usd: z.number().nullable(),
      fromMs: z.number(),
      toMs: z.number(),
      unknownBecause: z.string().nullable(),
    }),
  ),
  quotes: z.array(
    z.object({
      what: z.string(),
      lowest: z.number(),
      highest: z.number(),
      currency: z.string(),
      unit: z.string(),
      source: z.string(),
      asOfMs: z.number().nullable(),
    }),
  ),
  /** Rows that reached over an edge of the day and were counted in proportion. */
  cutRows: z.number(),
});

const facts = z.object({
  date: z.string(),
  timezone: z.string(),
  /** The day as it was asked for. */
  asked: z.string(),
  site: z.string().nullable(),
  fromMs: z.number(),
  toMs: z.number(),
  untilMs: z.number(),
  /** Start of the newest period in the ledger; null while it is empty. */
  newestStartMs: z.number().nullable(),
  digest: digestFacts,
});

const options = z.object({ date: z.string().default('yesterday'), site: z.string().optional() });

type Options = z.infer<typeof options>;
type Facts = z.infer<typeof facts>;
type Line = z.infer<typeof line>;

export const digest: Command<FleetContext, Options, Facts> = {
  name: 'digest',
  summary: "A day's AI against mining, from the ledger",
  aliases: ['report', 'daily'],
  shorthands: {},
  role: 'viewer',
  changes: false,
  options: [
    {
      name: 'date',
      description: 'yesterday (unless you say otherwise), today or a date like 2026-11-21',
      required: false,
      kind: 'text',
      positional: true,
    },
    { name: 'site', description: 'one site alone', required: false, kind: 'site' },
  ],
  examples: ['digest', 'digest today'],
  parse: options,
  facts,

  async run({ date, site }, { farm, ledger, clock }) {
    const nowMs = clock.now();
    const asked = date.trim().toLowerCase();
    const day = accountingDay(asked, farm.timezone, nowMs);
    const siteName = site === undefined ? null : findSite(site, farm);
    const found = await ledgerDay(ledger, farm, day, nowMs);
    const { work, best, worst, accounts, quotes, ...rest } = digestOf(found, farm, siteName);
    return {
      asked,
      ...day,
      site: siteName,
      untilMs: found.untilMs,
      newestStartMs: await ledger.newestStartMs(),
      digest: {
        ...rest,
        work: [...work],
        best: [...best],
        worst: [...worst],
        accounts: [...accounts],
        quotes: [...quotes],
      },
    };
  },

  present(shown, presentation) {
    return shown.digest.rigs === 0 ? presentNothing(shown, presentation) : presentDay(shown, presentation);
  },
};

function findSite(name: string, farm: Farm): string {
  const names = farm.sites.map((site) => site.name);
  const found = names.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const close = nearest(name, names);
  throw new UserError(
    `There is no site "${name}".`,
    close === null ? `Sites are ${names.join(', ')}.` : `Did you mean site:${close}?`,
  );
}

function dayName({ asked, date }: Facts): string {
  return asked === 'today' || asked === 'yesterday' ? `${asked} (${date})` : date;
}

function presentNothing(shown: Facts, presentation: Presentation): Reply {
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

function presentDay(shown: Facts, presentation: Presentation): Reply {
  const { site } = shown;
  const suffix = site === null ? '' : ` site:${quoteValue(site)}`;
  return {
    headline: headline(shown, presentation),
    blocks: [
      comparison(shown, presentation),
      details(shown, presentation),
      notes('warning', warnings(shown, presentation)),
      notes('plain', workings(shown, presentation)),
    ].filter((block) => block !== null),
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

function earned({ revenue, basis, unknownGpuHours }: Line, presentation: Presentation): string {
  const least = revenue !== null && unknownGpuHours > 0 ? 'at least ' : '';
  return `${least}${marked(revenue, basis, presentation)}`;
}

function headline(shown: Facts, presentation: Presentation): string {
  const { ai, mining, aiShare, net } = shown.digest;
  const day = dayName(shown);
  const where = shown.site === null ? '' : ` at ${shown.site}`;
  const share = aiShare === null ? '' : `: AI is ${formatPercent(aiShare, presentation, 0)} of revenue`;
  const left = net === null ? `what is left after power is ${unknown}` : `${leftover(shown, presentation)} is left`;
  const amount = (business: Line) =>
    business.revenue === null ? `an ${unknown} amount` : earned(business, presentation);
  const earnings = `AI earned ${amount(ai)}, mining ${amount(mining)}`;
  const part = isObservedInFull(shown) ? '' : ` (${coverage(shown, presentation)})`;
  return `${day.charAt(0).toUpperCase()}${day.slice(1)}${where} ${earnings}${share}; ${left}${part}.`;
}

/** Less than this share of the GPU-hours without known power changes no figure that is printed. */
const SMALL_SHARE = 0.005;

function leftover({ digest }: Facts, presentation: Presentation): string {
  const { net, ai, mining, power, gpuHours } = digest;
  const allHours = Object.values(gpuHours).reduce((sum, hours) => sum + hours, 0);
  const incomplete =
    ai.unknownGpuHours > 0 || mining.unknownGpuHours > 0 || power.unknownGpuHours > SMALL_SHARE * allHours;
  return `${incomplete ? 'of what is known, ' : ''}after power ${marked(net, 'estimated', presentation)}`;
}

function isObservedInFull({ digest: { observedHours, dayHours } }: Facts): boolean {
  return observedHours !== null && observedHours >= (1 - SMALL_SHARE) * dayHours;
}

function coverage({ digest: { observedHours, dayHours, settledHours } }: Facts, presentation: Presentation): string {
  const hours = (value: number | null) => `${formatNumber(value, presentation, 1)} h`;
  const settled = settledHours < dayHours ? `, ${hours(settledHours)} of which are over and settled` : '';
  return `observed ${hours(observedHours)} of ${hours(dayHours)}${settled}`;
}

function comparison({ digest: { ai, mining, power, net, gpuHours } }: Facts, presentation: Presentation): ReplyBlock {
  const right = (title: string) => ({ title, align: 'right' as const });
  const estimated = (amount: Money | null) => marked(amount, 'estimated', presentation);
  const hours = (value: number) => formatNumber(value, presentation, 1);
  const ratio = ({ margin, revenue }: Line) =>
    margin === null || revenue === null || revenue.amount <= 0
      ? unknown
      : formatPercent(margin.amount / revenue.amount, presentation);
  const row = (name: string, business: Line) => [
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
  const together: Line = {
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
      { title: '', align: 'left' },
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

function details(shown: Facts, presentation: Presentation): ReplyBlock {
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

function notes(tone: 'plain' | 'warning', lines: readonly string[]): ReplyBlock | null {
  return lines.length === 0 ? null : { kind: 'notes', tone, notes: lines };
}

function warnings(shown: Facts, presentation: Presentation): readonly string[] {
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

function workings({ timezone, digest }: Facts, presentation: Presentation): readonly string[] {
  const { ai, quotes } = digest;
  const prices = quotes.filter(({ what }) => priced.test(what));
  const assumed = quotes.filter(({ source }) => source === 'assumed').map(({ what, lowest }) => `${what} ${lowest}`);
  const left = prices.length - MOST_QUOTES;
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
    ...(left > 0 ? [`${left} more prices are in the facts (--json).`] : []),
    ...(assumed.length > 0 ? [`Assumed, because nobody said it: ${assumed.join(', ')}.`] : []),
  ];
}

function priceLine(quote: Facts['digest']['quotes'][number], presentation: Presentation): string {
  const { what, lowest, highest, currency, unit, source, asOfMs } = quote;
  const [low, high] = [lowest, highest].map((amount) => formatMoney({ amount, currency }, presentation));
  const range = low === high ? low : `${low} to ${high}`;
  const age = asOfMs === null ? 'no date' : formatAge(asOfMs, presentation);
  return `${what}: ${range} per ${unit} (${source}, ${age})`;
}
