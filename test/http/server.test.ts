import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Counter, Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import type { ReadinessCheck } from '../../adapters/http/health.ts';
import { createListener } from '../../adapters/http/listener.ts';
import { type Routes, readRoute, send } from '../../adapters/http/routes.ts';
import { createHttpServer, type HttpServer, type HttpServerOptions } from '../../adapters/http/server.ts';
import { UserError } from '../../src/domain/errors.ts';
import type { Log } from '../../src/ports/log.ts';

const logged: string[] = [];
const write = (_fields: object, message: string) => void logged.push(message);
const log: Log = { debug: write, info: write, warn: write, error: write, child: () => log };

const running: HttpServer[] = [];
afterEach(async () => {
  logged.length = 0;
  await Promise.all(running.splice(0).map((server) => server.stop(0)));
});

function create(options: Partial<HttpServerOptions> = {}): HttpServer {
  const server = createHttpServer({
    host: '127.0.0.1',
    port: 0,
    checks: () => [{ name: 'metrics', ok: true, detail: 'observed 3 s ago' }],
    registry: new Registry(),
    log,
    ...options,
  });
  running.push(server);
  return server;
}

async function start(options: Partial<HttpServerOptions> = {}): Promise<string> {
  return (await create(options).start()).address;
}

function portOf(address: string): number {
  return Number(new URL(address).port);
}

describe('/healthz', () => {
  it('says ok to GET and its length to HEAD', async () => {
    const address = await start();
    const answer = await fetch(`${address}/healthz?probe=1`);
    expect([answer.status, await answer.text()]).toEqual([200, 'ok\n']);
    const head = await fetch(`${address}/healthz`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '3', '']);
  });
});

describe('/readyz', () => {
  const good: ReadinessCheck = { name: 'store', ok: true, detail: 'answers' };
  const bad: ReadinessCheck = { name: 'metrics', ok: false, detail: 'no observation yet' };
  const brokenChecks = { name: 'readiness', ok: false, detail: 'the checks themselves failed' };

  it.each([
    ['every check is good', () => [good, good], 200, { ready: true, checks: [good, good] }],
    ['one is not', async () => [good, bad], 503, { ready: false, checks: [good, bad] }],
    ['nothing was checked', () => [], 503, { ready: false, checks: [] }],
    ['the checks throw', () => Promise.reject(new Error('a secret')), 503, { ready: false, checks: [brokenChecks] }],
    ['the checks hang', () => new Promise<never>(() => {}), 503, { ready: false, checks: [brokenChecks] }],
  ])('when %s', async (_when, checks, status, body) => {
    const answer = await fetch(`${await start({ checks, timeoutMs: 50 })}/readyz`);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual(body);
  });

  it('asks anew each time', async () => {
    let ok = false;
    const address = await start({ checks: () => [{ ...good, ok }] });
    expect((await fetch(`${address}/readyz`)).status).toBe(503);
    ok = true;
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
  });
});

describe('/metrics', () => {
  it("is the registry's text, with its content type", async () => {
    const registry = new Registry();
    new Counter({ name: 'rigs_seen_total', help: 'Seen.', registers: [registry] }).inc(3);
    const answer = await fetch(`${await start({ registry })}/metrics`);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await answer.text()).toContain('\nrigs_seen_total 3');
  });

  it('is a 503 where collecting fails, and the log says why', async () => {
    const registry = new Registry();
    new Counter({
      name: 'broken_total',
      help: 'Broken.',
      registers: [registry],
      collect: () => Promise.reject(new Error('lost')),
    });
    const answer = await fetch(`${await start({ registry })}/metrics`);
    expect([answer.status, await answer.json()]).toEqual([503, { error: 'metrics could not be collected' }]);
    expect(logged).toEqual(['metrics could not be collected']);
  });
});

