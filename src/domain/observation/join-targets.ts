import type { Rewrite } from '../metrics-settings.ts';
import type { IdentityConflict } from '../snapshot.ts';
import { hostPart, isLoopback } from './instance-host.ts';
import { rigName } from './raw-values.ts';
import { rigTargets, type TargetReading } from './target-reading.ts';

/** How targets become rigs: names from the configuration, and labels that may name a rig, strongest first. */
export interface IdentityRules {
  readonly rigLabels: readonly string[];
  /** Host parts that several rigs share (a NAT, a jump host): never join by them. */
  readonly sharedHosts: ReadonlySet<string>;
  readonly rewrites: readonly Rewrite[];
  /** What the rig of a target was called before, by the target's key: a rig that goes down keeps its name. */
  readonly remembered: { get(key: string): string | undefined };
  /** Keys of targets that were no exporters of a rig's own when they last answered: while they fail they are no rig either. */
  readonly accounts: { has(key: string): boolean };
}

export interface TargetGroup {
  readonly name: string;
  readonly targets: readonly TargetReading[];
  /** Conflicts found while naming, in words. */
  readonly problems: readonly string[];
  /** The same with what to do about them; one that concerns several rigs stands with the first. */
  readonly conflicts: readonly IdentityConflict[];
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
  const targets = [...rigTargets(readings)].filter(
    (target) => target.isPart || target.failure === null || !rules.accounts.has(target.key),
  );
  const explicitOnHost = new Map<string, Set<string>>();
  const labelledAt = new Map<string, Set<string>>();
  const places: Places = { explicitOnHost, manyRigs: new Set() };
  for (const target of targets) {
    yield;
    const labelled = labelsAt(target, labelledAt);
    if (labelled !== null && labelled.size > 1) places.manyRigs.add(hostPart(target.instance));
    // What an exporter of many rigs says of one tells nothing of the host that it runs on.
    if (target.isPart) continue;
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
    const key = groupKey(target, rules, places);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [target]);
    else group.push(target);
  }
  const named: TargetGroup[] = [];
  for (const members of groups.values()) {
    yield;
    named.push(nameGroup(members.sort(byInstance), rules));
  }
  return yield* unite(named, rules);
}

interface Places {
  readonly explicitOnHost: ReadonlyMap<string, ReadonlySet<string>>;
  /** Host parts that every rig calls its own: `localhost`, or a container's name, as an agent on each rig sees it. */
  readonly manyRigs: Set<string>;
}

/** How those name their rigs that scrape one address for one job: if differently, it is an address on each of these rigs. */
function labelsAt(
  { isPart, instance, labels, labelledRig, configuredRig }: TargetReading,
  known: Map<string, Set<string>>,
): ReadonlySet<string> | null {
  if (isPart || labelledRig === null || configuredRig !== null) return null;
  const place = `${instance}\n${labels['job'] ?? ''}`;
  const names = known.get(place) ?? new Set();
  known.set(place, names.add(labelledRig));
  return names;
}

/** In the configuration, else as the target's own label. */
function explicitRig({ explicitRig: name }: TargetReading): string | null {
  return name;
}

function rewrittenRig(target: TargetReading, rules: IdentityRules): string | null {
  const host = hostPart(target.instance);
  const rule = rules.rewrites.find(({ pattern }) => pattern.test(host));
  return rule === undefined ? null : host.replace(rule.pattern, rule.rig);
}

/** So that the order in which targets answered decides nothing. */
function byInstance(a: TargetReading, b: TargetReading): number {
  const key = ({ instance, labels, isPart }: TargetReading) => `${instance}\n${labels['job'] ?? ''}\n${isPart}`;
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
}

function joinableHost(instance: string, rules: IdentityRules): string | null {
  const host = hostPart(instance);
  return host === '' || isLoopback(host) || rules.sharedHosts.has(host) ? null : host;
}

function groupKey(target: TargetReading, rules: IdentityRules, { explicitOnHost, manyRigs }: Places): string {
  const explicit = explicitRig(target);
  if (explicit !== null) return `rig ${explicit}`;
  if (manyRigs.has(hostPart(target.instance))) return `label ${target.labelledRig ?? target.instance}`;
  const host = joinableHost(target.instance, rules);
  const explicitNames = [...((host === null ? null : explicitOnHost.get(host)) ?? [])];
  if (explicitNames.length === 1) return `rig ${explicitNames[0]}`;
  const rewritten = rewrittenRig(target, rules);
  if (rewritten !== null) return `rig ${rewritten}`;
  return host !== null && explicitNames.length === 0 ? `host ${host}` : `instance ${target.instance}`;
}

function nameGroup(targets: readonly TargetReading[], rules: IdentityRules): TargetGroup {
  const given = firstName(targets, explicitRig) ?? firstName(targets, (target) => rewrittenRig(target, rules));
  if (given !== null) return { name: given, targets, problems: [], conflicts: otherLabels(targets) };
  const before = firstName(targets, ({ key }) => rules.remembered.get(key) ?? null);
  // A target that fails takes its labels along: what is left must not rename the rig.
  const isWhole = targets.every(({ failure }) => failure === null);
  const labelled = before !== null && !isWhole ? null : namedByLabel(targets, rules);
  if (labelled !== null) return labelled;
  const first = targets[0] as TargetReading;
  const host = hostPart(first.instance);
  return { name: before ?? (isLoopback(host) ? first.instance : host), targets, problems: [], conflicts: [] };
}

