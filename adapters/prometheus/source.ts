import { setImmediate as nextTurn } from 'node:timers/promises';
import { UpstreamError } from '../../src/domain/errors.ts';
import type { PrometheusCredentials } from '../../src/domain/metrics-settings.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type {
  HistoryRequest,
  Labels,
  MetricsSource,
  ObserveReport,
  ObserveRequest,
  WantedFamilies,
} from '../../src/ports/metrics.ts';
import { PrometheusClient, type RangeSeries } from './client.ts';
import { Observation, type ObservationOptions } from './observation.ts';
import { over, type Shards, selectors, seriesOfInstance, shardMatchers } from './promql.ts';
import { UpTargets } from './up-targets.ts';

export interface PrometheusOptions {
  readonly url: string;
  readonly credentials: PrometheusCredentials;
  /** The server's scrape interval; a sample counts for three of them. */
  readonly intervalMs: number;
  /** Per query. */
  readonly timeoutMs?: number;
  readonly shards?: Shards;
  readonly clock: Clock;
}

interface NamedSeries {
  readonly name: string;
  readonly labels: Labels;
  readonly times: readonly number[];
  readonly values: readonly number[];
}

interface Stretch {
  readonly families: WantedFamilies;
  readonly fromMs: number;
  readonly toMs: number;
  readonly signal: AbortSignal;
}

/** What Prometheus itself says of a target. */
const targetFamilies: WantedFamilies = new Map([
  ['up', null],
  ['scrape_samples_scraped', null],
]);
/** `up` is read at least this far back, to tell a target that is scraped too rarely from one that is gone. */
const upLookbackMs = 300_000;
/** Samples of a stretch of history that are held at a time; far below a server's 50 million per query. */
const pointsPerChunk = 1_000_000;
/** A server's limit of points per series. */
const pointsPerSeries = 11_000;
const seriesPerTurn = 10_000;

/** Reads a farm through a server with the Prometheus HTTP API. */
export function createPrometheusSource(
  options: PrometheusOptions,
): MetricsSource & Required<Pick<MetricsSource, 'history'>> {
  return new PrometheusSource(options);
}

class PrometheusSource implements MetricsSource {
  readonly kind = 'prometheus';
  readonly #client: PrometheusClient;
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #windowMs: number;
  readonly #matchers: readonly (string | null)[];

  constructor({ url, credentials, intervalMs, timeoutMs, shards, clock }: PrometheusOptions) {
    this.#client = new PrometheusClient({ url, credentials, timeoutMs: timeoutMs ?? 30_000 });
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#windowMs = 3 * intervalMs;
    this.#matchers = shardMatchers(shards ?? null);
  }

  async observe({ families, open, signal }: ObserveRequest): Promise<ObserveReport> {
    const atMs = this.#clock.now();
    const tally = new Tally(atMs);
    await this.#observeAt(atMs, { families, open, signal }, tally);
    return tally.report();
  }

  readonly history = async (request: HistoryRequest): Promise<ObserveReport> => {
    const { fromMs, toMs, stepMs, families, signal, step } = request;
    const tally = new Tally(toMs);
    let steps = 1;
    for (let first = fromMs; first <= toMs; ) {
      if (steps === 1) {
        const points = await this.#observeAt(first, { families, signal, open: await step(first) }, tally);
        first += stepMs;
        steps = this.#stepsPerChunk(points, stepMs);
        continue;
      }
      const last = Math.min(first + (steps - 1) * stepMs, first + Math.floor((toMs - first) / stepMs) * stepMs);
      const chunk = await this.#readChunk({ families, signal, fromMs: first, toMs: last }, tally);
      if (chunk === null) {
        steps = Math.max(1, Math.floor(steps / 4));
        continue;
      }
      for (let atMs = first; atMs <= last; atMs += stepMs) {
        await this.#replay(chunk, { ...this.#window(atMs), open: await step(atMs) }, signal, tally);
      }
      first = last + stepMs;
    }
    return tally.report();
  };

  explain(families: readonly string[], instance: string): string {
    return seriesOfInstance(families, instance);
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  /** Streams one instant through; returns how many samples its windows held. */
  async #observeAt(atMs: number, { families, open, signal }: ObserveRequest, tally: Tally): Promise<number> {
    const stretch = { families, signal, fromMs: atMs, toMs: atMs };
    const before = tally.points;
    const targets = await this.#readTargets(stretch, tally);
    if (targets.all.length === 0) tally.nothingScraped();
    const observation = new Observation(targets, { ...this.#window(atMs), open });
    await this.#readFamilies(stretch, tally, ({ name, labels, times, values }) => {
      observation.take(name, labels, times, values);
    });
    observation.end();
    tally.observed(observation, this.#windowMs);
    return tally.points - before;
  }

  /** Null where the stretch is more than the server or we want to hold. */
  async #readChunk(
    stretch: Stretch,
    tally: Tally,
  ): Promise<{ readonly targets: UpTargets; readonly series: readonly NamedSeries[] } | null> {
    const series: NamedSeries[] = [];
    try {
      const targets = await this.#readTargets(stretch, tally);
      if (targets.all.length === 0) tally.nothingScraped();
      await this.#readFamilies(stretch, tally, (one) => series.push(one), 4 * pointsPerChunk);
      return { targets, series };
    } catch (error) {
      if (error instanceof UpstreamError && !error.retryable) return null;
      throw error;
    }
  }

