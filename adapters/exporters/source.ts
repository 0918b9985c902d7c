import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { Agent } from 'undici';
import { UpstreamError } from '../../src/domain/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type {
  MetricsSource,
  ObserveReport,
  ObserveRequest,
  SystemReport,
  WantedFamilies,
} from '../../src/ports/metrics.ts';
import { type DueTarget, dueTargets } from './due-targets.ts';
import type { HttpTargets } from './http-targets.ts';
import { LabelSets } from './label-sets.ts';
import { ExpositionScanner } from './scanner.ts';
import { scrape } from './scrape.ts';
import type { ListTargets, ScrapeTarget } from './scrape-target.ts';
import { Turns } from './turns.ts';
import { WantedNames } from './wanted-names.ts';

/** Waits; rejects as soon as `signal` aborts. */
export type Sleep = (durationMs: number, signal: AbortSignal) => Promise<void>;

export interface ExportersOptions {
  readonly targets: readonly ScrapeTarget[] | ListTargets;
  /** Lists among `targets` that somebody serves. */
  readonly served?: readonly Pick<HttpTargets, 'inspect'>[];
  readonly clock: Clock;
  readonly sleep?: Sleep;
  /** Per target, from connecting to the last byte; `__scrape_timeout__` can only shorten it. */
  readonly timeoutMs?: number;
  /** All targets together: who has not answered by then has failed. */
  readonly limitMs?: number;
  /** Targets that are read at the same time, and after how long one that is slow lets another one begin. */
  readonly concurrency?: number;
  readonly slowAfterMs?: number;
  /** Per target and scrape, as it comes and decompressed. */
  readonly maxBytes?: number;
  /**
   * Every target is read at its own time within so much of an observation. The first observation begins with all at once:
   * somebody waits for it.
   */
  readonly spreadMs?: number;
}

/** Longer than any scrape interval, so that connections are kept between scrapes. */
const keepAliveMs = 300_000;

const maxTargets = 100_000;

/** Reads a farm that has no Prometheus server by scraping its exporters. */
export function createExportersSource(options: ExportersOptions): MetricsSource {
  return new ExportersSource(options);
}

/** One observation, as it goes. */
interface Round {
  readonly request: ObserveRequest;
  readonly signal: AbortSignal;
  readonly startedMs: number;
  readonly wanted: WantedNames;
  samples: number;
  bytes: number;
  misdated: number;
  /** Targets that printed misdated samples. */
  readonly misdating: string[];
}

class ExportersSource implements MetricsSource {
  readonly kind = 'exporters';
  readonly #list: ListTargets;
  readonly #served: readonly Pick<HttpTargets, 'inspect'>[];
  readonly #clock: Clock;
  readonly #sleep: Sleep;
  readonly #timeoutMs: number;
  readonly #limitMs: number;
  readonly #concurrency: number;
  readonly #slowAfterMs: number;
  readonly #maxBytes: number;
  readonly #spreadMs: number;
  readonly #agent: Agent;
  readonly #closed = new AbortController();
  readonly #turns = new Turns();
  readonly #labelSets = new Map<string, LabelSets>();
  #isFirst = true;
  #listed: ReadonlyMap<string, readonly ScrapeTarget[]> = new Map();
  #wanted = new WantedNames(new Map());
  #wantedFamilies: WantedFamilies | null = null;