function namedByLabel(targets: readonly TargetReading[], rules: IdentityRules): TargetGroup | null {
  for (const label of rules.rigLabels) {
    const values = new Set<string>();
    for (const target of targets) {
      const value = target.names.get(label) ?? rigName(target.labels[label]);
      if (value !== null) values.add(value);
    }
    const [name, ...others] = [...values].sort();
    if (name === undefined) continue;
    if (others.length === 0) return { name, targets, problems: [], conflicts: [] };
    const message = `label ${label} names this rig ${[name, ...others].join(' and ')}; ${name} is used`;
    const remedy = `give its exporters one ${label} label, or name the rig in the configuration`;
    return { name, targets, problems: [message], conflicts: [{ kind: 'rig-label', rigs: [name], message, remedy }] };
  }
  return null;
}

/** The configuration wins over a target's own `rig` label; where they differ, one of the two is out of date. */
function otherLabels(targets: readonly TargetReading[]): IdentityConflict[] {
  return targets.flatMap(({ instance, isPart, configuredRig, labels: { rig } }): IdentityConflict[] => {
    if (isPart || configuredRig === null || rig === undefined || rig === '' || rig === configuredRig) return [];
    const message = `${instance} is labelled ${rig}, the configuration names it ${configuredRig}; the configuration is used`;
    const remedy = 'take the label away, or the name in the configuration';
    return [{ kind: 'rig-label', rigs: [configuredRig], message, remedy }];
  });
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
function* unite(groups: readonly TargetGroup[], rules: IdentityRules): Generator<void, TargetGroup[]> {
  let united = yield* uniteOnce(spelledAlike(groups, rules), rules);
  // A name with an address may be what another rig is called.
  while (new Set(united.map(({ name }) => name)).size < united.length) united = yield* uniteOnce(united, rules);
  return united.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Names that differ only in capitals are one name, unless both hold an exporter of the same kind: then they are two rigs. */
function spelledAlike(groups: readonly TargetGroup[], rules: IdentityRules): readonly TargetGroup[] {
  const alike = Map.groupBy(groups, ({ name }) => name.toLowerCase());
  if (alike.size === groups.length) return groups;
  return [...alike.values()].flatMap((same) => {
    const names = [...new Set(same.map(({ name }) => name))].sort();
    const targets = same.flatMap((group) => group.targets);
    const configured = new Set(targets.flatMap(({ configuredRig }) => configuredRig ?? []));
    const [name = ''] = configured.size > 0 ? configured : names;
    const wereApart = targets.some(({ key }) => {
      const before = rules.remembered.get(key);
      return before !== undefined && before !== name && before.toLowerCase() === name.toLowerCase();
    });
    if (names.length < 2 || configured.size > 1 || wereApart || !shareNoDialect(same)) return same;
    const message = `exporters call this rig ${names.join(' and ')}; ${name} is used`;
    const conflict = {
      kind: 'rig-label',
      rigs: [name],
      message,
      remedy: 'write its name in the same letters everywhere',
    } as const;
    return same.map((group, index) => ({
      ...group,
      name,
      problems: index === 0 ? [...group.problems, message] : group.problems,
      conflicts: index === 0 ? [...group.conflicts, conflict] : group.conflicts,
    }));
  });
}

function* uniteOnce(groups: readonly TargetGroup[], rules: IdentityRules): Generator<void, TargetGroup[]> {
  const byName = new Map<string, TargetGroup[]>();
  for (const group of groups) byName.set(group.name, [...(byName.get(group.name) ?? []), group]);
  const united: TargetGroup[] = [];
  for (const [name, sameName] of byName) {
    yield;
    sameName.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
    const [only, another] = sameName;
    if (only !== undefined && another === undefined) united.push(stillApart(only, byName, rules));
    else if (shareNoDialect(sameName)) {
      united.push({
        name,
        targets: sameName.flatMap((group) => group.targets),
        problems: sameName.flatMap((group) => group.problems),
        conflicts: sameName.flatMap((group) => group.conflicts),
      });
    } else {
      united.push(...toldApart(name, sameName));
    }
  }
  return united;
}

/** Of an exporter of many rigs several groups may have the same instance. */
function placeOf({ targets }: TargetGroup): string {
  return targets.map(({ key, isPart }) => `${key} ${isPart}`).join('\n');
}

function toldApart(name: string, groups: readonly TargetGroup[]): TargetGroup[] {
  const instances = groups.map((group) => (group.targets[0] as TargetReading).instance);
  const hosts = instances.map(hostPart);
  const isEach = (addresses: readonly string[]) => new Set(addresses).size === addresses.length;
  const numbered = instances.map((instance, index) => `${instance} #${index + 1}`);
  const addresses = [hosts, instances].find(isEach) ?? numbered;
  const message = `${groups.length} rigs are labelled ${name}; the address is added to tell them apart`;
  const rigs = addresses.map((address) => `${name} (${address})`);
  const remedy = 'give each rig a name of its own, in its labels or in the configuration';
  return groups.map((group, index) => ({
    name: rigs[index] as string,
    targets: group.targets,
    problems: [...group.problems, message],
    conflicts: index === 0 ? [...group.conflicts, { kind: 'rig-name', rigs, message, remedy }] : group.conflicts,
  }));
}

/** A rig that was told apart by its address stays so while the other one of its name fails and takes its label along. */
function stillApart(group: TargetGroup, byName: ReadonlyMap<string, unknown>, rules: IdentityRules): TargetGroup {
  const before = firstName(group.targets, ({ key }) => rules.remembered.get(key) ?? null);
  const marked = `${group.name} (`;
  if (before?.startsWith(marked) !== true) return group;
  for (const name of byName.keys()) {
    if (name !== before && name.startsWith(marked)) return { ...group, name: before };
  }
  return group;
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
