import type { HealthSignal } from './dialect.ts';
import type { PerState, WorkState } from './work-state.ts';

/** A hardware error code that a driver reported (NVIDIA XID). */
export interface XidEvent {
  readonly code: number;
  /** When it last happened, Unix ms; null where the exporter keeps only the last code, without its time. */
  readonly lastAtMs: number | null;
}

/** One card as every exporter of its rig together sees it. `null` is unknown. */
export interface Gpu {
  /** Stable inside the farm: the UUID, else `RIG/BUS`, else `RIG/#INDEX`. */
  readonly key: string;
  readonly index: number | null;
  /** Lower case without `GPU-`. */
  readonly uuid: string | null;
  /** Normalised PCI address `DDDD:BB:DD.F`, lower case. */
  readonly bus: string | null;
  /** Normalised model, for example `RTX 3090`. */
  readonly model: string | null;
  readonly coreTemperatureCelsius: number | null;
  readonly memoryTemperatureCelsius: number | null;
  /** Measured at the card. */
  readonly powerWatts: number | null;
  /** A counter that may reset, at the card. */
  readonly energyJoules: number | null;
  readonly utilisationRatio: number | null;
  readonly vramTotalBytes: number | null;
  readonly vramUsedBytes: number | null;
  readonly pcieWidth: number | null;
  readonly pcieWidthMax: number | null;
  readonly pcieGeneration: number | null;
  readonly pcieGenerationMax: number | null;
  /** 0 is full speed, 8 and above idle; the PCIe generation at idle lies. */
  readonly performanceState: number | null;
  readonly computeCapability: number | null;
  readonly driverVersion: string | null;
  readonly cudaVersion: string | null;
  readonly vbiosVersion: string | null;
  /** H/s (Sol/s, g/s for the algorithms that count those); null where no miner reports. */
  readonly hashrate: number | null;
  /** As the miner says it, lower case, or null (T-Rex does not say: then the configuration's coin decides). */
  readonly algorithm: string | null;
  /** As the miner's exporter says it, in capitals; null where it does not. */
  readonly coin: string | null;
  readonly sharesAccepted: number | null;
  readonly sharesRejected: number | null;
  readonly sharesInvalid: number | null;
  /** What exporters print of its health; a signal that nobody prints is not there. */
  readonly health: Readonly<Partial<Record<HealthSignal, number>>>;
  /** Names of compute processes; null where no exporter names them, [] where one does and there are none. */
  readonly processes: readonly string[] | null;
  /** null where no exporter reports XIDs: absence of the series is unknown, [] is "none seen". */
  readonly xids: readonly XidEvent[] | null;
  readonly state: WorkState;
  /** Why this state, in words with the series' own names. */
  readonly stateEvidence: string;
  /** Since when it is in this state, Unix ms; null where nobody saw it come. */
  readonly stateSinceMs: number | null;
  /** What is seen now but not believed yet, because it may pass: `state` is still what it was (METRICS.md rule 4). */
  readonly unsettled: { readonly seen: WorkState; readonly sinceMs: number } | null;
}

/** A disk of the host, by its device without `/dev/`. `null` is unknown. */
export interface Disk {
  readonly device: string;
  readonly model: string | null;
  /** Where it hangs, as udev names it: `pci-0000:00:14.0-usb-0:3:1.0`. */
  readonly path: string | null;
  readonly rotational: boolean | null;
  readonly capacityBytes: number | null;
  readonly smartPassed: boolean | null;
  readonly percentageUsedRatio: number | null;
  readonly availableSpareRatio: number | null;
  readonly criticalWarning: number | null;
  readonly mediaErrors: number | null;
}

export interface Filesystem {
  readonly mountpoint: string;
  readonly sizeBytes: number | null;
  readonly availableBytes: number | null;
  readonly readonly: boolean | null;
}

/** The machine around the cards, mostly from node_exporter. */
export interface Host {
  readonly cpuModel: string | null;
  readonly cpuThreads: number | null;
  readonly cpuCores: number | null;
  /** Whether the CPU flag `avx` is listed; null where flags are not exported. */
  readonly avx: boolean | null;
  readonly ramTotalBytes: number | null;
  /** Speed of the fastest physical network port. */
  readonly nicBitsPerSecond: number | null;
  readonly bootAtMs: number | null;
  readonly osName: string | null;
  readonly osVersion: string | null;
  /** How far the host's clock runs ahead of the scrape's time. */
  readonly clockAheadMs: number | null;
  /** Sums over memory controllers; null where none has a driver, which does not mean "no ECC". */
  readonly edacCorrectable: number | null;
  readonly edacUncorrectable: number | null;
  /** Sum over physical ports; a counter. */
  readonly carrierChanges: number | null;
  /** Of the fastest InfiniBand port. */
  readonly fabricBitsPerSecond: number | null;
  /** null where no exporter lists disks. */
  readonly disks: readonly Disk[] | null;
  readonly filesystems: readonly Filesystem[];
  /** As a speed test at the rig measured it. */
  readonly lineDownBitsPerSecond: number | null;
  readonly lineUpBitsPerSecond: number | null;
  /** Whether a probe from outside reached it. */
  readonly reachable: boolean | null;
}

