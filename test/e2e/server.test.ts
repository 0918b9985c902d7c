import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../adapters/store/open-store.ts';
import { type FakeExporter, startExporter } from '../support/exporter-farm.ts';
import { listeningAddresses } from '../support/listening-ports.ts';
import { until } from '../support/prometheus-server.ts';
import { type Rigshift, type RunOptions, startRigshift } from '../support/run-rigshift.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

/** The program as a service manager runs it: no terminal, signals, a port that says how it is. */

const miner = `# TYPE trex_gpu_hashrate gauge
trex_gpu_hashrate{device_id="0",name="RTX 3090",worker="a1"} 4.6e+07
trex_gpu_power{device_id="0",name="RTX 3090",worker="a1"} 290
`;

let exporter: FakeExporter;
let folder: TemporaryFolder;

beforeAll(async () => {
  exporter = await startExporter({ kind: 'prints', text: miner });
});
afterAll(() => exporter?.stop());
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder[Symbol.dispose]());

interface ServerOptions extends Partial<RunOptions> {
  readonly farm?: string;
  readonly metrics?: string;
}

function start({ farm = 'north', metrics, env, ...options }: ServerOptions = {}): Rigshift {
  const source = metrics ?? `exporters: { targets: [{ rig: a1, site: quebec, urls: ['${exporter.url}'] }] }`;
  writeFileSync(
    join(folder.path, 'rigshift.yaml'),
    `farm: { name: ${farm} }
sites: [{ name: quebec, tariff: { pricePerKwh: 0.05 } }]
metrics: { interval: 5s, ${source} }
`,
  );
  return startRigshift(['start'], { cwd: folder.path, stdin: null, ...options, env: { HTTP_PORT: '0', ...env } });
}

/** Waits until it is up and hands back where its health and metrics are. */
async function addressOf(server: Rigshift): Promise<string> {
  const { address } = await server.untilLogs('ready');
  return String(address);
}

async function ready(address: string): Promise<{ readonly status: number; readonly checks: readonly object[] }> {
  const response = await fetch(`${address}/readyz`);
  const { checks } = (await response.json()) as { readonly checks: readonly object[] };
  return { status: response.status, checks };
}

const unreachable = "prometheus: { url: 'http://127.0.0.1:1' }";

describe('starting', () => {
  it('is ready in seconds and observes the farm', async ({ annotate }) => {
    const startedMs = performance.now();
    await using server = start();
    const address = await addressOf(server);
    await annotate(`ready after ${Math.round(performance.now() - startedMs)} ms`);
    expect(await ready(address)).toMatchObject({
      status: 200,
      checks: [
        { name: 'observation', ok: true },
        { name: 'ledger', ok: true },
      ],
    });
    expect(await (await fetch(`${address}/healthz`)).text()).toBe('ok\n');
    expect(server.stdout()).toBe('');
  });

  it('is alive but not ready before the first observation', async () => {
    const asked = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const slow = createServer(async (_request, response) => {
      asked.resolve();
      await released.promise;
      response.end(miner);
    });
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
    const { port } = slow.address() as AddressInfo;
    const httpPort = await freePort();
    try {
      const targets = `exporters: { targets: [{ site: quebec, urls: ['http://127.0.0.1:${port}/metrics'] }] }`;
      await using server = start({ metrics: targets, env: { HTTP_PORT: `${httpPort}` } });
      await Promise.race([asked.promise, server.ended]);
      const address = `http://127.0.0.1:${httpPort}`;
      expect(await ready(address)).toMatchObject({
        status: 503,
        checks: [{ ok: false, detail: 'no observation yet' }, {}],
      });
      expect(await fetch(`${address}/healthz`)).toMatchObject({ status: 200 });
      released.resolve();
      expect(await addressOf(server)).toBe(address);
      expect(await ready(address)).toMatchObject({ status: 200 });
    } finally {
      slow.closeAllConnections();
      slow.close();
    }
  });

  it.skipIf(process.platform !== 'linux')('listens on loopback alone unless it is told of an outside', async () => {
    await using server = start();
    await server.untilLogs('ready');
    expect(listeningAddresses(server.pid)).toEqual([expect.stringMatching(/^0100007F:/)]);
  });

  it('listens outside where PUBLIC_PORT is set, and shows neither health nor metrics there', async () => {
    await using server = start({ env: { PUBLIC_HOST: '127.0.0.1', PUBLIC_PORT: '0' } });
    const { address, publicAddress } = await server.untilLogs('ready');
    expect(publicAddress).not.toBe(address);
    for (const path of ['/metrics', '/readyz', '/healthz'])
      expect(await fetch(`${publicAddress}${path}`), path).toMatchObject({ status: 404 });
  });
});

describe('a server that cannot do its work says so', () => {
  it('where the source is unreachable', async () => {
    await using server = start({ metrics: unreachable });
    const address = await addressOf(server);
    expect(await ready(address)).toMatchObject({ status: 503, checks: [{ name: 'observation', ok: false }, {}] });
    expect(await fetch(`${address}/healthz`)).toMatchObject({ status: 200 });
    expect(await seriesOf(address)).toMatchObject({ 'rigshift_errors_total{system="prometheus"}': 1 });
  });

  it('where a platform is configured that cannot connect', async () => {
    const discord = { DISCORD_TOKEN: 'not-a-secret', DISCORD_API_URL: 'http://127.0.0.1:1' };
    await using server = start({ env: discord });
    const { status, checks } = await ready(await addressOf(server));
    expect(status).toBe(503);
    expect(checks).toContainEqual({ name: 'discord', ok: false, detail: expect.any(String) });
    expect(server.stderr()).not.toContain('not-a-secret');
  });
});

