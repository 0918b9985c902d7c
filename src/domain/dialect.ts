import type { Dimension, Unit } from './units.ts';

/**
 * A dialect is data: how one exporter's series become signals, with the unit in which they are printed and the values that
 * mean "not supported". METRICS.md section 1 gives the names.
 */

/** Numbers that are known of one card, with their dimension; in canonical units. */
export const cardSignals = {
  coreTemperatureCelsius: 'temperature',
  memoryTemperatureCelsius: 'temperature',
  powerWatts: 'power',
  energyJoules: 'energy',
  utilisationRatio: 'ratio',
  vramTotalBytes: 'data',
  vramUsedBytes: 'data',
  vramFreeBytes: 'data',
  vramReservedBytes: 'data',
  computeApps: 'count',
  pcieWidth: 'count',
  pcieWidthMax: 'count',
  pcieGeneration: 'count',
  pcieGenerationMax: 'count',
  /** Of a lane, where the exporter prints no generation. */
  pcieTransfers: 'transfers',
  pcieTransfersMax: 'transfers',
  performanceState: 'count',
  computeCapability: 'count',
  hashrate: 'hashrate',
  sharesAccepted: 'count',
  sharesSubmitted: 'count',
  sharesRejected: 'count',
  sharesInvalid: 'count',
  /** Degrees left until the card slows itself down. */
  thermalMarginCelsius: 'temperature',
  /** Whether the clocks are lowered now, by reason; a ratio where the exporter prints one. */
  hwThermalSlowdown: 'ratio',
  swThermalSlowdown: 'ratio',
  hwSlowdown: 'ratio',
  powerBrake: 'ratio',
  /** Counters of the same. */
  hwThermalSlowdownSeconds: 'time',
  swThermalSlowdownSeconds: 'time',
  powerBrakeSeconds: 'time',
  pcieReplays: 'count',
  eccCorrectedVolatile: 'count',
  eccUncorrectedVolatile: 'count',
  eccUncorrectedAggregate: 'count',
  eccSramThresholdExceeded: 'flag',
  rowsRemappedCorrectable: 'count',
  rowsRemappedUncorrectable: 'count',
  rowRemapPending: 'flag',
  rowRemapFailure: 'flag',
  retiredPagesSingleBit: 'count',
  retiredPagesDoubleBit: 'count',
  retiredPagesPending: 'flag',
  /** 0 for none; anything else names what the driver wants done. */
  recoveryAction: 'count',
  nvlinkErrors: 'count',
} as const satisfies Record<string, Dimension>;
export type CardSignal = keyof typeof cardSignals;

/** What says how well a card is: kept together and only where somebody prints it. */
export const healthSignals = [
  'thermalMarginCelsius',
  'hwThermalSlowdown',
  'swThermalSlowdown',
  'hwSlowdown',
  'powerBrake',
  'hwThermalSlowdownSeconds',
  'swThermalSlowdownSeconds',
  'powerBrakeSeconds',
  'pcieReplays',
  'eccCorrectedVolatile',
  'eccUncorrectedVolatile',
  'eccUncorrectedAggregate',
  'eccSramThresholdExceeded',
  'rowsRemappedCorrectable',
  'rowsRemappedUncorrectable',
  'rowRemapPending',
  'rowRemapFailure',
  'retiredPagesSingleBit',
  'retiredPagesDoubleBit',
  'retiredPagesPending',
  'recoveryAction',
  'nvlinkErrors',
] as const satisfies readonly CardSignal[];
export type HealthSignal = (typeof healthSignals)[number];

/** Numbers of a marketplace's machine. */
export const machineSignals = {
  gpuCount: 'count',
  listed: 'flag',
  online: 'flag',
  verified: 'flag',
  datacenter: 'flag',
  staticIp: 'flag',
  reliability: 'ratio',
  listedUsdPerGpuHour: 'price',
} as const satisfies Record<string, Dimension>;
export type MachineSignal = keyof typeof machineSignals;

/** Numbers of a mining machine without GPUs. */
export const asicSignals = {
  hashrate: 'hashrate',
  powerWatts: 'power',
  temperatureCelsius: 'temperature',
  fanRpm: 'count',
  sharesAccepted: 'count',
  sharesRejected: 'count',
  hardwareErrors: 'count',
  uptimeSeconds: 'time',
} as const satisfies Record<string, Dimension>;
export type AsicSignal = keyof typeof asicSignals;

/** Numbers of one disk, by the name of its device without `/dev/`. */
export const diskSignals = {
  smartPassed: 'flag',
  percentageUsed: 'ratio',
  availableSpare: 'ratio',
  criticalWarning: 'count',
  mediaErrors: 'count',
  capacityBytes: 'data',
  temperatureCelsius: 'temperature',
} as const satisfies Record<string, Dimension>;
export type DiskSignal = keyof typeof diskSignals;