  constructor(options: ExportersOptions) {
    const { targets } = options;
    this.#list = typeof targets === 'function' ? targets : async () => ({ targets, warnings: [], incomplete: false });
    this.#served = options.served ?? [];
    this.#clock = options.clock;
    this.#sleep = options.sleep ?? ((durationMs, signal) => wait(durationMs, undefined, { signal }));
    this.#timeoutMs = options.timeoutMs ?? 10_000;
    this.#limitMs = options.limitMs ?? Number.POSITIVE_INFINITY;
    this.#concurrency = options.concurrency ?? 256;
    this.#slowAfterMs = options.slowAfterMs ?? 250;
    this.#maxBytes = options.maxBytes ?? 32 * 1024 * 1024;
    this.#spreadMs = options.spreadMs ?? 0;
    this.#agent = new Agent({
      connect: { timeout: this.#timeoutMs },
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
    });
  }

  async observe(request: ObserveRequest): Promise<ObserveReport> {
    const signal = AbortSignal.any([request.signal, this.#closed.signal]);
    signal.throwIfAborted();
    const startedMs = this.#clock.now();
    const { targets, warnings, incomplete } = await this.#list(signal);
    if (targets.length > maxTargets) throw new UpstreamError('exporters', `more than ${maxTargets} targets`);
    this.#listed = Map.groupBy(targets, ({ identity }) => identity.instance);
    const due = dueTargets(targets, this.#isFirst ? 0 : this.#spreadMs);
    this.#isFirst = false;
    this.#forgetOthers(due);
    const wanted = this.#wantedNames(request.families);
    const round: Round = { request, signal, startedMs, wanted, samples: 0, bytes: 0, misdated: 0, misdating: [] };
    await this.#readAll(due, round);
    return {
      atMs: this.#clock.now(),
      samplesRead: round.samples,
      bytesRead: round.bytes,
      warnings: round.misdated === 0 ? warnings : [...warnings, misdatedWarning(round)],
      incomplete,
    };
  }

  explain(families: readonly string[], instance: string): string {
    const urls = this.#listed.get(instance)?.map(({ url }) => url.href) ?? [`http://${instance}/metrics`];
    return `curl -s ${urls.map(shellWord).join(' ')} | grep -E ${shellWord(`^(${families.join('|')})[{ ]`)}`;
  }

  async close(): Promise<void> {
    this.#closed.abort(new UpstreamError('exporters', 'the source is closed', { retryable: false }));
    await this.#agent.destroy();
  }

  async inspect(signal: AbortSignal): Promise<readonly SystemReport[]> {
    const [listed, ...served] = await Promise.all([
      this.#list(signal).catch((cause: unknown) => {
        signal.throwIfAborted();
        return cause instanceof Error ? cause.message : String(cause);
      }),
      ...this.#served.map((list) => list.inspect(signal)),
    ]);
    const own: SystemReport = {
      system: 'exporters',
      address: typeof listed === 'string' ? 'no targets known' : targetsInWords(listed.targets.length),
      version: null,
      latencyMs: null,
      clockAheadMs: null,
      failure: typeof listed === 'string' ? listed : null,
      assumptions: ['exporters keep no history: hours in which Rigshift does not run stay gaps'],
    };
    return [own, ...served];
  }

  /** Begins each target when it is due, as long as not too many are being read. */
  async #readAll(due: readonly DueTarget[], round: Round): Promise<void> {
    const waiting = due.values();
    const readings: Promise<void>[] = [];
    const lane = async () => {
      for (const { target, offsetMs } of waiting) {
        await this.#waitUntil(offsetMs, round);
        const reading = this.#read(target, this.#labelSetsOf(target), round);
        readings.push(reading);
        await doneOrSlow(reading, this.#slowAfterMs);
        // Between two targets everybody else gets the thread.
        await nextTurn();
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.#concurrency, due.length) }, lane));
    await Promise.all(readings);
  }

  async #waitUntil(offsetMs: number, { startedMs, signal }: Round): Promise<void> {
    // A clock that is set back meanwhile makes nobody wait longer.
    const waitMs = Math.min(offsetMs, offsetMs - (this.#clock.now() - startedMs));
    if (waitMs <= 0) return;
    await this.#sleep(waitMs, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      throw error;
    });
  }

  async #read({ url, identity, timeoutMs }: ScrapeTarget, labelSets: LabelSets, round: Round): Promise<void> {
    const { request, signal, wanted } = round;
    const sink = request.open(identity);
    const scrapedAtMs = this.#clock.now();
    const leftMs = Math.min(this.#limitMs, this.#limitMs - (scrapedAtMs - round.startedMs));
    if (leftMs <= 0) {
      sink.fail('timeout', 'not asked: the time for all targets together was over');
      return;
    }
    const ownMs = Math.min(this.#timeoutMs, timeoutMs ?? Number.POSITIVE_INFINITY);
    const { samples, bytes, misdated, failure } = await scrape({
      dispatcher: this.#agent,
      url,
      timeoutMs: Math.min(ownMs, leftMs),
      isCut: leftMs < ownMs,
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
    round.samples += samples;
    round.bytes += bytes;
    round.misdated += misdated;
    if (misdated > 0) round.misdating.push(identity.instance);
    if (failure === null) sink.done(scrapedAtMs, samples);
    else sink.fail(failure.kind, failure.message);
  }

  /** They outlive an observation for as long as their target is listed. */
  #labelSetsOf({ key, identity }: ScrapeTarget): LabelSets {
    const known = this.#labelSets.get(key);
    if (known !== undefined) return known;
    const labelSets = new LabelSets(identity.labels);
    this.#labelSets.set(key, labelSets);
    return labelSets;
  }

  #forgetOthers(due: readonly DueTarget[]): void {
    const listed = new Set(due.map(({ target }) => target.key));
    for (const key of this.#labelSets.keys()) if (!listed.has(key)) this.#labelSets.delete(key);
  }

  #wantedNames(families: WantedFamilies): WantedNames {
    if (families !== this.#wantedFamilies) {
      this.#wantedFamilies = families;
      this.#wanted = new WantedNames(families);
    }
    return this.#wanted;
  }
}

/** Settles with the reading, or earlier where it takes long. */
async function doneOrSlow(reading: Promise<void>, slowAfterMs: number): Promise<void> {
  const { promise: slow, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, slowAfterMs);
  try {
    await Promise.race([reading, slow]);
  } finally {
    clearTimeout(timer);
  }
}

/** METRICS.md section 2, rule 1: what is not of now is unknown. */
function misdatedWarning({ misdated, misdating }: Round): string {
  const [example] = misdating.sort();
  return `${misdated} samples are left out, on ${example} for example: the time they bear is not the scrape's`;
}

function targetsInWords(count: number): string {
  return count === 1 ? '1 target' : `${count} targets`;
}

function shellWord(text: string): string {
  return /^[\w:/.,=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
