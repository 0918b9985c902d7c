import type { BlockerClass, CriterionId } from './criterion.ts';
import type { GateTier, ProvenTier } from './tier.ts';

/** Where a threshold comes from: document, file and commit, or `our proposal`. */
export type Source = string;

interface Sourced {
  readonly source: Source;
}

export interface SiliconRequirement extends Sourced {
  /** NVIDIA: at least this. */
  readonly computeCapability: number;
  /** AMD: one of these; empty where the programme names NVIDIA alone. */
  readonly gfxTargets: readonly string[];
  /** A datacentre part with ECC on HBM. */
  readonly eccHbm: boolean;
}

export interface CrippledRequirement extends Sourced {
  /** What a mining SKU's cut compute means. */
  readonly status: 'warn' | 'fail';
}

export interface VramRequirement extends Sourced {
  readonly operator: '>' | '>=';
  readonly amount: number;
  readonly unit: 'GiB' | 'GB';
}

export interface SameModelRequirement extends Sourced {
  readonly sameVbios: boolean;
}

export type PcieRequirement = Sourced &
  (
    | { readonly kind: 'lanes'; readonly tflopsPerLane: number; readonly mostLanes: number }
    | {
        readonly kind: 'bandwidth';
        readonly gigabytesPerSecond: number;
        /** Share of the theoretical bandwidth that a link surely delivers. */
        readonly sureShare: number;
      }
    | {
        readonly kind: 'full-link';
        readonly lanes: number;
        /** Generation by VRAM; the first row that is large enough holds, the last one beyond. */
        readonly generations: readonly { readonly mostVramGib: number; readonly generation: number }[];
        /** Models (of the card table) that need less than their VRAM says. */
        readonly exceptions: Readonly<Record<string, number>>;
      }
    | {
        readonly kind: 'measured';
        /** Host to device, GB/s, by model of the card table; other models have no known requirement. */
        readonly gigabytesPerSecond: Readonly<Record<string, number>>;
      }
  );

export interface CpuRequirement extends Sourced {
  readonly coresPerGpu: number | null;
  readonly extraCores: number;
  readonly threadsPerGpu: number | null;
  readonly avx: boolean;
  /** No exporter prints the base clock, so a requirement of it stays unknown. */
  readonly baseGigahertz: number | null;
}

export type RamRequirement = Sourced &
  (
    | { readonly kind: 'per-gpu'; readonly gigabytes: number }
    | { readonly kind: 'vram-share'; readonly share: number; readonly mostMebibytes: number }
    | {
        readonly kind: 'by-vram';
        /** RAM per GPU by its VRAM; the first row that is large enough holds, the last one beyond. */
        readonly rows: readonly { readonly mostVramGib: number; readonly gigabytesPerGpu: number }[];
      }
  );

/** Both ways. */
export type LineRequirement = Sourced &
  (
    | { readonly kind: 'per-machine'; readonly megabitsPerSecond: number }
    | { readonly kind: 'line'; readonly megabitsPerSecond: number }
    | { readonly kind: 'by-vram'; readonly perVramGib: number; readonly least: number; readonly most: number }
  );

export interface XidRequirement extends Sourced {
  /** Codes of which none may be open. */
  readonly fatal: readonly number[];
  /** Codes that cost nothing. Any code in none of the lists is unknown and proves nothing. */
  readonly ignored: readonly number[];
  /** Codes that warn. */
  readonly warning: readonly number[];
}

/** What one tier asks of the criteria that are evaluated; null where it asks nothing. */
export interface TierRequirements {
  readonly silicon: SiliconRequirement;
  readonly crippled: CrippledRequirement;
  readonly vram: VramRequirement;
  readonly sameModel: SameModelRequirement;
  readonly pcie: PcieRequirement;
  readonly cpu: CpuRequirement;
  readonly ram: RamRequirement;
  readonly line: LineRequirement | null;
  readonly xids: XidRequirement;
}

export interface TierPolicy {
  /** The standard it is anchored at. */
  readonly anchor: string;
  /** ISO date at which its sources were read. */
  readonly asOf: string;
  readonly requirements: TierRequirements;
  /** Gates of this tier that nothing evaluates yet: they count as unknown. */
  readonly notEvaluated: readonly string[];
}

export interface CriterionDescription {
  readonly title: string;
  readonly blockerClass: BlockerClass;
  /** Series that are its evidence, whichever exporter prints them. */
  readonly families: readonly string[];
}

/** Thresholds of one authority at one date. Data: authorities differ, and change their minds. */
export interface ReadinessPolicy {
  readonly id: string;
  /** ISO date. */
  readonly asOf: string;
  /** The field's own words; chat prints these and never a bare T-number. */
  readonly names: Readonly<Record<ProvenTier, string>>;
  readonly tiers: Readonly<Record<GateTier, TierPolicy>>;
  readonly criteria: Readonly<Record<CriterionId, CriterionDescription>>;
  /** How long a fatal XID blocks unless it is cleared, and how long a cleared card must run without another. */
  readonly xidWindowDays: number;
  readonly xidQuietHours: number;
  /** The share of GPUs that a marketplace's host would call convertible starts at this tier. */
  readonly convertibleFrom: GateTier;
}