  async #replay(
    { targets, series }: { readonly targets: UpTargets; readonly series: readonly NamedSeries[] },
    options: ObservationOptions,
    signal: AbortSignal,
    tally: Tally,
  ): Promise<void> {
    const observation = new Observation(targets, options);
    for (const [index, { name, labels, times, values }] of series.entries()) {
      if (index % seriesPerTurn === 0) {
        await nextTurn();
        signal.throwIfAborted();
      }
      observation.take(name, labels, times, values);
    }
    observation.end();
    tally.observed(observation, this.#windowMs);
  }

  async #readTargets({ fromMs, toMs, signal }: Stretch, tally: Tally): Promise<UpTargets> {
    const found: RangeSeries[] = [];
    const rangeMs = toMs - fromMs + Math.max(this.#windowMs, upLookbackMs);
    for (const matcher of this.#matchers) {
      for (const selector of selectors(targetFamilies, matcher)) {
        const series = (one: RangeSeries) => found.push(one);
        tally.add(await this.#client.query({ promql: over(selector, rangeMs), atMs: toMs, signal, series }));
      }
    }
    return new UpTargets(found);
  }

  async #readFamilies(
    { families, fromMs, toMs, signal }: Stretch,
    tally: Tally,
    take: (series: NamedSeries) => void,
    maxPoints = Number.POSITIVE_INFINITY,
  ): Promise<void> {
    const rangeMs = toMs - fromMs + this.#windowMs;
    let left = maxPoints;
    const series = ({ labels, times, values }: RangeSeries) => {
      const { __name__: name = '', ...own } = labels;
      take({ name, labels: own, times, values });
    };
    for (const matcher of this.#matchers) {
      for (const selector of selectors(families, matcher)) {
        const promql = over(selector, rangeMs);
        const answer = await this.#client.query({ promql, atMs: toMs, signal, maxPoints: left, series });
        left -= answer.points;
        tally.add(answer);
      }
    }
  }

  #window(atMs: number): { readonly atMs: number; readonly windowMs: number; readonly intervalMs: number } {
    return { atMs, windowMs: this.#windowMs, intervalMs: this.#intervalMs };
  }

  /** So many that a chunk holds about `pointsPerChunk` samples, if the farm stays what one window showed. */
  #stepsPerChunk(pointsPerWindow: number, stepMs: number): number {
    const affordableMs = this.#windowMs * (pointsPerChunk / Math.max(1, pointsPerWindow) - 1);
    const allowedMs = pointsPerSeries * this.#intervalMs - this.#windowMs;
    return Math.max(1, 1 + Math.floor(Math.min(affordableMs, allowedMs) / stepMs));
  }
}

/** Sums what the queries of one observation brought. */
class Tally {
  readonly #atMs: number;
  readonly #warnings = new Set<string>();
  #incomplete = false;
  #orphans = 0;
  #bytes = 0;
  points = 0;

  constructor(atMs: number) {
    this.#atMs = atMs;
  }

  add({ points, bytes, warnings }: { points: number; bytes: number; warnings: readonly string[] }): void {
    this.points += points;
    this.#bytes += bytes;
    for (const warning of warnings.slice(0, 20)) this.#incompleteBecause(`prometheus: ${warning}`);
  }

  nothingScraped(): void {
    this.#incompleteBecause('the server has scraped no target lately; check its targets, its clock and this one');
  }

  observed({ orphans, sparse, sparseEveryMs }: Observation, windowMs: number): void {
    this.#orphans = Math.max(this.#orphans, orphans);
    if (sparse === 0) return;
    const every = `${Math.round(sparseEveryMs / 1000)} s`;
    this.#incompleteBecause(
      `some targets are scraped every ${every} only and count as unknown after ${windowMs / 1000} s; set the interval to ${every}`,
    );
  }

  report(): ObserveReport {
    const orphans = this.#orphans === 0 ? [] : [`${this.#orphans} series belong to no target with up and are left out`];
    return {
      atMs: this.#atMs,
      samplesRead: this.points,
      bytesRead: this.#bytes,
      warnings: [...this.#warnings, ...orphans],
      incomplete: this.#incomplete,
    };
  }

  #incompleteBecause(warning: string): void {
    this.#incomplete = true;
    if (this.#warnings.size < 50) this.#warnings.add(warning);
  }
}
