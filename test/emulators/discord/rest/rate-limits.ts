export interface RateLimitOptions {
  /** Requests per window and bucket (route and major parameter). */
  readonly limit: number;
  readonly windowMs: number;
  /** Requests a second over all routes of the bot. */
  readonly globalPerSecond: number;
  /** Other limits for some routes, by method and template: `POST /channels/:channel/messages`. */
  readonly routes: Readonly<Record<string, { readonly limit: number; readonly windowMs: number }>>;
}

export const usualRateLimits: RateLimitOptions = {
  limit: 50,
  windowMs: 1_000,
  globalPerSecond: 50,
  routes: {
    'POST /channels/:channel/messages': { limit: 5, windowMs: 5_000 },
    'PATCH /channels/:channel/messages/:message': { limit: 5, windowMs: 5_000 },
    'DELETE /channels/:channel/messages/:message': { limit: 5, windowMs: 1_000 },
  },
};

export interface RateVerdict {
  readonly headers: Readonly<Record<string, string>>;
  /** Null where the request is within its limits. */
  readonly exceeded: { readonly retryAfterSeconds: number; readonly global: boolean } | null;
}

interface Window {
  count: number;
  readonly endsMs: number;
  /** What arrives before this passes: it was under way when the limit was announced. */
  readonly enforcedFromMs: number;
}

const UNDER_WAY_MS = 100;

/** Fixed windows, counted by the monotonic clock, since clients wait in real time. */
export class RateLimits {
  readonly #options: RateLimitOptions;
  readonly #windows = new Map<string, Window>();

  constructor(options: RateLimitOptions) {
    this.#options = options;
  }

  /** Counts a request. `major` is the channel, guild or webhook in its path. */
  count(route: string, major: string, countsGlobally: boolean): RateVerdict {
    const { limit, windowMs } = this.#options.routes[route] ?? this.#options;
    const { globalPerSecond } = this.#options;
    const now = performance.now();
    if (countsGlobally) {
      const whole = this.#enter('global', 1_000, now);
      if (isExceeded(whole, globalPerSecond, now)) {
        const retryAfterSeconds = secondsLeft(whole, now);
        const headers = { 'X-RateLimit-Global': 'true', 'X-RateLimit-Scope': 'global' };
        return { headers, exceeded: { retryAfterSeconds, global: true } };
      }
    }
    const bucket = this.#enter(`${route} ${major}`, windowMs, now);
    const secondsToReset = secondsLeft(bucket, now);
    const headers = {
      'X-RateLimit-Bucket': Buffer.from(route).toString('base64url').slice(0, 32),
      'X-RateLimit-Limit': String(limit),
      'X-RateLimit-Remaining': String(Math.max(0, limit - bucket.count)),
      'X-RateLimit-Reset': (Date.now() / 1_000 + secondsToReset).toFixed(3),
      'X-RateLimit-Reset-After': secondsToReset.toFixed(3),
    };
    if (!isExceeded(bucket, limit, now)) return { headers, exceeded: null };
    return {
      headers: { ...headers, 'X-RateLimit-Scope': 'user' },
      exceeded: { retryAfterSeconds: secondsToReset, global: false },
    };
  }

  /** From now on nothing is within its limits, as a planned 429 announced. */
  block(
    route: string,
    major: string,
    { seconds, global }: { readonly seconds: number; readonly global: boolean },
  ): void {
    const now = performance.now();
    const blocked = { count: Infinity, endsMs: now + seconds * 1_000, enforcedFromMs: now + UNDER_WAY_MS };
    this.#windows.set(global ? 'global' : `${route} ${major}`, blocked);
  }

  #enter(key: string, windowMs: number, now: number): Window {
    const known = this.#windows.get(key);
    const current =
      known !== undefined && known.endsMs > now ? known : { count: 0, endsMs: now + windowMs, enforcedFromMs: now };
    current.count += 1;
    this.#windows.set(key, current);
    return current;
  }
}

function isExceeded({ count, enforcedFromMs }: Window, limit: number, now: number): boolean {
  return count > limit && now >= enforcedFromMs;
}

function secondsLeft({ endsMs }: Window, now: number): number {
  return Math.ceil(endsMs - now) / 1_000;
}
