import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Route {
  readonly methods: readonly string[];
  /** Answers the request itself; what it throws becomes a 500 without a word of what happened. */
  handle(request: IncomingMessage, response: ServerResponse): void | Promise<void>;
}

/** By exact path, without the query. */
export type Routes = ReadonlyMap<string, Route>;

const readMethods = ['GET', 'HEAD'];

/** A route that is read: GET and HEAD. */
export function readRoute(handle: Route['handle']): Route {
  return { methods: readMethods, handle };
}

/** Hands a request to its route: 404 where there is none, 405 with what is allowed where the method does not fit. */
export async function route(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = '/'] = (request.url ?? '/').split('?', 1);
  const found = routes.get(path);
  if (found === undefined) return refuse(response, 404, 'not found');
  if (!found.methods.includes(request.method ?? '')) {
    response.setHeader('Allow', found.methods.join(', '));
    return refuse(response, 405, 'method not allowed');
  }
  await found.handle(request, response);
}

/** An answer that nobody asked for twice: the connection closes, so that a body that came along is not read. */
export function refuse(response: ServerResponse, status: number, error: string): void {
  response.setHeader('Connection', 'close');
  sendJson(response, status, { error });
}

export function sendJson(response: ServerResponse, status: number, body: object): void {
  send(response, status, 'application/json; charset=utf-8', `${JSON.stringify(body)}\n`);
}

/** Sends a whole body; for HEAD node:http leaves it out and keeps its length. */
export function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, {
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(body);
}
