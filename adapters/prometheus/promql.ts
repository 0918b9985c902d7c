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

/** Selectors for all names, each of a bounded length; their number depends on the names and shards alone. */
export function selectors(names: readonly string[], matcher: string | null): readonly string[] {
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
  return groups.map((group) => `{__name__=~${anyOf(group)}${matcher === null ? '' : `,${matcher}`}}`);
}

/** One matcher per shard and one for whatever is in none, so that no target is left out. */
export function shardMatchers(shards: Shards | null): readonly (string | null)[] {
  if (shards === null || shards.values.length === 0) return [null];
  const { label, values } = shards;
  return [...values.map((value) => `${label}=${quoted(value)}`), `${label}!~${anyOf(values)}`];
}

/** A range selector over the last `windowMs`. */
export function over(selector: string, windowMs: number): string {
  return `${selector}[${Math.ceil(windowMs)}ms]`;
}

export function seriesOfInstance(families: readonly string[], instance: string): string {
  return `{__name__=~${anyOf(families)},instance=${quoted(instance)}}`;
}
