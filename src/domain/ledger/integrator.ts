import type { Farm } from '../farm.ts';
import type { AccountRow, LedgerBatch, LedgerRow } from '../ledger.ts';
import type { Rig } from '../rig.ts';
import type { AccountPayout, MarketplaceQuote, Snapshot } from '../snapshot.ts';
import { parseOpenLedger, printOpenLedger, type SavedRig } from './open-ledger.ts';
import { addStretch, type OpenPeriod, openPeriod, settlePeriod } from './open-period.ts';
import { type Grid, gridOf, hourOf, MS_PER_QUARTER, type OffsetMinutes, partsOf } from './period.ts';
import { asSeen, settledBy } from './set-aside.ts';
import { type RigSight, sightOf } from './sight.ts';
import { measureStretch } from './stretch.ts';
import { type LedgerTiming, longestStretchMs } from './timing.ts';
import { valuePeriod } from './value-period.ts';

/** Called once per rig: awaits a turn of other work where the stretch of work got too long. */
export type Breathe = () => Promise<void> | undefined;

const atOnce: Breathe = () => undefined;

interface RigTrack {
  site: string | null;
  seen: RigSight | null;
  /** Decided once for each hour, so that a rig that moves to another zone never has periods that overlap. */
  grid: Grid | null;
  periods: OpenPeriod[];
}

/**
 * Adds up snapshots to ledger rows. A stretch between two sights of a rig counts as what was seen at its end, unless it is
 * longer than `maxGapMs`: then nobody saw it. What is believed later counts from when it was seen: seconds of unsettled
 * cards are set aside, a silent rig is not seen at all, and one that is down was down since its last sight. A period
 * closes for all rigs when an observation at or after its end and `settleMs` was added. Calls must not overlap: await each
 * before the next.
 */
export class Integrator {
  readonly #farm: Farm;
  readonly #timing: LedgerTiming;
  readonly #offsetMinutes: OffsetMinutes;
  readonly #rigs = new Map<string, RigTrack>();
  readonly #accounts = new Map<string, AccountRow>();
  readonly #marketplace = new Map<string, MarketplaceQuote>();
  #newestMs: number | null = null;

  constructor(farm: Farm, options: { readonly timing: LedgerTiming; readonly offsetMinutes: OffsetMinutes }) {
    this.#farm = farm;
    this.#timing = options.timing;
    this.#offsetMinutes = options.offsetMinutes;
  }

  /** Unix ms of the newest observation. */
  get newestMs(): number | null {
    return this.#newestMs;
  }

  /** What ended by then is closed, Unix ms. */
  get closedMs(): number {
    return this.#newestMs === null ? Number.NEGATIVE_INFINITY : this.#newestMs - this.#timing.settleMs;
  }

