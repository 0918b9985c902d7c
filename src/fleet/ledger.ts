import { exchangeRate } from '../domain/economics/exchange.ts';
import type { Farm } from '../domain/farm.ts';
import { hourOf } from '../domain/ledger/period.ts';
import { PayoutFold, type RealisedIncome } from '../domain/ledger/realised.ts';
import { addRow, addTotals, knownMoney, noTotals, type Totals } from '../domain/ledger/totals.ts';
import type { LedgerRow, QuoteUsed } from '../domain/ledger.ts';
import { type Money, MS_PER_HOUR } from '../domain/quantities.ts';
import { workStates } from '../domain/work-state.ts';
import type { LedgerStore } from '../ports/store.ts';
import type { AccountingDay } from './accounting-day.ts';
import { createBreather, inStretches } from './breather.ts';
import { realisedDay } from './realised-day.ts';

/** Where nobody says how long it takes until an hour is written. */
const USUAL_WRITING_MS = 5 * 60_000;

export interface RigDay {
  readonly rig: string;
  /** Where the rig was last. */
  readonly site: string | null;
  readonly totals: Totals;
  /** What it counts itself, else its part of the accounts' income by rented GPU-hours: those do not say it per machine. */
  readonly allotted: Money | null;
}

/** A price over the day: its lowest and highest value. */
export interface QuoteRange extends Omit<QuoteUsed, 'amount'> {
  readonly lowest: number;
  readonly highest: number;
}

export interface LedgerDay {
  readonly day: AccountingDay;
  /** End of what is settled: the day's end, or the newest full hour of a day that is not over. */
  readonly untilMs: number;
  readonly fleet: Totals;
  readonly sites: ReadonlyMap<string | null, Totals>;
  readonly rigs: readonly RigDay[];
  readonly accounts: readonly RealisedIncome[];
  /** Income of all accounts and of rigs that count their own; null where one of them is unknown or there is none. */
  readonly realised: Money | null;
  /** Whether every rented GPU-hour is paid through an account or counted by its rig. */
  readonly realisedIsWhole: boolean;
  readonly quotes: readonly QuoteRange[];
  /** Rows that reach over an edge of the day and were counted in proportion: the farm's zone has changed since. */
  readonly cutRows: number;
}

/**
 * What the ledger knows of an accounting day: from its hours where they are, else from the day that was made of them. Reads
 * hour by hour, so that memory holds rigs and not rows.
 * @param writtenAfterMs an hour is written so long after its end; until then it is not counted as missing.
 */
export async function ledgerDay(
  ledger: LedgerStore,
  farm: Farm,
  day: AccountingDay,
  nowMs: number,
  writtenAfterMs = USUAL_WRITING_MS,
): Promise<LedgerDay> {
  const untilMs = Math.max(day.fromMs, Math.min(day.toMs, hourOf(nowMs - writtenAfterMs)));
  const range = { fromMs: day.fromMs, toMs: untilMs };
  const payouts = await payoutsOf(ledger, range);
  const foldOf = async (days: readonly LedgerRow[]) => {
    const fold = new DayFold(farm, range);
    await fold.addAll([days], range);
    // Where the farm's zone has changed since, what was made a day ends before this one does.
    const fromMs = days.reduce((latest, day) => Math.max(latest, day.startMs + day.seconds * 1000), range.fromMs);
    await fold.addAll(hoursOf(ledger, { ...range, fromMs }), { ...range, fromMs });
    return fold;
  };
  const lost = await lostDays(ledger, day);
  const fold = await foldOf(lost);
  // Hours may have been forgotten while they were read.
  const lostMeanwhile = lost.length > 0 ? [] : await lostDays(ledger, day);
  const whole = lostMeanwhile.length > 0 ? await foldOf(lostMeanwhile) : fold;
  return { day, untilMs, ...(await inStretches(whole.result(payouts))) };
}

/**
 * Days in place of hours that may have been forgotten since; none where the day's hours are all there. Of the oldest start
 * that there is, some rigs may be forgotten already.
 */
async function lostDays(ledger: LedgerStore, { fromMs, toMs }: AccountingDay): Promise<readonly LedgerRow[]> {
  const oldestMs = await ledger.oldestStartMs();
  return oldestMs !== null && oldestMs < hourOf(fromMs) ? [] : ledger.days({ fromMs, toMs });
}

/** Those of the range, each between its first and its last sight in it. */
async function payoutsOf(ledger: LedgerStore, { fromMs, toMs }: TimeRange): Promise<PayoutFold> {
  const payouts = new PayoutFold();
  const breathe = createBreather();
  for (let hourMs = hourOf(fromMs); hourMs < toMs; hourMs += MS_PER_HOUR) {
    for (const row of await ledger.accounts({ fromMs: hourMs, toMs: hourMs + MS_PER_HOUR })) {
      if (row.firstAtMs >= fromMs && row.lastAtMs <= toMs) payouts.add(row);
      const pause = breathe();
      if (pause !== undefined) await pause;
    }
  }
  return payouts;
}

async function* hoursOf(ledger: LedgerStore, { fromMs, toMs }: TimeRange): AsyncGenerator<readonly LedgerRow[]> {
  for (let hourMs = hourOf(fromMs); hourMs < toMs; hourMs += MS_PER_HOUR) {
    yield await ledger.rows({ fromMs: hourMs, toMs: hourMs + MS_PER_HOUR });
  }
}

