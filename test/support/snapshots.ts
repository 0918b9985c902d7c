import type { Farm } from '../../src/domain/farm.ts';
import type { Gpu, Rig } from '../../src/domain/rig.ts';
import type { MarketplaceQuote, Snapshot } from '../../src/domain/snapshot.ts';
import { noStates } from '../../src/domain/work-state.ts';
import type { FleetContext } from '../../src/fleet/context.ts';
import { atMs, gpu, rig } from '../readiness/rigs.ts';
import { MemoryLedger } from './memory-ledger.ts';

/** A card that mines 120 MH/s of kawpow at 294 W. */
export function miningCard(known: Partial<Gpu> = {}): Gpu {
  return gpu({
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

/** A rig at `quebec` whose GPUs are counted by their own states unless it is said otherwise. */
export function rigOf(gpus: readonly Gpu[], known: Partial<Rig> = {}): Rig {
  const gpuStates = noStates();
  for (const { state } of gpus) gpuStates[state] += 1;
  return rig({ site: 'quebec', gpus, gpuStates, ...known });
}

export function snapshotOf(rigs: readonly Rig[], known: Partial<Snapshot> = {}): Snapshot {
  return {
    atMs,
    durationMs: 100,
    source: 'exporters',
    rigs,
    targetsTotal: 2 * rigs.length,
    targetsUp: 2 * rigs.length,
    failures: [],
    marketplace: [],
    payouts: [],
    samplesRead: 0,
    warnings: [],
    incomplete: false,
    ...known,
  };
}

export function marketplaceQuoteOf(known: Partial<MarketplaceQuote> = {}): MarketplaceQuote {
  return {
    platform: 'vast',
    model: 'RTX 3090',
    medianUsdPerGpuHour: 0.2,
    p10UsdPerGpuHour: null,
    p90UsdPerGpuHour: null,
    occupancy: 0.8,
    kind: 'on-demand median of rented verified offers, renter side',
    sampledAtMs: atMs,
    ...known,
  };
}

/** Twelve seconds after the observation; null before the first. */
export function contextOf(snapshot: Snapshot | null, farm: Farm): FleetContext {
  return {
    farm,
    ledger: new MemoryLedger(),
    occupancies: () => new Map(),
    clock: { now: () => atMs + 12_000 },
    snapshot: () => snapshot,
    explain: (families, instance) => `${families.join('|')} of ${instance}`,
  };
}
