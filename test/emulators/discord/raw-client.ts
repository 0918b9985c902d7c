import { once } from 'node:events';
import { WebSocket } from 'ws';
import { waitFor } from '../shared/wait-for.ts';
import type { DiscordEmulator } from './emulator.ts';
import type { Frame } from './gateway-session.ts';

/** REST without a client library: what came back, whatever the status. */
export async function rest(
  discord: DiscordEmulator,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly body: unknown; readonly headers: Headers }> {
  const isForm = body instanceof FormData;
  const response = await fetch(`${discord.apiUrl}/v10${path}`, {
    method,
    headers: {
      authorization: `Bot ${discord.token}`,
      ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text), headers: response.headers };
}

/** A gateway client that does only what it is told. */
export interface RawGateway extends Disposable {
  readonly frames: readonly Frame[];
  readonly closeCode: number | null;
  send(frame: object): void;
  /** Waits for the first frame that fits. */
  frame(matches: (frame: Frame) => boolean): Promise<Frame>;
  event(name: string): Promise<Frame>;
  closed(): Promise<number>;
}

export async function openRawGateway(discord: DiscordEmulator, query = '?v=10&encoding=json'): Promise<RawGateway> {
  const socket = new WebSocket(`${discord.gatewayUrl}${query}`);
  const frames: Frame[] = [];
  let closeCode: number | null = null;
  socket.on('message', (data) => frames.push(JSON.parse(data.toString())));
  socket.on('close', (code) => {
    closeCode = code;
  });
  await once(socket, 'open');
  const frame = (matches: (frame: Frame) => boolean) => waitFor('a frame', () => frames.find(matches));
  return {
    frames,
    get closeCode() {
      return closeCode;
    },
    send: (sent) => socket.send(JSON.stringify(sent)),
    frame,
    event: (name) => frame(({ t }) => t === name),
    closed: () => waitFor('the end of the connection', () => closeCode),
    [Symbol.dispose]: () => socket.close(1000),
  };
}

export function identify(discord: DiscordEmulator, known: object = {}): object {
  const properties = { os: 'linux', browser: 'test', device: 'test' };
  return { op: 2, d: { token: discord.token, intents: 1 | (1 << 9) | (1 << 12), properties, ...known } };
}
