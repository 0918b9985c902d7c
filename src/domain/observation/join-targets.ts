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
  /** Instances that spoke for an account when they last answered: while they fail they are no rig either. */
  readonly accounts: { has(instance: string): boolean };
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
  const steps = joinTargetsInSteps(readings, rules);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same, yielding after each target or rig: ten thousand rigs take longer than anybody may be kept waiting. */
export function* joinTargetsInSteps(
  readings: readonly TargetReading[],
  rules: IdentityRules,
): Generator<void, TargetGroup[]> {
  const targets = readings.filter(
    (target) => !target.isAccount && !(target.failure !== null && rules.accounts.has(target.instance)),
  );
  const explicitOnHost = new Map<string, Set<string>>();
  for (const target of targets) {
    yield;
    const explicit = explicitRig(target);
    const host = joinableHost(target.instance, rules);
    if (explicit === null || host === null) continue;
    const names = explicitOnHost.get(host) ?? new Set();
    names.add(explicit);
    explicitOnHost.set(host, names);
  }
  const groups = new Map<string, TargetReading[]>();
  for (const target of targets) {
    yield;
    const key = groupKey(target, rules, explicitOnHost);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [target]);
    else group.push(target);
  }
  const named: TargetGroup[] = [];
  for (const members of groups.values()) {
    yield;
    named.push(nameGroup(members.sort(byInstance), rules));
  }
  return yield* unite(named);
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

/** In the configuration, else as the target's own label. */
function explicitRig(target: TargetReading): string | null {
  if (target.configuredRig !== null) return target.configuredRig;
  const label = target.labels['rig'];
  return label === undefined || label === '' ? null : label;
}

function rewrittenRig(target: TargetReading, rules: IdentityRules): string | null {
  return rules.rewrites.get(hostPart(target.instance)) ?? null;
}

/** So that the order in which targets answered decides nothing. */
function byInstance(a: TargetReading, b: TargetReading): number {
  const key = ({ instance, labels }: TargetReading) => `${instance}\n${labels['job'] ?? ''}`;
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
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
  const explicit = explicitRig(target);
  if (explicit !== null) return `rig ${explicit}`;
  const host = joinableHost(target.instance, rules);
  const explicitNames = [...((host === null ? null : explicitOnHost.get(host)) ?? [])];
  if (explicitNames.length === 1) return `rig ${explicitNames[0]}`;
  const rewritten = rewrittenRig(target, rules);
  if (rewritten !== null) return `rig ${rewritten}`;
  return host !== null && explicitNames.length === 0 ? `host ${host}` : `instance ${target.instance}`;
}

function nameGroup(targets: readonly TargetReading[], rules: IdentityRules): TargetGroup {
  const problems: string[] = [];
  const given = firstName(targets, explicitRig) ?? firstName(targets, (target) => rewrittenRig(target, rules));
  if (given !== null) return { name: given, targets, problems };
  const before = firstName(targets, ({ instance }) => rules.remembered.get(instance) ?? null);
  // A target that fails takes its labels along: what is left must not rename the rig.
  if (before !== null && targets.some(({ failure }) => failure !== null)) return { name: before, targets, problems };
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
  if (before !== null) return { name: before, targets, problems };
  const first = targets[0] as TargetReading;
  const host = hostPart(first.instance);
  return { name: isLoopback(host) ? first.instance : host, targets, problems };
}

function firstName(targets: readonly TargetReading[], nameOf: (target: TargetReading) => string | null): string | null {
  for (const target of targets) {
    const name = nameOf(target);
    if (name !== null) return name;
  }
  return null;
}

/**
 * Two groups of one name are one rig seen under two addresses, unless both hold an exporter of the same kind: then they
 * are two rigs that carry the same label, and their addresses tell them apart.
 */
function* unite(groups: readonly TargetGroup[]): Generator<void, TargetGroup[]> {
  const byName = new Map<string, TargetGroup[]>();
  for (const group of groups) byName.set(group.name, [...(byName.get(group.name) ?? []), group]);
  const united: TargetGroup[] = [];
  for (const [name, sameName] of byName) {
    yield;
    sameName.sort((a, b) => byInstance(a.targets[0] as TargetReading, b.targets[0] as TargetReading));
    if (sameName.length === 1) united.push(...sameName);
    else if (shareNoDialect(sameName)) {
      united.push({
        name,
        targets: sameName.flatMap((group) => group.targets),
        problems: sameName.flatMap((group) => group.problems),
      });
    } else {
      const instances = sameName.map((group) => (group.targets[0] as TargetReading).instance);
      const hosts = instances.map(hostPart);
      const addresses = new Set(hosts).size === hosts.length ? hosts : instances;
      for (const [index, group] of sameName.entries()) {
        united.push({
          name: `${name} (${addresses[index]})`,
          targets: group.targets,
          problems: [
            ...group.problems,
            `${sameName.length} rigs are labelled ${name}; the address is added to tell them apart`,
          ],
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
