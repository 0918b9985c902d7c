import type { LedgerRow, MinedWork, ModelSeconds, MoneyParts, QuoteUsed } from '../ledger.ts';
import type { Money } from '../quantities.ts';
import { noStates, type PerState, type WorkState, workStates } from '../work-state.ts';
import { moneyParts } from './money-parts.ts';

/** Prices that a day keeps all; of more it keeps the lowest and the highest of each. */
const MOST_QUOTES = 24;

type Sums<T> = { -readonly [Key in keyof T]: T[Key] };

interface Day {
  readonly fromMs: number;
  readonly toMs: number;
}

interface RigSums {
  site: string | null;
  /** Of the day, for which there are rows. */
  rowSeconds: number;
  observedSeconds: number;
  readonly stateSeconds: Record<WorkState, number>;
  asicSeconds: Record<WorkState, number> | null;
  cardJoules: number | null;
  wallJoules: number | null;
  powerSeconds: number;
  readonly mined: Map<string, Sums<MinedWork>>;
  readonly models: Map<string | null, Sums<ModelSeconds>>;
  powerCost: Money | null;
  rentedRevenue: Money | null;
  readonly parts: Sums<MoneyParts>;
  readonly quotes: Map<string, QuoteUsed>;
}

/**
 * One row per rig for an accounting day, from the rows of its hours, which are to be added in the order of time. Sums of
 * what is known, with what they cover in `parts`, so that a day says the same as its hours did. A row that reaches over an
 * edge counts in proportion. A rig that moved counts where it was last; a rig owns its cards all day long.
 */
export class DayRowFold {
  readonly #day: Day;
  readonly #rigs = new Map<string, RigSums>();

  constructor(day: Day) {
    this.#day = day;
  }

  add(row: LedgerRow): void {
    const { fromMs, toMs } = this.#day;
    const endMs = row.startMs + row.seconds * 1000;
    const insideMs = Math.min(endMs, toMs) - Math.max(row.startMs, fromMs);
    if (insideMs <= 0) return;
    const sums = this.#rigs.get(row.rig) ?? noSums();
    this.#rigs.set(row.rig, sums);
    addRow(sums, row, insideMs / (row.seconds * 1000));
  }

