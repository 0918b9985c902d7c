import type { Farm } from '../../domain/farm.ts';
import type { Snapshot, TargetFailure } from '../../domain/snapshot.ts';
import type { CheckedSystem, Finding, FindingKind, OwnSeriesSeen } from './report.ts';

/** A clock that is off by more than this is said. */
export const mostClockMs = 5_000;

/** Systems that cannot be used or whose clock is off, and what else is to be known of those that hold no metrics. */
export function systemFindings(systems: readonly CheckedSystem[]): Finding[] {
  return systems.flatMap(({ kind, system, address, failure, remedy, clockAheadMs, notes }): Finding[] => {
    const about = address === '' ? [system] : [`${system} ${address}`];
    const remarks = kind === 'metrics' ? [] : notes;
    if (failure !== null) return [{ kind: 'outside', found: failure, about, remedy }];
    if (kind === 'alerts') {
      return [{ kind: 'remark', found: 'configured, but this version cannot connect to it yet', about, remedy: null }];
    }
    if (clockAheadMs === null || Math.abs(clockAheadMs) <= mostClockMs) {
      return remarks.map((found) => ({ kind: 'remark', found, about, remedy: null }));
    }
    const found = `its clock is ${(Math.abs(clockAheadMs) / 1000).toFixed(1)} s ${clockAheadMs > 0 ? 'ahead of' : 'behind'} ours`;
    return [{ kind: 'contradiction', found, about, remedy: 'set both clocks by a time server' }];
  });
}

/** What one observation says of the configuration. */
export function fleetFindings(snapshot: Snapshot, farm: Farm): Finding[] {
  const { failures, conflicts, warnings, incomplete, rigs } = snapshot;
  const placeless = rigs.filter(({ site }) => site === null).map(({ name }) => name);
  const said = new Set(conflicts.map(({ message }) => message));
  const problems = rigs.flatMap(({ name, problems: all }) =>
    all.filter((problem) => !said.has(problem)).map((problem) => ({ about: name, found: problem })),
  );
  return [
    ...failureFindings(failures),
    ...warnings.map((found): Finding => ({ kind: incomplete ? 'outside' : 'remark', found, about: [], remedy: null })),
    ...conflicts.map(
      ({ message, rigs: about, remedy }): Finding => ({ kind: 'contradiction', found: message, about, remedy }),
    ),
    ...one(
      'contradiction',
      'no site, so no power price',
      placeless,
      'set sites[].match, or the site in rigs or the inventory',
    ),
    ...one(
      'contradiction',
      'configured, but nobody prints this name',
      unseen(snapshot, farm),
      'mend the name, add its exporters, or retire it',
    ),
    ...one(
      'contradiction',
      'retired, but still seen',
      stillSeen(snapshot, farm),
      'take it out of retired, or its exporters away',
    ),
    ...grouped('remark', problems),
  ];
}

function one(kind: FindingKind, found: string, about: readonly string[], remedy: string): Finding[] {
  return about.length === 0 ? [] : [{ kind, found, about, remedy }];
}

/** One of each kind of failure: their messages differ in no more than bytes and seconds. */
function failureFindings(failures: readonly TargetFailure[]): Finding[] {
  return [...Map.groupBy(failures, ({ kind }) => kind).values()].flatMap((alike): Finding[] => {
    const [first] = alike;
    if (first === undefined) return [];
    const isSame = alike.every(({ message }) => message === first.message);
    const found = isSame ? first.message : `${first.message}, or nearly so`;
    const about = alike.map(({ rig, instance }) => (rig === null ? instance : `${rig} ${instance}`));
    return [{ kind: 'outside', found, about, remedy: null }];
  });
}

/** The same words of many rigs are one remark. */
function grouped(kind: FindingKind, items: readonly { readonly about: string; readonly found: string }[]): Finding[] {
  const groups = Map.groupBy(items, ({ found }) => found);
  return [...groups].map(([found, alike]) => ({ kind, found, about: alike.map(({ about }) => about), remedy: null }));
}

function unseen({ rigs }: Snapshot, { rigs: settings, inventory, retired }: Farm): string[] {
  const seen = new Set(rigs.map(({ name }) => name));
  const declared = new Set([...settings.keys(), ...inventory.keys()]);
  return [...declared].filter((name) => !seen.has(name) && !retired.has(name)).sort();
}

function stillSeen({ rigs }: Snapshot, { retired }: Farm): string[] {
  if (retired.size === 0) return [];
  return rigs.flatMap(({ name, state, gpus }) => [
    ...(retired.has(name) && (state === 'up' || state === 'partial') ? [name] : []),
    ...gpus.filter(({ key, state: card }) => retired.has(key) && card !== 'down').map(({ key }) => key),
  ]);
}

/** Series of the operator that matched nothing, or that take the place of a built-in meaning. */
export function ownSeriesFindings(own: readonly OwnSeriesSeen[]): Finding[] {
  const nothing = own.filter(({ series }) => series === 0).map(({ dialect, name }) => `${dialect} ${name}`);
  const replaced = own.flatMap(({ dialect, name, inPlaceOf }) =>
    inPlaceOf === null ? [] : [{ about: `${dialect} ${name}`, found: `goes before what ${inPlaceOf} means by it` }],
  );
  const remedy = 'mend the name, or take it out; `curl TARGET | grep NAME` shows what is printed';
  return [
    ...one('contradiction', 'configured, but no target prints this series', nothing, remedy),
    ...grouped('remark', replaced),
  ];
}
