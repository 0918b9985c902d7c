import type { TargetReading } from './target-reading.ts';

/** How targets become rigs: names from the configuration, and labels that may name a rig, strongest first. */
export interface IdentityRules {
  readonly rigLabels: readonly string[];
  /** Host parts that several rigs share (a NAT, a jump host): never join by them. */
  readonly sharedHosts: ReadonlySet<string>;
  /** Host part to rig name. */
  readonly rewrites: ReadonlyMap<string, string>;
  /** What this instance's rig was called before: a rig that goes down keeps its name. */
  readonly remembered: ReadonlyMap<string, string>;
}

export interface TargetGroup {
  readonly name: string;
  readonly targets: readonly TargetReading[];
  /** Conflicts found while naming, in words. */
  readonly problems: readonly string[];
}

/**
 * Joins targets into rigs first and names the group then (METRICS.md section 2 rule 2): naming series one by one makes
 * three rigs of one. Targets that speak for an account are left out. Groups come sorted by name.
 */
export function joinTargets(readings: readonly TargetReading[], rules: IdentityRules): TargetGroup[] {
  const targets = readings.filter((target) => !target.isAccount);
  const explicitOnHost = new Map<string, Set<string>>();
  for (const target of targets) {
    const explicit = explicitRig(target, rules);
    const host = joinableHost(target.instance, rules);
    if (explicit === null || host === null) continue;
    const names = explicitOnHost.get(host) ?? new Set();
    names.add(explicit);
    explicitOnHost.set(host, names);
  }
  const groups = new Map<string, TargetReading[]>();
  for (const target of targets) {
    const key = groupKey(target, rules, explicitOnHost);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [target]);
    else group.push(target);
  }
  return unite([...groups.values()].map((members) => nameGroup(members, rules)));
}

/** `a1` of `a1:9835`, `::1` of `[::1]:9835`. */
export function hostPart(instance: string): string {
  const bracketed = /^\[(.*)\](?::\d+)?$/.exec(instance);
  if (bracketed !== null) return (bracketed[1] as string).toLowerCase();
  const colon = instance.lastIndexOf(':');
  return (colon === -1 ? instance : instance.slice(0, colon)).toLowerCase();
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function explicitRig(target: TargetReading, rules: IdentityRules): string | null {
  if (target.configuredRig !== null) return target.configuredRig;
  const label = target.labels['rig'];
  if (label !== undefined && label !== '') return label;
  return rules.rewrites.get(hostPart(target.instance)) ?? null;
}

function joinableHost(instance: string, rules: IdentityRules): string | null {
  const host = hostPart(instance);
  return host === '' || isLoopback(host) || rules.sharedHosts.has(host) ? null : host;
}

function groupKey(
  target: TargetReading,
  rules: IdentityRules,
  explicitOnHost: ReadonlyMap<string, ReadonlySet<string>>,
): string {
  const explicit = explicitRig(target, rules);
  if (explicit !== null) return `rig ${explicit}`;
  const host = joinableHost(target.instance, rules);
  if (host === null) return `instance ${target.instance}`;
  const explicitNames = [...(explicitOnHost.get(host) ?? [])];
  if (explicitNames.length === 1) return `rig ${explicitNames[0]}`;
  return explicitNames.length === 0 ? `host ${host}` : `instance ${target.instance}`;
}

function nameGroup(targets: readonly TargetReading[], rules: IdentityRules): TargetGroup {
  const problems: string[] = [];
  for (const target of targets) {
    const explicit = explicitRig(target, rules);
    if (explicit !== null) return { name: explicit, targets, problems };
  }
  for (const label of rules.rigLabels) {
    const values = new Set<string>();
    for (const target of targets) {
      const value = target.names.get(label) ?? target.labels[label];
      if (value !== undefined && value !== '') values.add(value);
    }
    const sorted = [...values].sort();
    if (sorted.length > 1) problems.push(`label ${label} names this rig ${sorted.join(' and ')}; ${sorted[0]} is used`);
    if (sorted[0] !== undefined) return { name: sorted[0], targets, problems };
  }
  for (const target of targets) {
    const before = rules.remembered.get(target.instance);
    if (before !== undefined) return { name: before, targets, problems };
  }
  const first = targets[0] as TargetReading;
  const host = hostPart(first.instance);
  return { name: isLoopback(host) ? first.instance : host, targets, problems };
}

/**
 * Two groups of one name are one rig seen under two addresses, unless both hold an exporter of the same kind: then they
 * are two rigs that carry the same label, and their addresses tell them apart.
 */
function unite(groups: readonly TargetGroup[]): TargetGroup[] {
  const byName = new Map<string, TargetGroup[]>();
  for (const group of groups) byName.set(group.name, [...(byName.get(group.name) ?? []), group]);
  const united: TargetGroup[] = [];
  for (const [name, sameName] of byName) {
    if (sameName.length === 1) united.push(...sameName);
    else if (shareNoDialect(sameName)) {
      united.push({
        name,
        targets: sameName.flatMap((group) => group.targets),
        problems: sameName.flatMap((group) => group.problems),
      });
    } else {
      for (const group of sameName) {
        const host = hostPart((group.targets[0] as TargetReading).instance);
        united.push({
          name: `${name} (${host})`,
          targets: group.targets,
          problems: [...group.problems, `${sameName.length} rigs are labelled ${name}; the address is added to tell them apart`],
        });
      }
    }
  }
  return united.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function shareNoDialect(groups: readonly TargetGroup[]): boolean {
  const seen = new Set<string>();
  for (const group of groups) {
    const own = new Set(group.targets.flatMap((target) => [...target.dialects].map((dialect) => dialect.id)));
    for (const id of own) {
      if (seen.has(id)) return false;
      seen.add(id);
    }
  }
  return true;
}