describe('other requests', () => {
  it.each(['/', '/healthz/', '/metrics/x', '//healthz', '/%2e%2e/etc/passwd', '/__proto__'])(
    '%s is not found',
    async (path) => {
      const answer = await fetch((await start()) + path);
      expect([answer.status, await answer.json()]).toEqual([404, { error: 'not found' }]);
    },
  );

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is not allowed', async (method) => {
    const answer = await fetch(`${await start()}/metrics`, { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(await answer.json()).toEqual({ error: 'method not allowed' });
  });

  it('a request with endless headers is refused', async () => {
    const socket = connect(portOf(await start()), '127.0.0.1');
    socket.write(`GET /healthz HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('a request that never ends its headers is cut off', async () => {
    const listener = createListener({
      host: '127.0.0.1',
      port: 0,
      routes: new Map(),
      settings: { host: 'HTTP_HOST', port: 'HTTP_PORT' },
      log,
      limits: { headersTimeout: 50, connectionsCheckingInterval: 10 },
    });
    const socket = connect(portOf(await listener.start()), '127.0.0.1');
    socket.write('GET /healthz HTTP/1.1\r\nHost: a\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /);
    await listener.stop(0);
  });

  it('more connections than the limit are dropped', async () => {
    const port = portOf(await start());
    const sockets = Array.from({ length: 100 }, () => connect(port, '127.0.0.1').on('error', () => {}));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    const extra = connect(port, '127.0.0.1').on('error', () => {});
    await once(extra, 'close');
    sockets[0]!.write('GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(await text(sockets[0]!)).toContain('200 OK');
    for (const socket of sockets) socket.destroy();
  });
});

describe('an address that cannot be had', () => {
  it('is a mistake with a remedy', async () => {
    const port = portOf(await start());
    await expect(create({ port }).start()).rejects.toEqual(
      new UserError(
        `Port ${port} on 127.0.0.1 is in use.`,
        'Set HTTP_PORT to a free port, or stop what listens there.',
      ),
    );
    await expect(create({ host: '192.0.2.1' }).start()).rejects.toMatchObject({
      message: '192.0.2.1 is no address of this machine.',
      remedy: expect.stringContaining('HTTP_HOST'),
    });
  });

  it('of the public listener gives up the other one too', async () => {
    const taken = portOf(await start());
    const first = create();
    const port = portOf((await first.start()).address);
    await first.stop(0);
    const server = create({ port, public: { host: '127.0.0.1', port: taken, routes: new Map() } });
    await expect(server.start()).rejects.toMatchObject({ remedy: expect.stringContaining('PUBLIC_PORT') });
    expect(portOf(await start({ port }))).toBe(port);
  });
});

describe('the public listener', () => {
  it('is off unless asked for', async () => {
    expect(await create().start()).toMatchObject({ publicAddress: null });
  });

  it('has its own routes and none of the others', async () => {
    const accept = (_request: IncomingMessage, response: ServerResponse) => send(response, 202, 'text/plain', '');
    const routes: Routes = new Map([['/hook', { methods: ['POST'], handle: accept }]]);
    const { address, publicAddress } = await create({ public: { host: '127.0.0.1', port: 0, routes } }).start();
    const status = async (url: string, method = 'GET') => (await fetch(url, { method })).status;
    expect(await status(`${publicAddress}/hook`, 'POST')).toBe(202);
    expect(await status(`${publicAddress}/hook`)).toBe(405);
    expect(await status(`${publicAddress}/metrics`)).toBe(404);
    expect(await status(`${address}/hook`, 'POST')).toBe(404);
  });

  it('says no more than that when a route fails', async () => {
    const routes: Routes = new Map([['/hook', readRoute(() => Promise.reject(new Error('a secret')))]]);
    const { publicAddress } = await create({ public: { host: '127.0.0.1', port: 0, routes } }).start();
    const answer = await fetch(`${publicAddress}/hook`);
    expect([answer.status, await answer.text()]).toEqual([500, '{"error":"internal error"}\n']);
    expect(logged).toEqual(['request failed']);
  });
});

describe('stop', () => {
  /** A server with one request that is being answered, and how to finish that answer. */
  async function busy() {
    const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
    const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
    const slow = readRoute(async (_request, response) => {
      reach();
      await finished;
      send(response, 200, 'text/plain', 'late');
    });
    const server = create({ public: { host: '127.0.0.1', port: 0, routes: new Map([['/slow', slow]]) } });
    const { publicAddress } = await server.start();
    const { promise: outcome, resolve } = Promise.withResolvers<string>();
    httpRequest(`${publicAddress}/slow`, (response: IncomingMessage) => void text(response).then(resolve))
      .on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'failed'))
      .end();
    await reached;
    return { server, finish, outcome, publicAddress };
  }

  it('lets a running answer finish and takes no new one', async () => {
    const { server, finish, outcome, publicAddress } = await busy();
    const stopped = server.stop(10_000);
    await expect(fetch(`${publicAddress}/slow`)).rejects.toThrow();
    finish();
    expect(await outcome).toBe('late');
    await stopped;
  }, 2_000);

  it('cuts off what takes longer than the grace', async () => {
    const { server, finish, outcome } = await busy();
    await server.stop(20);
    expect(await outcome).toBe('ECONNRESET');
    finish();
  });

  it('does not wait for idle connections, and may come twice or before start', async () => {
    const server = create();
    await server.stop(10_000);
    const { address } = await server.start();
    await (await fetch(`${address}/healthz`)).text();
    await Promise.all([server.stop(10_000), server.stop(10_000)]);
    await server.stop(0);
  });
});