/**
 * The unit that the exporter prints in. Any value of `unknown`, and everything from `unknownFrom` up, means "not supported".
 */
export interface Conversion {
  readonly unit: Unit;
  readonly unknown?: readonly number[];
  readonly unknownFrom?: number;
  /** Counts only where no other series of this dialect gives the same signal: an older name, a second best. */
  readonly fallback?: true;
}

/** Of one family the series that carry this label with this value, which is not empty. */
export interface LabelFilter {
  readonly label: string;
  readonly value: string;
}

/** Of one family the series whose label is one of these values. */
export interface LabelChoice {
  readonly label: string;
  readonly values: readonly string[];
}

export type SeriesMapping =
  /** `among`: the other series of the family are of no interest. `sum`: over all series of a card. */
  | ({
      readonly kind: 'card';
      readonly signal: CardSignal;
      readonly among?: LabelChoice;
      readonly sum?: true;
    } & Conversion)
  /** Labels alone identify the card. */
  | { readonly kind: 'card-info' }
  | { readonly kind: 'card-process'; readonly label: string }
  /** One series per code; the value is when it last happened, Unix seconds, or a count without a time. */
  | { readonly kind: 'card-xid'; readonly label: string; readonly value: 'last-seconds' | 'count' }
  /** The value is the last code, 0 for none; when it happened is unknown. */
  | { readonly kind: 'card-xid-last' }
  /** Its presence says that the exporter would report XIDs if there were any. */
  | { readonly kind: 'xids-watched' }
  /**
   * Hashrate of a whole miner, several of one rig told apart by `miner`: what the hashrates of its cards must add up to, so
   * that a wrong unit is found. Of a miner that prints no cards it says that the rig mines, and is no card's hashrate.
   */
  | ({ readonly kind: 'miner-hashrate'; readonly miner: LabelNames } & Conversion)
  /** What the miner of this target works on, for all its cards. */
  | {
      readonly kind: 'miner-algorithm';
      readonly label: string;
      /** Algorithms that count solutions or graphs, of which the exporter does not say in which unit: hashrate unknown. */
      readonly unknownUnit?: RegExp;
    }
  | { readonly kind: 'host-cpu-info'; readonly package: string; readonly core: string; readonly model: string }
  | { readonly kind: 'host-cpu-thread'; readonly cpu: string; readonly only: LabelFilter }
  | { readonly kind: 'host-cpu-flag'; readonly label: string }
  | { readonly kind: 'host-ram' }
  | { readonly kind: 'host-nic-bytes'; readonly device: string; readonly notDevice: RegExp }
  | { readonly kind: 'host-carrier-changes'; readonly device: string; readonly notDevice: RegExp }
  | { readonly kind: 'host-fabric-bytes' }
  | { readonly kind: 'host-boot-seconds' }
  /** The host's own clock, Unix seconds. */
  | { readonly kind: 'host-clock-seconds' }
  | { readonly kind: 'host-os'; readonly label: string; readonly version: string }
  | { readonly kind: 'host-edac'; readonly errors: 'correctable' | 'uncorrectable' }
  | {
      readonly kind: 'host-disk';
      readonly device: string;
      readonly model: string;
      readonly path: string;
      readonly rotational: string;
    }
  | {
      readonly kind: 'host-filesystem';
      readonly value: 'size' | 'available' | 'readonly';
      readonly mountpoint: string;
      readonly mountpoints: readonly string[];
    }
  /** `devices`: those for which the exporter knows it; for the others it prints 0 (READINESS.md 1.3). */
  | ({
      readonly kind: 'disk';
      readonly signal: DiskSignal;
      readonly device: string;
      readonly devices?: RegExp;
      readonly only?: LabelFilter;
    } & Conversion)
  /** Carries labels that name the rig, nothing else. */
  | { readonly kind: 'host-name' }
  /** A PCI device by its address labels: what it is, or one number of its link. */
  | {
      readonly kind: 'pci-info';
      readonly vendor: string;
      readonly device: string;
      readonly class: string;
      readonly revision: string;
    }
  | ({ readonly kind: 'pci'; readonly signal: 'width' | 'widthMax' | 'transfers' | 'transfersMax' } & Conversion)
  /**
   * A card of the kernel's graphics driver, by its label; where it says so, the address of its PCI device stands at the end
   * of the chip's label, as in those of `hwmon-chip`. A size of 0 is unknown.
   */
  | { readonly kind: 'drm-card'; readonly card: string; readonly chip: string }
  | ({ readonly kind: 'drm-busy'; readonly card: string } & Conversion)
  | { readonly kind: 'drm-vram'; readonly card: string; readonly value: 'size' | 'used' }
  /** Sensors of a chip; of those named `chipName` the address of the PCI device stands in the chip's label. */
  | { readonly kind: 'hwmon-chip'; readonly chip: string; readonly name: string; readonly chipName: string }
  | { readonly kind: 'hwmon-label'; readonly chip: string; readonly sensor: string; readonly text: string }
  | ({
      readonly kind: 'hwmon-value';
      readonly chip: string;
      readonly sensor: string;
      /** Which card signal a sensor is, by its text; `*` for any. */
      readonly signals: Readonly<Record<string, CardSignal>>;
    } & Conversion)
  /** Line of the machine, as a speed test measured it. */
  | ({ readonly kind: 'line'; readonly direction: 'down' | 'up'; readonly only?: LabelFilter } & Conversion)
  /** Both directions in one family, told apart by a label. */
  | ({ readonly kind: 'lines'; readonly label: string; readonly down: string; readonly up: string } & Conversion)
  /** Whether the rig was reached from where the exporter stands. */
  | { readonly kind: 'probe' }
  /** Of several series of one machine the highest counts, or their `sum`. */
  | ({
      readonly kind: 'asic';
      readonly signal: AsicSignal;
      readonly only?: LabelFilter;
      readonly sum?: true;
    } & Conversion)
  | { readonly kind: 'asic-info'; readonly model: string }
  /** Figures of a whole rig that its operator prints himself. */
  | ({ readonly kind: 'rig-power' } & Conversion)
  | ({ readonly kind: 'rig-rented'; readonly platform: string } & Conversion)
  | ({ readonly kind: 'rig-revenue'; readonly platform: string } & Conversion)
  | { readonly kind: 'machine-info'; readonly model: string; readonly host: string }
  | ({ readonly kind: 'machine'; readonly signal: MachineSignal } & Conversion)
  | ({ readonly kind: 'machine-line'; readonly direction: string } & Conversion)
  | { readonly kind: 'machine-used'; readonly label: string }
  | { readonly kind: 'market-count' }
  | { readonly kind: 'market-price'; readonly quantile: 'p10' | 'median' | 'p90' }
  | { readonly kind: 'payout' };

