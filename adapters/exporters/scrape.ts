import { createGunzip, type Gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import type { TargetFailureKind } from '../../src/domain/snapshot.ts';
import { ExpositionError } from './exposition-error.ts';
import type { ExpositionScanner } from './scanner.ts';
import type { Turns } from './turns.ts';

export interface ScrapeFailure {
  readonly kind: TargetFailureKind;
  readonly message: string;
}

export interface ScrapeResult {
  /** Bytes of the body, decompressed, that came in all attempts. */
  readonly bytes: number;
  readonly samples: number;
  /** Wanted samples that were left out because of their own time. */
  readonly misdated: number;
  readonly failure: ScrapeFailure | null;
}

export interface ScrapeOptions {
  readonly dispatcher: Dispatcher;
  readonly url: URL;
  /** Covers connecting, redirects, headers and the whole body. */
  readonly timeoutMs: number;
  /** Whether that is less than the target was to have, because the time for all targets together ends. */
  readonly isCut?: boolean;
  /** Of the body, as it comes and decompressed. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  readonly turns: Turns;
  /** Called once per body that is read. */
  readonly openScanner: (openMetrics: boolean) => ExpositionScanner;
}

type Outcome =
  | { readonly kind: 'read'; readonly samples: number; readonly misdated: number }
  | { readonly kind: 'redirect'; readonly status: number; readonly location: string }
  | { readonly kind: 'failed'; readonly failure: ScrapeFailure; readonly staleConnection: boolean };

const maxRedirects = 3;
const headers = {
  // OpenMetrics is read but not asked for: it adds nothing that is wanted, and some libraries print it as soon as it is named.
  accept: 'text/plain;version=0.0.4;q=1,*/*;q=0.1',
  'accept-encoding': 'gzip',
  'user-agent': 'rigshift',
};

/** Reads one exposition; whatever goes wrong is in the result. Rejects only with the signal's reason. */
export async function scrape(options: ScrapeOptions): Promise<ScrapeResult> {
  const { timeoutMs, signal } = options;
  signal.throwIfAborted();
  let exchange: Exchange | null = null;
  let bytes = 0;
  const timer = setTimeout(() => exchange?.expire(), timeoutMs);
  const onAbort = () => exchange?.fail('network', 'cancelled');
  signal.addEventListener('abort', onAbort, { once: true });
  const failed = (failure: ScrapeFailure): ScrapeResult => ({ bytes, samples: 0, misdated: 0, failure });
  try {
    let url = options.url;
    let retried = false;
    for (let redirects = 0; ; ) {
      exchange = new Exchange(options);
      const outcome = await exchange.run(url);
      signal.throwIfAborted();
      bytes += exchange.bytes;
      if (outcome.kind === 'read') {
        const { samples, misdated } = outcome;
        return { bytes, samples, misdated, failure: null };
      }
      if (outcome.kind === 'failed') {
        if (!outcome.staleConnection || retried) return failed(outcome.failure);
        retried = true;
        continue;
      }
      const next = redirectTarget(url, outcome.location);
      const found = `HTTP ${outcome.status}, a redirect`;
      if (next === null) return failed({ kind: 'http-status', message: `${found} to another host, not followed` });
      if (++redirects > maxRedirects) return failed({ kind: 'http-status', message: `${found} after ${maxRedirects}` });
      url = next;
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

function redirectTarget(from: URL, location: string): URL | null {
  if (!URL.canParse(location, from)) return null;
  const to = new URL(location, from);
  return to.hostname === from.hostname && /^https?:$/.test(to.protocol) ? to : null;
}

/** One request and its answer. Settles once; after that the connection is let go or destroyed. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #options: ScrapeOptions;
  #settle: ((outcome: Outcome) => void) | null = null;
  #controller: Dispatcher.DispatchController | null = null;
  #scanner: ExpositionScanner | null = null;
  #gunzip: Gunzip | null = null;
  #answered = false;
  #packedBytes = 0;
  bytes = 0;

  constructor(options: ScrapeOptions) {
    this.#options = options;
  }

  run(url: URL): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#settle = resolve;
      const { dispatcher } = this.#options;
      const path = url.pathname + url.search;
      dispatcher.dispatch(
        { origin: url.origin, path, method: 'GET', headers, bodyTimeout: 0, headersTimeout: 0 },
        this,
      );
    });
  }

  expire(): void {
    const { timeoutMs, isCut = false } = this.#options;
    const limit = isCut ? 'before the time for all targets together was over' : `within ${timeoutMs / 1000} s`;
    if (this.#controller === null) this.fail('timeout', `no connection ${limit}`);
    else if (!this.#answered) this.fail('timeout', `no answer ${limit}`);
    else this.fail('timeout', `the body was not complete ${limit}, ${this.bytes} bytes came`);
  }

  fail(kind: TargetFailureKind, message: string, staleConnection = false): void {
    this.#finish({ kind: 'failed', failure: { kind, message }, staleConnection });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Given up while it was still connecting.
    if (this.#settle === null) controller.abort(new Error('given up'));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    answer: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200 || this.#settle === null) return;
    this.#answered = true;
    const location = answer['location'];
    const encoding = String(answer['content-encoding'] ?? 'identity').toLowerCase();
    if (status >= 300 && status < 400 && typeof location === 'string') {
      this.#finish({ kind: 'redirect', status, location });
    } else if (status !== 200) this.fail('http-status', `HTTP ${status}`);
    else if (Number(answer['content-length'] ?? 0) > this.#options.maxBytes) this.#tooLarge();
    else if (encoding !== 'identity' && encoding !== 'gzip') this.fail('malformed', 'unknown content-encoding');
    else {
      const openMetrics = /^application\/openmetrics-text\b/i.test(String(answer['content-type']));
      this.#scanner = this.#options.openScanner(openMetrics);
      if (encoding === 'gzip') this.#gunzip = this.#openGunzip(controller);
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#gunzip !== null) {
      this.#packedBytes += chunk.length;
      // Gzip data can go on for ever and hold nothing.
      if (this.#packedBytes > this.#options.maxBytes) this.#tooLarge();
      else if (!this.#gunzip.write(chunk)) controller.pause();
    } else if (this.#options.turns.hasTime()) this.#scan(chunk);
    else {
      controller.pause();
      this.#options.turns.wait(() => {
        this.#scan(chunk);
        if (this.#settle !== null) controller.resume();
      });
    }
  }

  onResponseEnd(): void {
    if (this.#gunzip === null) this.#end();
    else this.#gunzip.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const { kind, message } = connectionFailure(errorCode(error), this.#answered, this.bytes);
    // A kept connection that the exporter had just closed is no fault of the exporter's.
    this.fail(kind, message, kind === 'network' && brokenConnection.has(errorCode(error)));
  }

  #scan(chunk: Buffer): void {
    if (this.#settle === null) return;
    this.bytes += chunk.length;
    if (this.bytes > this.#options.maxBytes) this.#tooLarge();
    else this.#guard(() => this.#scanner!.write(chunk));
  }

  #end(): void {
    if (this.#settle === null) return;
    this.#guard(() => {
      this.#scanner!.end();
      const { samples, misdated } = this.#scanner!;
      this.#finish({ kind: 'read', samples, misdated });
    });
  }

  #guard(read: () => void): void {
    try {
      read();
    } catch (error) {
      if (error instanceof ExpositionError) this.fail(error.kind, error.message);
      else this.fail('malformed', `could not be read: ${error instanceof Error ? error.message : error}`);
    }
  }

  #tooLarge(): void {
    this.fail('too-large', `more than ${this.#options.maxBytes} bytes`);
  }

  #openGunzip(controller: Dispatcher.DispatchController): Gunzip {
    const gunzip = createGunzip();
    gunzip.on('data', (chunk: Buffer) => this.#scan(chunk));
    gunzip.on('drain', () => controller.resume());
    gunzip.on('end', () => this.#end());
    gunzip.on('error', (error) => {
      const cut = errorCode(error) === 'Z_BUF_ERROR';
      this.fail(cut ? 'truncated' : 'malformed', cut ? 'the gzip data ends early' : 'broken gzip data');
    });
    return gunzip;
  }

  #finish(outcome: Outcome): void {
    const settle = this.#settle;
    if (settle === null) return;
    this.#settle = null;
    this.#gunzip?.destroy();
    if (outcome.kind !== 'read') this.#controller?.abort(new Error('given up'));
    settle(outcome);
  }
}

const brokenConnection: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

function connectionFailure(code: string, answered: boolean, bytes: number): ScrapeFailure {
  if (code === 'ECONNREFUSED') return { kind: 'refused', message: 'connection refused' };
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') {
    return { kind: 'timeout', message: 'no connection in time' };
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'HPE_HEADER_OVERFLOW') {
    return { kind: 'too-large', message: 'the headers are too large' };
  }
  if (code.startsWith('HPE_') || code === 'HTTPParserError')
    return { kind: 'malformed', message: `the answer is not HTTP (${code})` };
  if (answered) return { kind: 'truncated', message: `the connection broke after ${bytes} bytes` };
  if (brokenConnection.has(code)) return { kind: 'network', message: 'the connection broke before an answer' };
  return { kind: 'network', message: code };
}

function errorCode(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
