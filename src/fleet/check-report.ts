import { dialects } from '../data/dialects/index.ts';
import type { Farm } from '../domain/farm.ts';
import type { Snapshot } from '../domain/snapshot.ts';

/** What an operator should know before he trusts a figure; each finding in words. */
export interface CheckReport {
  readonly rigs: number;
  readonly gpus: number;
  readonly targetsUp: number;
  readonly targetsTotal: number;
  /** Something outside does not answer. */
  readonly failures: readonly string[];
  /** The observation is whole, but contradicts itself or the configuration. */
  readonly findings: readonly string[];
  readonly remarks: readonly string[];
}

/** What one observation says of the configuration: failed targets, conflicts of identity, rigs without a site. */
export function checkReport(snapshot: Snapshot, farm: Farm): CheckReport {
  const seen = new Set(snapshot.rigs.map((rig) => rig.name));
  const declared = [...farm.rigs.keys(), ...farm.inventory.keys()];
  const unseen = [...new Set(declared)].filter((name) => !seen.has(name));
  return {
    rigs: snapshot.rigs.length,
    gpus: snapshot.rigs.reduce((sum, rig) => sum + rig.gpus.length, 0),
    targetsUp: snapshot.targetsUp,
    targetsTotal: snapshot.targetsTotal,
    failures: snapshot.failures.map(({ instance, rig, message }) => `${rig ?? instance}: ${instance} ${message}`),
    findings: [
      ...snapshot.warnings,
      ...snapshot.rigs.flatMap((rig) => rig.problems.map((problem) => `${rig.name}: ${problem}`)),
      ...snapshot.rigs
        .filter((rig) => rig.site === null)
        .map((rig) => `${rig.name}: no site, so no power price; set sites[].match or rigs.${rig.name}.site`),
      ...unseen.map((name) => `${name}: declared, but no target of this name answers or is known`),
    ],
    remarks: dialects
      .filter((dialect) => dialect.evidence !== 'recorded')
      .map(
        (dialect) =>
          `dialect ${dialect.id}: ${dialect.evidence === 'published' ? 'from published names, not from a recording' : 'unverified'} (${dialect.source})`,
      ),
  };
}
