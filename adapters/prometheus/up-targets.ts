import type { Labels, TargetIdentity } from '../../src/ports/metrics.ts';
import type { RangeSeries } from './client.ts';
import type { Scrapes } from './live-sample.ts';

/** What a target was at one instant. */
export type TargetState =
  | { readonly kind: 'up'; readonly scrapes: Scrapes; readonly samples: number | null }
  | { readonly kind: 'down'; readonly atMs: number }
  /** Not scraped lately: it has left the server's configuration, or the server was not running. */
  | { readonly kind: 'absent' }
  /** Its scrapes lie further apart than the window is long. */
  | { readonly kind: 'sparse'; readonly everyMs: number };

export interface UpTarget {
  readonly identity: TargetIdentity;
  readonly times: readonly number[];
  readonly values: readonly number[];
  readonly at: ReadonlySet<number>;
  readonly samplesAt: Map<number, number>;
}

/** The targets that a stretch of `up` names, and which series belongs to which of them. */
export class UpTargets {
  readonly all: readonly UpTarget[];
  readonly #byInstance: ReadonlyMap<string, readonly UpTarget[]>;

  /** `series`: `up` and, where there is one, `scrape_samples_scraped`. */
  constructor(series: readonly RangeSeries[]) {
    this.all = series.filter(({ labels }) => labels['__name__'] === 'up').map(upTarget);
    this.#byInstance = Map.groupBy(this.all, ({ identity }) => instanceKey(identity.labels));
    for (const { labels, times, values } of series) {
      if (labels['__name__'] !== 'scrape_samples_scraped') continue;
      const target = this.of(labels);
      for (const [index, time] of times.entries()) target?.samplesAt.set(time, values[index]!);
    }
  }

  /** The target whose job and instance a series carries; of several, the one all of whose labels it carries. */
  of(labels: Labels): UpTarget | null {
    const targets = this.#byInstance.get(instanceKey(labels));
    if (targets === undefined) return null;
    if (targets.length === 1) return targets[0]!;
    return targets.find(({ identity }) => Object.entries(identity.labels).every(([n, v]) => labels[n] === v)) ?? null;
  }
}

function upTarget({ labels, times, values }: RangeSeries): UpTarget {
  const { __name__: _up, ...own } = labels;
  const identity = { instance: own['instance'] ?? '', labels: own, rig: null, site: null };
  return { identity, times, values, at: new Set(times), samplesAt: new Map() };
}

function instanceKey(labels: Labels): string {
  return `${labels['job'] ?? ''}\0${labels['instance'] ?? ''}`;
}

/** What `up` says of a target at `atMs`. */
export function targetState(target: UpTarget, atMs: number, windowMs: number, intervalMs: number): TargetState {
  const { times, values } = target;
  const last = countUntil(times, atMs) - 1;
  const lastMs = times[last];
  const earlierMs = times[last - 1];
  if (lastMs === undefined) return { kind: 'absent' };
  if (lastMs < atMs - windowMs) {
    const everyMs = earlierMs === undefined ? 0 : lastMs - earlierMs;
    return everyMs > 1.5 * intervalMs ? { kind: 'sparse', everyMs } : { kind: 'absent' };
  }
  if (values[last] === 0) return { kind: 'down', atMs: lastMs };
  // Anything else, a staleness marker for example, is no scrape.
  if (values[last] !== 1) return { kind: 'absent' };
  const scrapes = { at: target.at, lastMs, previousMs: earlierMs ?? lastMs - intervalMs };
  return { kind: 'up', scrapes, samples: target.samplesAt.get(lastMs) ?? null };
}

/** How many of the ascending `times` are at or before `atMs`. */
export function countUntil(times: readonly number[], atMs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
