import type { Evidence } from '../../domain/dialect.ts';
import type { IdentityConflict, TargetFailure } from '../../domain/snapshot.ts';
import type { Unit } from '../../domain/units.ts';

/** A system outside: a metrics server, the store, a chat platform. */
export interface CheckedSystem {
  readonly kind: 'metrics' | 'store' | 'platform' | 'alerts';
  readonly system: string;
  readonly address: string;
  /** What it calls itself and its version, or whom its token belongs to; null where it does not say. */
  readonly version: string | null;
  readonly latencyMs: number | null;
  /** How far its clock runs ahead of ours; null where it does not tell. */
  readonly clockAheadMs: number | null;
  /** Why it cannot be used; null where it can. */
  readonly failure: string | null;
  /** What to do about the failure, where there is something to do. */
  readonly remedy: string | null;
  /** What else is worth knowing of it, of a source of metrics what is taken for granted; each a sentence. */
  readonly notes: readonly string[];
}

/** What of one dialect was printed. */
export interface DialectSeen {
  readonly id: string;
  readonly evidence: Evidence;
  readonly source: string;
  readonly series: number;
  readonly targets: number;
  /** Names that it maps, and how many of them were seen. */
  readonly names: number;
  readonly namesSeen: number;
  readonly namesUnseen: readonly string[];
  /** Names that were seen and rest on nobody's word. */
  readonly unverified: readonly string[];
}

/** What one series that the operator mapped himself matched. */
export interface OwnSeriesSeen {
  readonly dialect: string;
  readonly name: string;
  /** What it is taken for: `hashrate`, `rig-power`. */
  readonly as: string;
  readonly series: number;
  readonly targets: number;
  /** Some of those targets. */
  readonly instances: readonly string[];
  /** One value as it was printed and as it is understood; null where nothing matched or no number counts. */
  readonly example: {
    readonly instance: string;
    readonly printed: number;
    readonly unit: Unit;
    readonly value: number | null;
    readonly canonicalUnit: Unit;
  } | null;
  /** The dialect that maps this name as well; the operator's goes before it. */
  readonly inPlaceOf: string | null;
}

/** A signal that rigs lack, and what would bring it. */
export interface MissingSignal {
  readonly signal: string;
  /** What cannot be answered without it. */
  readonly neededFor: string;
  readonly rigs: readonly string[];
  /** The exporter that would print it. */
  readonly exporter: string;
  readonly how: string;
}

export type FindingKind = 'outside' | 'contradiction' | 'remark';

/** Something that does not fit. `outside`: it does not answer; `contradiction`: it answers otherwise than configured. */
export interface Finding {
  readonly kind: FindingKind;
  readonly found: string;
  /** Rigs, targets or names that it concerns. */
  readonly about: readonly string[];
  readonly remedy: string | null;
}

/** What of the fleet was seen; null where the source could not be read at all. */
export interface FleetSeen {
  readonly atMs: number;
  readonly durationMs: number;
  readonly rigs: number;
  readonly rigsUp: number;
  readonly gpus: number;
  readonly asics: number;
  readonly targetsUp: number;
  readonly targetsTotal: number;
  readonly samplesRead: number;
  readonly failures: readonly TargetFailure[];
  readonly conflicts: readonly IdentityConflict[];
  readonly incomplete: boolean;
  /** Hosts whose clock is off by more than five seconds; positive where it is ahead. */
  readonly clocks: readonly { readonly rig: string; readonly aheadMs: number }[];
}

/** What a sceptical operator wants to see before he trusts a figure. */
export interface CheckReport {
  /** Absolute path of the configuration; null for the demo. */
  readonly configuration: string | null;
  readonly farm: string;
  /** 0: nothing to mend. 1: something outside does not answer. 2: what is seen contradicts what is configured. */
  readonly exitCode: 0 | 1 | 2;
  readonly systems: readonly CheckedSystem[];
  readonly fleet: FleetSeen | null;
  readonly findings: readonly Finding[];
  readonly dialects: readonly DialectSeen[];
  readonly ownSeries: readonly OwnSeriesSeen[];
  readonly missing: readonly MissingSignal[];
  /** What figures rest on because nobody said it. */
  readonly assumptions: readonly string[];
}

/** Something outside goes first: what does not answer may be why the rest does not fit. */
export function exitCodeOf(findings: readonly Finding[]): CheckReport['exitCode'] {
  if (findings.some(({ kind }) => kind === 'outside')) return 1;
  return findings.some(({ kind }) => kind === 'contradiction') ? 2 : 0;
}
