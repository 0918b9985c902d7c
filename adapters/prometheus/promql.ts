import type { WantedFamilies } from '../../src/ports/metrics.ts';

/** One part of a fleet that is asked for by itself. */
export interface Shards {
  /** A label that every target carries or lacks. */
  readonly label: string;
  readonly values: readonly string[];
}

const namesPerQuery = 60;
const lettersPerQuery = 4_000;

/** A text as a PromQL string; nothing in it can end the string. */
export function quoted(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  return `"${escaped}"`;
}

function anyOf(texts: readonly string[]): string {
  return quoted(texts.map((text) => text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')).join('|'));
}

/** Selectors for all families, each of a bounded length; their number depends on the families and shards alone. */
export function selectors(families: WantedFamilies, matcher: string | null): readonly string[] {
  const byFilter = Map.groupBy(families, ([, filter]) => (filter === null ? null : equal(filter.label, filter.value)));
  return [...byFilter].flatMap(([filter, group]) => {
    const names = group.map(([name]) => name);
    const matchers = [filter, matcher].filter((one) => one !== null);
    return boundedGroups(names).map((some) => `{${[`__name__=~${anyOf(some)}`, ...matchers].join(',')}}`);
  });
}

function equal(label: string, value: string): string {
  return `${label}=${quoted(value)}`;
}

function boundedGroups(names: readonly string[]): readonly (readonly string[])[] {
  const groups: string[][] = [];
  let letters = 0;
  for (const name of [...names].sort()) {
    letters += name.length + 1;
    const group = groups.at(-1);
    if (group === undefined || group.length >= namesPerQuery || letters > lettersPerQuery) {
      groups.push([name]);
      letters = name.length + 1;
    } else group.push(name);
  }
  return groups;
}

/** One matcher per shard and one for whatever is in none, so that no target is left out. */
export function shardMatchers(shards: Shards | null): readonly (string | null)[] {
  if (shards === null || shards.values.length === 0) return [null];
  const { label } = shards;
  // One that is given twice would hand on each of its series twice.
  const values = [...new Set(shards.values)];
  return [...values.map((value) => equal(label, value)), `${label}!~${anyOf(values)}`];
}

/** A range selector over the last `windowMs`. */
export function over(selector: string, windowMs: number): string {
  return `${selector}[${Math.ceil(windowMs)}ms]`;
}

export function seriesOfInstance(families: readonly string[], instance: string): string {
  return `{__name__=~${anyOf(families)},${equal('instance', instance)}}`;
}
