import type { Clock } from '../../src/ports/clock.ts';
import type { SystemReport } from '../../src/ports/metrics.ts';
import { LastGoodList } from './last-good-list.ts';
import type { ListTargets, ScrapeTarget } from './scrape-target.ts';
import { listLimits, targetsOfGroups } from './target-groups.ts';

export interface HttpTargetsOptions {
  readonly clock: Clock;
  /** Covers connecting, redirects and the whole list. */
  readonly timeoutMs?: number;
  /** The list is asked for so often, and not more than once in an observation. */
  readonly refreshMs?: number;
  /** A list that is known is waited for so long; what comes later counts from the next observation on. */
  readonly patienceMs?: number;
  readonly fetch?: typeof globalThis.fetch;
}

export interface HttpTargets {
  readonly list: ListTargets;
  /** Asks once; throws nothing but the signal's reason. */
  inspect(signal: AbortSignal): Promise<SystemReport>;
}

/** As Prometheus demands it. */
const json = /^application\/json(;\s*charset=("utf-8"|utf-8))?$/i;

/**
 * Targets of a Prometheus http_sd list. Where it cannot be read, that is a warning, and the last good list stays in use.
 * https://prometheus.io/docs/prometheus/latest/http_sd/
 */
export function httpTargets(url: string, options: HttpTargetsOptions): HttpTargets {
  const { clock, timeoutMs = 10_000, refreshMs = 60_000, patienceMs = 1_000, fetch = globalThis.fetch } = options;
  const list = new LastGoodList(`http_sd ${url}`);
  let askedAtMs: number | null = null;
  let refreshing: Promise<void> | null = null;

  async function ask(
    signal: AbortSignal,
  ): Promise<{ readonly targets: readonly ScrapeTarget[]; readonly date: string | null }> {
    const limit = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await fetch(url, {
        headers: {
          accept: 'application/json',
          'user-agent': 'rigshift',
          'x-prometheus-refresh-interval-seconds': String(refreshMs / 1000),
        },
        signal: AbortSignal.any([signal, limit]),
      });
      return { targets: await targetsOfAnswer(answer), date: answer.headers.get('date') };
    } catch (cause) {
      signal.throwIfAborted();
      if (limit.aborted) throw new Error(`no answer within ${timeoutMs / 1000} s`, { cause });
      throw cause instanceof TypeError && cause.cause instanceof Error ? cause.cause : cause;
    }
  }

  async function refresh(signal: AbortSignal): Promise<void> {
    askedAtMs = clock.now();
    try {
      list.succeed((await ask(signal)).targets);
    } catch (cause) {
      if (signal.aborted) askedAtMs = null;
      else list.fail(cause);
    } finally {
      refreshing = null;
    }
  }

  return {
    async list(signal) {
      const isDue = !list.isKnown || askedAtMs === null || Math.abs(clock.now() - askedAtMs) >= refreshMs;
      if (isDue) refreshing ??= refresh(signal);
      if (refreshing !== null) await (list.isKnown ? within(patienceMs, refreshing) : refreshing);
      signal.throwIfAborted();
      return list.listing();
    },
    async inspect(signal) {
      const sentAtMs = clock.now();
      const startedMs = performance.now();
      const report = {
        system: 'http_sd',
        address: url,
        version: null,
        latencyMs: null,
        clockAheadMs: null,
        assumptions: [],
      };
      try {
        const { date } = await ask(signal);
        const clockAheadMs = clockAhead(date, sentAtMs, clock.now());
        return { ...report, latencyMs: performance.now() - startedMs, clockAheadMs, failure: null };
      } catch (cause) {
        signal.throwIfAborted();
        return { ...report, failure: cause instanceof Error ? cause.message : String(cause) };
      }
    },
  };
}

async function targetsOfAnswer(answer: Response): Promise<readonly ScrapeTarget[]> {
  const type = answer.headers.get('content-type') ?? '';
  const isList = answer.status === 200 && json.test(type);
  if (!isList) await answer.body?.cancel();
  if (answer.status !== 200) throw new Error(`HTTP ${answer.status}`);
  if (!isList) throw new Error(`the content type is "${type}" and not application/json`);
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of answer.body ?? []) {
    bytes += piece.length;
    if (bytes > listLimits.bytes) throw new Error(`is larger than ${listLimits.bytes} bytes`);
    pieces.push(piece);
  }
  return targetsOfGroups(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces))));
}

/** Settles with `work`, or after so long without it. */
async function within(durationMs: number, work: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, durationMs);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}

/** How far the other clock is ahead at least: the header Date says whole seconds, and the way takes its time. */
function clockAhead(date: string | null, sentAtMs: number, receivedAtMs: number): number | null {
  const dateMs = Date.parse(date ?? '');
  if (Number.isNaN(dateMs)) return null;
  if (dateMs > receivedAtMs) return dateMs - receivedAtMs;
  return Math.min(0, dateMs + 1_000 - sentAtMs);
}
