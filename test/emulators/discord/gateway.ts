import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { closeCodes, type Frame, GatewayConnection, GatewaySession, opcodes } from './gateway-session.ts';
import { createdGuildJson } from './payloads.ts';
import type { DiscordEvent, DiscordState } from './state.ts';

export interface GatewayOptions {
  readonly token: string;
  readonly heartbeatIntervalMs: number;
  /** Privileged intents that the application was granted. */
  readonly privilegedIntents: number;
  /** IDENTIFYs within five seconds. */
  readonly maxConcurrency: number;
}

export interface GatewayListener {
  complain(kind: string, detail: string): void;
  record(direction: 'in' | 'out', frame: Frame): void;
}

export interface Presence {
  readonly status: string;
  readonly activities: readonly { readonly name: string; readonly type: number; readonly state?: unknown }[];
}

const frameShape = z.looseObject({ op: z.int(), d: z.unknown().optional() });
const presenceShape = z.looseObject({
  status: z.string(),
  activities: z.array(z.looseObject({ name: z.string(), type: z.int() })),
});
const identifyShape = z.looseObject({
  token: z.string(),
  intents: z.int(),
  properties: z.looseObject({ os: z.string(), browser: z.string(), device: z.string() }),
  shard: z.tuple([z.int(), z.int()]).optional(),
  presence: presenceShape.nullish(),
});
const resumeShape = z.looseObject({ token: z.string(), session_id: z.string(), seq: z.int() });

const IDENTIFY_WINDOW_MS = 5_000;
const IDENTIFIES_A_DAY = 1_000;
const FRAMES_A_CONNECTION = 120;
const PRIVILEGED_INTENTS = (1 << 1) | (1 << 8) | (1 << 15);
const KNOWN_INTENTS = 0b11_0011_0001_1111_1111_1111_1111;
/** With these a client ends its session for good. */
const ENDING_CODES: ReadonlySet<number> = new Set([1000, 1001]);

