import type { BlockFault } from '../block-fault.ts';
import { isObject, type JsonObject, objectsOf, parsedJson } from '../json.ts';
import type { EmulatorLog } from '../log.ts';
import type { SlackState } from '../state.ts';
import type { Channel } from '../workspace.ts';

/** An answer `{ ok: false, error, ... }`. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly error: string;
  readonly extra: JsonObject;

  constructor(error: string, extra: JsonObject = {}) {
    super(error);
    this.error = error;
    this.extra = extra;
  }
}

/** Faults in blocks or a view, as the real service words them. */
export function refuseFaults(error: string, faults: readonly BlockFault[]): void {
  if (faults.length === 0) return;
  const messages = faults.map(({ message, pointer }) => `${message} [json-pointer:${pointer}]`);
  throw new Refusal(error, {
    errors: messages,
    response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) },
  });
}

/** What a request carried, from a form or a JSON body: objects come as themselves or as JSON text. */
export class Arguments {
  readonly body: JsonObject;

  constructor(body: JsonObject) {
    this.body = body;
  }

  text(name: string): string | null {
    const value = this.body[name];
    if (typeof value === 'string') return value;
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === null || value === '') {
      throw new Refusal('invalid_arguments', {
        response_metadata: { messages: [`[ERROR] missing required field: ${name}`] },
      });
    }
    return value;
  }

  flag(name: string): boolean {
    return ['true', '1'].includes(this.text(name) ?? '');
  }

  number(name: string, otherwise: number): number {
    const value = Number(this.text(name) ?? otherwise);
    return Number.isFinite(value) ? value : otherwise;
  }

  has(name: string): boolean {
    return this.body[name] !== undefined;
  }

  /** Undefined where it is missing or no JSON. */
  json(name: string): unknown {
    const value = this.body[name];
    return typeof value === 'string' ? parsedJson(value) : value;
  }

  object(name: string): JsonObject | null {
    const value = this.json(name);
    return isObject(value) ? value : null;
  }

  objects(name: string): readonly JsonObject[] {
    return objectsOf(this.json(name));
  }
}

export interface MethodContext {
  readonly state: SlackState;
  readonly log: EmulatorLog;
  readonly args: Arguments;
  /** Scopes that the app was granted. */
  readonly scopes: ReadonlySet<string>;
  /** Where this emulator listens: `http://127.0.0.1:40123`. */
  readonly baseUrl: string;
  /** A fresh address of Socket Mode, good once. */
  newSocketUrl(): string;
}

export interface Method {
  readonly token: 'bot' | 'app';
  /** Needed before anything is looked at; null where none is. */
  readonly scope: string | null;
  /** @throws Refusal */
  run(context: MethodContext): JsonObject;
}

export function needScope(context: MethodContext, scope: string): void {
  if (context.scopes.has(scope)) return;
  throw new Refusal('missing_scope', { needed: scope, provided: [...context.scopes].join(',') });
}

const scopePrefixes = { public: 'channels', private: 'groups', im: 'im' } satisfies Record<Channel['kind'], string>;

/** `channels:read`, `groups:history`, `im:write`... by the kind of channel. */
export function channelScope(channel: Channel, right: string): string {
  return `${scopePrefixes[channel.kind]}:${right}`;
}

export function boundedLimit(args: Arguments, otherwise: number): number {
  return Math.max(1, Math.min(args.number('limit', otherwise), 999));
}

/** A page of a list, with Slack's cursor. */
export function page<Item>(
  items: readonly Item[],
  args: Arguments,
): { readonly items: readonly Item[]; readonly response_metadata: JsonObject } {
  const start = Number(Buffer.from(args.text('cursor') ?? '', 'base64').toString() || 0);
  const end = start + boundedLimit(args, 100);
  const cursor = end < items.length ? Buffer.from(String(end)).toString('base64') : '';
  return { items: items.slice(start, end), response_metadata: { next_cursor: cursor } };
}
