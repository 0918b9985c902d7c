import type { AccountRow } from '../ledger.ts';
import type { MarketplaceQuote } from '../snapshot.ts';
import { type FirstPeriod, fromFirstPeriod } from './first-open-ledger.ts';
import type { OpenPeriod } from './open-period.ts';
import type { Grid } from './period.ts';
import type { CardSight } from './sight.ts';

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
const version = 2 as const;

/** `rigs` are printed already, one by one, so that a large fleet never blocks. JSON keeps every double to the bit. */
export function printOpenLedger(rigs: readonly string[], fleet: SavedFleet): string {
  return `{"kind":"${kind}","version":${version},"fleet":${JSON.stringify(fleet)},"rigs":[${rigs.join(',')}]}`;
}

/** Null for text of another kind; what an earlier version printed is read too. */
export function parseOpenLedger(text: string): SavedLedger | null {
  const saved = parse(text);
  if (isPrinted(saved, version)) return { ...saved.fleet, rigs: saved.rigs };
  if (!isPrinted(saved, 1)) return null;
  return { ...saved.fleet, rigs: saved.rigs.map((rig) => ({ ...rig, periods: rig.periods.map(fromFirstPeriod) })) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

interface Printed<Period> {
  readonly fleet: SavedFleet;
  readonly rigs: readonly (Omit<SavedRig, 'periods'> & { readonly periods: Period[] })[];
}

function isPrinted(saved: unknown, by: 1): saved is Printed<FirstPeriod>;
function isPrinted(saved: unknown, by: typeof version): saved is Printed<OpenPeriod>;
function isPrinted(saved: unknown, by: number): boolean {
  if (typeof saved !== 'object' || saved === null) return false;
  return 'kind' in saved && saved.kind === kind && 'version' in saved && saved.version === by && 'rigs' in saved;
}