type TimeRange = Pick<AccountingDay, 'fromMs' | 'toMs'>;

interface RigFold {
  site: string | null;
  readonly totals: Totals;
  /** Seconds of the day for which the rig has rows, those of each of its names counted. */
  rowSeconds: number;
  observedSeconds: number;
}

class DayFold {
  readonly #farm: Farm;
  readonly #daySeconds: number;
  readonly #fleet = noTotals();
  readonly #sites = new Map<string | null, Totals>();
  readonly #rigs = new Map<string, RigFold>();
  readonly #quotes = new Map<string, QuoteRange>();
  #cutRows = 0;

  constructor(farm: Farm, { fromMs, toMs }: TimeRange) {
    this.#farm = farm;
    this.#daySeconds = (toMs - fromMs) / 1000;
  }

  /** What of the rows lies within `range`. */
  async addAll(
    batches: AsyncIterable<readonly LedgerRow[]> | Iterable<readonly LedgerRow[]>,
    range: TimeRange,
  ): Promise<void> {
    const breathe = createBreather();
    for await (const rows of batches) {
      for (const row of rows) {
        this.#add(row, range);
        const pause = breathe();
        if (pause !== undefined) await pause;
      }
    }
  }

  #add(row: LedgerRow, { fromMs, toMs }: TimeRange): void {
    const endMs = row.startMs + row.seconds * 1000;
    const insideMs = Math.min(endMs, toMs) - Math.max(row.startMs, fromMs);
    if (insideMs <= 0) return;
    const share = insideMs / (row.seconds * 1000);
    if (share < 1) this.#cutRows += 1;
    const rig = this.#rigs.get(row.rig) ?? { site: row.site, totals: noTotals(), rowSeconds: 0, observedSeconds: 0 };
    this.#rigs.set(row.rig, rig);
    rig.site = row.site;
    rig.rowSeconds += insideMs / 1000;
    rig.observedSeconds += row.observedSeconds * share;
    const { currency, market } = this.#farm;
    addRow(rig.totals, row, share, currency, market.fx);
    for (const quote of row.quotes) this.#addQuote(quote);
  }

  /** Yields after each rig and each income. */
  *result(payouts: PayoutFold): Generator<void, Omit<LedgerDay, 'day' | 'untilMs'>> {
    const rented = new Map<string, number>();
    for (const [name, rig] of this.#rigs) {
      this.#addRig(rig);
      rented.set(name, rig.totals.stateSeconds.rented);
      yield;
    }
    const accounts: RealisedIncome[] = [];
    for (const income of payouts.incomes(this.#expectedUsd())) {
      accounts.push(income);
      yield;
    }
    const realised = realisedDay(accounts, rented, this.#farm);
    yield;
    const rigs: RigDay[] = [];
    for (const [rig, { site, totals }] of this.#rigs) {
      rigs.push({ rig, site, totals, allotted: realised.ofRig(rig, totals.stateSeconds.rented) });
      yield;
    }
    return {
      fleet: this.#fleet,
      sites: this.#sites,
      rigs: rigs.sort((a, b) => (a.rig < b.rig ? -1 : 1)),
      accounts,
      realised: realised.total,
      realisedIsWhole: realised.isWhole,
      quotes: [...this.#quotes.values()].sort((a, b) => (a.what < b.what ? -1 : 1)),
      cutRows: this.#cutRows,
    };
  }

  /**
   * A rig counts where it was last, as in the day that is made of its hours. It owns its cards and ASICs all day long, also
   * while it has no rows, and once while it has two: under a former name and under today's.
   */
  #addRig({ site, totals, rowSeconds, observedSeconds }: RigFold): void {
    totals.ownedSeconds *= this.#daySeconds / rowSeconds;
    const asicSeconds = workStates.reduce((sum, state) => sum + totals.asicSeconds[state], 0);
    if (observedSeconds > 0) totals.asicOwnedSeconds = (asicSeconds * this.#daySeconds) / observedSeconds;
    const ofSite = this.#sites.get(site) ?? noTotals();
    this.#sites.set(site, ofSite);
    addTotals(ofSite, totals);
    addTotals(this.#fleet, totals);
  }

  #expectedUsd(): number | null {
    const { currency, market } = this.#farm;
    if (this.#fleet.rented.unknownSeconds > 0) return null;
    const expected = knownMoney(this.#fleet.rented, this.#fleet, currency);
    const rate = exchangeRate(currency, 'USD', market.fx);
    return expected === null || rate === null ? null : expected.amount * rate;
  }

  #addQuote({ amount, ...quote }: QuoteUsed): void {
    const key = [quote.what, quote.currency, quote.unit, quote.source].join('\n');
    const known = this.#quotes.get(key);
    this.#quotes.set(key, {
      ...quote,
      asOfMs: known?.asOfMs == null || quote.asOfMs === null ? quote.asOfMs : Math.max(known.asOfMs, quote.asOfMs),
      lowest: Math.min(amount, known?.lowest ?? amount),
      highest: Math.max(amount, known?.highest ?? amount),
    });
  }
}
