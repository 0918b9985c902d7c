import { exchangeRate } from '../domain/economics/exchange.ts';
import type { Farm } from '../domain/farm.ts';
import { hourOf } from '../domain/ledger/period.ts';
import { type RealisedIncome, realisedIncome } from '../domain/ledger/realised.ts';
import { addRow, knownMoney, noTotals, type Totals } from '../domain/ledger/totals.ts';
import type { AccountRow, LedgerRow, QuoteUsed } from '../domain/ledger.ts';
import { type Money, MS_PER_HOUR, money } from '../domain/quantities.ts';
import type { LedgerStore } from '../ports/store.ts';
import type { AccountingDay } from './accounting-day.ts';
import { createBreather } from './breather.ts';

/** Periods are written some minutes after their end; until then their hour is not counted as missing. */
const SETTLING_MS = 5 * 60_000;

export interface RigDay {
  readonly rig: string;
  /** Where the rig was last. */
  readonly site: string | null;
  readonly totals: Totals;
  /** Its part of the accounts' income by rented GPU-hours; a marketplace does not say it per machine. */
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
  /** Income of all accounts; null where one of them is unknown or there is none. */
  readonly realised: Money | null;
  readonly quotes: readonly QuoteRange[];
  /** Rows that reach over an edge of the day and were counted in proportion: the farm's zone has changed since. */
  readonly cutRows: number;
}

/** What the ledger knows of an accounting day. Reads hour by hour, so that memory holds rigs and not rows. */
export async function ledgerDay(
  ledger: LedgerStore,
  farm: Farm,
  day: AccountingDay,
  nowMs: number,
): Promise<LedgerDay> {
  const breathe = createBreather();
  const untilMs = Math.max(day.fromMs, Math.min(day.toMs, hourOf(nowMs - SETTLING_MS)));
  const fold = new DayFold(farm, day.fromMs, untilMs);
  for (let hourMs = hourOf(day.fromMs); hourMs < untilMs; hourMs += MS_PER_HOUR) {
    for (const row of await ledger.rows({ fromMs: hourMs, toMs: hourMs + MS_PER_HOUR })) {
      fold.add(row);
      const pause = breathe();
      if (pause !== undefined) await pause;
    }
  }
  const accountRows = await ledger.accounts({ fromMs: hourOf(day.fromMs), toMs: untilMs });
  return { day, untilMs, ...fold.result(accountRows) };
}

interface RigFold {
  site: string | null;
  readonly totals: Totals;
  /** Seconds of the day for which the rig has rows. */
  rowSeconds: number;
}

class DayFold {
  readonly #farm: Farm;
  readonly #fromMs: number;
  readonly #untilMs: number;
  readonly #fleet = noTotals();
  readonly #sites = new Map<string | null, Totals>();
  readonly #rigs = new Map<string, RigFold>();
  readonly #quotes = new Map<string, QuoteRange>();
  #cutRows = 0;

  constructor(farm: Farm, fromMs: number, untilMs: number) {
    this.#farm = farm;
    this.#fromMs = fromMs;
    this.#untilMs = untilMs;
  }

  add(row: LedgerRow): void {
    const endMs = row.startMs + row.seconds * 1000;
    const insideMs = Math.min(endMs, this.#untilMs) - Math.max(row.startMs, this.#fromMs);
    if (insideMs <= 0) return;
    const share = insideMs / (row.seconds * 1000);
    if (share < 1) this.#cutRows += 1;
    const rig = this.#rigs.get(row.rig) ?? { site: row.site, totals: noTotals(), rowSeconds: 0 };
    this.#rigs.set(row.rig, rig);
    rig.site = row.site;
    rig.rowSeconds += insideMs / 1000;
    const { currency, market } = this.#farm;
    for (const totals of [this.#fleet, this.#site(row.site), rig.totals])
      addRow(totals, row, share, currency, market.fx);
    for (const quote of row.quotes) this.#addQuote(quote);
  }

  result(accountRows: readonly AccountRow[]): Omit<LedgerDay, 'day' | 'untilMs'> {
    this.#countMissing();
    const seen = accountRows.filter((row) => row.firstAtMs >= this.#fromMs && row.lastAtMs <= this.#untilMs);
    const accounts = realisedIncome(seen, this.#expectedUsd());
    const realised = this.#realised(accounts);
    const rented = this.#fleet.stateSeconds.rented;
    const rigs = Array.from(this.#rigs, ([rig, { site, totals }]): RigDay => {
      const share = rented > 0 ? totals.stateSeconds.rented / rented : null;
      const allotted = realised === null || share === null ? null : money(realised.amount * share, realised.currency);
      return { rig, site, totals, allotted };
    });
    return {
      fleet: this.#fleet,
      sites: this.#sites,
      rigs: rigs.sort((a, b) => (a.rig < b.rig ? -1 : 1)),
      accounts,
      realised,
      quotes: [...this.#quotes.values()].sort((a, b) => (a.what < b.what ? -1 : 1)),
      cutRows: this.#cutRows,
    };
  }

  #site(name: string | null): Totals {
    const totals = this.#sites.get(name) ?? noTotals();
    this.#sites.set(name, totals);
    return totals;
  }

  /** A rig owns its cards all day long, also while it has no rows. */
  #countMissing(): void {
    const daySeconds = (this.#untilMs - this.#fromMs) / 1000;
    for (const { site, totals, rowSeconds } of this.#rigs.values()) {
      const missing = (totals.ownedSeconds * Math.max(0, daySeconds - rowSeconds)) / rowSeconds;
      for (const sum of [this.#fleet, this.#site(site), totals]) sum.ownedSeconds += missing;
    }
  }

  #expectedUsd(): number | null {
    const { currency, market } = this.#farm;
    if (this.#fleet.rented.unknownSeconds > 0) return null;
    const expected = knownMoney(this.#fleet.rented, this.#fleet, currency);
    const rate = exchangeRate(currency, 'USD', market.fx);
    return expected === null || rate === null ? null : expected.amount * rate;
  }

  #realised(accounts: readonly RealisedIncome[]): Money | null {
    const rate = exchangeRate('USD', this.#farm.currency, this.#farm.market.fx);
    if (rate === null || accounts.length === 0) return null;
    let usd = 0;
    for (const account of accounts) {
      if (account.usd === null) return null;
      usd += account.usd;
    }
    return money(usd * rate, this.#farm.currency);
  }

  #addQuote({ amount, ...quote }: QuoteUsed): void {
    const key = JSON.stringify([quote.what, quote.currency, quote.unit, quote.source]);
    const known = this.#quotes.get(key);
    this.#quotes.set(key, {
      ...quote,
      asOfMs: known?.asOfMs == null || quote.asOfMs === null ? quote.asOfMs : Math.max(known.asOfMs, quote.asOfMs),
      lowest: Math.min(amount, known?.lowest ?? amount),
      highest: Math.max(amount, known?.highest ?? amount),
    });
  }
}
