import type { Dispatcher } from 'undici';
import { z } from 'zod';
import { UpstreamError } from '../../src/domain/errors.ts';
import { bodyOf, Connection, type ConnectionOptions } from './connection.ts';
import { AskedTooMuch, connectionFault, refused, retryAfter } from './faults.ts';
import { Patience, type PatienceOptions } from './patience.ts';
import { parseSeries, type RangeSeries } from './range-series.ts';
import { ResponseSplitter } from './response-splitter.ts';

export interface RangeQuery {
  /** A range selector. */
  readonly promql: string;
  readonly atMs: number;
  readonly signal: AbortSignal;
  /** A larger answer is given up. */
  readonly maxPoints?: number;
  /** It may well be too much: that it takes too long says nothing about the server, and it is not asked again. */
  readonly bold?: boolean;
  readonly series: (series: RangeSeries) => void;
}

export interface QueryReport {
  readonly bytes: number;
  readonly points: number;
  readonly warnings: readonly string[];
  /** Remarks of the server on the query, which make no answer incomplete. */
  readonly infos: readonly string[];
}

export interface ClientOptions extends ConnectionOptions {
  readonly maxSamples?: number;
  /** Of one answer, decompressed. */
  readonly maxBytes?: number;
  /** Thanos; null leaves it to the server. */
  readonly dedup?: boolean | null;
  readonly partialResponse?: boolean | null;
  readonly patience?: Omit<PatienceOptions, 'origin'>;
}

const texts = z.array(z.string()).optional();
const envelopeSchema = z.object({
  status: z.enum(['success', 'error']),
  error: z.string().optional(),
  errorType: z.string().optional(),
  warnings: texts,
  infos: texts,
  /** VictoriaMetrics: some of its storage nodes did not answer. */
  isPartial: z.boolean().optional(),
  data: z.object({ resultType: z.string() }).optional(),
});

const errorSchema = z.object({ error: z.string(), errorType: z.string().optional() });
const maxTextBytes = 1024 * 1024;
const textLetters = 300;

/** The few calls of the Prometheus HTTP API that Rigshift needs, with a limit on everything. */
export class PrometheusClient {
  readonly connection: Connection;
  readonly #timeoutMs: number;
  readonly #maxSamples: number;
  readonly #maxBytes: number;
  readonly #parameters: Readonly<Record<string, string>>;
  readonly #patience: Patience;

  constructor(options: ClientOptions) {
    this.connection = new Connection(options);
    this.#timeoutMs = options.timeoutMs;
    this.#maxSamples = options.maxSamples ?? Number.POSITIVE_INFINITY;
    this.#maxBytes = options.maxBytes ?? Number.POSITIVE_INFINITY;
    this.#parameters = thanosParameters(options.dedup ?? null, options.partialResponse ?? null);
    this.#patience = new Patience({ ...options.patience, origin: this.connection.origin });
  }

