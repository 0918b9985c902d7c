import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Delivery, eventRetries, type Transport } from './delivery.ts';
import { isObject, type JsonObject, parsedJson } from './json.ts';
import type { EmulatorLog } from './log.ts';
import { app } from './state.ts';

const mostSockets = 10;
const pingEveryMs = 5_000;
const host = 'applink-emulator';
const connectionTimeSeconds = 18_060;

export type DisconnectReason = 'warning' | 'refresh_requested' | 'too_many_websockets' | 'link_disabled';

interface Socket {
  readonly number: number;
  readonly ws: WebSocket;
  /** Envelopes sent over it and not answered. */
  readonly waiting: Map<string, Delivery>;
  saidHello: boolean;
  /** It was told to go: served only where no other is there. */
  isLeaving: boolean;
}

/** Slack's side of Socket Mode: each envelope goes to one of the sockets; events wait while there is none. */
export class SocketMode implements Transport {
  /** How long new sockets wait for their hello. */
  helloDelayMs = 0;
  answersPings = true;
  /** Answers the upgrade with 503. */
  refusesSockets = false;
  readonly #log: EmulatorLog;
  readonly #server = new WebSocketServer({ noServer: true, autoPong: false });
  readonly #sockets = new Set<Socket>();
  readonly #tickets = new Set<string>();
  readonly #envelopes = new Map<string, Delivery>();
  readonly #answered = new Set<string>();
  readonly #retries = new Map<Delivery, number>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #pings: NodeJS.Timeout;
  #held: Delivery[] = [];
  #turn = 0;
  #opened = 0;

