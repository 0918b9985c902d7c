/**
 * A dialect is data: how one exporter's series become signals, with the unit conversion and the values that mean "not
 * supported". METRICS.md section 1 gives the names.
 */

/** Numbers that are known of one card, in canonical units. */
export const cardSignals = [
  'coreTemperatureCelsius',
  'memoryTemperatureCelsius',
  'powerWatts',
  'energyJoules',
  'utilisationRatio',
  'vramTotalBytes',
  'vramUsedBytes',
  'vramFreeBytes',
  'vramReservedBytes',
  'computeApps',
  'pcieWidth',
  'pcieWidthMax',
  'pcieGeneration',
  'pcieGenerationMax',
  'performanceState',
  'computeCapability',
  'hashrate',
  'sharesAccepted',
  'sharesSubmitted',
  'sharesRejected',
  'sharesInvalid',
] as const;
export type CardSignal = (typeof cardSignals)[number];

export type MachineSignal = 'gpuCount' | 'listed' | 'online' | 'verified' | 'reliability' | 'listedUsdPerGpuHour';

/** Conversion of a raw value: multiplied by `factor`; any of `unknown`, and everything from `unknownFrom` up, is unknown. */
export interface Conversion {
  readonly factor?: number;
  readonly unknown?: readonly number[];
  readonly unknownFrom?: number;
}

/** Of one family the series that carry this label with this value, which is not empty. */
export interface LabelFilter {
  readonly label: string;
  readonly value: string;
}

export type SeriesMapping =
  | ({ readonly kind: 'card'; readonly signal: CardSignal } & Conversion)
  /** Labels alone identify the card. */
  | { readonly kind: 'card-info' }
  | { readonly kind: 'card-process'; readonly label: string }
  /** One series per code; the value is when it last happened, Unix seconds, or a count without a time. */
  | { readonly kind: 'card-xid'; readonly label: string; readonly value: 'last-seconds' | 'count' }
  /** The value is the last code, 0 for none; when it happened is unknown. */
  | { readonly kind: 'card-xid-last' }
  /** Its presence says that the exporter would report XIDs if there were any. */
  | { readonly kind: 'xids-watched' }
  /** What the miner of this target works on, for all its cards. */
  | { readonly kind: 'miner-algorithm'; readonly label: string }
  | { readonly kind: 'host-cpu-info'; readonly package: string; readonly core: string; readonly model: string }
  | { readonly kind: 'host-cpu-thread'; readonly cpu: string; readonly only: LabelFilter }
  | { readonly kind: 'host-cpu-flag'; readonly label: string }
  | { readonly kind: 'host-ram' }
  | { readonly kind: 'host-nic-bytes'; readonly device: string; readonly notDevice: RegExp }
  | { readonly kind: 'host-boot-seconds' }
  | { readonly kind: 'host-os'; readonly label: string }
  /** Carries labels that name the rig, nothing else. */
  | { readonly kind: 'host-name' }
  | { readonly kind: 'pci-width' }
  | { readonly kind: 'machine-info'; readonly model: string; readonly host: string }
  | ({ readonly kind: 'machine'; readonly signal: MachineSignal } & Conversion)
  | { readonly kind: 'machine-line'; readonly direction: string }
  | { readonly kind: 'machine-used'; readonly label: string }
  | { readonly kind: 'market-count' }
  | { readonly kind: 'market-price'; readonly quantile: 'p10' | 'median' | 'p90' }
  | { readonly kind: 'payout' };

export interface Dialect {
  readonly id: string;
  /** What its names rest on: a recorded scrape, published documentation, or nobody's word. */
  readonly evidence: 'recorded' | 'published' | 'unverified';
  readonly source: string;
  /** `rig`: a target is one rig. `account`: one target speaks of many machines and is no rig itself. */
  readonly scope: 'rig' | 'account';
  /** Labels that tell cards of one target apart, and what they say; the first that is present is the card's slot. */
  readonly card?: {
    readonly slot: readonly string[];
    readonly uuid?: string;
    readonly bus?: string;
    readonly index?: string;
    readonly model?: string;
    readonly driver?: string;
    readonly cuda?: string;
    readonly vbios?: string;
  };
  /** Labels of its series that may name the rig. */
  readonly nameLabels: readonly string[];
  /** Labels whose value identifies a machine of an account. */
  readonly machineLabels?: readonly string[];
  readonly series: Readonly<Record<string, SeriesMapping>>;
}
