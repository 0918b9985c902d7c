import type { Rig } from './rig.ts';
import type { StateChange } from './state-change.ts';

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

/** Payouts of a marketplace account, paid plus pending, net of fees; or a rig's own counter of revenue on a platform. */
export interface AccountPayout {
  readonly platform: string;
  /** The account's exporter, or `rig:NAME` for a rig's own counter. */
  readonly instance: string;
  readonly paidPlusPendingUsd: number;
  readonly sampledAtMs: number;
}

/** Something that two exporters, two rigs or the configuration say differently. */
export interface IdentityConflict {
  readonly kind: 'rig-name' | 'card-in-two-rigs' | 'card-order' | 'card-count' | 'card-model' | 'rig-label' | 'machine';
  /** Rigs that it concerns. */
  readonly rigs: readonly string[];
  /** What was found and what was made of it. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
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
  readonly conflicts: readonly IdentityConflict[];
  /** Of states that are believed, since the observation before; none in the first. */
  readonly changes?: readonly StateChange[];
}