  constructor(log: EmulatorLog) {
    this.#log = log;
    this.#pings = setInterval(() => {
      for (const { ws } of this.#sockets) ws.ping(`Ping from ${host}`);
    }, pingEveryMs);
    this.#pings.unref();
  }

  /** Sockets that may be sent to. */
  connections(): number {
    return this.#ready().length;
  }

  newUrl(baseUrl: string): string {
    const ticket = randomUUID();
    this.#tickets.add(ticket);
    return `${baseUrl.replace('http', 'ws')}/link/?ticket=${ticket}&app_id=${app.id}`;
  }

  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', 'http://emulator');
    if (url.pathname !== '/link/') {
      this.#log.unhandled(`upgrade ${url.pathname}`);
      stream.end('HTTP/1.1 404 Not Found\r\n\r\n');
      return;
    }
    if (this.refusesSockets) {
      stream.end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
      return;
    }
    if (!this.#tickets.delete(url.searchParams.get('ticket') ?? '')) {
      this.#log.violation('spent socket URL', 'the address of apps.connections.open is good for one connection');
      stream.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, stream, head, (ws) => this.#connected(ws));
  }

  send(delivery: Delivery): void {
    this.#dispatch(delivery, null);
  }

  /** The numbers of the sockets that may be sent to, the oldest first; counted as they were opened. */
  sockets(): readonly number[] {
    return this.#ready().map(({ number }) => number);
  }

  /** The message that makes a bot connect anew; Slack hangs up some time after it, except after a warning. */
  disconnect(reason: DisconnectReason, closeAfterMs = 10_000, only: number | null = null): void {
    for (const socket of this.#chosen(only)) this.#dismiss(socket, reason, closeAfterMs);
  }

  /** Ends every connection, or one; without a close frame as when a machine dies. */
  drop({ closeFrame, only = null }: { readonly closeFrame: boolean; readonly only?: number | null }): void {
    for (const { ws } of this.#chosen(only)) {
      if (closeFrame) ws.close(1001);
      else ws.terminate();
    }
  }

  close(): void {
    clearInterval(this.#pings);
    for (const timer of this.#timers) clearTimeout(timer);
    for (const socket of this.#sockets) {
      for (const delivery of socket.waiting.values()) delivery.abandon();
      socket.waiting.clear();
      socket.ws.terminate();
    }
    this.#server.close();
  }

  #chosen(only: number | null): readonly Socket[] {
    return [...this.#sockets].filter(({ number }) => only === null || number === only);
  }

  #connected(ws: WebSocket): void {
    this.#opened += 1;
    const socket: Socket = { number: this.#opened, ws, waiting: new Map(), saidHello: false, isLeaving: false };
    this.#sockets.add(socket);
    ws.on('message', (data) => this.#heard(socket, String(data)));
    ws.on('ping', (data) => {
      if (this.answersPings) ws.pong(data);
    });
    ws.on('error', () => undefined);
    ws.on('close', () => this.#closed(socket));
    if (this.#sockets.size > mostSockets) {
      this.#log.violation('too many sockets', `${this.#sockets.size} of ${mostSockets}`);
      this.#dismiss(socket, 'too_many_websockets', 0);
      return;
    }
    this.#later(this.helloDelayMs, () => this.#sayHello(socket));
  }

  #sayHello(socket: Socket): void {
    if (socket.ws.readyState !== socket.ws.OPEN) return;
    this.#write(socket, {
      type: 'hello',
      num_connections: this.#sockets.size,
      debug_info: { host, build_number: 10, approximate_connection_time: connectionTimeSeconds },
      connection_info: { app_id: app.id },
    });
    socket.saidHello = true;
    const held = this.#held;
    this.#held = [];
    for (const delivery of held) this.#dispatch(delivery, null);
    this.#log.changed();
  }

  #dismiss(socket: Socket, reason: DisconnectReason, closeAfterMs: number): void {
    this.#write(socket, {
      type: 'disconnect',
      reason,
      num_connections: this.#sockets.size,
      debug_info: { host },
      connection_info: { app_id: app.id },
    });
    if (reason === 'warning') return;
    socket.isLeaving = true;
    this.#later(closeAfterMs, () => socket.ws.close(1000));
  }

  /** To the next socket in turn, another one than that which let it down where there is a choice. */
  #dispatch(delivery: Delivery, not: Socket | null): void {
    const ready = this.#ready();
    const others = ready.filter((socket) => socket !== not);
    const choice = others.length > 0 ? others : ready;
    const socket = choice[this.#turn % Math.max(1, choice.length)];
    this.#turn += 1;
    if (socket === undefined) {
      if (delivery.isEvent) this.#held.push(delivery);
      else delivery.fail('dispatch_failed');
      return;
    }
    const envelopeId = randomUUID();
    this.#envelopes.set(envelopeId, delivery);
    socket.waiting.set(envelopeId, delivery);
    delivery.sent(() => {
      socket.waiting.delete(envelopeId);
      this.#retry(delivery, socket);
    });
    this.#write(socket, this.#envelope(envelopeId, delivery));
  }

  /** Only events say how often they were tried. */
  #envelope(envelopeId: string, delivery: Delivery): JsonObject {
    const { type, payload, acceptsResponsePayload, retryAttempt, retryReason } = delivery.push;
    const retries = this.#retries.get(delivery) ?? 0;
    return {
      envelope_id: envelopeId,
      payload,
      type,
      accepts_response_payload: acceptsResponsePayload,
      ...(delivery.isEvent
        ? { retry_attempt: retryAttempt + retries, retry_reason: retries > 0 ? 'timeout' : retryReason }
        : {}),
    };
  }

  #ready(): readonly Socket[] {
    const open = [...this.#sockets].filter((socket) => socket.saidHello && socket.ws.readyState === socket.ws.OPEN);
    const staying = open.filter((socket) => !socket.isLeaving);
    return staying.length > 0 ? staying : open;
  }

  #retry(delivery: Delivery, not: Socket): void {
    if (!delivery.isEvent) return;
    const retries = (this.#retries.get(delivery) ?? 0) + 1;
    if (retries > eventRetries) return;
    this.#retries.set(delivery, retries);
    this.#dispatch(delivery, not);
  }

  #heard(socket: Socket, text: string): void {
    const frame = parsedJson(text);
    this.#log.add({ kind: 'frame', direction: 'from bot', socket: socket.number, frame, atMs: Date.now() });
    const envelopeId = isObject(frame) ? frame['envelope_id'] : undefined;
    const delivery = typeof envelopeId === 'string' ? this.#envelopes.get(envelopeId) : undefined;
    if (!isObject(frame) || typeof envelopeId !== 'string' || delivery === undefined) {
      this.#log.violation('unknown envelope', text);
      return;
    }
    if (this.#answered.has(envelopeId)) {
      this.#log.violation('second acknowledgement', text);
      return;
    }
    this.#answered.add(envelopeId);
    for (const { waiting } of this.#sockets) waiting.delete(envelopeId);
    const payload = frame['payload'];
    delivery.acknowledged(isObject(payload) && Object.keys(payload).length > 0 ? payload : null);
  }

  #closed(socket: Socket): void {
    this.#sockets.delete(socket);
    const lost = [...socket.waiting.values()];
    socket.waiting.clear();
    for (const delivery of lost) {
      delivery.abandon();
      if (delivery.isEvent) this.#retry(delivery, socket);
      else delivery.fail('operation_timeout');
    }
    this.#log.changed();
  }

  #write(socket: Socket, frame: JsonObject): void {
    this.#log.add({ kind: 'frame', direction: 'to bot', socket: socket.number, frame, atMs: Date.now() });
    socket.ws.send(JSON.stringify(frame));
  }

  #later(afterMs: number, run: () => void): void {
    if (afterMs === 0) {
      run();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, afterMs);
    this.#timers.add(timer);
  }
}
