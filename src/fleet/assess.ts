import { findCard } from '../data/cards.ts';
import { vast202608 } from '../data/readiness-policies.ts';
import type { Farm } from '../domain/farm.ts';
import { evaluateRig, type RigReadiness } from '../domain/readiness/evaluate.ts';
import type { ReadinessPolicy } from '../domain/readiness/policy.ts';
import type { Place } from '../domain/readiness/subject.ts';
import { gateTiers, type ProvenTier, reaches, type Tier } from '../domain/readiness/tier.ts';
import type { Rig } from '../domain/rig.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { createBreather } from './breather.ts';
import { oncePerSnapshot } from './once-per-snapshot.ts';

/** The policy by which readiness is judged unless somebody asks for another. */
export const currentPolicy: ReadinessPolicy = vast202608;

/** Gates of more rigs than this, 36 each, are too much to keep, check and print without blocking somebody. */
const MOST_RIGS_WITH_GATES = 200;

/** GPUs by the tier of the rig they sit in. */
export interface GpusByTier {
  readonly total: number;
  readonly proven: Readonly<Record<ProvenTier, number>>;
  /** `unknown`: GPUs of rigs of which no potential can be stated; in no tier. */
  readonly potential: Readonly<Record<Tier | 'unknown', number>>;
}

/** Ratios 0..1 of the GPUs seen; null where none was seen. */
export interface ConvertibleShares {
  /** The tier from which a GPU counts as convertible. */
  readonly from: Tier;
  /** GPUs seen. */
  readonly denominator: number;
  readonly proven: number | null;
  /** Of `proven`: what rests on the operator's word somewhere. */
  readonly provenDeclared: number | null;
  /** Gates that nothing could judge are assumed to pass. */
  readonly potential: number | null;
  /** GPUs of which nothing can be said; apart from the others, in neither of them. */
  readonly unknown: number | null;
}

export interface FleetReadiness {
  readonly atMs: number;
  readonly policy: ReadinessPolicy;
  readonly rigs: readonly RigReadiness[];
  /** Rigs of which no card was seen, so that no share counts them. */
  readonly rigsWithoutGpus: number;
  readonly gpus: GpusByTier;
  readonly shares: ConvertibleShares;
  /** Gates of the policy that nothing evaluates yet, sorted. */
  readonly notEvaluated: readonly string[];
}

/**
 * Judges `selected` rigs of a snapshot, all of them by default. Lets other work run in between, so that ten thousand rigs
 * block nobody; of more than MOST_RIGS_WITH_GATES the verdicts are kept, and not the gates.
 */
export async function assessFleet(
  snapshot: Snapshot,
  farm: Farm,
  policy: ReadinessPolicy,
  atMs: number,
  selected: readonly Rig[] = snapshot.rigs,
): Promise<FleetReadiness> {
  if (selected === snapshot.rigs) return assessAll(snapshot, farm, policy, atMs);
  // What is kept of a large fleet has no gates: those of a few rigs are found again.
  const gatesAreLost = !keepsGates(snapshot.rigs) && keepsGates(selected);
  const judged = gatesAreLost
    ? await judgeRigs(selected, snapshot, farm, policy, atMs)
    : await judgeAll(snapshot, farm, policy, atMs);
  return summarise(
    selected.flatMap((rig) => judged.get(rig) ?? []),
    policy,
    atMs,
  );
}

const assessAll = oncePerSnapshot(async (snapshot: Snapshot, farm: Farm, policy: ReadinessPolicy, atMs: number) => {
  const judged = await judgeAll(snapshot, farm, policy, atMs);
  return summarise([...judged.values()], policy, atMs);
});

const judgeAll = oncePerSnapshot((snapshot: Snapshot, farm: Farm, policy: ReadinessPolicy, atMs: number) =>
  judgeRigs(snapshot.rigs, snapshot, farm, policy, atMs),
);

/** In the order of `selected`. */
async function judgeRigs(
  selected: readonly Rig[],
  snapshot: Snapshot,
  farm: Farm,
  policy: ReadinessPolicy,
  atMs: number,
): Promise<ReadonlyMap<Rig, RigReadiness>> {
  const places = placesOf(snapshot, farm);
  const breathe = createBreather();
  const judged = new Map<Rig, RigReadiness>();
  for (const rig of selected) {
    const verdict = evaluateRig(rig, places.get(rig.site) ?? nowhere, { policy, findCard }, atMs);
    judged.set(rig, keepsGates(selected) ? verdict : { ...verdict, gates: [] });
    const pause = breathe();
    if (pause !== undefined) await pause;
  }
  return judged;
}

function keepsGates(rigs: readonly Rig[]): boolean {
  return rigs.length <= MOST_RIGS_WITH_GATES;
}

function summarise(rigs: readonly RigReadiness[], policy: ReadinessPolicy, atMs: number): FleetReadiness {
  const gpus = countGpus(rigs);
  return {
    atMs,
    policy,
    rigs,
    rigsWithoutGpus: rigs.filter((rig) => rig.gpus === 0).length,
    gpus,
    shares: sharesOf(rigs, gpus, policy),
    notEvaluated: [...new Set(gateTiers.flatMap((tier) => policy.tiers[tier].notEvaluated))].sort(),
  };
}

const nowhere: Place = { site: null, rigsAtSite: 1 };

const placesOf = oncePerSnapshot((snapshot: Snapshot, farm: Farm): ReadonlyMap<string | null, Place> => {
  const rigsAtSite = new Map<string, number>();
  for (const { site } of snapshot.rigs) if (site !== null) rigsAtSite.set(site, (rigsAtSite.get(site) ?? 0) + 1);
  return new Map(farm.sites.map((site) => [site.name, { site, rigsAtSite: rigsAtSite.get(site.name) ?? 0 }]));
});

function countGpus(rigs: readonly RigReadiness[]): GpusByTier {
  const proven: Record<ProvenTier, number> = { none: 0, T0: 0, T1: 0, T2: 0, T3: 0, T4: 0 };
  const potential: Record<Tier | 'unknown', number> = { T0: 0, T1: 0, T2: 0, T3: 0, T4: 0, unknown: 0 };
  let total = 0;
  for (const rig of rigs) {
    total += rig.gpus;
    proven[rig.proven] += rig.gpus;
    potential[rig.potentialStated ? rig.potential : 'unknown'] += rig.gpus;
  }
  return { total, proven, potential };
}

function sharesOf(rigs: readonly RigReadiness[], gpus: GpusByTier, policy: ReadinessPolicy): ConvertibleShares {
  const from = policy.convertibleFrom;
  const share = (counts: (rig: RigReadiness) => boolean): number | null => {
    if (gpus.total === 0) return null;
    return rigs.reduce((sum, rig) => sum + (counts(rig) ? rig.gpus : 0), 0) / gpus.total;
  };
  return {
    from,
    denominator: gpus.total,
    proven: share((rig) => reaches(rig.proven, from)),
    provenDeclared: share((rig) => reaches(rig.proven, from) && rig.restsOnDeclaration),
    potential: share((rig) => rig.potentialStated && reaches(rig.potential, from)),
    unknown: share((rig) => !rig.potentialStated),
  };
}
