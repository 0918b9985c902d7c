import { type HealthOptions, healthRoutes } from './health.ts';
import { createListener, type Listener } from './listener.ts';
import type { Routes } from './routes.ts';

export interface HttpServerOptions extends HealthOptions {
  /** HTTP_HOST and HTTP_PORT: health and metrics, for those who operate the bot. */
  readonly host: string;
  readonly port: number;
  /** PUBLIC_HOST and PUBLIC_PORT: what has to be reached from outside. Null: nothing is. */
  readonly public?: { readonly host: string; readonly port: number; readonly routes: Routes } | null;
}

export interface HttpServer {
  /** @returns the addresses as URLs. @throws UserError where one cannot be listened on; then neither is. */
  start(): Promise<{ readonly address: string; readonly publicAddress: string | null }>;
  /** Takes no new requests, lets running ones finish for `graceMs`, then cuts them off. */
  stop(graceMs: number): Promise<void>;
}

/** Health and metrics on one address and, apart from them, what the outside may reach on another. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { host, port, log } = options;
  const operators = createListener({
    host,
    port,
    routes: healthRoutes(options),
    settings: { host: 'HTTP_HOST', port: 'HTTP_PORT' },
    log,
  });
  const outside: Listener | null = options.public
    ? createListener({ ...options.public, settings: { host: 'PUBLIC_HOST', port: 'PUBLIC_PORT' }, log })
    : null;

  const stop = async (graceMs: number): Promise<void> => {
    await Promise.all([operators.stop(graceMs), outside?.stop(graceMs)]);
  };
  return {
    async start() {
      try {
        return { address: await operators.start(), publicAddress: (await outside?.start()) ?? null };
      } catch (error) {
        await stop(0);
        throw error;
      }
    },
    stop,
  };
}
