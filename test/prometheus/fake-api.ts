import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPrometheusSource, type PrometheusOptions } from '../../adapters/prometheus/source.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  /** From the body, or from the URL where there is none. */
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

export type Handler = (asked: Asked, response: ServerResponse) => void;

/** A server on loopback that answers what a test tells it to. */
export interface FakeApi {
  readonly url: string;
  readonly requests: Asked[];
  handle: Handler;
  /** What its clock shows, Unix seconds; null where `handle` answers that, too. */
  seconds: number | null;
  stop(): Promise<void>;
}

export async function startFakeApi(): Promise<FakeApi> {
  const requests: Asked[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { pathname, search } = new URL(request.url ?? '', 'http://127.0.0.1');
    const query = new URLSearchParams(body === '' ? search : body);
    const asked = { method: request.method ?? '', path: pathname, query, headers: request.headers };
    if (api.seconds !== null && query.get('query') === 'time()') {
      response.end(
        JSON.stringify({ status: 'success', data: { resultType: 'scalar', result: [api.seconds, `${api.seconds}`] } }),
      );
      return;
    }
    requests.push(asked);
    api.handle(asked, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const api: FakeApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    seconds: 31.001,
    handle: (_asked, response) => void response.end(matrix([])),
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return api;
}

/** At 31 s, of a server that scrapes every ten seconds, with hardly a pause between two tries. */
export function sourceAt(url: string, options: Partial<PrometheusOptions> = {}) {
  return createPrometheusSource({
    url,
    credentials: { kind: 'none' },
    intervalMs: 10_000,
    timeoutMs: 2_000,
    patience: { firstPauseMs: 1 },
    clock: { now: () => 31_000 },
    ...options,
  });
}

export type Series = readonly [
  labels: Record<string, string>,
  ...samples: (readonly [seconds: number, value: string])[],
];

export function matrix(series: readonly Series[], more: object = {}): string {
  const result = series.map(([metric, ...values]) => ({ metric, values }));
  return JSON.stringify({ status: 'success', data: { resultType: 'matrix', result }, ...more });
}

export const target = { job: 'rigs', instance: 'a:1' };
export const up: Series = [{ __name__: 'up', ...target }, [20, '1'], [30, '1']];

export function asksUp({ query }: Asked): boolean {
  return /\bup\|scrape_|\|up\b/.test(query.get('query') ?? '');
}

/** Answers `up` with the given series and everything else with others. */
export function answering(ups: readonly Series[], others: readonly Series[], more: object = {}): Handler {
  return (asked, response) => void response.end(asksUp(asked) ? matrix(ups) : matrix(others, more));
}
