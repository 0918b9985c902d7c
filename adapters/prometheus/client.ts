import { Agent, type Dispatcher, request } from 'undici';
import { z } from 'zod';
import { UpstreamError } from '../../src/domain/errors.ts';
import type { PrometheusCredentials } from '../../src/domain/metrics-settings.ts';
import { ResponseSplitter } from './response-splitter.ts';

/** One series of a range vector: its labels, `__name__` among them, and its samples in order of time. */
export interface RangeSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** Unix ms. */
  readonly times: readonly number[];
  readonly values: readonly number[];
}

export interface RangeQuery {
  /** A range selector. */
  readonly promql: string;
  readonly atMs: number;
  readonly signal: AbortSignal;
  /** A larger answer is given up. */
  readonly maxPoints?: number;
  readonly series: (series: RangeSeries) => void;
}

export interface QueryReport {
  readonly bytes: number;
  readonly points: number;
  readonly warnings: readonly string[];
}

export interface ClientOptions {
  /** May have a path prefix, as Mimir's does. */
  readonly url: string;
  readonly credentials: PrometheusCredentials;
  /** Per query, from connecting to the last byte. */
  readonly timeoutMs: number;
}

const envelopeSchema = z.object({
  status: z.enum(['success', 'error']),
  error: z.string().optional(),
  errorType: z.string().optional(),
  warnings: z.array(z.string()).optional(),
  /** VictoriaMetrics: some of its storage nodes did not answer. */
  isPartial: z.boolean().optional(),
  data: z.object({ resultType: z.string() }).optional(),
});

const errorSchema = z.object({ error: z.string(), errorType: z.string().optional() });
const maxErrorBytes = 64 * 1024;

/** The few calls of the Prometheus HTTP API that Rigshift needs, with a limit on everything. */
export class PrometheusClient {
  readonly #url: URL;
  readonly #headers: Record<string, string>;
  readonly #timeoutMs: number;
  readonly #agent = new Agent();

  constructor({ url, credentials, timeoutMs }: ClientOptions) {
    this.#url = new URL(`${url.replace(/\/+$/, '')}/api/v1/query`);
    this.#timeoutMs = timeoutMs;
    this.#headers = { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'rigshift' };
    const authorization = authorizationHeader(credentials);
    if (authorization !== null) this.#headers['authorization'] = authorization;
    this.#url.username = '';
    this.#url.password = '';
  }

