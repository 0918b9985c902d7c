import type { Farm } from '../../src/domain/farm.ts';
import type { Rig } from '../../src/domain/rig.ts';
import type { MarketplaceQuote, Snapshot } from '../../src/domain/snapshot.ts';
import type { FleetContext } from '../../src/fleet/context.ts';
import { memoryAudit } from './memory-audit.ts';
import { MemoryLedger } from './memory-ledger.ts';
import { atMs } from './rigs.ts';

/** A whole observation of exporters: two targets a rig, all up. */
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
    conflicts: [],
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

/** Twelve seconds after the observation, with an empty ledger; no snapshot before the first. */
export function contextOf(snapshot: Snapshot | null, farm: Farm, known: Partial<FleetContext> = {}): FleetContext {
  return {
    farm,
    ledger: new MemoryLedger(),
    audit: memoryAudit(),
    changes: async () => [],
    occupancies: () => new Map(),
    clock: { now: () => atMs + 12_000 },
    snapshot: () => snapshot,
    explain: (families, instance) => `${families.join('|')} of ${instance}`,
    ...known,
  };
}