  /**
   * Evaluates a range selector at one instant and hands on each series as it arrives. Asks again, within the same time
   * limit, where nothing was handed on yet and the fault may pass.
   * @throws UpstreamError
   */
  async query(query: RangeQuery): Promise<QueryReport> {
    const limit = AbortSignal.timeout(this.#timeoutMs);
    const startedMs = performance.now();
    let handedOn = false;
    const series = (one: RangeSeries) => {
      handedOn = true;
      query.series(one);
    };
    const once = () => this.#once({ ...query, series }, limit, this.#timeoutMs - (performance.now() - startedMs));
    // What was handed on cannot be taken back: then no try may follow.
    const deadlineMs = () => (handedOn ? Number.NEGATIVE_INFINITY : startedMs + this.#timeoutMs);
    return this.#patience.ask(once, { deadlineMs, signal: query.signal });
  }

  /**
   * One small answer, asked once: by POST with parameters, by GET without.
   * @throws UpstreamError
   */
  async json(
    path: string,
    parameters: Readonly<Record<string, string>> | null,
    signal: AbortSignal,
  ): Promise<{ readonly body: unknown; readonly isVictoriaMetrics: boolean }> {
    const { text, answer } = await this.#small(path, parameters, signal);
    const body = jsonOrNull(text);
    if (body === null) throw this.#fault(`no JSON at ${path}, but ${this.#quoted(text)}; check the URL`, null);
    return { body, isVictoriaMetrics: isVictoriaMetrics(answer) };
  }

  /** The beginning of a page, a mebibyte at most. */
  async text(path: string, signal: AbortSignal): Promise<string> {
    return (await this.#small(path, null, signal)).text;
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  async #small(path: string, parameters: Readonly<Record<string, string>> | null, signal: AbortSignal) {
    return this.#answered({ limit: AbortSignal.timeout(this.#timeoutMs), signal }, async (either) => {
      const answer = await (parameters === null
        ? this.connection.get(path, either)
        : this.connection.ask(path, new URLSearchParams(parameters), either));
      if (answer.statusCode !== 200) throw await this.#refusal(answer);
      return { text: await beginning(answer), answer };
    });
  }

  /** Everything that goes wrong with an exchange, as UpstreamError; but the caller's own signal as it is. */
  async #answered<T>(
    { limit, signal, bold = false }: { limit: AbortSignal; signal: AbortSignal; bold?: boolean | undefined },
    exchange: (either: AbortSignal) => Promise<T>,
  ): Promise<T> {
    signal.throwIfAborted();
    try {
      return await exchange(AbortSignal.any([signal, limit]));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof UpstreamError) throw error;
      if (limit.aborted) throw this.#tooSlow(error, !bold);
      throw this.#fault(connectionFault(error, this.connection.origin.startsWith('https:')), error);
    }
  }

  async #once(query: RangeQuery, limit: AbortSignal, leftMs: number): Promise<QueryReport> {
    const { promql, atMs, signal, maxPoints = Number.POSITIVE_INFINITY, series } = query;
    const parameters = new URLSearchParams({
      query: promql,
      time: (atMs / 1000).toFixed(3),
      timeout: `${Math.max(1, Math.ceil(leftMs))}ms`,
      ...this.#parameters,
    });
    return this.#answered({ limit, signal, bold: query.bold }, async (either) => {
      const answer = await this.connection.ask('/api/v1/query', parameters, either);
      if (answer.statusCode !== 200) throw await this.#refusal(answer);
      return this.#read(answer, Math.min(maxPoints, this.#maxSamples), series);
    });
  }

  async #read(
    answer: Dispatcher.ResponseData,
    maxPoints: number,
    series: (series: RangeSeries) => void,
  ): Promise<QueryReport> {
    let bytes = 0;
    let points = 0;
    const nanEnds = isVictoriaMetrics(answer);
    const splitter = new ResponseSplitter((json) => {
      const one = parseSeries(json, nanEnds);
      points += one.times.length;
      if (points > maxPoints) throw this.#tooLarge(`more than ${maxPoints} samples`, 'maxSamples');
      series(one);
    });
    try {
      for await (const chunk of bodyOf(answer)) {
        bytes += chunk.length;
        if (bytes > this.#maxBytes) throw this.#tooLarge(`more than ${this.#maxBytes} bytes`, 'maxBytes');
        splitter.write(chunk);
      }
      return { bytes, points, ...this.#remarks(splitter.end()) };
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof z.ZodError) {
        const came = bytes === 0 ? 'nothing' : this.#quoted(splitter.beginning());
        throw this.#fault(
          `not a complete Prometheus answer after ${bytes} bytes, which begin ${came}; check the URL`,
          error,
        );
      }
      throw error;
    }
  }

  #remarks(envelope: unknown): Pick<QueryReport, 'warnings' | 'infos'> {
    const { status, error, errorType, warnings = [], infos = [], isPartial, data } = envelopeSchema.parse(envelope);
    if (status === 'error') {
      throw this.#fault(`${errorType ?? 'error'}: ${this.#said(error ?? 'no reason given')}`, null);
    }
    if (data?.resultType !== 'matrix') {
      throw this.#fault(`a ${data?.resultType ?? 'missing'} result, not a matrix`, null);
    }
    const partial = isPartial === true ? ['the answer is partial'] : [];
    return {
      warnings: [...warnings.map((text) => this.#said(text)), ...partial],
      infos: infos.map((text) => this.#said(text)),
    };
  }

  async #refusal(answer: Dispatcher.ResponseData): Promise<UpstreamError> {
    const { statusCode: status, headers } = answer;
    const parsed = errorSchema.safeParse(jsonOrNull(await beginning(answer)));
    return refused({
      origin: this.connection.origin,
      status,
      reason: parsed.success ? this.#said(parsed.data.error) : null,
      retryAfterMs: retryAfter(headers['retry-after'], Date.now()),
      location: typeof headers['location'] === 'string' ? this.#said(placeOf(headers['location'])) : null,
    });
  }

  #quoted(text: string): string {
    return JSON.stringify(this.connection.withoutSecrets(text).slice(0, 80));
  }

  /** Of a long text beginning and end: the cause that others are wrapped around stands last. */
  #said(text: string): string {
    const cleared = this.connection.withoutSecrets(text);
    if (cleared.length <= textLetters) return cleared;
    return `${cleared.slice(0, textLetters / 3)} … ${cleared.slice((-2 * textLetters) / 3)}`;
  }

  #fault(message: string, cause: unknown): UpstreamError {
    return new UpstreamError('prometheus', `${this.connection.origin}: ${message}`, { cause });
  }

  #tooSlow(cause: unknown, retryable: boolean): AskedTooMuch {
    const message = `no answer within ${this.#timeoutMs / 1000} s; check its load, or raise metrics.prometheus.timeout`;
    return new AskedTooMuch('prometheus', `${this.connection.origin}: ${message}`, { cause, retryable });
  }

  #tooLarge(size: string, setting: string): AskedTooMuch {
    const remedy = `ask for the farm in parts with metrics.prometheus.shardBy, or raise metrics.prometheus.${setting}`;
    const message = `${this.connection.origin}: ${size} in one answer; ${remedy}`;
    return new AskedTooMuch('prometheus', message, { retryable: false });
  }
}

/** Its HTTP server signs every answer, also through its own proxies. */
function isVictoriaMetrics({ headers }: Dispatcher.ResponseData): boolean {
  return headers['x-server-hostname'] !== undefined;
}

async function beginning(answer: Dispatcher.ResponseData): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of bodyOf(answer)) {
    parts.push(chunk);
    bytes += chunk.length;
    if (bytes > maxTextBytes) break;
  }
  return Buffer.concat(parts).toString('utf8', 0, maxTextBytes);
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function thanosParameters(dedup: boolean | null, partialResponse: boolean | null): Readonly<Record<string, string>> {
  if (dedup === null && partialResponse === null) return {};
  return {
    ...(dedup === null ? {} : { dedup: `${dedup}` }),
    ...(partialResponse === null ? {} : { partial_response: `${partialResponse}` }),
    // As they were scraped, however old.
    max_source_resolution: '0s',
  };
}

/** A redirection's query may carry a session. */
function placeOf(location: string): string {
  return location.split('?')[0] ?? '';
}
