import type { Currency, Money } from './quantities.ts';

/** How a coin's difficulty is counted; data, never guessed (ECONOMICS.md 1.1). */
export type DifficultyUnit = 'hashes' | 'btc';

export interface Tariff {
  readonly pricePerKwh: Money;
}

export interface MiningChoice {
  /** Name of a coin in the market's coins. */
  readonly coin: string | null;
  /** Ratio 0..1; null where nobody said it (then assumed 0 and the answer says so). */
  readonly poolFee: number | null;
}

export interface SiteCapacity {
  readonly lineUpMbps: number | null;
  readonly lineDownMbps: number | null;
  readonly publicIps: number | null;
  readonly powerKw: number | null;
}

export interface SiteSettings {
  readonly name: string;
  /** Labels that place a rig here: all must match a target's or rig's labels. */
  readonly match: Readonly<Record<string, string>>;
  readonly timezone: string;
  /** Facility energy over IT energy; null where nobody said it (assumed 1). */
  readonly pue: number | null;
  /** Ratio 0..1; null where nobody said it (assumed 1). */
  readonly psuEfficiency: number | null;
  /** Host watts per rig behind the PSU, without the cards; null where nobody said it (assumed 0). */
  readonly hostWatts: number | null;
  readonly tariff: Tariff;
  readonly mining: MiningChoice;
  readonly capacity: SiteCapacity;
  /** A series (kWh or W) of the site's meter; not read yet. */
  readonly meter: string | null;
}

/** What the operator declared of one rig; everything optional overrides the site. */
export interface RigSettings {
  readonly site: string | null;
  readonly mining: MiningChoice;
  readonly hostWatts: number | null;
  readonly psuEfficiency: number | null;
  /** What it was called before: its ledger of those times is its own. */
  readonly formerly: readonly string[];
}

/** A row of the inventory file. */
export interface InventoryRow {
  readonly rig: string;
  readonly site: string | null;
  readonly rack: string | null;
  readonly shelf: string | null;
  readonly pdu: string | null;
  readonly outlet: string | null;
  readonly switch: string | null;
  readonly psuWatts: number | null;
  readonly consoleUrl: string | null;
  readonly purchasePrice: Money | null;
  /** ISO date. */
  readonly purchaseDate: string | null;
}

export interface CoinQuote {
  readonly coin: string;
  /** Lower case. */
  readonly algorithm: string;
  readonly difficulty: number;
  readonly difficultyUnit: DifficultyUnit;
  /** Coins per block to the miner. */
  readonly blockReward: number;
  readonly price: Money;
  readonly source: string;
  /** Unix ms; null for a figure without a date in the configuration. */
  readonly asOfMs: number | null;
}

export interface RentalQuote {
  /** Normalised model. */
  readonly model: string;
  readonly pricePerGpuHour: Money;
  /** `renter`: what the renter pays, the platform's fee is taken off; `host`: net of the fee already. */
  readonly side: 'renter' | 'host';
  /** Ratio 0..1; null where nobody said it. */
  readonly platformFee: number | null;
  /** Ratio 0..1 of owned hours; null where nobody said it: then rental income is unknown, the break-even is not. */
  readonly occupancy: number | null;
  readonly source: string;
  readonly asOfMs: number | null;
}

/** `USD/CAD: rate` — one unit of `base` costs `rate` units of `quote`. */
export interface FxRate {
  readonly base: Currency;
  readonly quote: Currency;
  readonly rate: number;
  /** ISO date or instant as given. */
  readonly asOf: string | null;
}

export interface StaticMarket {
  readonly coins: readonly CoinQuote[];
  readonly rentals: readonly RentalQuote[];
  readonly fx: readonly FxRate[];
}

/** Per-GPU costs and watts; null where nobody said it: the domain then assumes, and says so. */
export interface Operations {
  readonly miningPerGpuDay: Money | null;
  readonly rentalPerGpuDay: Money | null;
  readonly offPerGpuDay: Money | null;
  readonly idleWatts: number | null;
  readonly offWatts: number | null;
  /** By normalised model. */
  readonly rentalWatts: ReadonlyMap<string, number>;
}

/** Mine while idle. */
export interface MixedMode {
  /** Share of idle time that really mines (eta), 0..1. */
  readonly idleShareMined: number;
  readonly switchesPerDay: number;
  readonly switchHours: number;
}

/** Everything the operator declared about the farm, validated; what only he can know. */
export interface Farm {
  readonly name: string;
  readonly currency: Currency;
  readonly timezone: string;
  readonly sites: readonly SiteSettings[];
  readonly rigs: ReadonlyMap<string, RigSettings>;
  readonly inventory: ReadonlyMap<string, InventoryRow>;
  readonly market: StaticMarket;
  readonly operations: Operations;
  readonly mixed: MixedMode;
  readonly mining: MiningChoice;
  /** Rigs by name and cards by key that are gone for good: nobody misses them. */
  readonly retired: ReadonlySet<string>;
}
