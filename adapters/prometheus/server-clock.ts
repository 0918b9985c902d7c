import { z } from 'zod';
import { UpstreamError } from '../../src/domain/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { PrometheusClient } from './client.ts';

const askEveryMs = 600_000;
/** A smaller difference changes no figure: a sample counts for several intervals, the smallest of which is five seconds. */
const toleratedMs = 5_000;

/** How far a server's clock is from ours: its answers are only as old as they seem where both are right. */
export class ServerClock {
  readonly #client: PrometheusClient;
  readonly #clock: Clock;
  #askedAtMs: number | null = null;
  /** 0 where it is right, or does not tell. */
  aheadMs = 0;

  constructor(client: PrometheusClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** Asks now and then; whether it is another than was thought. A server that does not tell its time is believed. */
  async turnsOutWrong(signal: AbortSignal): Promise<boolean> {
    const nowMs = this.#clock.now();
    if (this.#askedAtMs !== null && Math.abs(nowMs - this.#askedAtMs) < askEveryMs) return false;
    this.#askedAtMs = nowMs;
    const before = this.aheadMs;
    try {
      const { latencyMs, aheadMs } = await askTime(this.#client, this.#clock, signal);
      this.aheadMs = Math.abs(aheadMs) <= toleratedMs + latencyMs ? 0 : Math.round(aheadMs);
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
    }
    return Math.abs(this.aheadMs - before) > toleratedMs;
  }
}

const point = z.tuple([z.number(), z.string()]);
/** Prometheus answers `time()` with a scalar, VictoriaMetrics with a vector. */
const timeSchema = z.object({
  data: z.union([
    z.object({ resultType: z.literal('scalar'), result: point }).transform(({ result }) => result),
    z
      .object({ resultType: z.literal('vector'), result: z.tuple([z.object({ value: point })]) })
      .transform(({ result }) => result[0].value),
  ]),
});

/**
 * One small query. `aheadMs`: how far the server's clock runs ahead of ours; where it tells whole seconds, on average.
 * @throws UpstreamError
 */
export async function askTime(
  client: PrometheusClient,
  clock: Clock,
  signal: AbortSignal,
): Promise<{ readonly latencyMs: number; readonly aheadMs: number; readonly isInSeconds: boolean }> {
  const sentMs = clock.now();
  const startedMs = performance.now();
  // VictoriaMetrics answers as of half a minute ago unless it is told not to.
  const { body } = await client.json('/api/v1/query', { query: 'time()', nocache: '1' }, signal);
  const latencyMs = performance.now() - startedMs;
  const parsed = timeSchema.safeParse(body);
  if (!parsed.success) throw new UpstreamError('prometheus', 'its answer to time() is none; check the URL');
  const serverMs = Number(parsed.data.data[1]) * 1000;
  const isInSeconds = serverMs % 1000 === 0;
  // Rounded down to the second, so that it is half a second late on average.
  return { latencyMs, aheadMs: serverMs - (sentMs + latencyMs / 2) + (isInSeconds ? 500 : 0), isInSeconds };
}
