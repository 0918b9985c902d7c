import type { CoinQuote, Farm, RentalQuote, SiteSettings } from '../../src/domain/farm.ts';
import type { Gpu, Host, Rig } from '../../src/domain/rig.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { noStates } from '../../src/domain/work-state.ts';

export const coins: readonly CoinQuote[] = [
  {
    coin: 'RVN',
    algorithm: 'kawpow',
    difficulty: 1e12,
    difficultyUnit: 'hashes',
    blockReward: 2500,
    price: { amount: 0.02, currency: 'USD' },
    source: 'configuration',
    asOfMs: null,
  },
  {
    coin: 'ETC',
    algorithm: 'etchash',
    difficulty: 2e15,
    difficultyUnit: 'hashes',
    blockReward: 2,
    price: { amount: 20, currency: 'USD' },
    source: 'configuration',
    asOfMs: null,
  },
];

export const rentals: readonly RentalQuote[] = [
  {
    model: 'RTX 3090',
    pricePerGpuHour: { amount: 0.2, currency: 'USD' },
    side: 'renter',
    platformFee: 0.25,
    occupancy: null,
    source: 'configuration',
    asOfMs: null,
  },
];

export function sampleSite(changes: Partial<SiteSettings> = {}): SiteSettings {
  return {
    name: 'quebec',
    match: {},
    timezone: 'America/Toronto',
    pue: null,
    psuEfficiency: null,
    hostWatts: null,
    tariff: { pricePerKwh: { amount: 0.05, currency: 'USD' } },
    mining: { coin: null, poolFee: null },
    capacity: { lineUpMbps: null, lineDownMbps: null, publicIps: null, powerKw: null },
    meter: null,
    ...changes,
  };
}

export function sampleFarm(changes: Partial<Farm> = {}): Farm {
  return {
    name: 'north',
    currency: 'USD',
    timezone: 'America/Toronto',
    sites: [sampleSite()],
    rigs: new Map(),
    inventory: new Map(),
    market: { coins, rentals, fx: [] },
    operations: {
      miningPerGpuDay: null,
      rentalPerGpuDay: null,
      offPerGpuDay: null,
      idleWatts: null,
      offWatts: null,
      rentalWatts: new Map(),
    },
    mixed: { idleShareMined: 1, switchesPerDay: 0, switchHours: 0 },
    mining: { coin: 'RVN', poolFee: 0.01 },
    ...changes,
  };
}

export function sampleGpu(changes: Partial<Gpu> = {}): Gpu {
  return {
    key: 'aaaa',
    index: 0,
    uuid: null,
    bus: null,
    model: 'RTX 3090',
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
    ...changes,
  };
}

/** A card that mines at 300 W and 50 MH/s. */
export function miningGpu(changes: Partial<Gpu> = {}): Gpu {
  return sampleGpu({ state: 'mining', hashrate: 50e6, algorithm: 'kawpow', powerWatts: 300, ...changes });
}

const nothingKnown: Host = {
  cpuModel: null,
  cpuThreads: null,
  cpuCores: null,
  avx: null,
  ramTotalBytes: null,
  nicBitsPerSecond: null,
  bootAtMs: null,
  osName: null,
};

export function sampleRig(gpus: readonly Gpu[], changes: Partial<Rig> = {}): Rig {
  const gpuStates = noStates();
  for (const gpu of gpus) gpuStates[gpu.state] += 1;
  return {
    name: 'a1',
    site: 'quebec',
    state: 'up',
    instances: ['a1:9835'],
    gpus,
    gpuStates,
    looseMiners: [],
    host: nothingKnown,
    machine: null,
    problems: [],
    sampledAtMs: null,
    ...changes,
  };
}

export function sampleSnapshot(atMs: number, rigs: readonly Rig[], changes: Partial<Snapshot> = {}): Snapshot {
  return {
    atMs,
    durationMs: 1,
    source: 'exporters',
    rigs,
    targetsTotal: rigs.length,
    targetsUp: rigs.length,
    failures: [],
    marketplace: [],
    payouts: [],
    samplesRead: 0,
    warnings: [],
    incomplete: false,
    ...changes,
  };
}
