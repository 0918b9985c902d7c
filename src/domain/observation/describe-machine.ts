import type { MarketplaceMachine } from '../rig.ts';
import type { MachineReading } from './marketplace-reading.ts';

/** Others' rentals are on-demand, bid and reserved; `default` is the host's idle job and `my` the host himself. */
const rentalTypes = ['ondemand', 'bid', 'reserved'] as const;

export function describeMachine(reading: MachineReading): MarketplaceMachine {
  const { signals, usedGpus } = reading;
  const rentals = rentalTypes.map((type) => usedGpus.get(type)).filter((count) => count !== undefined);
  return {
    platform: 'vast',
    machineId: reading.id,
    gpuCount: signals.gpuCount ?? null,
    rentedGpus: rentals.length === 0 ? null : rentals.reduce((sum, count) => sum + count, 0),
    defaultJobGpus: usedGpus.get('default') ?? null,
    ownGpus: usedGpus.get('my') ?? null,
    listed: flag(signals.listed),
    online: flag(signals.online),
    verified: flag(signals.verified),
    datacenter: flag(signals.datacenter),
    staticIp: flag(signals.staticIp),
    reliability: signals.reliability ?? null,
    listedUsdPerGpuHour: signals.listedUsdPerGpuHour ?? null,
    downloadBitsPerSecond: reading.downloadBitsPerSecond,
    uploadBitsPerSecond: reading.uploadBitsPerSecond,
  };
}

function flag(value: number | undefined): boolean | null {
  return value === undefined ? null : value !== 0;
}