describe('metrics', () => {
  it('tell of observation, fleet, commands and the event loop', async () => {
    await using server = start({ stdin: undefined });
    const address = await addressOf(server);
    server.write('status\nstatus\nnonsense\n');
    await server.untilSays(/There is no command "nonsense"/);
    expect(await seriesOf(address)).toMatchObject({
      rigshift_observation_age_seconds: expect.any(Number),
      rigshift_observation_duration_seconds: expect.any(Number),
      'rigshift_rigs{state="up"}': 1,
      'rigshift_rigs{state="down"}': 0,
      'rigshift_gpus{state="mining"}': 1,
      'rigshift_gpus{state="unknown"}': 0,
      rigshift_samples_read_total: expect.any(Number),
      'rigshift_commands_total{command="status",outcome="answered"}': 2,
      'rigshift_commands_total{command="unknown",outcome="user"}': 1,
      'rigshift_command_duration_seconds_count{command="status"}': 2,
      'rigshift_command_duration_seconds_bucket{le="+Inf",command="status"}': 2,
      'rigshift_event_loop_delay_seconds{stat="p99"}': expect.any(Number),
      rigshift_unhandled_rejections_total: 0,
    });
  });

  it('count a promise that failed without a listener, which is logged and takes nothing down', async () => {
    const careless = "data:text/javascript,process.on('SIGUSR2',()=>{Promise.reject(new Error('nobody listens'))})";
    await using server = start({ preload: [careless] });
    const address = await addressOf(server);
    server.kill('SIGUSR2');
    expect(await server.untilLogs('unhandled rejection')).toMatchObject({
      level: 'error',
      err: { message: 'nobody listens' },
    });
    expect(await seriesOf(address)).toMatchObject({ rigshift_unhandled_rejections_total: 1 });
    expect(await ready(address)).toMatchObject({ status: 200 });
  });
});

describe('stopping', () => {
  it('SIGTERM writes what is due and exits with 0', async ({ annotate }) => {
    await using server = start();
    await server.untilLogs('ready');
    const signalledMs = performance.now();
    server.kill('SIGTERM');
    const { code, signal } = await server.ended;
    const tookMs = performance.now() - signalledMs;
    await annotate(`stopped after ${Math.round(tookMs)} ms`);
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(tookMs).toBeLessThan(5_000);
    const store = await openStore({ url: databaseUrl(), farm: 'north', mode: 'reader' });
    expect(await store.ledger.loadOpen()).toContain('a1');
    await store.close();
  });

  it('SIGTERM does not wait for an exporter that hangs', async () => {
    await using hanging = await startHanging();
    const targets = `exporters: { targets: [{ site: quebec, urls: ['${exporter.url}', '${hanging.url}'] }] }`;
    await using server = start({ metrics: targets });
    await until(10_000, () => hanging.requests() > 0);
    server.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0 });
  });

  it('a second SIGTERM exits at once', async () => {
    await using server = start();
    const { hostname, port } = new URL(await addressOf(server));
    // A request that is still being sent is what the first signal waits for.
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    await new Promise<void>((resolve) => socket.write('GET /healthz HTTP/1.1\r\n', () => resolve()));
    server.kill('SIGTERM');
    await server.untilLogs('stopping');
    server.kill('SIGTERM');
    const { code, stderr } = await server.ended;
    socket.destroy();
    expect(code).toBe(143);
    expect(stderr).not.toContain('"msg":"stopped"');
  });
});

describe('one server for one ledger', () => {
  it('refuses to be the second on one file, and does not disturb the first', async () => {
    await using first = start();
    const address = await addressOf(first);
    await using second = start();
    const { code, stdout, stderr } = await second.ended;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Another Rigshift server is using the database .*rigshift\.db\nStop that server first/);
    expect(await ready(address)).toMatchObject({ status: 200 });
  });

  it('goes on after a kill -9, and refuses the ledger of another farm', async () => {
    await using killed = start();
    await killed.untilLogs('ready');
    killed.kill('SIGKILL');
    await killed.ended;
    {
      await using other = start({ farm: 'south' });
      const { code, stderr } = await other.ended;
      expect(code).toBe(2);
      expect(stderr).toMatch(/belongs to the farm "north", but the configuration names the farm "south"/);
    }
    await using again = start();
    expect(await ready(await addressOf(again))).toMatchObject({ status: 200 });
  });

  it('a database that cannot be made is said at the start', async () => {
    writeFileSync(join(folder.path, 'data'), 'a file where a folder should be');
    await using server = start();
    const { code, stderr } = await server.ended;
    expect(code).toBe(2);
    expect(stderr).toContain(join(folder.path, 'data'));
  });
});

function databaseUrl(): string {
  return `sqlite:${join(folder.path, 'data/rigshift.db')}`;
}

async function startHanging(): Promise<FakeExporter & AsyncDisposable> {
  const hanging = await startExporter({ kind: 'hangs' });
  return Object.assign(hanging, { [Symbol.asyncDispose]: () => hanging.stop() });
}

/** Series of /metrics, as printed, to their values. */
async function seriesOf(address: string): Promise<Readonly<Record<string, number>>> {
  const text = await (await fetch(`${address}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