  /**
   * Evaluates a range selector at one instant and hands on each series as it arrives. One retry, within the same time
   * limit, where nothing was handed on yet and the fault may pass.
   * @throws UpstreamError
   */
  async query(query: RangeQuery): Promise<QueryReport> {
    const limit = AbortSignal.timeout(this.#timeoutMs);
    let handedOn = false;
    const series = (one: RangeSeries) => {
      handedOn = true;
      query.series(one);
    };
    try {
      return await this.#once({ ...query, series }, limit);
    } catch (error) {
      if (!(error instanceof UpstreamError) || !error.retryable || handedOn || limit.aborted) throw error;
      return await this.#once({ ...query, series }, limit);
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #once({ promql, atMs, signal, maxPoints, series }: RangeQuery, limit: AbortSignal): Promise<QueryReport> {
    signal.throwIfAborted();
    const time = (atMs / 1000).toFixed(3);
    const body = new URLSearchParams({ query: promql, time, timeout: `${this.#timeoutMs}ms` }).toString();
    try {
      const answer = await request(this.#url, {
        method: 'POST',
        headers: this.#headers,
        body,
        dispatcher: this.#agent,
        signal: AbortSignal.any([signal, limit]),
      });
      if (answer.statusCode !== 200) throw await this.#refusal(answer);
      return await this.#read(answer.body, maxPoints ?? Number.POSITIVE_INFINITY, series);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof UpstreamError) throw error;
      if (limit.aborted) throw this.#fault(`no answer within ${this.#timeoutMs / 1000} s; check its load`, error);
      throw this.#fault(`${connectionFault(error)}; check the URL and that it runs`, error);
    }
  }

  async #read(
    body: Dispatcher.ResponseData['body'],
    maxPoints: number,
    series: (series: RangeSeries) => void,
  ): Promise<QueryReport> {
    let bytes = 0;
    let points = 0;
    const splitter = new ResponseSplitter((json) => {
      const one = parseSeries(json);
      points += one.times.length;
      if (points > maxPoints) throw this.#fault(`more than ${maxPoints} samples`, null, false);
      series(one);
    });
    try {
      for await (const chunk of body) {
        bytes += chunk.length;
        splitter.write(chunk);
      }
      return { bytes, points, warnings: this.#warnings(splitter.end()) };
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof z.ZodError) {
        const came = bytes === 0 ? 'nothing' : JSON.stringify(splitter.beginning().slice(0, 80));
        throw this.#fault(
          `not a complete Prometheus answer after ${bytes} bytes, which begin ${came}; check the URL`,
          error,
        );
      }
      throw error;
    }
  }

  #warnings(envelope: unknown): readonly string[] {
    const { status, error, errorType, warnings = [], isPartial, data } = envelopeSchema.parse(envelope);
    if (status === 'error') throw this.#fault(`${errorType ?? 'error'}: ${error ?? 'no reason given'}`, null);
    if (data?.resultType !== 'matrix')
      throw this.#fault(`a ${data?.resultType ?? 'missing'} result, not a matrix`, null);
    return isPartial === true ? [...warnings, 'the answer is partial'] : warnings;
  }

  async #refusal({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<UpstreamError> {
    const text = await beginning(body, maxErrorBytes);
    const parsed = errorSchema.safeParse(jsonOrNull(text));
    const reason = parsed.success ? parsed.data.error : (remedies[statusCode] ?? 'check the URL');
    const retryAfterSeconds = Number(headers['retry-after'] ?? Number.NaN);
    return new UpstreamError('prometheus', `${this.#url.origin}: HTTP ${statusCode}: ${reason}`, {
      retryable: statusCode >= 500 || statusCode === 429,
      retryAfterMs: Number.isFinite(retryAfterSeconds) ? retryAfterSeconds * 1000 : null,
    });
  }

  #fault(message: string, cause: unknown, retryable = true): UpstreamError {
    return new UpstreamError('prometheus', `${this.#url.origin}: ${message}`, { cause, retryable });
  }
}

const remedies: Readonly<Record<number, string>> = {
  401: 'it wants credentials; check prometheus.credentials',
  403: 'these credentials may not read it',
  404: 'no Prometheus API at this URL; check its path prefix',
};

function authorizationHeader(credentials: PrometheusCredentials): string | null {
  switch (credentials.kind) {
    case 'none':
      return null;
    case 'basic':
      return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
    case 'bearer':
      return `Bearer ${credentials.token}`;
  }
}

/** By hand: there are too many series for a schema. Native histograms have no `values` and so no samples. */
function parseSeries(json: string): RangeSeries {
  const parsed: unknown = JSON.parse(json);
  if (!isRecord(parsed) || !isRecord(parsed['metric'])) throw new SyntaxError('a series without labels');
  const { metric, values = [] } = parsed;
  if (!isLabels(metric) || !Array.isArray(values)) throw new SyntaxError('a series with broken labels or values');
  const times = new Array<number>(values.length);
  const numbers = new Array<number>(values.length);
  for (const [index, pair] of values.entries()) {
    if (!Array.isArray(pair) || typeof pair[0] !== 'number' || typeof pair[1] !== 'string') {
      throw new SyntaxError('a series with a broken sample');
    }
    times[index] = Math.round(pair[0] * 1000);
    numbers[index] = sampleValue(pair[1]);
  }
  return { labels: metric, times, values: numbers };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isLabels(value: unknown): value is Record<string, string> {
  return isRecord(value) && Object.values(value).every((label) => typeof label === 'string');
}

/** Prometheus writes infinities as `+Inf` and `-Inf`. */
function sampleValue(text: string): number {
  if (text.endsWith('Inf')) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(text);
}

async function beginning(body: Dispatcher.ResponseData['body'], limit: number): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    parts.push(chunk);
    bytes += chunk.length;
    if (bytes > limit) break;
  }
  return Buffer.concat(parts).toString('utf8', 0, limit);
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function connectionFault(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ECONNREFUSED') return 'connection refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'its name is unknown';
  return `the connection broke (${typeof code === 'string' ? code : 'unknown reason'})`;
}
