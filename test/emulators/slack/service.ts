import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../shared/read-body.ts';
import type { Faults, MetFault } from './faults.ts';
import { parseArguments } from './http-body.ts';
import type { JsonObject } from './json.ts';
import type { EmulatorLog } from './log.ts';
import type { Outcome } from './outcome.ts';
import type { RateLimits } from './rate-limits.ts';
import { answerResponseUrl } from './response-url.ts';
import type { SlackState } from './state.ts';
import { takeUpload } from './uploads.ts';
import { webApiMethods } from './web-api/index.ts';
import { Arguments, type MethodContext, needScope, Refusal } from './web-api/method.ts';

export interface ServiceParts {
  readonly state: SlackState;
  readonly log: EmulatorLog;
  readonly faults: Faults;
  readonly limits: RateLimits;
  readonly scopes: ReadonlySet<string>;
  readonly botToken: string;
  readonly appToken: string;
  baseUrl(): string;
  newSocketUrl(): string;
}

const longestBody = 20_000_000;

interface Asked {
  readonly method: string;
  readonly id: string;
  readonly body: JsonObject;
  readonly raw: Buffer;
  readonly contentType: string;
  readonly authorization: string | null;
}

/** Serves the Web API, response_urls and uploads; everything else is an unhandled route. */
export async function serve(parts: ServiceParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const asked = await readAsked(request);
  const atMs = Date.now();
  const record = (status: number | null, answer: unknown): void => {
    const { token: _token, ...body } = asked.body;
    parts.log.add({ kind: 'request', method: asked.method, body, status, answer, atMs });
  };
  const fault = parts.faults.meet(asked.method);
  const outcome = await outcomeOf(parts, asked, fault);
  if (outcome === 'cut') {
    record(null, null);
    request.socket.destroy();
    return;
  }
  if (outcome.refused !== null) parts.log.violation(`refused ${asked.method}`, outcome.refused);
  if (!response.destroyed) {
    const text = typeof outcome.answer === 'string' ? outcome.answer : JSON.stringify(outcome.answer);
    response.writeHead(outcome.status, {
      'content-type': typeof outcome.answer === 'string' ? 'text/plain' : 'application/json; charset=utf-8',
      'x-oauth-scopes': [...parts.scopes].join(','),
      ...(outcome.retryAfterSeconds === undefined ? {} : { 'retry-after': String(outcome.retryAfterSeconds) }),
    });
    response.end(text);
  }
  record(outcome.status, outcome.answer);
}

async function readAsked(request: IncomingMessage): Promise<Asked> {
  const url = new URL(request.url ?? '/', 'http://emulator');
  const raw = await readBody(request, longestBody);
  if (raw === null) throw new Error('a body longer than anything a bot sends');
  const contentType = request.headers['content-type'] ?? '';
  const { method, id } = routeOf(url.pathname);
  const isUpload = method === 'upload';
  return {
    method,
    id,
    body: isUpload ? { bytes: raw.length } : await parseArguments(raw, contentType, url.searchParams),
    raw,
    contentType,
    authorization: request.headers.authorization ?? null,
  };
}

function routeOf(path: string): { readonly method: string; readonly id: string } {
  const [, area = '', name = '', ticket = ''] = path.split('/');
  if (area === 'api' && name !== '') return { method: name, id: '' };
  if (area === 'response' && name !== '') return { method: 'response_url', id: name };
  if (area === 'upload' && name === 'v1' && ticket !== '') return { method: 'upload', id: ticket };
  return { method: path, id: '' };
}

async function outcomeOf(parts: ServiceParts, asked: Asked, fault: MetFault | null): Promise<Outcome | 'cut'> {
  const channel = typeof asked.body['channel'] === 'string' ? asked.body['channel'] : null;
  // Each response_url has a limit of its own.
  const limited = asked.method === 'response_url' ? asked.id : channel;
  const tooSoon = parts.limits.tooSoon(asked.method, limited);
  if (tooSoon !== null) {
    const refused = tooSoon.isUnderWay ? null : 'a request before the end of its Retry-After';
    return { ...rateLimited(tooSoon.waitSeconds), refused };
  }
  switch (fault?.kind.kind) {
    case undefined:
      return handle(parts, asked, channel);
    case '429':
      parts.limits.block(asked.method, limited, fault.kind.retryAfterSeconds);
      return rateLimited(fault.kind.retryAfterSeconds);
    case '5xx':
      return { status: fault.kind.status ?? 503, answer: 'upstream connect error', refused: null };
    case 'invalid_auth':
      return { status: 200, answer: { ok: false, error: 'invalid_auth' }, refused: null };
    case 'refusal':
      return { status: 200, answer: { ok: false, error: fault.kind.error }, refused: null };
    case 'hang':
      await fault.released;
      return 'cut';
    case 'reset':
      return 'cut';
    case 'apply then reset':
      await handle(parts, asked, channel);
      return 'cut';
  }
}

function rateLimited(retryAfterSeconds: number): Outcome {
  return { status: 429, answer: { ok: false, error: 'ratelimited' }, retryAfterSeconds, refused: null };
}

async function handle(parts: ServiceParts, asked: Asked, channel: string | null): Promise<Outcome> {
  if (asked.method === 'response_url') return answerResponseUrl(parts, asked.id, asked.body);
  if (asked.method === 'upload') return takeUpload(parts.state, asked.id, asked.raw, asked.contentType);
  if (asked.method.startsWith('/')) {
    parts.log.unhandled(asked.method);
    return { status: 404, answer: 'not found', refused: null };
  }
  return callMethod(parts, asked, channel);
}

function callMethod(parts: ServiceParts, asked: Asked, channel: string | null): Outcome {
  const method = webApiMethods.get(asked.method);
  if (method === undefined) {
    parts.log.unhandled(asked.method);
    return { status: 200, answer: { ok: false, error: 'unknown_method', req_method: asked.method }, refused: null };
  }
  const context: MethodContext = {
    state: parts.state,
    log: parts.log,
    args: new Arguments(asked.body),
    scopes: parts.scopes,
    baseUrl: parts.baseUrl(),
    newSocketUrl: parts.newSocketUrl,
  };
  try {
    checkToken(parts, asked, method.token);
    if (method.scope !== null) needScope(context, method.scope);
    const retryAfterSeconds = parts.limits.take(asked.method, channel);
    if (retryAfterSeconds !== null) return rateLimited(retryAfterSeconds);
    return { status: 200, answer: { ok: true, ...method.run(context) }, refused: null };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const answer = { ok: false, error: error.error, ...error.extra };
    return { status: 200, answer, refused: JSON.stringify(answer) };
  }
}

function checkToken(parts: ServiceParts, { authorization, body }: Asked, kind: 'bot' | 'app'): void {
  const token = authorization?.replace(/^Bearer /, '') ?? body['token'];
  if (token === undefined || token === '') throw new Refusal('not_authed');
  if (token !== parts.botToken && token !== parts.appToken) throw new Refusal('invalid_auth');
  if (token !== (kind === 'bot' ? parts.botToken : parts.appToken)) throw new Refusal('not_allowed_token_type');
}
