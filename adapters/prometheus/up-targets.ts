import type { Labels, TargetIdentity } from '../../src/ports/metrics.ts';
import type { Scrapes } from './live-sample.ts';
import type { RangeSeries } from './range-series.ts';

/** What a target was at one instant. */
export type TargetState =
  | { readonly kind: 'up'; readonly scrapes: Scrapes; readonly samples: number | null }
  | { readonly kind: 'down'; readonly atMs: number }
  /** Not scraped lately: it has left the server's configuration, or the server was not running. */
  | { readonly kind: 'absent' }
  /** Its scrapes lie further apart than the window is long. */
  | { readonly kind: 'sparse'; readonly everyMs: number };

/** An instant, in the server's time, and how far back a sample may lie. */
export interface Moment {
  readonly atMs: number;
  readonly windowMs: number;
  readonly intervalMs: number;
}

export type TargetNow = readonly [target: UpTarget, state: TargetState];

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
  /** The same by exporter: several where each replica of the server scrapes it and nobody merges what they say. */
  readonly exporters: readonly (readonly UpTarget[])[];
  /** The label by which they differ; null where each exporter is there once. */
  readonly replicaLabel: string | null;
  readonly #byInstance: ReadonlyMap<string, readonly UpTarget[]>;

  /** `series`: `up` and, where there is one, `scrape_samples_scraped`. */
  constructor(series: readonly RangeSeries[]) {
    this.all = series.filter(({ labels }) => labels['__name__'] === 'up').map(upTarget);
    this.exporters = [...Map.groupBy(this.all, ({ identity }) => exporterKey(identity.labels)).values()];
    const several = this.exporters.find(({ length }) => length > 1);
    this.replicaLabel = Object.keys(several?.[0]?.identity.labels ?? {}).find(isReplicaLabel) ?? null;
    this.#byInstance = Map.groupBy(this.all, ({ identity }) => instanceKey(identity.labels));
    for (const { labels, times, values } of series) {
      if (labels['__name__'] !== 'scrape_samples_scraped') continue;
      const target = this.of(labels);
      for (const [index, time] of times.entries()) target?.samplesAt.set(time, values[index]!);
    }
  }

  /** Each exporter once, as it was at that moment. */
  at({ atMs, windowMs, intervalMs }: Moment): readonly TargetNow[] {
    return this.exporters.map((replicas) =>
      chooseReplica(
        replicas.map((one) => [one, targetState(one, atMs, windowMs, intervalMs)] as const),
        intervalMs,
      ),
    );
  }

  /** The target whose job and instance a series carries; of several, the one all of whose labels it carries. */
  of(labels: Labels): UpTarget | null {
    const targets = this.#byInstance.get(instanceKey(labels));
    if (targets === undefined) return null;
    if (targets.length === 1) return targets[0]!;
    return targets.find(({ identity }) => Object.entries(identity.labels).every(([n, v]) => labels[n] === v)) ?? null;
  }
}

function upTarget({ labels, ...series }: RangeSeries): UpTarget {
  const { times, values } = eachTimeOnce(series);
  const { __name__: _up, ...own } = labels;
  const identity = { instance: own['instance'] ?? '', labels: own, rig: null, site: null };
  return { identity, times, values, at: new Set(times), samplesAt: new Map() };
}

/** Servers that do not deduplicate (VictoriaMetrics by default) show every sample that several writers sent: the last counts. */
function eachTimeOnce({ times, values }: Pick<RangeSeries, 'times' | 'values'>): Pick<RangeSeries, 'times' | 'values'> {
  if (times.every((time, index) => time !== times[index + 1])) return { times, values };
  const last = new Map(times.map((time, index) => [time, values[index]!]));
  return { times: [...last.keys()], values: [...last.values()] };
}

function instanceKey(labels: Labels): string {
  return `${labels['job'] ?? ''}\0${labels['instance'] ?? ''}`;
}

/** Names that high availability gives the label of a server's replica: replica, prometheus_replica, __replica__. */
function isReplicaLabel(name: string): boolean {
  return /(?:^|_)replica(?:__)?$/i.test(name);
}

function exporterKey(labels: Labels): string {
  const own = Object.entries(labels).filter(([name]) => !isReplicaLabel(name));
  return JSON.stringify(own.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Of the replicas that scrape one exporter the first that reached it lately, so that it stays the same one while it can;
 * else the first that says anything.
 */
export function chooseReplica(states: readonly TargetNow[], intervalMs: number): TargetNow {
  const lastMs = ([, state]: TargetNow) => (state.kind === 'up' ? state.scrapes.lastMs : Number.NEGATIVE_INFINITY);
  const newestMs = Math.max(...states.map(lastMs));
  const reached = states.find((one) => one[1].kind === 'up' && lastMs(one) > newestMs - 1.5 * intervalMs);
  const silent = (kind: TargetState['kind']) => states.find(([, state]) => state.kind === kind);
  return reached ?? silent('down') ?? silent('sparse') ?? states[0]!;
}

/** What `up` says of a target at `atMs`. */
export function targetState(target: UpTarget, atMs: number, windowMs: number, intervalMs: number): TargetState {
  const { times, values } = target;
  const last = countUntil(times, atMs) - 1;
  const lastMs = times[last];
  const earlierMs = times[last - 1];
  if (lastMs === undefined) return { kind: 'absent' };
  // Of a window the older edge is outside, as newer servers have it; else the same data would mean two things.
  if (lastMs <= atMs - windowMs) {
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

/** Whether the server has tried it lately. */
export function isScraped([, { kind }]: TargetNow): boolean {
  return kind === 'up' || kind === 'down';
}