  /** False for an observation that is not newer than the newest one: time that was counted is not counted again. */
  async add(snapshot: Snapshot, breathe: Breathe = atOnce): Promise<boolean> {
    const { atMs } = snapshot;
    if (this.#newestMs !== null && atMs <= this.#newestMs) return false;
    for (const rig of snapshot.rigs) {
      this.#addRig(rig, atMs);
      const pause = breathe();
      if (pause !== undefined) await pause;
    }
    for (const payout of snapshot.payouts) this.#addPayout(payout, atMs);
    for (const quote of snapshot.marketplace) this.#marketplace.set(quote.model, quote);
    this.#newestMs = atMs;
    return true;
  }

  /** Rows of every period that ended and settled by the newest observation, and forgets them. */
  async takeClosed(breathe: Breathe = atOnce): Promise<LedgerBatch> {
    const { maxGapMs, downAfterMs } = this.#timing;
    const nowMs = this.#newestMs ?? Number.NEGATIVE_INFINITY;
    const { closedMs } = this;
    const rows: LedgerRow[] = [];
    const marketplace = [...this.#marketplace.values()];
    for (const [name, track] of this.#rigs) {
      const closed = track.periods.filter((period) => endOf(period) <= closedMs);
      if (closed.length > 0) track.periods = track.periods.filter((period) => endOf(period) > closedMs);
      for (const period of closed) {
        settlePeriod(period, asSeen);
        rows.push(valuePeriod(period, { rig: name, site: track.site }, this.#farm, marketplace));
      }
      const gone = track.seen === null || nowMs - track.seen.atMs > maxGapMs + downAfterMs;
      if (gone && track.periods.length === 0) this.#rigs.delete(name);
      const pause = breathe();
      if (pause !== undefined) await pause;
    }
    const accounts = [...this.#accounts].filter(([, account]) => endOf(account) <= closedMs);
    for (const [key] of accounts) this.#accounts.delete(key);
    return {
      rows: rows.sort((a, b) => a.startMs - b.startMs || (a.rig < b.rig ? -1 : 1)),
      accounts: accounts.map(([, account]) => account),
    };
  }

  /** Everything that is open, as JSON text that restores to the bit. */
  async state(breathe: Breathe = atOnce): Promise<string> {
    const rigs: string[] = [];
    for (const [name, { site, seen, grid, periods }] of this.#rigs) {
      const cards = seen === null ? [] : [...seen.cards];
      const saved: SavedRig = { name, site, seen: seen === null ? null : { atMs: seen.atMs, cards }, grid, periods };
      rigs.push(JSON.stringify(saved));
      const pause = breathe();
      if (pause !== undefined) await pause;
    }
    const text = printOpenLedger(rigs, {
      newestMs: this.#newestMs,
      accounts: [...this.#accounts.values()],
      marketplace: [...this.#marketplace.values()],
    });
    // Tens of megabytes of a large fleet: to hand them over takes a stretch of its own.
    const pause = breathe();
    if (pause !== undefined) await pause;
    return text;
  }

  /**
   * Goes on from a saved state. Periods that had surely been committed before `newestStartMs` was are dropped; the time
   * since the state was saved is a stretch like any other. False for text that no integrator wrote.
   */
  restore(text: string, newestStartMs: number | null): boolean {
    const saved = parseOpenLedger(text);
    if (saved === null) return false;
    // The newest period is a quarter at least, and what ended with it was committed with it. One that is to come was
    // written while the clock ran ahead, and says nothing of those that are open.
    const isPast = newestStartMs !== null && saved.newestMs !== null && newestStartMs <= saved.newestMs;
    const committedMs = isPast ? newestStartMs + MS_PER_QUARTER : Number.NEGATIVE_INFINITY;
    this.#newestMs = saved.newestMs;
    for (const { name, site, seen, grid, periods } of saved.rigs) {
      this.#rigs.set(name, {
        site,
        seen: seen === null ? null : { atMs: seen.atMs, cards: new Map(seen.cards) },
        grid,
        periods: periods.filter((period) => endOf(period) > committedMs),
      });
    }
    for (const account of saved.accounts) {
      if (endOf(account) > committedMs) this.#accounts.set(accountKey(account, account.startMs), account);
    }
    for (const quote of saved.marketplace) this.#marketplace.set(quote.model, quote);
    return true;
  }

  /**
   * To go on from an earlier time than the newest observation: the clock ran ahead for a while. Periods that hold more than
   * fits before that time are dropped, and nothing was seen since.
   */
  setBack(toMs: number): void {
    for (const track of this.#rigs.values()) {
      track.seen = null;
      track.periods = track.periods.filter(({ startMs, seenSeconds }) => startMs + seenSeconds * 1000 <= toMs);
    }
    for (const [key, { lastAtMs }] of this.#accounts) if (lastAtMs > toMs) this.#accounts.delete(key);
    this.#newestMs = null;
  }

  #addRig(rig: Rig, atMs: number): void {
    let track = this.#rigs.get(rig.name);
    if (track === undefined) {
      track = { site: rig.site, seen: null, grid: null, periods: [] };
      this.#rigs.set(rig.name, track);
    }
    const { seen } = track;
    track.site = rig.site;
    // Nobody knows yet what becomes of it: the next sight tells what this time was.
    if (rig.state === 'silent') return;
    track.seen = sightOf(rig, atMs);
    if (track.periods.some(({ aside }) => aside.length > 0)) {
      const settled = settledBy(rig);
      for (const period of track.periods) settlePeriod(period, settled);
    }
    if (seen === null || atMs - seen.atMs > longestStretchMs(this.#timing, seen.atMs, rig)) return;
    const stretch = measureStretch(seen, rig, (atMs - seen.atMs) / 1000);
    for (const part of partsOf(seen.atMs, atMs, (hourMs) => this.#gridOf(track, hourMs))) {
      let period = track.periods.find(({ startMs }) => startMs === part.startMs);
      if (period === undefined) {
        period = openPeriod(part.startMs, part.periodMs / 1000);
        track.periods.push(period);
      }
      addStretch(period, stretch, (part.toMs - part.fromMs) / (atMs - seen.atMs));
    }
  }

  #gridOf(track: RigTrack, hourMs: number): Grid {
    if (track.grid?.hourMs === hourMs) return track.grid;
    const site = this.#farm.sites.find(({ name }) => name === track.site);
    // The accounting day is the farm's and tariffs follow the site's clock: rows must not straddle either.
    const zones = [this.#farm.timezone, site?.timezone ?? this.#farm.timezone];
    const grid = gridOf(hourMs, zones, this.#offsetMinutes);
    track.grid = grid;
    return grid;
  }

  #addPayout(payout: AccountPayout, atMs: number): void {
    const { platform, instance, paidPlusPendingUsd: usd, sampledAtMs } = payout;
    const { periodMs } = gridOf(hourOf(sampledAtMs), [this.#farm.timezone], this.#offsetMinutes);
    const startMs = Math.floor(sampledAtMs / periodMs) * periodMs;
    // What was taken as closed stays closed, and a sample cannot be younger than its observation.
    if (sampledAtMs > atMs || startMs + periodMs <= this.closedMs) return;
    const key = accountKey(payout, startMs);
    const known = this.#accounts.get(key);
    if (known !== undefined && sampledAtMs <= known.lastAtMs) return;
    this.#accounts.set(key, {
      platform,
      instance,
      startMs,
      seconds: periodMs / 1000,
      firstUsd: known?.firstUsd ?? usd,
      firstAtMs: known?.firstAtMs ?? sampledAtMs,
      lastUsd: usd,
      lastAtMs: sampledAtMs,
    });
  }
}

function endOf({ startMs, seconds }: { readonly startMs: number; readonly seconds: number }): number {
  return startMs + seconds * 1000;
}

function accountKey({ platform, instance }: Pick<AccountRow, 'platform' | 'instance'>, startMs: number): string {
  return JSON.stringify([platform, instance, startMs]);
}
