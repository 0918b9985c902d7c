import type { Rig } from './rig.ts';

export type TargetFailureKind =
  | 'refused'
  | 'timeout'
  | 'http-status'
  | 'truncated'
  | 'malformed'
  | 'too-large'
  | 'network'
  | 'down';

/** A target that could not be read this time; its old values are gone, not kept. */
export interface TargetFailure {
  readonly instance: string;
  readonly rig: string | null;
  readonly kind: TargetFailureKind;
  /** What was found, in words. */
  readonly message: string;
}

/** GPU rental on a marketplace as its exporter prints it, for one model. USD per GPU-hour, renter side. */
export interface MarketplaceQuote {
  readonly platform: 'vast';
  readonly model: string;
  /** Median on-demand price of rented, verified offers where there are any, else of any offers. */
  readonly medianUsdPerGpuHour: number | null;
  readonly p10UsdPerGpuHour: number | null;
  readonly p90UsdPerGpuHour: number | null;
  /** rented / (rented + not), verified offers; the market's occupancy, not ours. */
  readonly occupancy: number | null;
  readonly kind: string;
  readonly sampledAtMs: number;
}

/** Payouts of a marketplace account: paid plus pending, net of fees, per account and not per machine. */
export interface AccountPayout {
  readonly platform: 'vast';
  readonly instance: string;
  readonly paidPlusPendingUsd: number;
  readonly sampledAtMs: number;
}

/** The whole fleet at one observation. Immutable; every command answers from one. */
export interface Snapshot {
  /** Unix ms of the observation. */
  readonly atMs: number;
  readonly durationMs: number;
  readonly source: 'prometheus' | 'exporters';
  readonly rigs: readonly Rig[];
  readonly targetsTotal: number;
  readonly targetsUp: number;
  readonly failures: readonly TargetFailure[];
  readonly marketplace: readonly MarketplaceQuote[];
  readonly payouts: readonly AccountPayout[];
  /** Samples of the wanted families that were read. */
  readonly samplesRead: number;
  /** Warnings of the source (a partial answer, for example); money over an incomplete snapshot is shown as such. */
  readonly warnings: readonly string[];
  readonly incomplete: boolean;
}
