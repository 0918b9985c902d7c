import type { Farm } from '../domain/farm.ts';
import type { RealisedIncome } from '../domain/ledger/realised.ts';
import { type KnownSum, knownMoney, noTotals, type Totals } from '../domain/ledger/totals.ts';
import { type Basis, JOULES_PER_KWH, type Money, MS_PER_HOUR, money, SECONDS_PER_HOUR } from '../domain/quantities.ts';
import { type PerState, type WorkState, workStates } from '../domain/work-state.ts';
import type { LedgerDay, QuoteRange, RigDay } from './ledger.ts';

/** One business of the farm over a day. Money is null where unknown. */
export interface BusinessLine {
  readonly revenue: Money | null;
  readonly basis: Basis;
  /** GPU-hours, and hours of ASICs, whose revenue is unknown and therefore missing in it. */
  readonly unknownGpuHours: number;
  readonly gpuHours: number;
  /** Attributed within each rig and period by GPU-hours; nobody measures it apart. */
  readonly power: Money | null;
  /** Revenue less power. */
  readonly margin: Money | null;
}

export interface RigLine {
  readonly rig: string;
  readonly site: string | null;
  readonly ai: Money;
  readonly mining: Money;
  readonly power: Money;
  readonly net: Money;
}

/** A day's AI against mining, for the fleet or one site. */
export interface Digest {
  readonly rigs: number;
  /** Rigs that are down and never showed a card: their GPUs are in no figure. */
  readonly rigsWithUnknownGpus: number;
  /** Hours of the day; those that are settled; those that were observed, weighed by owned GPUs and ASICs. */
  readonly dayHours: number;
  readonly settledHours: number;
  readonly observedHours: number | null;
  readonly ownedGpuHours: number;
  readonly gpuHours: PerState;
  /** Hours of ASICs by state: they are no GPUs. */
  readonly asicHours: PerState;
  readonly ai: BusinessLine & { readonly estimated: Money | null; readonly realised: Money | null };
  readonly mining: BusinessLine;
  readonly power: {
    readonly cost: Money | null;
    /** Of GPUs that neither mined nor were rented. */
    readonly other: Money | null;
    readonly unknownGpuHours: number;
    readonly wallKwh: number | null;
  };
  /** AI over AI and mining, 0..1; null unless both are known in full. */
  readonly aiShare: number | null;
  readonly net: Money | null;
  readonly work: readonly { readonly algorithm: string | null; readonly hashes: number; readonly gpuHours: number }[];
  /** By net, of rigs whose figures are all known; a rig is in one list only. */
  readonly best: readonly RigLine[];
  readonly worst: readonly RigLine[];
  readonly accounts: readonly RealisedIncome[];
  readonly quotes: readonly QuoteRange[];
  readonly cutRows: number;
}

const RANKED_RIGS = 3;
/** Payouts stand for the day only where the accounts were in sight for nearly all of what is settled. */
const LEAST_ACCOUNT_SHARE = 0.95;

export function digestOf(day: LedgerDay, farm: Farm, site: string | null): Digest {
  const totals = site === null ? day.fleet : (day.sites.get(site) ?? noTotals());
  const rigs = day.rigs.filter((rig) => site === null || rig.site === site);
  const settledMs = day.untilMs - day.day.fromMs;
  const realised = site === null ? day.realised : sumOfAllotted(rigs, farm);
  const isCovered = day.realisedIsWhole && day.accounts.every((account) => coversDay(account, settledMs));
  const usesRealised = realised !== null && isCovered;
  const { currency } = farm;
  const estimated = knownMoney(totals.rented, totals, currency);
  const powerKnown = knownMoney(totals.power, totals, currency);
  const attributed = (part: number) => (powerKnown === null ? null : money(part, currency));
  const { attributedPower } = totals;
  const ai = businessLine({
    revenue: usesRealised ? realised : estimated,
    basis: usesRealised ? 'realised' : 'estimated',
    unknownSeconds: usesRealised ? 0 : totals.rented.unknownSeconds,
    seconds: totals.stateSeconds.rented,
    power: attributed(attributedPower.rented),
  });
  const mining = businessLine({
    revenue: knownMoney(totals.mined, totals, currency),
    basis: 'estimated',
    unknownSeconds: totals.mined.unknownSeconds,
    seconds: totals.stateSeconds.mining,
    power: attributed(attributedPower.mining),
  });
  return {
    rigs: rigs.length,
    rigsWithUnknownGpus: rigs.filter(({ totals: rig }) => rig.ownedSeconds + rig.asicOwnedSeconds === 0).length,
    dayHours: (day.day.toMs - day.day.fromMs) / MS_PER_HOUR,
    settledHours: settledMs / MS_PER_HOUR,
    observedHours: observedHours(totals, settledMs),
    ownedGpuHours: totals.ownedSeconds / SECONDS_PER_HOUR,
    gpuHours: inHours(totals.stateSeconds),
    asicHours: inHours(totals.asicSeconds),
    ai: { ...ai, estimated, realised },
    mining,
    power: {
      cost: powerKnown,
      other: attributed(attributedPower.other),
      unknownGpuHours: totals.power.unknownSeconds / SECONDS_PER_HOUR,
      wallKwh: totals.powerSeconds > 0 || totals.wallJoules > 0 ? totals.wallJoules / JOULES_PER_KWH : null,
    },
    aiShare: aiShare(ai, mining),
    net: less(plus(ai.revenue, mining.revenue), powerKnown),
    work: workOf(totals),
    ...ranked(rigs, farm, usesRealised),
    accounts: day.accounts,
    quotes: day.quotes,
    cutRows: day.cutRows,
  };
}

