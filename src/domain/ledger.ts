import type { Money } from './quantities.ts';
import type { PerState } from './work-state.ts';

/** Work done on one algorithm by one rig in one period. */
export interface MinedWork {
  readonly algorithm: string | null;
  readonly coin: string | null;
  readonly hashes: number;
  /** GPU-seconds during which it was hashed: none by ASICs, whose seconds are the row's `asicSeconds`. */
  readonly gpuSeconds: number;
  /** Estimated from the quote below; null where no quote was known. Net of pool fee, gross of power. */
  readonly revenue: Money | null;
}

/** GPUs of one model in a rig: owned and rented GPU-seconds. `rentedSeconds` null where which card is rented is unknown. */
export interface ModelSeconds {
  readonly model: string | null;
  readonly ownedSeconds: number;
  readonly observedSeconds: number;
  readonly rentedSeconds: number | null;
}

/** A price used for money in a row, so that the row can be recomputed. */
export interface QuoteUsed {
  /** `coin:RVN`, `rental:RTX 3090`, `power:quebec`. */
  readonly what: string;
  readonly amount: number;
  readonly currency: string;
  readonly unit: string;
  readonly source: string;
  readonly asOfMs: number | null;
}

/**
 * One rig over one period: an hour, a quarter of one where the site's offset is not a whole hour, or an accounting day of
 * the farm. Written once, after the period ended; the key is (rig, startMs) among periods, and among days.
 */
export interface LedgerRow {
  readonly rig: string;
  readonly site: string | null;
  /** UTC, Unix ms. */
  readonly startMs: number;
  /** Length of the period: 3600 or 900; of a day what the day has. */
  readonly seconds: number;
  /** Seconds of the period during which the rig was observed; the rest is unknown, not idle. */
  readonly observedSeconds: number;
  /** GPU-seconds by state, over the observed seconds. */
  readonly stateSeconds: PerState;
  /** Energy at the cards; null where no card's power was known. */
  readonly cardJoules: number | null;
  /** Seconds of ASICs by state; they are no GPUs. Null for a rig without any. */
  readonly asicSeconds: PerState | null;
  /** Energy at the wall: (cards + host) / PSU efficiency, or as measured there. Without PUE. */
  readonly wallJoules: number | null;
  /** Seconds of GPUs and ASICs whose power was known, by themselves or by the rig's meter; coverage of the energy. */
  readonly powerSeconds: number;
  readonly mined: readonly MinedWork[];
  readonly models: readonly ModelSeconds[];
  /** Cost of facility energy at the tariff; null where the energy or the tariff is unknown. */
  readonly powerCost: Money | null;
  /** Estimated from the rental quote and the rented GPU-seconds, net of fee; null where unknown, 0 only where none was rented. */
  readonly rentedRevenue: Money | null;
  readonly quotes: readonly QuoteUsed[];
  /** Of a day alone, whose hours may differ in what is known: a day's row without it reads like a period's. */
  readonly parts?: MoneyParts;
}

/** What the money of a row covers. Of a period it follows from the row itself (`moneyParts`), of a day from its hours. */
export interface MoneyParts {
  /** GPU-seconds whose rent is in `rentedRevenue`, and rented ones whose rent is unknown. */
  readonly rentedKnownSeconds: number;
  readonly rentedUnknownSeconds: number;
  /** Seconds of GPUs and ASICs whose power is in `powerCost`, and those whose power is unknown. */
  readonly powerKnownSeconds: number;
  readonly powerUnknownSeconds: number;
  /** Seconds of ASICs that hashed, by whether the worth of their hashes is known. */
  readonly asicKnownSeconds: number;
  readonly asicUnknownSeconds: number;
  /** Parts of `powerCost` by what was done, in its currency; the rest was neither. */
  readonly miningPower: number;
  readonly rentedPower: number;
}

/** Payouts over one period: paid + pending of an account, or a rig's own counter, at its first and last sight. USD, net of fees. */
export interface AccountRow {
  readonly platform: string;
  readonly instance: string;
  readonly startMs: number;
  readonly seconds: number;
  readonly firstUsd: number;
  readonly firstAtMs: number;
  readonly lastUsd: number;
  readonly lastAtMs: number;
}

/** What the ledger gains at one commit: all of it or nothing. */
export interface LedgerBatch {
  readonly rows: readonly LedgerRow[];
  readonly accounts: readonly AccountRow[];
}
