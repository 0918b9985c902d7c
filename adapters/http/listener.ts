import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { UserError } from '../../src/domain/errors.ts';
import type { Log } from '../../src/ports/log.ts';
import { type Routes, refuse, route } from './routes.ts';

export interface ListenerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly routes: Routes;
  /** Environment variables that choose the host and port, for the message when they cannot be had. */
  readonly settings: { readonly host: string; readonly port: string };
  readonly log: Log;
  readonly limits?: Partial<typeof defaultLimits>;
}

/** One address that is listened on, from `start` to `stop`; it is not started twice. */
export interface Listener {
  /** @returns the address as a URL. @throws UserError where it cannot be listened on. */
  start(): Promise<string>;
  /** Takes no new requests, lets running ones finish for `graceMs`, then cuts them off. */
  stop(graceMs: number): Promise<void>;
}

/** As node:http names them; times in milliseconds. */
const defaultLimits = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16_384,
};
/** A connection on which nothing moves: a client that does not read its answer. */
const idleSocketMs = 30_000;
const maxConnections = 100;

export function createListener(options: ListenerOptions): Listener {
  const { routes, log, limits } = options;
  const server = createServer({ ...defaultLimits, ...limits }, (request, response) => {
    // While it stops, a connection is of no use once its answer is out.
    response.once('close', () => !server.listening && server.closeIdleConnections());
    void answer(routes, request, response, log);
  });
  server.maxConnections = maxConnections;
  server.setTimeout(idleSocketMs);
  return {
    start: () => listen(server, options),
    stop: (graceMs) => close(server, graceMs),
  };
}

async function answer(routes: Routes, request: IncomingMessage, response: ServerResponse, log: Log): Promise<void> {
  try {
    await route(routes, request, response);
  } catch (err) {
    log.error({ err, method: request.method, path: request.url }, 'request failed');
    if (response.headersSent) response.destroy();
    else refuse(response, 500, 'internal error');
  }
}

function listen(server: Server, options: ListenerOptions): Promise<string> {
  const { host, port, log } = options;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const fail = (error: NodeJS.ErrnoException) => reject(listenError(error, options));
  server.once('error', fail);
  server.listen({ host, port }, () => {
    server.off('error', fail);
    server.on('error', (err) => log.error({ err }, 'listener failed'));
    resolve(urlOf(server));
  });
  return promise;
}

function urlOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}

function listenError(error: NodeJS.ErrnoException, { host, port, settings }: ListenerOptions): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new UserError(
        `Port ${port} on ${host} is in use.`,
        `Set ${settings.port} to a free port, or stop what listens there.`,
      );
    case 'EACCES':
      return new UserError(
        `Port ${port} may not be opened by this user.`,
        `Set ${settings.port} to a port above 1023.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new UserError(
        `${host} is no address of this machine.`,
        `Set ${settings.host} to one that is, for example 127.0.0.1.`,
      );
    default:
      return error;
  }
}

async function close(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return;
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  const cutOff = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(cutOff);
}
