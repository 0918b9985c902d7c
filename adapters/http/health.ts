import type { Registry } from 'prom-client';
import type { Log } from '../../src/ports/log.ts';
import { type Routes, readRoute, refuse, send, sendJson } from './routes.ts';

/** One thing that has to work before questions can be answered. */
export interface ReadinessCheck {
  readonly name: string;
  readonly ok: boolean;
  /** In words, without secrets: it is shown to whoever asks. */
  readonly detail: string;
}

export interface HealthOptions {
  /** Asked at each request, within a time limit. */
  readonly checks: () => Promise<readonly ReadinessCheck[]> | readonly ReadinessCheck[];
  readonly registry: Registry;
  readonly log: Log;
  /** Limit on the checks and on collecting metrics. */
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 4_000;

/**
 * `/healthz`: 200 while the process answers at all. `/readyz`: 200 or 503 with every check; nothing checked is not ready.
 * `/metrics`: Prometheus' text format.
 */
export function healthRoutes({ checks, registry, log, timeoutMs = defaultTimeoutMs }: HealthOptions): Routes {
  return new Map([
    ['/healthz', readRoute((_request, response) => send(response, 200, 'text/plain; charset=utf-8', 'ok\n'))],
    [
      '/readyz',
      readRoute(async (_request, response) => {
        const found = await withTimeLimit(async () => checks(), timeoutMs).catch((err: unknown) => {
          log.error({ err }, 'readiness checks failed');
          return [{ name: 'readiness', ok: false, detail: 'the checks themselves failed' }];
        });
        const ready = found.length > 0 && found.every(({ ok }) => ok);
        sendJson(response, ready ? 200 : 503, { ready, checks: found });
      }),
    ],
    [
      '/metrics',
      readRoute(async (_request, response) => {
        const text = await withTimeLimit(() => registry.metrics(), timeoutMs).catch((err: unknown) => {
          log.error({ err }, 'metrics could not be collected');
          return null;
        });
        if (text === null) refuse(response, 503, 'metrics could not be collected');
        else send(response, 200, registry.contentType, text);
      }),
    ],
  ]);
}

async function withTimeLimit<T>(work: () => Promise<T>, timeoutMs: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