/** What a name rests on: a recorded scrape, published documentation or source, or nobody's word. */
export type Evidence = 'recorded' | 'published' | 'unverified' | 'configured';

/** Labels in the order in which they are asked; the first that is there and not empty counts. */
export type LabelNames = readonly string[];

export interface Dialect {
  readonly id: string;
  readonly evidence: Evidence;
  readonly source: string;
  /**
   * `rig`: a target is one rig. `account`: one target speaks of many machines of a marketplace and is no rig itself.
   * `farm`: its series carry the rig's name in the label `rig` below; one target may speak of many rigs.
   * `outside`: it speaks of a rig from elsewhere, so that its answer proves nothing about the rig's own exporters.
   */
  readonly scope: 'rig' | 'account' | 'farm' | 'outside';
  /** Of `farm` dialects: labels that name the rig of a series. */
  readonly rig?: LabelNames;
  /** Labels that tell cards of one target apart, and what they say; the first that is present is the card's slot. */
  readonly card?: {
    readonly slot: LabelNames;
    readonly uuid?: LabelNames;
    readonly bus?: LabelNames;
    readonly index?: LabelNames;
    readonly model?: LabelNames;
    /** The part of that label that is the model, its first group; a series in which it does not match is of no card. */
    readonly modelPart?: RegExp;
    readonly driver?: LabelNames;
    readonly cuda?: LabelNames;
    readonly vbios?: LabelNames;
    readonly coin?: LabelNames;
    readonly algorithm?: LabelNames;
    /** The workload that holds the card, on any of its series; where none is named, nothing is known. */
    readonly process?: {
      readonly labels: LabelNames;
      /** Names that are none of a workload: of the exporter itself, which service discovery writes into the same label. */
      readonly not: RegExp;
    };
  };
  /** Labels of its series that may name the rig. */
  readonly nameLabels: LabelNames;
  /** Labels whose value identifies a machine of an account. */
  readonly machineLabels?: LabelNames;
  readonly series: Readonly<Record<string, SeriesMapping>>;
  /** Series whose names rest on something else than the dialect's do. */
  readonly exceptions?: Readonly<Record<string, { readonly evidence: Evidence; readonly source: string }>>;
  /** Series that the exporter prints only when it is told to, and what to tell it. */
  readonly switches?: readonly { readonly series: readonly string[]; readonly how: string }[];
}

export function evidenceOf(dialect: Dialect, series: string): { readonly evidence: Evidence; readonly source: string } {
  return dialect.exceptions?.[series] ?? dialect;
}
