import { UserError } from '../domain/errors.ts';
import type { Invocation } from './invocation.ts';

/** So many at once, and then so many a minute. */
export interface Allowance {
  readonly atOnce: number;
  readonly perMinute: number;
}

export interface RateLimitOptions {
  /** Unix ms. */
  readonly clock: { now(): number };
  readonly user: Allowance;
  readonly channel: Allowance;
}

/** @throws UserError for who asks more than is good for everybody else. */
export type RateLimit = (invocation: Invocation) => void;

/** Twenty questions in one breath of a person, and four people's worth of them in one channel. */
export const usualLimits = {
  user: { atOnce: 20, perMinute: 30 },
  channel: { atOnce: 80, perMinute: 120 },
} satisfies Omit<RateLimitOptions, 'clock'>;

export function createRateLimit({ clock, user, channel }: RateLimitOptions): RateLimit {
  const users = new Buckets(user);
  const channels = new Buckets(channel);
  return (invocation) => {
    const nowMs = clock.now();
    const { platform } = invocation;
    const userWaitMs = users.take(`${platform} ${invocation.user.id}`, nowMs);
    if (userWaitMs > 0) throw tooMany('You have asked a great deal in a short while.', userWaitMs);
    const channelWaitMs = channels.take(`${platform} ${invocation.channel}`, nowMs);
    if (channelWaitMs > 0) throw tooMany('This channel has asked a great deal in a short while.', channelWaitMs);
  };
}

function tooMany(message: string, waitMs: number): UserError {
  return new UserError(message, `Ask again in ${Math.ceil(waitMs / 1000)} s.`);
}

/** Whoever is not heard of for a while is forgotten: a full bucket says the same. */
const MOST_BUCKETS = 10_000;

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** Token buckets by name; least lately used first, so that what is forgotten is as good as full. */
class Buckets {
  readonly #allowance: Allowance;
  readonly #buckets = new Map<string, Bucket>();

  constructor(allowance: Allowance) {
    this.#allowance = allowance;
  }

  /** Takes one token where there is one: 0. Otherwise how long until there is, ms. */
  take(name: string, nowMs: number): number {
    const { atOnce, perMinute } = this.#allowance;
    const perMs = perMinute / 60_000;
    const { tokens, atMs } = this.#buckets.get(name) ?? { tokens: atOnce, atMs: nowMs };
    // A clock that is set back gives nothing and takes nothing.
    const filled = Math.min(atOnce, tokens + Math.max(0, nowMs - atMs) * perMs);
    const taken = filled >= 1;
    this.#buckets.delete(name);
    this.#buckets.set(name, { tokens: taken ? filled - 1 : filled, atMs: nowMs });
    if (this.#buckets.size > MOST_BUCKETS) this.#forgetOldest();
    return taken ? 0 : (1 - filled) / perMs;
  }

  #forgetOldest(): void {
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}
