import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PrometheusSettings } from '../../src/domain/metrics-settings.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type {
  HistoryRequest,
  MetricsSource,
  ObserveReport,
  ObserveRequest,
  SystemReport,
  WantedFamilies,
} from '../../src/ports/metrics.ts';
import { PrometheusClient } from './client.ts';
import { AskedTooMuch } from './faults.ts';
import { inspectServer } from './inspect.ts';
import { type NamedSeries, Observation } from './observation.ts';
import type { PatienceOptions } from './patience.ts';
import { over, selectors, seriesOfInstance, shardMatchers } from './promql.ts';
import type { RangeSeries } from './range-series.ts';
import { ServerClock } from './server-clock.ts';
import { Tally } from './tally.ts';
import { type Moment, UpTargets } from './up-targets.ts';

type Needed = 'url' | 'credentials';

export interface PrometheusOptions
  extends Pick<PrometheusSettings, Needed>,
    Partial<Omit<PrometheusSettings, Needed | 'kind'>> {
  /** The server's scrape interval; a sample counts for three of them. */
  readonly intervalMs: number;
  readonly patience?: Omit<PatienceOptions, 'origin'>;
  readonly clock: Clock;
}

interface Stretch {
  readonly families: WantedFamilies;
  readonly fromMs: number;
  readonly toMs: number;
  readonly signal: AbortSignal;
  /** See RangeQuery. */
  readonly bold?: boolean;
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
  readonly #serverClock: ServerClock;
  readonly #intervalMs: number;
  readonly #windowMs: number;
  readonly #delayMs: number;
  readonly #matchers: readonly (string | null)[];

  constructor({ intervalMs, delayMs = 0, clock, shards = null, timeoutMs = 30_000, ...access }: PrometheusOptions) {
    this.#client = new PrometheusClient({ ...access, timeoutMs });
    this.#clock = clock;
    this.#serverClock = new ServerClock(this.#client, clock);
    this.#intervalMs = intervalMs;
    this.#windowMs = 3 * intervalMs;
    this.#delayMs = delayMs;
    this.#matchers = shardMatchers(shards);
  }

