import { webApi } from '@slack/bolt';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import { failureOf } from './api-failure.ts';
import { boltLogger } from './bolt-logger.ts';
import { ClosedMethods } from './closed-methods.ts';
import type { SlackMethod } from './methods.ts';

export interface ApiOptions {
  readonly token: string;
  /** Null for the real one. */
  readonly url: string | null;
  readonly requestLimitMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends every request. */
  readonly signal: AbortSignal;
}

/**
 * Slack's Web API: one attempt per call within a time limit, and limits are thrown at once, so that whoever calls decides what
 * to wait for.
 */
export class SlackApi {
  readonly #client: webApi.WebClient;
  readonly #options: ApiOptions;
  readonly #closed: ClosedMethods;
  #refused = Promise.withResolvers<void>();
  #tokenRefused = false;

  constructor(options: ApiOptions) {
    this.#options = options;
    this.#closed = new ClosedMethods(options.clock);
    this.#client = new webApi.WebClient(options.token, clientOptions(options));
  }

  /** Whether the last thing Slack said of the token is that it is wrong. */
  get tokenRefused(): boolean {
    return this.#tokenRefused;
  }

  /** Settles when Slack refuses the token the next time. */
  get refused(): Promise<void> {
    return this.#refused.promise;
  }

  /** @throws what the Web API's client throws; `failureOf` says what it means. */
  async call<Answer extends webApi.WebAPICallResult>(
    method: SlackMethod,
    args: Readonly<Record<string, unknown>> = {},
  ): Promise<Answer> {
    try {
      return await this.#once<Answer>(method, args);
    } catch (error) {
      if (failureOf(error).kind !== 'unauthorised') throw error;
      // One may be a passing fault of Slack's; two in a row mean it.
    }
    try {
      return await this.#once<Answer>(method, args);
    } catch (error) {
      if (failureOf(error).kind === 'unauthorised') this.#noteRefusal();
      throw error;
    }
  }

  /** Posts to a `response_url`. @throws as `call` does. */
  async respond(url: string, body: Readonly<Record<string, unknown>>): Promise<void> {
    const response = await this.#post(url, JSON.stringify(body), 'application/json; charset=utf-8');
    const text = await response.text();
    const error = errorIn(text) ?? (isRefused(response) && isCode(text) ? text : null);
    if (error !== null) throw new webApi.WebAPIPlatformError({ ok: false, error });
    if (!response.ok) throw httpError(response, text);
  }

  /** The bytes of a file, to where `files.getUploadURLExternal` said. @throws as `call` does. */
  async upload(url: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const response = await this.#post(url, bytes, 'application/octet-stream');
    const text = await response.text();
    if (!response.ok) throw httpError(response, text);
  }

  async #once<Answer extends webApi.WebAPICallResult>(
    method: SlackMethod,
    args: Readonly<Record<string, unknown>>,
  ): Promise<Answer> {
    this.#closed.throwIfClosed(method);
    try {
      const answer = await this.#client.apiCall(method, { ...args });
      this.#tokenRefused = false;
      return answer as Answer;
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === 'limited') this.#closed.close(method, failure.retryAfterMs);
      throw error;
    }
  }

  #noteRefusal(): void {
    this.#tokenRefused = true;
    const refused = this.#refused;
    this.#refused = Promise.withResolvers();
    refused.resolve();
  }

  async #post(url: string, body: string | Uint8Array<ArrayBuffer>, contentType: string): Promise<Response> {
    const { signal, requestLimitMs } = this.#options;
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': contentType },
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(requestLimitMs)]),
    });
    if (response.status !== 429) return response;
    await response.body?.cancel();
    throw new webApi.WebAPIRateLimitedError(Number(response.headers.get('retry-after')) || 1);
  }
}

/** For a client of the Web API; a new object each time, because Bolt writes into the one it is given. */
export function clientOptions(options: Omit<ApiOptions, 'token' | 'clock'>): webApi.WebClientOptions {
  const { url, requestLimitMs, log, signal } = options;
  return {
    ...(url === null ? {} : { slackApiUrl: url }),
    allowAbsoluteUrls: false,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: requestLimitMs,
    logger: boltLogger(log),
    fetch: (address, init) => {
      const ends = init?.signal == null ? [signal] : [signal, init.signal];
      return fetch(address, { ...init, signal: AbortSignal.any(ends) });
    },
  };
}

function httpError(response: Response, text: string): Error {
  const headers = Object.fromEntries(response.headers);
  return new webApi.WebAPIHTTPError(response.status, response.statusText, headers, text);
}

function isRefused({ status }: Response): boolean {
  return status >= 400 && status < 500;
}

/** Slack's webhooks say what is wrong with a word alone. */
function isCode(text: string): boolean {
  return /^[a-z][a-z0-9_]*$/.test(text);
}

/** `{"ok":false,"error":"used_url"}`, whatever its status; null for everything else. */
function errorIn(text: string): string | null {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer !== 'object' || answer === null || !('ok' in answer) || answer.ok !== false) return null;
    return 'error' in answer && typeof answer.error === 'string' ? answer.error : 'unknown_error';
  } catch {
    return null;
  }
}