/** A mining machine that has no GPUs and never will. */
export interface Asic {
  /** `RIG/asic#INDEX`. */
  readonly key: string;
  readonly model: string | null;
  readonly hashrate: number | null;
  readonly algorithm: string | null;
  readonly coin: string | null;
  /** Measured at the wall. */
  readonly powerWatts: number | null;
  readonly temperatureCelsius: number | null;
  readonly sharesAccepted: number | null;
  readonly sharesRejected: number | null;
  readonly hardwareErrors: number | null;
  /** `down`, `mining` or `unknown`, or `idle-unlisted` where it prints a hashrate of 0. */
  readonly state: WorkState;
  readonly stateEvidence: string;
  readonly stateSinceMs: number | null;
  readonly unsettled: { readonly seen: WorkState; readonly sinceMs: number } | null;
}

/** GPUs of a rig that somebody rents on a platform, as the operator prints it himself. */
export interface PlatformRental {
  readonly platform: string;
  readonly gpus: number;
}

/** One target of a rig in one observation. */
export interface RigExporter {
  readonly instance: string;
  /** Ids of the dialects that it spoke. */
  readonly dialects: readonly string[];
  readonly up: boolean;
}

/** What a marketplace says of the machine as a whole; which card is rented is not known from it. */
export interface MarketplaceMachine {
  readonly platform: 'vast';
  readonly machineId: string;
  readonly gpuCount: number | null;
  /** GPUs rented by others: on-demand, bid and reserved together. */
  readonly rentedGpus: number | null;
  /** GPUs that run the host's own default job (usually a miner). */
  readonly defaultJobGpus: number | null;
  /** GPUs that the host rented from himself. */
  readonly ownGpus: number | null;
  readonly listed: boolean | null;
  readonly online: boolean | null;
  readonly verified: boolean | null;
  readonly datacenter: boolean | null;
  readonly staticIp: boolean | null;
  readonly reliability: number | null;
  /** USD per GPU-hour, host side (net of the platform's fee), a listing and no income. */
  readonly listedUsdPerGpuHour: number | null;
  readonly downloadBitsPerSecond: number | null;
  readonly uploadBitsPerSecond: number | null;
}

/** A card in a miner's own numbering that could not be tied to a card of the rig. */
export interface LooseMiner {
  readonly model: string | null;
  readonly algorithm: string | null;
  readonly coin: string | null;
  readonly hashrate: number | null;
  readonly powerWatts: number | null;
  readonly sharesAccepted: number | null;
  readonly sharesRejected: number | null;
}

/**
 * `partial`: some of its exporters answer, others do not. `silent`: none answers, but not for so long that it is called
 * down; what it does is unknown.
 */
export type RigState = 'up' | 'partial' | 'silent' | 'down';

export interface Rig {
  readonly name: string;
  /** A configured site's name, or null where nothing places the rig. */
  readonly site: string | null;
  readonly state: RigState;
  /** `host:port` of every target joined into the rig, sorted. */
  readonly instances: readonly string[];
  readonly gpus: readonly Gpu[];
  /** GPUs by state; where a marketplace counts per machine this is the truth and not the sum over cards. */
  readonly gpuStates: PerState;
  /** Cards that a miner prints but that could not be tied to one of `gpus`: work that counts for the rig alone. */
  readonly looseMiners: readonly LooseMiner[];
  readonly asics: readonly Asic[];
  /** At the wall, as a meter of the rig prints it. */
  readonly wallWatts: number | null;
  readonly rentals: readonly PlatformRental[];
  readonly exporters: readonly RigExporter[];
  /** Since when none of its exporters answers, Unix ms; null while one does, and where nobody saw it begin. */
  readonly silentSinceMs: number | null;
  readonly host: Host;
  readonly machine: MarketplaceMachine | null;
  /** Conflicts and gaps found while joining, in words. */
  readonly problems: readonly string[];
  /** When the newest of its samples was taken, Unix ms; null for a rig that is down. */
  readonly sampledAtMs: number | null;
}
