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
  readonly sharesAccepted: number | null;
  readonly sharesRejected: number | null;
  readonly sharesInvalid: number | null;
  /** Names of compute processes; null where no exporter names them, [] where one does and there are none. */
  readonly processes: readonly string[] | null;
  /** null where no exporter reports XIDs: absence of the series is unknown, [] is "none seen". */
  readonly xids: readonly XidEvent[] | null;
  readonly state: WorkState;
  /** Why this state, in words with the series' own names. */
  readonly stateEvidence: string;
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
  readonly hashrate: number | null;
  readonly powerWatts: number | null;
  readonly sharesAccepted: number | null;
  readonly sharesRejected: number | null;
}

/** `partial`: some of its exporters answer, others do not. */
export type RigState = 'up' | 'partial' | 'down';

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
  readonly host: Host;
  readonly machine: MarketplaceMachine | null;
  /** Conflicts and gaps found while joining, in words. */
  readonly problems: readonly string[];
  /** When the newest of its samples was taken, Unix ms; null for a rig that is down. */
  readonly sampledAtMs: number | null;
}
