import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EmulatorLog, LoggedRequest } from '../../shared/emulator-log.ts';
import type { FaultPlan, FaultRule } from '../../shared/fault-plan.ts';
import { readBody } from '../../shared/read-body.ts';
import { type RouteMatch, RouteTable } from '../../shared/route-table.ts';
import type { Interactions } from '../interactions.ts';
import { openApi } from '../openapi.ts';
import { invalidForm, notFound, Refusal, tooLarge, unauthorized } from '../refusal.ts';
import type { DiscordState } from '../state.ts';
import { applicationRoutes } from './application-routes.ts';
import { channelRoutes } from './channel-routes.ts';
import { excuses } from './excuses.ts';
import { guildRoutes } from './guild-routes.ts';
import { interactionRoutes } from './interaction-routes.ts';
import type { RateLimits } from './rate-limits.ts';
import { readRequestBody } from './request-body.ts';
import type { Route, RouteAnswer, RouteContext } from './route.ts';

/** `hang` never answers, `reset` breaks the connection; `apply then reset` does so after it did what was asked. */
export type FaultKind =
  | '429 route'
  | '429 global'
  | '500'
  | '502'
  | '503'
  | '401'
  | 'hang'
  | 'reset'
  | 'apply then reset';

export interface RestParts {
  readonly token: string;
  readonly state: DiscordState;
  readonly interactions: Interactions;
  readonly gateway: RouteContext['gateway'];
  readonly limits: RateLimits;
  readonly faults: FaultPlan<FaultKind>;
  readonly log: EmulatorLog<unknown>;
}

const prefix = '/api/v10';
const BODY_LIMIT_BYTES = 64 * 1024 * 1024;
const loggedHeaders = ['authorization', 'content-type', 'user-agent', 'x-audit-log-reason'];

interface Answered extends RouteAnswer {
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers REST: the route, planned faults, the token, limits, the body's shape, then what was asked. */
export class RestServer {
  readonly #parts: RestParts;
  readonly #routes = new RouteTable<Route>([
    ...applicationRoutes,
    ...guildRoutes,
    ...channelRoutes,
    ...interactionRoutes,
  ]);
  /** Answers of 401, 403 and 429: ten thousand in ten minutes ban an address. */
  invalidRequests = 0;

  constructor(parts: RestParts) {
    this.#parts = parts;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://emulator');
    const method = request.method ?? 'GET';
    const stored = this.#parts.state.attachments.get(decodeURIComponent(url.pathname));
    if (stored !== undefined && method === 'GET') {
      response.writeHead(200, { 'content-type': stored.contentType }).end(stored.bytes);
      return;
    }
    const bytes = await readBody(request, BODY_LIMIT_BYTES);
    const path = url.pathname.startsWith(`${prefix}/`) ? url.pathname.slice(prefix.length) : null;
    const match = path === null ? null : this.#routes.match(method, path);
    const entry = entryOf(request, url, match);
    this.#parts.log.request(entry);
    if (match === null) {
      this.#parts.log.unhandled(method, url.pathname);
      send(response, entry, { status: 404, body: notFound().body() });
      return;
    }
    const fault = this.#parts.faults.take(method, match.route.template, path ?? '');
    if (fault !== null) {
      entry.fault = fault.kind;
      this.#disturb(match);
      if (fault.kind === 'hang') return;
      if (fault.kind !== 'reset' && fault.kind !== 'apply then reset') {
        if (fault.kind === '429 route' || fault.kind === '429 global') this.#block(match, fault);
        send(response, entry, this.#counted(faultAnswer(fault)));
        return;
      }
      if (fault.kind === 'apply then reset') await this.#perform(match, request, bytes, entry);
      request.socket.destroy();
      return;
    }
    send(response, entry, this.#counted(await this.#perform(match, request, bytes, entry)));
  }

  async #perform(
    match: RouteMatch<Route>,
    request: IncomingMessage,
    bytes: Buffer<ArrayBuffer> | null,
    entry: LoggedRequest,
  ): Promise<Answered> {
    const { route } = match;
    const limited = this.#limit(match);
    if ('status' in limited) return limited;
    const { headers } = limited;
    try {
      if (route.auth === 'bot' && request.headers.authorization !== `Bot ${this.#parts.token}`) throw unauthorized();
      if (bytes === null) throw tooLarge();
      const { json, uploads } = await readRequestBody(bytes, request.headers['content-type'] ?? '');
      entry.body = json;
      const { state, interactions, gateway, log } = this.#parts;
      const complain = (kind: string, detail: string) => log.violation(kind, `${titleOf(entry)}: ${detail}`);
      const context = { state, interactions, gateway, params: match.params, query: entry.query, body: json, uploads };
      refuseMismatch(route, json, uploads.length > 0);
      return { ...route.handle({ ...context, complain }), headers };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#blame(error, match, entry);
      return { status: error.status, body: error.body(), headers };
    }
  }

  /** A client that does not wait as long as it was told is over the limit. */
  #block(match: RouteMatch<Route>, { kind, retryAfterSeconds = 1 }: FaultRule<FaultKind>): void {
    const { name, major } = bucketOf(match);
    this.#parts.limits.block(name, major, { seconds: retryAfterSeconds, global: kind === '429 global' });
  }

  #limit(match: RouteMatch<Route>): Answered | { readonly headers: Readonly<Record<string, string>> } {
    if (match.route.template.startsWith('/interactions/')) return { headers: {} };
    const { name, major } = bucketOf(match);
    const { headers, exceeded } = this.#parts.limits.count(name, major, match.route.auth === 'bot');
    if (exceeded === null) return { headers };
    const { retryAfterSeconds, global } = exceeded;
    this.#parts.log.violation('rate limit', `${name} ${major}${global ? ' (global)' : ''}`);
    return rateLimited(retryAfterSeconds, global, headers);
  }

  #blame(refusal: Refusal, match: RouteMatch<Route>, entry: LoggedRequest): void {
    const { state, interactions, log } = this.#parts;
    if (entry.fault !== null || excuses(refusal, match.params, state, interactions)) return;
    const errors = refusal.errors.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
    const kind = refusal.code === 10062 ? 'late acknowledgement' : refusal.status === 401 ? 'token' : 'refused';
    log.violation(kind, `${titleOf(entry)} → ${refusal.status} ${refusal.code} ${refusal.message} ${errors}`.trim());
  }

  #disturb({ params }: RouteMatch<Route>): void {
    const interaction = this.#parts.interactions.findByToken(params['token'] ?? '');
    if (interaction !== null) interaction.disturbed = true;
  }

  #counted(answer: Answered): Answered {
    if ([401, 403, 429].includes(answer.status)) this.invalidRequests += 1;
    return answer;
  }
}

