import { setImmediate as nextTurn } from 'node:timers/promises';
import { Agent } from 'undici';
import { UpstreamError } from '../../src/domain/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { MetricsSource, ObserveReport, ObserveRequest, WantedFamilies } from '../../src/ports/metrics.ts';
import { LabelSets } from './label-sets.ts';
import { ExpositionScanner } from './scanner.ts';
import { scrape } from './scrape.ts';
import { type ListTargets, type ScrapeTarget, targetKey } from './scrape-target.ts';
import { Turns } from './turns.ts';
import { WantedNames } from './wanted-names.ts';

export interface ExportersOptions {
  readonly targets: readonly ScrapeTarget[] | ListTargets;
  readonly clock: Clock;
  /** Per target, from connecting to the last byte. */
  readonly timeoutMs?: number;
  /** Targets that are read at the same time. */
  readonly concurrency?: number;
  /** Per target and scrape, decompressed. */
  readonly maxBytes?: number;
}

/** Longer than any scrape interval, so that connections are kept between scrapes. */
const keepAliveMs = 300_000;

/** Reads a farm that has no Prometheus server by scraping its exporters. */
export function createExportersSource(options: ExportersOptions): MetricsSource {
  return new ExportersSource(options);
}

interface Totals {
  samples: number;
  bytes: number;
}

class ExportersSource implements MetricsSource {
  readonly kind = 'exporters';
  readonly #list: ListTargets;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #concurrency: number;
  readonly #maxBytes: number;
  readonly #agent: Agent;
  readonly #closed = new AbortController();
  readonly #turns = new Turns();
  #labelSets = new Map<string, LabelSets>();
  #listed: ReadonlyMap<string, readonly ScrapeTarget[]> = new Map();
  #wanted = new WantedNames(new Map());
  #wantedFamilies: WantedFamilies | null = null;

  constructor(options: ExportersOptions) {
    const { targets } = options;
    this.#list = typeof targets === 'function' ? targets : async () => ({ targets, warnings: [] });
    this.#clock = options.clock;
    this.#timeoutMs = options.timeoutMs ?? 10_000;
    this.#concurrency = options.concurrency ?? 256;
    this.#maxBytes = options.maxBytes ?? 32 * 1024 * 1024;
    this.#agent = new Agent({
      connect: { timeout: this.#timeoutMs },
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
    });
  }

  async observe(request: ObserveRequest): Promise<ObserveReport> {
    const signal = AbortSignal.any([request.signal, this.#closed.signal]);
    signal.throwIfAborted();
    const atMs = this.#clock.now();
    const { targets, warnings } = await this.#list();
    this.#listed = Map.groupBy(targets, ({ identity }) => identity.instance);
    const labelSets = this.#labelSetsOf(targets);
    const totals: Totals = { samples: 0, bytes: 0 };
    const wanted = this.#wantedNames(request.families);
    const waiting = targets.entries();
    const read = async () => {
      for (const [index, target] of waiting) {
        await this.#read(target, labelSets[index]!, wanted, request, signal, totals);
        // Between two targets everybody else gets the thread.
        await nextTurn();
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.#concurrency, targets.length) }, read));
    return { atMs, samplesRead: totals.samples, bytesRead: totals.bytes, warnings, incomplete: false };
  }

  explain(families: readonly string[], instance: string): string {
    const urls = this.#listed.get(instance)?.map(({ url }) => url.href) ?? [`http://${instance}/metrics`];
    return `curl -s ${urls.map(shellWord).join(' ')} | grep -E ${shellWord(`^(${families.join('|')})[{ ]`)}`;
  }

  async close(): Promise<void> {
    this.#closed.abort(new UpstreamError('exporters', 'the source is closed', { retryable: false }));
    await this.#agent.destroy();
  }

  async #read(
    target: ScrapeTarget,
    labelSets: LabelSets,
    wanted: WantedNames,
    request: ObserveRequest,
    signal: AbortSignal,
    totals: Totals,
  ): Promise<void> {
    const sink = request.open(target.identity);
    const scrapedAtMs = this.#clock.now();
    const { samples, bytes, failure } = await scrape({
      dispatcher: this.#agent,
      url: target.url,
      timeoutMs: this.#timeoutMs,
      maxBytes: this.#maxBytes,
      signal,
      turns: this.#turns,
      openScanner: (openMetrics) =>
        new ExpositionScanner({
          wanted,
          labelSets,
          scrapedAtMs,
          openMetrics,
          sample: (name, labels, value, timestampMs) => sink.sample(name, labels, value, timestampMs),
        }),
    });
    totals.samples += samples;
    totals.bytes += bytes;
    if (failure === null) sink.done(scrapedAtMs, samples);
    else sink.fail(failure.kind, failure.message);
  }

  /** Label sets outlive an observation for as long as their target is listed. */
  #labelSetsOf(targets: readonly ScrapeTarget[]): readonly LabelSets[] {
    const kept = new Map<string, LabelSets>();
    const found = targets.map((target) => {
      const key = targetKey(target);
      const sets = this.#labelSets.get(key) ?? new LabelSets(target.identity.labels);
      kept.set(key, sets);
      return sets;
    });
    this.#labelSets = kept;
    return found;
  }

  #wantedNames(families: WantedFamilies): WantedNames {
    if (families !== this.#wantedFamilies) {
      this.#wantedFamilies = families;
      this.#wanted = new WantedNames(families);
    }
    return this.#wanted;
  }
}

function shellWord(text: string): string {
  return /^[\w:/.,=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
