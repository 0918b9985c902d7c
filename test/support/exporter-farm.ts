import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

/** What an exporter does when it is scraped. */
export type Behaviour =
  | { readonly kind: 'prints'; readonly text: string | Buffer | (() => string); readonly contentType?: string }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'redirects'; readonly location: string }
  | { readonly kind: 'hangs' }
  /** Sends the beginning and then nothing more. */
  | { readonly kind: 'stalls'; readonly text: string }
  /** Promises more than it sends, then breaks the connection. */
  | { readonly kind: 'breaks off'; readonly text: string }
  /** Ends the answer regularly in the middle of a line. */
  | { readonly kind: 'half a line'; readonly text: string }
  | { readonly kind: 'endless'; readonly line: string }
  /** One byte at a time, slower than any timeout. */
  | { readonly kind: 'drips'; readonly text: string; readonly everyMs: number }
  | { readonly kind: 'gzip'; readonly text: string | Buffer; readonly cutTo?: number }
  /** Closes the connection without an answer, and is like `afterwards` from the next scrape on. */
  | { readonly kind: 'hangs up'; readonly afterwards: Behaviour | null }
  /** Something that is not HTTP. */
  | { readonly kind: 'garbage' };

/** One exporter on a free port of loopback; what it does can be changed at any time. */
export interface FakeExporter {
  readonly url: string;
  readonly instance: string;
  behaviour: Behaviour;
  /** Scrapes so far. */
  readonly requests: () => number;
  readonly connections: () => number;
  /** Bytes that went to sockets. */
  readonly bytesSent: () => number;
  /** Closes its connections as an exporter that restarts does. */
  dropConnections(): void;
  stop(): Promise<void>;
}

export async function startExporter(behaviour: Behaviour): Promise<FakeExporter> {
  const sockets = new Set<Socket>();
  let requests = 0;
  let connections = 0;
  let closedBytes = 0;
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    requests++;
    const { behaviour } = exporter;
    if (behaviour.kind === 'hangs up' && behaviour.afterwards !== null) exporter.behaviour = behaviour.afterwards;
    answer(behaviour, request, response);
  });
  server.on('connection', (socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      closedBytes += socket.bytesWritten;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const dropConnections = () => {
    for (const socket of sockets) socket.destroy();
  };
  const exporter: FakeExporter = {
    url: `http://127.0.0.1:${port}/metrics`,
    instance: `127.0.0.1:${port}`,
    behaviour,
    requests: () => requests,
    connections: () => connections,
    bytesSent: () => [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, closedBytes),
    dropConnections,
    stop: async () => {
      dropConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return exporter;
}

/** Starts several and stops them together. */
export async function startExporters<Name extends string>(
  behaviours: Readonly<Record<Name, Behaviour>>,
): Promise<{ readonly exporters: Readonly<Record<Name, FakeExporter>>; readonly stop: () => Promise<void> }> {
  const names = Object.keys(behaviours) as Name[];
  const started = await Promise.all(names.map(async (name) => [name, await startExporter(behaviours[name])] as const));
  const exporters = Object.fromEntries(started) as Record<Name, FakeExporter>;
  return { exporters, stop: async () => void (await Promise.all(started.map(([, exporter]) => exporter.stop()))) };
}

const textFormat = 'text/plain; version=0.0.4; charset=utf-8';

function answer(behaviour: Behaviour, request: IncomingMessage, response: ServerResponse): void {
  const head = { 'content-type': textFormat };
  switch (behaviour.kind) {
    case 'prints':
      response.writeHead(200, { 'content-type': behaviour.contentType ?? textFormat }).end(printed(behaviour.text));
      return;
    case 'status':
      response.writeHead(behaviour.status, head).end('something went wrong\n');
      return;
    case 'redirects':
      response.writeHead(302, { location: behaviour.location }).end();
      return;
    case 'hangs':
      return;
    case 'stalls':
      response.writeHead(200, head).write(behaviour.text);
      return;
    case 'breaks off':
      response.writeHead(200, { ...head, 'content-length': behaviour.text.length + 1000 });
      response.write(behaviour.text, () => request.socket.destroySoon());
      return;
    case 'half a line':
      response.writeHead(200, head).end(behaviour.text);
      return;
    case 'endless':
      endless(
        Buffer.from(behaviour.line.repeat(Math.ceil(65_536 / behaviour.line.length))),
        response.writeHead(200, head),
      );
      return;
    case 'drips':
      drip(behaviour.text, behaviour.everyMs, response.writeHead(200, head));
      return;
    case 'gzip':
      response.writeHead(200, { ...head, 'content-encoding': 'gzip' });
      response.end(gzipSync(behaviour.text).subarray(0, behaviour.cutTo));
      return;
    case 'hangs up':
      request.socket.destroy();
      return;
    case 'garbage':
      request.socket.end('SSH-2.0-OpenSSH_9.2p1 Debian\r\n');
      return;
  }
}

function printed(text: string | Buffer | (() => string)): string | Buffer {
  return typeof text === 'function' ? text() : text;
}

function endless(block: Buffer, response: ServerResponse): void {
  const fill = () => {
    while (!response.destroyed && response.write(block));
  };
  response.on('drain', fill);
  fill();
}

function drip(text: string, everyMs: number, response: ServerResponse): void {
  let at = 0;
  const timer = setInterval(() => {
    if (at >= text.length) response.end();
    else response.write(text[at++]);
  }, everyMs);
  response.on('close', () => clearInterval(timer));
}
