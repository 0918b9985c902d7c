import type { Farm } from '../domain/farm.ts';
import type { TargetGroup } from '../domain/observation/join-targets.ts';
import type { TargetReading } from '../domain/observation/target-reading.ts';
import type { FleetMemory } from './fleet-memory.ts';

/**
 * Leaves out what is no rig of the farm: one that is retired and does not answer, one of which no exporter prints anything
 * that is known, and one that only an exporter elsewhere speaks of, which is said.
 */
export function* ownRigs(
  groups: readonly TargetGroup[],
  { retired }: Pick<Farm, 'retired'>,
  { strangers }: Pick<FleetMemory, 'strangers'>,
): Generator<void, { readonly groups: TargetGroup[]; readonly warnings: readonly string[] }> {
  const own: TargetGroup[] = [];
  const outside: string[] = [];
  for (const group of groups) {
    yield;
    const { targets } = group;
    if (targets.length > 0 && targets.every((target) => target.isOutside)) {
      outside.push(...targets.map(({ instance }) => instance));
      continue;
    }
    // What every server scrapes besides rigs, itself for one, is no rig.
    const isNobody = (target: TargetReading) =>
      target.isMute && strangers.has(target.key) && target.explicitRig === null;
    if (targets.length > 0 && targets.every(isNobody)) continue;
    const isGone = retired.has(group.name) && targets.every(({ failure }) => failure !== null);
    if (!isGone) own.push(group);
  }
  return { groups: own, warnings: outside.length === 0 ? [] : [probedOnly(outside)] };
}

/** Instances that a warning lists; the others are counted. */
const MOST_NAMED = 5;

function probedOnly(instances: readonly string[]): string {
  const more = instances.length > MOST_NAMED ? ` (+${instances.length - MOST_NAMED})` : '';
  return `probed from outside, but known to no exporter: ${instances.slice(0, MOST_NAMED).join(', ')}${more}`;
}

/** With the rigs of which cards are known and that nobody speaks of any more: they are missed until they are retired. */
export function* withUnlisted(
  groups: TargetGroup[],
  memory: FleetMemory,
  isIncomplete: boolean,
): Generator<void, TargetGroup[]> {
  const names = new Set<string>();
  let isSomeUnnamed = false;
  for (const { name, targets } of groups) {
    names.add(name);
    // What never answered may be one of the rigs that are missed, under another name.
    if (targets.length > 0 && targets.every((target) => target.failure !== null && !memory.isKnown(target.key))) {
      isSomeUnnamed ||= targets.every(({ explicitRig }) => explicitRig === null);
    }
    yield;
  }
  const problem = isIncomplete
    ? 'its exporters are missing from a partial answer'
    : isSomeUnnamed
      ? 'no exporter that has answered since the start is its own: bring it back, or retire it'
      : 'no exporter of it is configured any more: retire it or bring it back';
  const added: TargetGroup[] = [];
  for (const name of memory.missable()) {
    if (!names.has(name)) added.push({ name, targets: [], problems: [problem], conflicts: [] });
    names.add(name);
    yield;
  }
  return added.length === 0 ? groups : [...groups, ...added].sort((a, b) => (a.name < b.name ? -1 : 1));
}
