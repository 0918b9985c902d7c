import type { Rig } from '../domain/rig.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { FleetContext } from './context.ts';

/** How good the observation is that an answer rests on; plain data, the same for every command. */
export function observationQuality(
  snapshot: Snapshot,
  rigs: readonly Rig[],
  context: Pick<FleetContext, 'clock' | 'sourceFailure'>,
) {
  const nowMs = context.clock.now();
  const inState = (state: Rig['state']) => rigs.filter((rig) => rig.state === state).length;
  return {
    at: new Date(snapshot.atMs).toISOString(),
    ageSeconds: Math.max(0, (nowMs - snapshot.atMs) / 1000),
    source: snapshot.source,
    targets: { total: snapshot.targetsTotal, up: snapshot.targetsUp },
    rigs: {
      total: rigs.length,
      up: inState('up'),
      partial: inState('partial'),
      silent: inState('silent'),
      down: inState('down'),
    },
    rigsWithUnknownGpus: rigs.filter(({ gpus, asics }) => gpus.length + asics.length === 0).length,
    incomplete: snapshot.incomplete,
    warnings: [...snapshot.warnings],
    sourceFailure: sourceFailureOf(context),
  };
}

export function sourceFailureOf({ sourceFailure }: Pick<FleetContext, 'sourceFailure'>) {
  const failure = sourceFailure?.() ?? null;
  return failure === null ? null : { since: new Date(failure.sinceMs).toISOString(), message: failure.message };
}
