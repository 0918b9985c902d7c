import type { TargetGroup } from '../domain/observation/join-targets.ts';
import type { MachineReading } from '../domain/observation/marketplace-reading.ts';
import type { TargetReading } from '../domain/observation/target-reading.ts';
import type { IdentityConflict } from '../domain/snapshot.ts';

export interface MachinesByRig {
  readonly machines: ReadonlyMap<string, MachineReading>;
  readonly conflicts: readonly IdentityConflict[];
}

/** Machines of marketplace accounts by the rig that they are: the host's name with or without its domain. */
export function* machinesByRig(
  groups: readonly TargetGroup[],
  readings: readonly TargetReading[],
): Generator<void, MachinesByRig> {
  const byName = yield* rigsByAlias(groups, ({ name }) => [name]);
  const byLabel = yield* rigsByAlias(groups, labelNames);
  const machines = new Map<string, MachineReading>();
  const conflicts: IdentityConflict[] = [];
  for (const reading of readings) {
    for (const machine of reading.machines.values()) {
      yield;
      const host = bareHost(machine.hostname ?? machine.id);
      const named = byName.get(host) ?? [];
      const rigs = named.length === 1 ? named : (byLabel.get(host) ?? named);
      const [rig, another] = rigs;
      if (rig === undefined || another !== undefined) {
        conflicts.push(fitsSeveralRigs(machine, [...new Set([...named, ...rigs])].sort()));
        continue;
      }
      const other = machines.get(rig);
      const used = other === undefined ? machine : speaksFor(other, machine);
      machines.set(rig, used);
      if (other !== undefined) conflicts.push(twoMachines(rig, used, used === machine ? other : machine));
    }
  }
  return { machines, conflicts };
}

/** A machine that no exporter but its marketplace's knows is a rig all the same. */
export function* withMarketplaceOnly(
  groups: TargetGroup[],
  readings: readonly TargetReading[],
): Generator<void, TargetGroup[]> {
  const names = new Set<string>();
  for (const group of groups) {
    for (const alias of [group.name, ...labelNames(group)]) names.add(bareHost(alias));
    yield;
  }
  const added: TargetGroup[] = [];
  for (const reading of readings) {
    for (const machine of reading.machines.values()) {
      yield;
      const name = machine.hostname ?? `${machine.id}`;
      if (names.has(bareHost(name))) continue;
      names.add(bareHost(name));
      added.push({
        name,
        targets: [],
        problems: ['only its marketplace reports this rig: no exporter of its own was found'],
        conflicts: [],
      });
    }
  }
  return added.length === 0 ? groups : [...groups, ...added].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What two rigs are called ties a machine to neither. */
function* rigsByAlias(
  groups: readonly TargetGroup[],
  namesOf: (group: TargetGroup) => readonly string[],
): Generator<void, ReadonlyMap<string, readonly string[]>> {
  const rigs = new Map<string, string[]>();
  for (const group of groups) {
    for (const alias of new Set(namesOf(group).map(bareHost))) {
      const known = rigs.get(alias);
      if (known === undefined) rigs.set(alias, [group.name]);
      else known.push(group.name);
    }
    yield;
  }
  return rigs;
}

function labelNames(group: TargetGroup): string[] {
  return group.targets.flatMap((target) => [...target.names.values()]);
}

function bareHost(name: string): string {
  return (/^\d+(?:\.\d+){3}$/.test(name) ? name : (name.split('.')[0] as string)).toLowerCase();
}

function fitsSeveralRigs({ id, hostname }: MachineReading, rigs: readonly string[]): IdentityConflict {
  return {
    kind: 'machine',
    rigs,
    message: `marketplace machine ${id} (${hostname ?? 'no hostname'}) fits several rigs and is tied to none: its rentals are not seen`,
    remedy: 'give each rig a name of its own that is the hostname of its machine',
  };
}

/** Of two machines the one that is online, then the one whose account answers, then the first by number. */
function speaksFor(a: MachineReading, b: MachineReading): MachineReading {
  const weight = ({ signals }: MachineReading) => (signals.online === 1 ? 2 : Object.keys(signals).length > 0 ? 1 : 0);
  if (weight(a) !== weight(b)) return weight(a) > weight(b) ? a : b;
  return Number(a.id) - Number(b.id) < 0 || (Number(a.id) === Number(b.id) && a.id < b.id) ? a : b;
}

function twoMachines(rig: string, used: MachineReading, other: MachineReading): IdentityConflict {
  return {
    kind: 'machine',
    rigs: [rig],
    message: `marketplace machines ${used.id} and ${other.id} both carry the hostname of rig ${rig}; ${used.id} is used`,
    remedy: 'take the old machine off the marketplace account, or give the two hosts names of their own',
  };
}