  async observe({ families, open, signal }: ObserveRequest): Promise<ObserveReport> {
    const atMs = this.#clock.now() - this.#delayMs;
    const tally = new Tally(atMs);
    const stretch = () => {
      const serverMs = atMs + this.#serverClock.aheadMs;
      return { families, signal, fromMs: serverMs, toMs: serverMs };
    };
    let targets = await this.#readTargets(stretch(), tally);
    // Not before: a server that does not answer is asked no more than it has to be.
    if (await this.#serverClock.turnsOutWrong(signal)) targets = await this.#readTargets(stretch(), tally);
    const { aheadMs } = this.#serverClock;
    tally.clockAhead(aheadMs);
    await this.#readMoment(targets, stretch(), { aheadMs, open: async () => open }, tally);
    return tally.report();
  }

  readonly history = async (request: HistoryRequest): Promise<ObserveReport> => {
    const { fromMs, toMs, stepMs, families, signal, step } = request;
    const tally = new Tally(toMs);
    let steps = 1;
    for (let first = fromMs; first <= toMs; ) {
      if (steps === 1) {
        const before = tally.points;
        const stretch = { families, signal, fromMs: first, toMs: first };
        const targets = await this.#readTargets(stretch, tally);
        await this.#readMoment(targets, stretch, { aheadMs: 0, open: () => step(stretch.toMs) }, tally);
        const points = tally.points - before;
        first += stepMs;
        steps = this.#stepsPerChunk(points, stepMs);
        continue;
      }
      const last = Math.min(first + (steps - 1) * stepMs, first + Math.floor((toMs - first) / stepMs) * stepMs);
      const chunk = await this.#readChunk({ families, signal, fromMs: first, toMs: last, bold: true }, tally);
      if (chunk === null) {
        steps = Math.max(1, Math.floor(steps / 4));
        continue;
      }
      for (let atMs = first; atMs <= last; atMs += stepMs) {
        await this.#replay(chunk, { moment: this.#moment(atMs), open: () => step(atMs) }, signal, tally);
      }
      first = last + stepMs;
    }
    return tally.report();
  };

  explain(families: readonly string[], instance: string): string {
    return seriesOfInstance(families, instance);
  }

  async inspect(signal: AbortSignal): Promise<readonly SystemReport[]> {
    const atMs = this.#clock.now();
    const inspection = {
      client: this.#client,
      clock: this.#clock,
      intervalMs: this.#intervalMs,
      windowMs: this.#windowMs,
      targets: async () =>
        (await this.#readTargets({ families: targetFamilies, signal, fromMs: atMs, toMs: atMs }, new Tally(atMs))).all,
    };
    return [await inspectServer(inspection, signal)];
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  /** Streams one instant through; nothing is opened where the server knew nothing then. */
  async #readMoment(
    targets: UpTargets,
    stretch: Stretch,
    { aheadMs, open }: { readonly aheadMs: number; readonly open: () => Promise<ObserveRequest['open']> },
    tally: Tally,
  ): Promise<void> {
    const moment = this.#moment(stretch.toMs);
    const now = targets.at(moment);
    if (!tally.targets(targets, now, this.#windowMs)) return;
    const observation = new Observation(targets, now, { ...moment, aheadMs, open: await open() });
    await this.#readFamilies(stretch, tally, (series) => observation.take(series));
    observation.end();
    tally.orphaned(observation.orphans);
  }

  /** Null where the stretch is more than the server or we want to hold. */
  async #readChunk(
    stretch: Stretch,
    tally: Tally,
  ): Promise<{ readonly targets: UpTargets; readonly series: readonly NamedSeries[] } | null> {
    const series: NamedSeries[] = [];
    try {
      const targets = await this.#readTargets(stretch, tally);
      await this.#readFamilies(stretch, tally, (one) => series.push(one), 4 * pointsPerChunk);
      return { targets, series };
    } catch (error) {
      if (error instanceof AskedTooMuch) return null;
      throw error;
    }
  }

  async #replay(
    { targets, series }: { readonly targets: UpTargets; readonly series: readonly NamedSeries[] },
    { moment, open }: { readonly moment: Moment; readonly open: () => Promise<ObserveRequest['open']> },
    signal: AbortSignal,
    tally: Tally,
  ): Promise<void> {
    const now = targets.at(moment);
    if (!tally.targets(targets, now, this.#windowMs)) return;
    const observation = new Observation(targets, now, { ...moment, aheadMs: 0, open: await open() });
    for (const [index, one] of series.entries()) {
      if (index % seriesPerTurn === 0) {
        await nextTurn();
        signal.throwIfAborted();
      }
      observation.take(one);
    }
    observation.end();
    tally.orphaned(observation.orphans);
  }

  async #readTargets({ fromMs, toMs, signal, bold = false }: Stretch, tally: Tally): Promise<UpTargets> {
    const found: RangeSeries[] = [];
    const rangeMs = toMs - fromMs + Math.max(this.#windowMs, upLookbackMs);
    for (const matcher of this.#matchers) {
      for (const selector of selectors(targetFamilies, matcher)) {
        const series = (one: RangeSeries) => found.push(one);
        tally.add(await this.#client.query({ promql: over(selector, rangeMs), atMs: toMs, signal, bold, series }));
      }
    }
    return new UpTargets(found);
  }

  async #readFamilies(
    { families, fromMs, toMs, signal, bold = false }: Stretch,
    tally: Tally,
    take: (series: NamedSeries) => void,
    maxPoints = Number.POSITIVE_INFINITY,
  ): Promise<void> {
    const rangeMs = toMs - fromMs + this.#windowMs;
    let left = maxPoints;
    const series = ({ labels, ...samples }: RangeSeries) => {
      const { __name__: name = '', ...own } = labels;
      take({ ...samples, name, labels: own });
    };
    for (const matcher of this.#matchers) {
      for (const selector of selectors(families, matcher)) {
        const promql = over(selector, rangeMs);
        const answer = await this.#client.query({ promql, atMs: toMs, signal, bold, maxPoints: left, series });
        left -= answer.points;
        tally.add(answer);
      }
    }
  }

  #moment(atMs: number): Moment {
    return { atMs, windowMs: this.#windowMs, intervalMs: this.#intervalMs };
  }

  /** So many that a chunk holds about `pointsPerChunk` samples, if the farm stays what one window showed. */
  #stepsPerChunk(pointsPerWindow: number, stepMs: number): number {
    const affordableMs = this.#windowMs * (pointsPerChunk / Math.max(1, pointsPerWindow) - 1);
    const allowedMs = pointsPerSeries * this.#intervalMs - this.#windowMs;
    return Math.max(1, 1 + Math.floor(Math.min(affordableMs, allowedMs) / stepMs));
  }
}
