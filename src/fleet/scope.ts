import { UserError } from '../domain/errors.ts';
import type { Rig } from '../domain/rig.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { FleetContext } from './context.ts';

/** What a question is about. */
export interface Scope {
  readonly kind: 'fleet' | 'site' | 'rig';
  /** Null for the fleet. */
  readonly name: string | null;
}

/** @throws UserError before the first observation. */
export function currentSnapshot(context: Pick<FleetContext, 'snapshot'>): Snapshot {
  const snapshot = context.snapshot();
  if (snapshot === null)
    throw new UserError(
      'There is no observation of the fleet yet.',
      'Ask again in a moment; status tells when one arrived.',
    );
  return snapshot;
}

/**
 * The rigs of a scope, by exact name whatever its case.
 * @throws UserError naming the nearest name where there is none.
 */
export function rigsInScope(
  snapshot: Snapshot,
  context: Pick<FleetContext, 'farm'>,
  asked: { readonly rig?: string | undefined; readonly site?: string | undefined },
  nearest: (name: string, candidates: Iterable<string>) => string | null,
): { readonly scope: Scope; readonly rigs: readonly Rig[] } {
  if (asked.rig !== undefined) {
    const wanted = asked.rig.toLowerCase();
    const rig = snapshot.rigs.find((candidate) => candidate.name.toLowerCase() === wanted);
    if (rig === undefined)
      throw unknownName(
        'rig',
        asked.rig,
        nearest(
          asked.rig,
          snapshot.rigs.map(({ name }) => name),
        ),
        'rigs',
      );
    return { scope: { kind: 'rig', name: rig.name }, rigs: [rig] };
  }
  if (asked.site === undefined) return { scope: { kind: 'fleet', name: null }, rigs: snapshot.rigs };
  const wanted = asked.site.toLowerCase();
  const sites = context.farm.sites.map(({ name }) => name);
  const site = sites.find((name) => name.toLowerCase() === wanted);
  if (site === undefined) throw unknownName('site', asked.site, nearest(asked.site, sites), 'status');
  return { scope: { kind: 'site', name: site }, rigs: snapshot.rigs.filter((rig) => rig.site === site) };
}

function unknownName(kind: string, name: string, near: string | null, list: string): UserError {
  return new UserError(
    `There is no ${kind} called "${name}".`,
    near === null ? `Type ${list} to see them.` : `Did you mean ${kind}:${near}?`,
  );
}