/** What most GPU-hours went to first. */
function workOf({ hashes }: Totals): Digest['work'] {
  const byName = [...hashes].sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1));
  return byName
    .map(([algorithm, sum]) => ({ algorithm, hashes: sum.hashes, gpuHours: sum.gpuSeconds / SECONDS_PER_HOUR }))
    .sort((a, b) => b.gpuHours - a.gpuHours);
}

function observedHours(totals: Totals, settledMs: number): number | null {
  const { ownedSeconds, observedSeconds, asicOwnedSeconds, asicSeconds } = totals;
  const owned = ownedSeconds + asicOwnedSeconds;
  const observed = workStates.reduce((sum, state) => sum + asicSeconds[state], observedSeconds);
  return owned > 0 ? ((observed / owned) * settledMs) / MS_PER_HOUR : null;
}

function coversDay({ fromMs, toMs }: RealisedIncome, settledMs: number): boolean {
  return toMs - fromMs >= LEAST_ACCOUNT_SHARE * settledMs;
}

/** A site's part of the income: of accounts by rented GPU-hours. */
function sumOfAllotted(rigs: readonly RigDay[], { currency }: Farm): Money | null {
  if (rigs.length === 0) return null;
  return rigs.reduce((sum: Money | null, { allotted }) => plus(sum, allotted), money(0, currency));
}

function businessLine(line: {
  readonly revenue: Money | null;
  readonly basis: Basis;
  readonly unknownSeconds: number;
  readonly seconds: number;
  readonly power: Money | null;
}): BusinessLine {
  const { revenue, basis, power } = line;
  return {
    revenue,
    basis,
    unknownGpuHours: line.unknownSeconds / SECONDS_PER_HOUR,
    gpuHours: line.seconds / SECONDS_PER_HOUR,
    power,
    margin: less(revenue, power),
  };
}

function aiShare(ai: BusinessLine, mining: BusinessLine): number | null {
  if (ai.unknownGpuHours > 0 || mining.unknownGpuHours > 0) return null;
  const sum = plus(ai.revenue, mining.revenue);
  return ai.revenue === null || sum === null || sum.amount <= 0 ? null : ai.revenue.amount / sum.amount;
}

function inHours(stateSeconds: PerState): PerState {
  const hours = workStates.map((state): [WorkState, number] => [state, stateSeconds[state] / SECONDS_PER_HOUR]);
  return Object.fromEntries(hours) as Record<WorkState, number>;
}

function ranked(rigs: readonly RigDay[], farm: Farm, usesRealised: boolean): Pick<Digest, 'best' | 'worst'> {
  const lines = rigs
    // A rig of which no card was ever seen earned what nobody knows.
    .filter(({ totals }) => totals.ownedSeconds + totals.asicOwnedSeconds > 0)
    .map((rig) => rigLine(rig, farm, usesRealised))
    .filter((line) => line !== null)
    .sort((a, b) => b.net.amount - a.net.amount);
  const best = lines.slice(0, Math.min(RANKED_RIGS, Math.ceil(lines.length / 2)));
  return { best, worst: lines.slice(Math.max(best.length, lines.length - RANKED_RIGS)).reverse() };
}

/** Null where a part of it is unknown: such a rig can be neither best nor worst. */
function rigLine({ rig, site, totals, allotted }: RigDay, farm: Farm, usesRealised: boolean): RigLine | null {
  const whole = (sum: KnownSum) => (sum.unknownSeconds > 0 ? null : knownMoney(sum, totals, farm.currency));
  const ai = usesRealised ? allotted : whole(totals.rented);
  const mining = whole(totals.mined);
  const power = whole(totals.power);
  const net = less(plus(ai, mining), power);
  return ai === null || mining === null || power === null || net === null
    ? null
    : { rig, site, ai, mining, power, net };
}

/** Of amounts in one currency. */
function plus(a: Money | null, b: Money | null): Money | null {
  return a === null || b === null ? null : { ...a, amount: a.amount + b.amount };
}

function less(a: Money | null, b: Money | null): Money | null {
  return a === null || b === null ? null : { ...a, amount: a.amount - b.amount };
}