  *rows(): Generator<LedgerRow> {
    const { fromMs, toMs } = this.#day;
    for (const [rig, sums] of this.#rigs) yield rowOf(rig, sums, { startMs: fromMs, seconds: (toMs - fromMs) / 1000 });
  }
}

function noSums(): RigSums {
  return {
    site: null,
    rowSeconds: 0,
    observedSeconds: 0,
    stateSeconds: noStates(),
    asicSeconds: null,
    cardJoules: null,
    wallJoules: null,
    powerSeconds: 0,
    mined: new Map(),
    models: new Map(),
    powerCost: null,
    rentedRevenue: null,
    parts: {
      rentedKnownSeconds: 0,
      rentedUnknownSeconds: 0,
      powerKnownSeconds: 0,
      powerUnknownSeconds: 0,
      asicKnownSeconds: 0,
      asicUnknownSeconds: 0,
      miningPower: 0,
      rentedPower: 0,
    },
    quotes: new Map(),
  };
}

function addRow(sums: RigSums, row: LedgerRow, share: number): void {
  sums.site = row.site;
  sums.rowSeconds += row.seconds * share;
  sums.observedSeconds += row.observedSeconds * share;
  addStates(sums.stateSeconds, row.stateSeconds, share);
  if (row.asicSeconds !== null) {
    sums.asicSeconds ??= noStates();
    addStates(sums.asicSeconds, row.asicSeconds, share);
  }
  sums.cardJoules = addKnown(sums.cardJoules, row.cardJoules, share);
  sums.wallJoules = addKnown(sums.wallJoules, row.wallJoules, share);
  sums.powerSeconds += row.powerSeconds * share;
  for (const work of row.mined) addWork(sums.mined, work, share);
  for (const model of row.models) addModel(sums.models, model, share);
  addMoney(sums, row, share);
  for (const quote of row.quotes) {
    sums.quotes.set(JSON.stringify([quote.what, quote.source, quote.amount, quote.currency, quote.unit]), quote);
  }
}

function addStates(sums: Record<WorkState, number>, added: PerState, share: number): void {
  for (const state of workStates) sums[state] += added[state] * share;
}

function addKnown(sum: number | null, added: number | null, share: number): number | null {
  return added === null ? sum : (sum ?? 0) + added * share;
}

/** What is worth something known, and in which currency, is kept apart from what is not. */
function addWork(works: Map<string, Sums<MinedWork>>, work: MinedWork, share: number): void {
  const key = JSON.stringify([work.algorithm, work.coin, work.revenue?.currency ?? null, work.gpuSeconds === 0]);
  const sum = works.get(key) ?? { ...work, hashes: 0, gpuSeconds: 0, revenue: scaled(work.revenue, 0) };
  works.set(key, sum);
  sum.hashes += work.hashes * share;
  sum.gpuSeconds += work.gpuSeconds * share;
  if (sum.revenue !== null && work.revenue !== null) sum.revenue = plus(sum.revenue, work.revenue.amount * share);
}

function addModel(models: Map<string | null, Sums<ModelSeconds>>, added: ModelSeconds, share: number): void {
  const sum = models.get(added.model) ?? { model: added.model, ownedSeconds: 0, observedSeconds: 0, rentedSeconds: 0 };
  models.set(added.model, sum);
  sum.ownedSeconds += added.ownedSeconds * share;
  sum.observedSeconds += added.observedSeconds * share;
  sum.rentedSeconds =
    sum.rentedSeconds === null || added.rentedSeconds === null ? null : sum.rentedSeconds + added.rentedSeconds * share;
}

/**
 * In the currency of the day's first amount: the farm's may have been changed in between, and no rate of the past is known.
 * What is in another is unknown then.
 */
function addMoney(sums: RigSums, row: LedgerRow, share: number): void {
  const fits = (sum: Money | null, added: Money | null) =>
    sum === null || added === null || sum.currency === added.currency;
  const powerCost = fits(sums.powerCost, row.powerCost) ? row.powerCost : null;
  const rentedRevenue = fits(sums.rentedRevenue, row.rentedRevenue) ? row.rentedRevenue : null;
  const parts = moneyParts({ ...row, powerCost, rentedRevenue });
  for (const name of Object.keys(sums.parts) as (keyof MoneyParts)[]) sums.parts[name] += parts[name] * share;
  if (powerCost !== null) sums.powerCost = plus(sums.powerCost ?? scaled(powerCost, 0), powerCost.amount * share);
  if (rentedRevenue === null) return;
  sums.rentedRevenue = plus(sums.rentedRevenue ?? scaled(rentedRevenue, 0), rentedRevenue.amount * share);
}

function scaled<M extends Money | null>(amount: M, factor: number): M {
  return amount === null ? amount : { ...amount, amount: amount.amount * factor };
}

function plus(sum: Money, amount: number): Money {
  return { ...sum, amount: sum.amount + amount };
}

function rowOf(rig: string, sums: RigSums, day: { readonly startMs: number; readonly seconds: number }): LedgerRow {
  const { rowSeconds, mined, models, quotes, ...rest } = sums;
  const owned = day.seconds / rowSeconds;
  return {
    rig,
    ...day,
    ...rest,
    mined: [...mined.values()],
    models: Array.from(models.values(), (model) => ({ ...model, ownedSeconds: model.ownedSeconds * owned })),
    quotes: keptQuotes([...quotes.values()]),
  };
}

function keptQuotes(quotes: readonly QuoteUsed[]): readonly QuoteUsed[] {
  if (quotes.length <= MOST_QUOTES) return quotes;
  const extremes = new Set<QuoteUsed>();
  const alike = Map.groupBy(quotes, ({ what, source, currency, unit }) =>
    JSON.stringify([what, source, currency, unit]),
  );
  for (const same of alike.values()) {
    const byAmount = same.toSorted((a, b) => a.amount - b.amount);
    for (const quote of [byAmount[0], byAmount.at(-1)]) if (quote !== undefined) extremes.add(quote);
  }
  return [...extremes];
}
