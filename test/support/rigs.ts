import { BYTES_PER_GIB } from '../../src/domain/quantities.ts';
import type { Asic, Gpu, Host, LooseMiner, MarketplaceMachine, Rig } from '../../src/domain/rig.ts';
import { noStates } from '../../src/domain/work-state.ts';

/** Unix ms of the observation that every rig comes from unless it is said otherwise. */
export const atMs = Date.UTC(2026, 10, 22, 12);

export function gib(amount: number): number {
  return amount * BYTES_PER_GIB;
}

/** A card of which nothing is known but what is given. */
export function gpuOf(known: Partial<Gpu> = {}): Gpu {
  return {
    key: 'a1/#0',
    index: 0,
    uuid: null,
    bus: null,
    model: null,
    coreTemperatureCelsius: null,
    memoryTemperatureCelsius: null,
    powerWatts: null,
    energyJoules: null,
    utilisationRatio: null,
    vramTotalBytes: null,
    vramUsedBytes: null,
    pcieWidth: null,
    pcieWidthMax: null,
    pcieGeneration: null,
    pcieGenerationMax: null,
    performanceState: null,
    computeCapability: null,
    driverVersion: null,
    cudaVersion: null,
    vbiosVersion: null,
    hashrate: null,
    algorithm: null,
    coin: null,
    health: {},
    sharesAccepted: null,
    sharesRejected: null,
    sharesInvalid: null,
    processes: null,
    xids: null,
    state: 'unknown',
    stateEvidence: '',
    stateSinceMs: null,
    unsettled: null,
    ...known,
  };
}

/** A card that mines 120 MH/s of kawpow at 294 W. */
export function miningCard(known: Partial<Gpu> = {}): Gpu {
  return gpuOf({
    model: 'RTX 3090',
    state: 'mining',
    hashrate: 120e6,
    algorithm: 'kawpow',
    powerWatts: 294,
    sharesAccepted: 100,
    sharesRejected: 0,
    ...known,
  });
}

/** A host of which nothing is known but what is given. */
export function hostOf(known: Partial<Host> = {}): Host {
  return {
    cpuModel: null,
    cpuThreads: null,
    cpuCores: null,
    avx: null,
    ramTotalBytes: null,
    nicBitsPerSecond: null,
    bootAtMs: null,
    osName: null,
    osVersion: null,
    clockAheadMs: null,
    edacCorrectable: null,
    edacUncorrectable: null,
    carrierChanges: null,
    fabricBitsPerSecond: null,
    disks: null,
    filesystems: [],
    lineDownBitsPerSecond: null,
    lineUpBitsPerSecond: null,
    reachable: null,
    ...known,
  };
}

/** A marketplace's machine of which nothing is known but what is given. */
export function machineOf(known: Partial<MarketplaceMachine> = {}): MarketplaceMachine {
  return {
    platform: 'vast',
    machineId: '1',
    gpuCount: null,
    rentedGpus: null,
    defaultJobGpus: null,
    ownGpus: null,
    listed: null,
    online: null,
    verified: null,
    datacenter: null,
    staticIp: null,
    reliability: null,
    listedUsdPerGpuHour: null,
    downloadBitsPerSecond: null,
    uploadBitsPerSecond: null,
    ...known,
  };
}

/** A mining machine of rig a1 of which nothing is known but what is said. */
export function asicOf(known: Partial<Asic> = {}): Asic {
  return {
    key: 'a1/asic#0',
    model: null,
    hashrate: null,
    algorithm: null,
    coin: null,
    powerWatts: null,
    temperatureCelsius: null,
    sharesAccepted: null,
    sharesRejected: null,
    hardwareErrors: null,
    state: 'unknown',
    stateEvidence: '',
    stateSinceMs: null,
    unsettled: null,
    ...known,
  };
}

/** What a miner prints of a card that nobody could tie, or of a whole rig. */
export function looseMinerOf(known: Partial<LooseMiner> = {}): LooseMiner {
  return {
    model: null,
    algorithm: null,
    coin: null,
    hashrate: null,
    powerWatts: null,
    sharesAccepted: null,
    sharesRejected: null,
    ...known,
  };
}

/** The rig `a1` at `quebec`, up; its GPUs are counted by their own states unless it is said otherwise. */
export function rigOf(gpus: readonly Gpu[], known: Partial<Rig> = {}): Rig {
  const gpuStates = noStates();
  for (const { state } of gpus) gpuStates[state] += 1;
  return {
    name: 'a1',
    site: 'quebec',
    state: 'up',
    instances: ['a1:9100', 'a1:9835'],
    gpus,
    gpuStates,
    host: hostOf(),
    machine: null,
    looseMiners: [],
    asics: [],
    wallWatts: null,
    rentals: [],
    exporters: [],
    silentSinceMs: null,
    problems: [],
    sampledAtMs: atMs,
    ...known,
  };
}

/** A recorded T-Rex rig: 2080 Ti, three 3070, 3080; Celeron, 8 GB, x1 risers on Gen3. Nothing places it. */
export function mixedRiserRig(): Rig {
  const link = { pcieWidth: 1, pcieWidthMax: 1, pcieGeneration: 3, pcieGenerationMax: 3, performanceState: 2 } as const;
  const models = [
    ['RTX 2080 Ti', 11],
    ['RTX 3070', 8],
    ['RTX 3070', 8],
    ['RTX 3070', 8],
    ['RTX 3080', 10],
  ] as const;
  return rigOf(
    models.map(([model, vram], index) =>
      gpuOf({ key: `a1/#${index}`, index, model, vramTotalBytes: gib(vram), ...link }),
    ),
    {
      site: null,
      host: hostOf({ cpuModel: 'Celeron G5905', cpuCores: 2, cpuThreads: 2, avx: false, ramTotalBytes: 8e9 }),
    },
  );
}

/** Four rented 3090 in the server `b1`, which passes everything evaluated up to T2, with a measured line. */
export function serverRig(): Rig {
  return rigOf(
    [0, 1, 2, 3].map((index) =>
      gpuOf({
        key: `b1/#${index}`,
        index,
        model: 'RTX 3090',
        vramTotalBytes: gib(24),
        pcieWidth: 16,
        pcieGeneration: 4,
        pcieGenerationMax: 4,
        performanceState: 0,
        computeCapability: 8.6,
        xids: [],
        state: 'rented',
      }),
    ),
    {
      name: 'b1',
      host: hostOf({
        cpuCores: 32,
        cpuThreads: 64,
        avx: true,
        ramTotalBytes: gib(256),
        nicBitsPerSecond: 1e10,
        bootAtMs: atMs - 30 * 86_400_000,
      }),
      machine: machineOf({ downloadBitsPerSecond: 9e8, uploadBitsPerSecond: 6e8 }),
    },
  );
}
