import { assembleRig } from '../../src/domain/observation/assemble-rig.ts';
import { joinTargets } from '../../src/domain/observation/join-targets.ts';
import type { TargetReading } from '../../src/domain/observation/target-reading.ts';
import type { Rig } from '../../src/domain/rig.ts';
import { noContext, noRules } from './readings.ts';

/** The rigs that these targets are, as nothing else is known of them. */
export function assembleAll(readings: readonly TargetReading[]): Rig[] {
  return joinTargets(readings, noRules).map((group) => assembleRig(group, noContext));
}
