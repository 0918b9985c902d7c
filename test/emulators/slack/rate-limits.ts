/** Budgets as Slack keeps them (docs.slack.dev/apis/web-api/rate-limits). */
export interface RateLimitOptions {
  /** Posts to one channel that may come at once; then one a second. Slack gives no figure for its "short bursts". */
  readonly postBurst?: number;
  /** chat.update, over the whole workspace. */
  readonly updatesPerMinute?: number;
}

const minuteMs = 60_000;
// Timers of two processes never agree to the millisecond.
const toleranceMs = 50;
/** What arrives so soon after a 429 was under way when it was said. */
const underWayMs = 100;

const countedSingly: ReadonlySet<string> = new Set(['chat.postMessage', 'response_url']);

/** Posts are counted per channel, response_urls each for itself, everything else per method. */
function budgetKey(method: string, place: string | null): string {
  return countedSingly.has(method) ? `${method} ${place}` : method;
}

/** Counts requests against the budgets and remembers what it told the bot to wait for. */
export class RateLimits {
  readonly #now: () => number;
  readonly #postBurst: number;
  readonly #updatesPerMinute: number;
  readonly #posts = new Map<string, { tokens: number; atMs: number }>();
  readonly #closed = new Map<string, { readonly atMs: number; readonly untilMs: number }>();
  #updatesAtMs: number[] = [];

  constructor(options: RateLimitOptions, now: () => number) {
    this.#now = now;
    this.#postBurst = options.postBurst ?? 4;
    this.#updatesPerMinute = options.updatesPerMinute ?? 50;
  }

  /** What the bot should still have waited before this request, where it could know; null where it was free to come. */
  tooSoon(method: string, place: string | null): { readonly waitSeconds: number; readonly isUnderWay: boolean } | null {
    const closed = this.#closed.get(budgetKey(method, place));
    const leftMs = (closed?.untilMs ?? 0) - this.#now();
    if (closed === undefined || leftMs <= toleranceMs) return null;
    return { waitSeconds: Math.ceil(leftMs / 1_000), isUnderWay: this.#now() - closed.atMs < underWayMs };
  }

  /** Counts a request. Null where it may pass, else the seconds to wait. */
  take(method: string, channel: string | null): number | null {
    const key = budgetKey(method, channel);
    const waitMs = this.#wait(method, key);
    if (waitMs === 0) return null;
    const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1_000));
    this.#close(key, retryAfterSeconds);
    return retryAfterSeconds;
  }

  /** From now on a request before the end of that time is one too many. */
  block(method: string, place: string | null, retryAfterSeconds: number): void {
    this.#close(budgetKey(method, place), retryAfterSeconds);
  }

  #close(key: string, retryAfterSeconds: number): void {
    const atMs = this.#now();
    this.#closed.set(key, { atMs, untilMs: atMs + retryAfterSeconds * 1_000 });
  }

  #wait(method: string, key: string): number {
    if (method === 'chat.postMessage') return this.#takePost(key);
    if (method === 'chat.update') return this.#takeUpdate();
    return 0;
  }

  #takePost(key: string): number {
    const nowMs = this.#now();
    const bucket = this.#posts.get(key) ?? { tokens: this.#postBurst, atMs: nowMs };
    const tokens = Math.min(this.#postBurst, bucket.tokens + (nowMs - bucket.atMs) / 1_000);
    const passes = tokens >= 1 - toleranceMs / 1_000;
    this.#posts.set(key, { tokens: passes ? tokens - 1 : tokens, atMs: nowMs });
    return passes ? 0 : (1 - tokens) * 1_000;
  }

  #takeUpdate(): number {
    const nowMs = this.#now();
    this.#updatesAtMs = this.#updatesAtMs.filter((atMs) => atMs > nowMs - minuteMs);
    if (this.#updatesAtMs.length < this.#updatesPerMinute) {
      this.#updatesAtMs.push(nowMs);
      return 0;
    }
    return (this.#updatesAtMs[0] ?? nowMs) + minuteMs - nowMs;
  }
}