function bucketOf({ route, params }: RouteMatch<Route>): { readonly name: string; readonly major: string } {
  const major = params['channel'] ?? params['token'] ?? params['guild'] ?? '';
  return { name: `${route.method} ${route.template}`, major };
}

/** What Discord's own document says of the body. */
function refuseMismatch({ method, template }: Route, json: unknown, hasFiles: boolean): void {
  if (json === undefined && hasFiles) return;
  const mismatch = openApi()?.request(method, template)?.(json ?? {}) ?? null;
  if (mismatch !== null) throw invalidForm([{ ...mismatch, code: 'SCHEMA_MISMATCH' }]);
}

function titleOf({ method, route, path }: LoggedRequest): string {
  return `${method} ${route ?? path}`;
}

function entryOf(request: IncomingMessage, url: URL, match: RouteMatch<Route> | null): LoggedRequest {
  const headers = loggedHeaders.flatMap((name) => {
    const value = request.headers[name];
    return typeof value === 'string' ? [[name, name === 'authorization' ? value.replace(/\S+$/, '***') : value]] : [];
  });
  return {
    atMs: Date.now(),
    method: request.method ?? 'GET',
    route: match?.route.template ?? null,
    path: url.pathname.startsWith(prefix) ? url.pathname.slice(prefix.length) : url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(headers),
    body: undefined,
    status: null,
    answer: undefined,
    fault: null,
  };
}

function send(response: ServerResponse, entry: LoggedRequest, { status, body, headers = {} }: Answered): void {
  entry.status = status;
  if (body === undefined) {
    response.writeHead(status, headers).end();
    return;
  }
  const text = JSON.stringify(body);
  entry.answer = JSON.parse(text);
  response.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(text);
}

function rateLimited(retryAfterSeconds: number, global: boolean, headers: Readonly<Record<string, string>>): Answered {
  return {
    status: 429,
    body: { message: 'You are being rate limited.', retry_after: retryAfterSeconds, global, code: 0 },
    headers: { ...headers, 'Retry-After': String(Math.ceil(retryAfterSeconds)), Via: '1.1 emulator' },
  };
}

function faultAnswer({ kind, retryAfterSeconds = 1 }: FaultRule<FaultKind>): Answered {
  if (kind === '401') return { status: 401, body: unauthorized().body() };
  if (kind === '429 global') {
    const headers = { 'X-RateLimit-Global': 'true', 'X-RateLimit-Scope': 'global' };
    return rateLimited(retryAfterSeconds, true, headers);
  }
  if (kind === '429 route') {
    const headers = { 'X-RateLimit-Scope': 'user', 'X-RateLimit-Bucket': 'fault' };
    return rateLimited(retryAfterSeconds, false, headers);
  }
  return { status: Number(kind), body: { message: `${kind}: emulated`, code: 0 } };
}
