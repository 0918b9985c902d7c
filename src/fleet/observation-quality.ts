import type { Rig } from '../domain/rig.ts';
import type { Snapshot } from '../domain/snapshot.ts';

/** How good the observation is that an answer rests on; plain data, the same for every command. */
export function observationQuality(snapshot: Snapshot, rigs: readonly Rig[], nowMs: number) {
  const inState = (state: Rig['state']) => rigs.filter((rig) => rig.state === state).length;
  return {
    at: new Date(snapshot.atMs).toISOString(),
    ageSeconds: Math.max(0, (nowMs - snapshot.atMs) / 1000),
    source: snapshot.source,
    targets: { total: snapshot.targetsTotal, up: snapshot.targetsUp },
    rigs: { total: rigs.length, up: inState('up'), partial: inState('partial'), down: inState('down') },
    rigsWithUnknownGpus: rigs.filter((rig) => rig.gpus.length === 0).length,
    incomplete: snapshot.incomplete,
    warnings: [...snapshot.warnings],
  };
}
