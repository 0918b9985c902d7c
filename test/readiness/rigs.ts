import type { SiteSettings } from '../../src/domain/farm.ts';
import { BYTES_PER_GIB } from '../../src/domain/quantities.ts';
import type { Gpu, Host, MarketplaceMachine, Rig } from '../../src/domain/rig.ts';
import { noStates } from '../../src/domain/work-state.ts';

/** A card of which nothing is known but what is given. */
export function gpu(known: Partial<Gpu> = {}): Gpu {
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
    sharesAccepted: null,
    sharesRejected: null,
    sharesInvalid: null,
    processes: null,
    xids: null,
    state: 'unknown',
    stateEvidence: '',
    ...known,
  };
}

export const unknownHost: Host = {
  cpuModel: null,
  cpuThreads: null,
  cpuCores: null,
  avx: null,
  ramTotalBytes: null,
  nicBitsPerSecond: null,
  bootAtMs: null,
  osName: null,
};

export function rig(known: Partial<Rig> = {}): Rig {
  return {
    name: 'a1',
    site: null,
    state: 'up',
    instances: ['a1:9100', 'a1:9835'],
    gpus: [],
    gpuStates: noStates(),
    host: unknownHost,
    machine: null,
    looseMiners: [],
    problems: [],
    sampledAtMs: atMs,
    ...known,
  };
}

export function machine(known: Partial<MarketplaceMachine> = {}): MarketplaceMachine {
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
    reliability: null,
    listedUsdPerGpuHour: null,
    downloadBitsPerSecond: null,
    uploadBitsPerSecond: null,
    ...known,
  };
}

export function site(lineUpMbps: number | null, lineDownMbps: number | null, name = 'quebec'): SiteSettings {
  return {
    name,
    match: {},
    timezone: 'America/Toronto',
    pue: null,
    psuEfficiency: null,
    hostWatts: null,
    tariff: { pricePerKwh: { amount: 0.06, currency: 'CAD' } },
    mining: { coin: null, poolFee: null },
    capacity: { lineUpMbps, lineDownMbps, publicIps: null, powerKw: null },
    meter: null,
  };
}

export const atMs = Date.UTC(2026, 10, 22, 12);

export function gib(amount: number): number {
  return amount * BYTES_PER_GIB;
}

/** A recorded T-Rex rig: 2080 Ti, three 3070, 3080; Celeron, 8 GB, x1 risers on Gen3. */
export function mixedRiserRig(): Rig {
  const link = { pcieWidth: 1, pcieWidthMax: 1, pcieGeneration: 3, pcieGenerationMax: 3, performanceState: 2 } as const;
  const models = [
    ['RTX 2080 Ti', 11],
    ['RTX 3070', 8],
    ['RTX 3070', 8],
    ['RTX 3070', 8],
    ['RTX 3080', 10],
  ] as const;
  return rig({
    gpus: models.map(([model, vram], index) =>
      gpu({ key: `a1/#${index}`, index, model, vramTotalBytes: gib(vram), ...link }),
    ),
    host: { ...unknownHost, cpuModel: 'Celeron G5905', cpuCores: 2, cpuThreads: 2, avx: false, ramTotalBytes: 8e9 },
  });
}

/** Four 3090 in a server that passes everything evaluated up to T2, with a measured line. */
export function serverRig(): Rig {
  return rig({
    name: 'b1',
    site: 'quebec',
    gpus: [0, 1, 2, 3].map((index) =>
      gpu({
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
    host: {
      ...unknownHost,
      cpuCores: 32,
      cpuThreads: 64,
      avx: true,
      ramTotalBytes: gib(256),
      nicBitsPerSecond: 1e10,
      bootAtMs: atMs - 30 * 86_400_000,
    },
    machine: machine({ downloadBitsPerSecond: 9e8, uploadBitsPerSecond: 6e8 }),
  });
}