/** The gateway's server side: sessions, what they miss while nobody is connected, and faults on request. */
export class Gateway {
  readonly #state: DiscordState;
  readonly #options: GatewayOptions;
  readonly #listener: GatewayListener;
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: 65_536 });
  readonly #sessions = new Map<string, GatewaySession>();
  readonly #connections = new Set<GatewayConnection>();
  readonly #identifiedAtMs: number[] = [];
  /** While positive, connections are refused. */
  refusing = 0;
  /** How many of the next RESUMEs get an invalid session. */
  refusedResumes = 0;
  /** What a new connection waits for before it says hello. */
  helloGate: Promise<void> | null = null;
  /** What the bot shows of itself; null until it said. */
  presence: Presence | null = null;
  url = '';

  constructor(state: DiscordState, options: GatewayOptions, listener: GatewayListener) {
    this.#state = state;
    this.#options = options;
    this.#listener = listener;
  }

  get identifies(): number {
    return this.#identifiedAtMs.length;
  }

  /** Sessions with an open connection that was told READY or RESUMED. */
  get connected(): number {
    return this.#sessions
      .values()
      .filter(({ connection }) => connection !== null)
      .toArray().length;
  }

  get connections(): readonly GatewayConnection[] {
    return [...this.#connections];
  }

  sessionStartLimit(): object {
    return {
      total: IDENTIFIES_A_DAY,
      remaining: Math.max(0, IDENTIFIES_A_DAY - this.identifies),
      reset_after: 86_400_000,
      max_concurrency: this.#options.maxConcurrency,
    };
  }

  publish(event: DiscordEvent): number {
    let deliveries = 0;
    for (const session of this.#sessions.values()) {
      const data = event.dataFor(session.intents);
      if (data !== null && session.dispatch(event.name, data)) deliveries += 1;
    }
    return deliveries;
  }

  /** Ends all sessions: who resumes one is told that it is gone. */
  forgetSessions(): void {
    this.#sessions.clear();
  }

  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.refusing > 0) {
      socket.destroy();
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (opened) => this.#open(opened, request.url ?? ''));
  }

  close(): void {
    for (const { socket } of this.#connections) socket.terminate();
    this.#server.close();
  }

  #open(socket: WebSocket, path: string): void {
    const connection = new GatewayConnection(socket, (frame) => this.#listener.record('out', frame));
    this.#connections.add(connection);
    const { heartbeatIntervalMs } = this.#options;
    const watch = setInterval(() => {
      if (connection.frozen || performance.now() - connection.heardAtMs < 2 * heartbeatIntervalMs) return;
      this.#refuse(connection, new GatewayRefusal(closeCodes.sessionTimedOut, 'no heartbeat for two intervals'));
    }, heartbeatIntervalMs);
    socket.on('message', (data) => this.#hear(connection, data));
    socket.on('error', () => socket.terminate());
    socket.on('close', (code) => {
      clearInterval(watch);
      this.#connections.delete(connection);
      const { session } = connection;
      if (session?.connection !== connection) return;
      session.connection = null;
      if (ENDING_CODES.has(code)) this.#sessions.delete(session.id);
    });
    const query = new URL(path, 'ws://gateway').searchParams;
    if (query.get('v') !== '10' || query.get('encoding') !== 'json') {
      this.#refuse(connection, new GatewayRefusal(closeCodes.invalidVersion, `not v=10&encoding=json: ${path}`));
      return;
    }
    void this.#greet(connection);
  }

  async #greet(connection: GatewayConnection): Promise<void> {
    await this.helloGate;
    connection.heardAtMs = performance.now();
    connection.signal(opcodes.hello, { heartbeat_interval: this.#options.heartbeatIntervalMs });
  }

  #hear(connection: GatewayConnection, data: RawData): void {
    try {
      const read = frameShape.safeParse(parse(data));
      if (!read.success) throw new GatewayRefusal(closeCodes.decodeError, 'a frame that is no JSON');
      this.#listener.record('in', { op: read.data.op, d: withoutToken(read.data.d), s: null, t: null });
      connection.received += 1;
      if (connection.received > FRAMES_A_CONNECTION) {
        throw new GatewayRefusal(closeCodes.rateLimited, 'over 120 frames');
      }
      this.#take(connection, read.data.op, read.data.d);
    } catch (error) {
      if (!(error instanceof GatewayRefusal)) throw error;
      this.#refuse(connection, error);
    }
  }

  #take(connection: GatewayConnection, op: number, data: unknown): void {
    if (op === opcodes.heartbeat) {
      connection.heardAtMs = performance.now();
      connection.signal(opcodes.heartbeatAck, null);
    } else if (op === opcodes.identify) {
      this.#identify(connection, data);
    } else if (op === opcodes.resume) {
      this.#resume(connection, data);
    } else if (connection.session === null) {
      throw new GatewayRefusal(closeCodes.notAuthenticated, `op ${op} before IDENTIFY`);
    } else if (op === opcodes.presence) {
      this.presence = readFrame(presenceShape, data);
    } else {
      throw new GatewayRefusal(closeCodes.unknownOpcode, `op ${op} is not emulated`);
    }
  }

  #identify(connection: GatewayConnection, data: unknown): void {
    const identify = readFrame(identifyShape, data);
    this.#checkIdentify(connection, identify);
    if (this.#identifiesTooSoon()) {
      this.#listener.complain('gateway', `over ${this.#options.maxConcurrency} IDENTIFY within 5 s`);
      connection.signal(opcodes.invalidSession, false);
      return;
    }
    const { intents, shard, presence } = identify;
    const session = new GatewaySession(`session-${this.identifies}-${this.#state.nextId()}`, intents, connection);
    connection.session = session;
    this.#sessions.set(session.id, session);
    this.presence = presence ?? this.presence;
    session.dispatch('READY', {
      v: 10,
      user: { ...this.#state.bot, verified: true, mfa_enabled: false, email: null },
      guilds: Array.from(this.#state.guilds.keys(), (id) => ({ id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: this.url,
      session_type: 'normal',
      application: { id: this.#state.applicationId, flags: 0 },
      private_channels: [],
      relationships: [],
      user_settings: {},
      ...(shard === undefined ? {} : { shard }),
    });
    if ((intents & 1) === 0) return;
    for (const guild of this.#state.guilds.values()) {
      session.dispatch('GUILD_CREATE', createdGuildJson(this.#state, guild));
    }
  }

  #checkIdentify({ session }: GatewayConnection, { token, intents, shard }: z.infer<typeof identifyShape>): void {
    if (session !== null) throw new GatewayRefusal(closeCodes.alreadyAuthenticated, 'a second IDENTIFY');
    this.#checkToken(token);
    if (shard !== undefined && (shard[0] !== 0 || shard[1] !== 1)) {
      throw new GatewayRefusal(closeCodes.invalidShard, `shard ${shard}`);
    }
    if ((intents & ~KNOWN_INTENTS) !== 0) throw new GatewayRefusal(closeCodes.invalidIntents, `intents ${intents}`);
    const withheld = intents & PRIVILEGED_INTENTS & ~this.#options.privilegedIntents;
    if (withheld !== 0) throw new GatewayRefusal(closeCodes.disallowedIntents, `privileged intents ${withheld}`);
  }

  #checkToken(token: string): void {
    if (token !== this.#options.token) throw new GatewayRefusal(closeCodes.authenticationFailed, 'wrong token');
  }

  #identifiesTooSoon(): boolean {
    const now = performance.now();
    this.#identifiedAtMs.push(now);
    const recent = this.#identifiedAtMs.filter((atMs) => now - atMs < IDENTIFY_WINDOW_MS);
    return recent.length > this.#options.maxConcurrency;
  }

  #resume(connection: GatewayConnection, data: unknown): void {
    const { token, session_id: id, seq } = readFrame(resumeShape, data);
    this.#checkToken(token);
    const session = this.#sessions.get(id);
    if (this.refusedResumes > 0 || session === undefined) {
      this.refusedResumes = Math.max(0, this.refusedResumes - 1);
      this.#sessions.delete(id);
      connection.signal(opcodes.invalidSession, false);
      return;
    }
    if (seq > session.sequence) {
      throw new GatewayRefusal(closeCodes.invalidSequence, `RESUME from ${seq} of ${session.sequence}`);
    }
    session.connection?.socket.terminate();
    session.connection = connection;
    connection.session = session;
    for (const frame of session.missedSince(seq)) connection.send(frame);
    session.dispatch('RESUMED', {});
  }

  #refuse(connection: GatewayConnection, { code, message }: GatewayRefusal): void {
    this.#listener.complain('gateway', `${code}: ${message}`);
    connection.close(code, message.slice(0, 100));
  }
}

/** Why the gateway closes a connection, with its close code. */
class GatewayRefusal extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

function readFrame<Shape>(shape: z.ZodType<Shape>, data: unknown): Shape {
  const read = shape.safeParse(data);
  if (!read.success) throw new GatewayRefusal(closeCodes.decodeError, z.prettifyError(read.error));
  return read.data;
}

function parse(data: RawData): unknown {
  try {
    return JSON.parse(data.toString());
  } catch {
    return null;
  }
}

/** Logs end up in the output of tests; tokens do not. */
function withoutToken(data: unknown): unknown {
  return typeof data === 'object' && data !== null && 'token' in data ? { ...data, token: '***' } : data;
}
