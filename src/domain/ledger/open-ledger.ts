import type { AccountRow } from '../ledger.ts';
import type { MarketplaceQuote } from '../snapshot.ts';
import type { OpenPeriod } from './open-period.ts';
import type { Grid } from './period.ts';
import type { CardSight } from './stretch.ts';

export interface SavedRig {
  readonly name: string;
  readonly site: string | null;
  readonly seen: { readonly atMs: number; readonly cards: readonly (readonly [string, CardSight])[] } | null;
  readonly grid: Grid | null;
  readonly periods: OpenPeriod[];
}

interface SavedFleet {
  readonly newestMs: number | null;
  readonly accounts: readonly AccountRow[];
  readonly marketplace: readonly MarketplaceQuote[];
}

interface SavedLedger extends SavedFleet {
  readonly rigs: readonly SavedRig[];
}

const kind = 'integrator';
const version = 1;

/** `rigs` are printed already, one by one, so that a large fleet never blocks. JSON keeps every double to the bit. */
export function printOpenLedger(rigs: readonly string[], fleet: SavedFleet): string {
  return `{"kind":"${kind}","version":${version},"fleet":${JSON.stringify(fleet)},"rigs":[${rigs.join(',')}]}`;
}

/** Null for text of another kind or version; text of this version is what `printOpenLedger` wrote. */
export function parseOpenLedger(text: string): SavedLedger | null {
  const saved = parse(text);
  if (!isSaved(saved)) return null;
  return { ...saved.fleet, rigs: saved.rigs };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isSaved(value: unknown): value is { fleet: SavedFleet; rigs: SavedRig[] } {
  if (typeof value !== 'object' || value === null) return false;
  return 'kind' in value && value.kind === kind && 'version' in value && value.version === version;
}
