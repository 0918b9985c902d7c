import type { Snapshot } from '../domain/snapshot.ts';
import type { workStates } from '../domain/work-state.ts';
import type { Presentation } from './command.ts';
import { formatAge } from './format.ts';
import { STALE_AFTER_SECONDS } from './observation-notes.ts';

/** The fleet in a line: `12 rigs, 1 down: 42 GPUs and 3 ASICs mining, 18 rented, 2 unknown`; of a stale snapshot only that it is stale. */
export function fleetLine({ atMs, rigs }: Snapshot, presentation: Presentation): string {
  const { nowMs, say } = presentation;
  if (nowMs - atMs > STALE_AFTER_SECONDS * 1_000) {
    return say('stale: the last observation is {age}', { age: formatAge(atMs, presentation) });
  }
  const down = rigs.filter(({ state }) => state === 'down').length;
  const gpus = (state: (typeof workStates)[number]) => rigs.reduce((sum, rig) => sum + rig.gpuStates[state], 0);
  return say(
    '{rigs, plural, one {# rig} other {# rigs}}{down, plural, =0 {} other {, # down}}: ' +
      '{mining, plural, one {# GPU} other {# GPUs}}{asics, plural, =0 {} one { and # ASIC} other { and # ASICs}} mining, ' +
      '{rented} rented' +
      '{idle, plural, =0 {} other {, # idle}}{unseen, plural, =0 {} other {, # unknown}}',
    {
      rigs: rigs.length,
      down,
      mining: gpus('mining'),
      asics: rigs.reduce((sum, { asics }) => sum + asics.filter(({ state }) => state === 'mining').length, 0),
      rented: gpus('rented'),
      idle: gpus('idle-listed') + gpus('idle-unlisted'),
      unseen: gpus('unknown'),
    },
  );
}
