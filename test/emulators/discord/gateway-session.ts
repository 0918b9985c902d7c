import type { WebSocket } from 'ws';

export const opcodes = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  presence: 3,
  resume: 6,
  reconnect: 7,
  requestMembers: 8,
  invalidSession: 9,
  hello: 10,
  heartbeatAck: 11,
} as const;

export const closeCodes = {
  unknownOpcode: 4001,
  decodeError: 4002,
  notAuthenticated: 4003,
  authenticationFailed: 4004,
  alreadyAuthenticated: 4005,
  invalidSequence: 4007,
  rateLimited: 4008,
  sessionTimedOut: 4009,
  invalidShard: 4010,
  invalidVersion: 4012,
  invalidIntents: 4013,
  disallowedIntents: 4014,
} as const;

export interface Frame {
  readonly op: number;
  readonly d: unknown;
  readonly s: number | null;
  readonly t: string | null;
}

const MOST_KEPT = 1_000;

/** What outlives a connection: who is listening to what, and what was sent under which number. */
export class GatewaySession {
  readonly id: string;
  readonly intents: number;
  connection: GatewayConnection | null;
  #sequence = 0;
  readonly #sent: Frame[] = [];

  constructor(id: string, intents: number, connection: GatewayConnection) {
    this.id = id;
    this.intents = intents;
    this.connection = connection;
  }

  get sequence(): number {
    return this.#sequence;
  }

  /** Numbers and keeps an event; whether an open connection got it. */
  dispatch(name: string, data: object): boolean {
    this.#sequence += 1;
    const frame: Frame = { op: opcodes.dispatch, d: data, s: this.#sequence, t: name };
    this.#sent.push(frame);
    if (this.#sent.length > MOST_KEPT) this.#sent.shift();
    return this.connection?.send(frame) ?? false;
  }

  /** What was sent after this number. */
  missedSince(sequence: number): readonly Frame[] {
    return this.#sent.filter(({ s }) => (s ?? 0) > sequence);
  }
}

/** One socket. A frozen one is a zombie: open, and nothing comes out of it. */
export class GatewayConnection {
  readonly socket: WebSocket;
  readonly #record: (frame: Frame) => void;
  session: GatewaySession | null = null;
  frozen = false;
  received = 0;
  heardAtMs = performance.now();

  constructor(socket: WebSocket, record: (frame: Frame) => void) {
    this.socket = socket;
    this.#record = record;
  }

  /** Whether it went out. */
  send(frame: Frame): boolean {
    if (this.frozen || this.socket.readyState !== this.socket.OPEN) return false;
    this.#record(frame);
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  signal(op: number, d: unknown): void {
    this.send({ op, d, s: null, t: null });
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason);
  }
}
