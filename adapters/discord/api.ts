import {
  DefaultRestOptions,
  type RawFile,
  REST,
  RESTEvents,
  type RESTOptions,
  type RequestMethod,
  type RouteLike,
} from 'discord.js';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import { failureOf } from './api-failure.ts';

export interface ApiCall {
  readonly method: `${RequestMethod}`;
  readonly route: RouteLike;
  readonly body?: object;
  readonly files?: readonly RawFile[];
  readonly query?: Readonly<Record<string, string>>;
  /** False where the route's own token is enough, as for interactions. */
  readonly auth?: false;
  /** Where the answer is wanted sooner than usual. */
  readonly limitMs?: number;
  readonly signal?: AbortSignal;
}

/** Refused requests (401, 403, 429) between two warnings; Discord bans an address at 10,000 in ten minutes. */
const INVALID_REQUESTS_PER_WARNING = 500;

export interface ApiOptions {
  readonly token: string;
  /** Null for the real one. */
  readonly url: string | null;
  readonly requestLimitMs: number;
  /** How long a refused token is believed to be wrong. */
  readonly refusalMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends every request. */
  readonly signal: AbortSignal;
}

/**
 * Discord's REST: one attempt per call within a time limit, and limits are thrown at once, so that whoever calls decides what
 * to wait for. It is not the client's own: that one forgets its token with every login that fails.
 */
export class DiscordApi {
  readonly #rest: REST;
  /** Answers to interactions are not bound to the bot's 50 requests a second: https://docs.discord.com/developers/topics/rate-limits */
  readonly #interactions: REST;
  readonly #options: ApiOptions;
  #refusedUntilMs = 0;

  constructor(options: ApiOptions) {
    this.#options = options;
    this.#rest = this.#open({});
    this.#interactions = this.#open({ globalRequestsPerSecond: Number.POSITIVE_INFINITY });
  }

  /**
   * Whether the last thing Discord said of the token, not long ago, is that it is wrong. Not for ever: nobody who waits for a
   * token that is taken would ever find out that it is.
   */
  get tokenRefused(): boolean {
    return this.#options.clock.now() < this.#refusedUntilMs;
  }

  #open(limits: Pick<Partial<RESTOptions>, 'globalRequestsPerSecond'>): REST {
    const { url, requestLimitMs, log } = this.#options;
    const rest = new REST({
      ...restAddress(url),
      ...limits,
      retries: 0,
      timeout: requestLimitMs,
      rejectOnRateLimit: () => true,
      makeRequest,
      invalidRequestWarningInterval: INVALID_REQUESTS_PER_WARNING,
    });
    rest.on(RESTEvents.InvalidRequestWarning, ({ count, remainingTime }) =>
      log.warn({ count, remainingMs: remainingTime }, 'many requests were refused'),
    );
    return rest;
  }

  /** @throws what discord.js throws; `failureOf` says what it means. */
  async call(call: ApiCall): Promise<unknown> {
    try {
      return await this.#once(call);
    } catch (error) {
      if (failureOf(error).kind !== 'unauthorised') throw error;
    }
    // One 401 passes now and then; two in a row mean it.
    try {
      return await this.#once(call);
    } catch (error) {
      if (call.auth !== false && failureOf(error).kind === 'unauthorised') {
        this.#refusedUntilMs = this.#options.clock.now() + this.#options.refusalMs;
      }
      throw error;
    }
  }

  async #once({ method, route, body, files, query, auth, limitMs, signal }: ApiCall): Promise<unknown> {
    const { token, requestLimitMs } = this.#options;
    // After a 401 discord.js sends nothing before it is told the token again.
    this.#rest.setToken(token);
    const ends = [
      this.#options.signal,
      AbortSignal.timeout(limitMs ?? requestLimitMs),
      ...(signal === undefined ? [] : [signal]),
    ];
    const rest = auth === false ? this.#interactions : this.#rest;
    const answer = await rest.request({
      method: method as RequestMethod,
      fullRoute: route,
      signal: AbortSignal.any(ends),
      ...(body === undefined ? {} : { body }),
      ...(files === undefined || files.length === 0 ? {} : { files: [...files] }),
      ...(query === undefined ? {} : { query: new URLSearchParams(query) }),
      ...(auth === undefined ? {} : { auth }),
    });
    if (auth !== false) this.#refusedUntilMs = 0;
    return answer;
  }

  close(): void {
    for (const rest of [this.#rest, this.#interactions]) {
      rest.clearHashSweeper();
      rest.clearHandlerSweeper();
    }
  }
}

/**
 * Forms are written out before they are sent: every undici of the process shares one dispatcher, and another version's than
 * discord.js's own takes no FormData.
 */
const makeRequest: RESTOptions['makeRequest'] = async (url, init) => {
  const { body, headers, ...rest } = init;
  if (!(body instanceof FormData)) return await DefaultRestOptions.makeRequest(url, init);
  const form = new Response(body);
  const written = { ...headers, 'content-type': form.headers.get('content-type') ?? '' };
  return await DefaultRestOptions.makeRequest(url, { ...rest, headers: written, body: await form.bytes() });
};

/** The option that points discord.js elsewhere; it adds the version itself. */
export function restAddress(url: string | null): { readonly api?: string } {
  return url === null ? {} : { api: url.replace(/\/+$/, '') };
}
