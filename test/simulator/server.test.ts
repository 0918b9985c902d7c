import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FarmAccount } from '../../adapters/simulator/farm.ts';
import { type Simulator, startSimulator } from '../../adapters/simulator/server.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { hourMs, samplesOf, total } from './farms.ts';

const startAtMs = Date.parse('2026-10-02T14:30:20Z');
const options = { rigs: 11, gpus: 2, seed: 7, port: 0, startAtMs, frozen: true, speed: 1, clock: { now: () => 1_000 } };

describe('the farm over HTTP', () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator(options);
  });
  afterAll(() => simulator.close());

  const get = (path: string) => fetch(`${simulator.url}${path}`);

  it('prints every exporter that is up, and resets the connection of the others', async () => {
    const discovered = (await (await get('/targets.json')).json()) as {
      targets: string[];
      labels: Record<string, string>;
    }[];
    expect(discovered).toHaveLength(simulator.farm.targets.length);
    const answers = await Promise.all(
      discovered.map(async ({ targets, labels }) => {
        const response = await fetch(`http://${targets[0]}${labels['__metrics_path__']}`).catch(() => null);
        return {
          instance: labels['instance'],
          type: response?.headers.get('content-type'),
          body: (await response?.text()) ?? null,
        };
      }),
    );
    const refused = answers.filter(({ body }) => body === null).map(({ instance }) => instance);
    expect(refused).toEqual(['qc-1660-01:9835', 'qc-1660-01:9100', 'qc-1660-01:8080']);
    for (const { type, body } of answers)
      if (body !== null) expect(type).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it('labels targets so that a Prometheus server tells them apart', async () => {
    const discovered = (await (await get('/targets.json')).json()) as { labels: Record<string, string> }[];
    expect(discovered[0]?.labels).toEqual({
      instance: 'tx-3090-01:9835',
      job: 'nvidia_gpu_exporter',
      site: 'texas',
      __metrics_path__: '/rigs/tx-3090-01/nvidia_gpu_exporter/metrics',
    });
    expect(new Set(discovered.map(({ labels }) => labels['instance'])).size).toBe(discovered.length);
  });

  it('stands still when frozen', async () => {
    const path = '/rigs/qc-riser-01/trex_exporter/metrics';
    expect(await (await get(path)).text()).toBe(await (await get(path)).text());
    expect(simulator.now()).toBe(startAtMs);
  });

  it('accounts for what it printed', async () => {
    const whole = (await (await get('/truth.json')).json()) as FarmAccount;
    expect([whole.epoch, whole.from, whole.at]).toEqual([
      '2026-10-01T00:00:00.000Z',
      '2026-10-01T00:00:00.000Z',
      '2026-10-02T14:30:20.000Z',
    ]);
    expect(whole.gpus).toHaveLength(22);
    const hour = (await (
      await get('/truth.json?from=2026-10-02T12:00:00Z&to=2026-10-02T13:00:00Z')
    ).json()) as FarmAccount;
    for (const gpu of hour.gpus)
      expect(Object.values(gpu.stateSeconds).reduce((sum, seconds) => sum + seconds, 0)).toBeCloseTo(3600, 6);
    expect((await get('/truth.json?from=yesterday')).status).toBe(400);
    expect((await get('/truth.json?from=2026-10-02T13:00:00Z&to=2026-10-02T12:00:00Z')).status).toBe(400);
  });

  it('gives a configuration that rigshift accepts', async () => {
    const text = await (await get('/rigshift.yaml')).text();
    const { farm, metrics } = await parseConfig(text, {
      path: null,
      env: {},
      readFile: () => Promise.reject(new Error('no inventory')),
    });
    expect(farm.name).toBe('Simulated farm');
    expect(farm.sites.map(({ name, tariff }) => [name, tariff.pricePerKwh.currency])).toEqual([
      ['texas', 'USD'],
      ['quebec', 'CAD'],
      ['nagpur', 'USD'],
    ]);
    expect(farm.market.coins.map(({ coin }) => coin)).toEqual(['RVN', 'ETC', 'ERG']);
    expect(farm.market.rentals.find(({ model }) => model === 'RTX 3090')?.occupancy).toBe(0.55);
    expect(farm.market.rentals.find(({ model }) => model === 'RTX 3070')?.occupancy).toBeNull();
    expect(JSON.stringify(metrics)).toContain(`${simulator.url}/rigs/qc-mixed-01/trex_exporter/metrics`);
  });

  it('gives Prometheus a configuration, with the interval that was asked for', async () => {
    expect(await (await get('/prometheus.yml')).text()).toContain('scrape_interval: 15s');
    const faster = await (await get('/prometheus.yml?interval=1s')).text();
    expect(faster).toContain('scrape_interval: 1s');
    expect(faster).toContain(`url: ${simulator.url}/targets.json`);
    expect((await get('/prometheus.yml?interval=1s%0Afoo:')).status).toBe(400);
  });

  it.each([
    ['/nothing', 404],
    ['/', 200],
  ])('%s answers %i', async (path, status) => {
    expect((await get(path)).status).toBe(status);
  });

  it('reads only', async () => {
    expect((await fetch(simulator.url, { method: 'POST' })).status).toBe(405);
  });
});

describe('a zoo over HTTP', () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator({ ...options, rigs: 4, zoo: true, startAtMs: startAtMs + 15 * 60_000 });
  });
  afterAll(() => simulator.close());

  it('prints exactly the exporters that answer', async () => {
    const now = simulator.now();
    const silent = simulator.farm.targets.filter((target) => simulator.farm.isSilent(target, now));
    expect(silent.length).toBeGreaterThan(0);
    for (const target of simulator.farm.targets) {
      const status = await fetch(`${simulator.url}${target.path}`).then(
        (response) => response.status,
        () => null,
      );
      expect(status, target.path).toBe(silent.includes(target) ? null : 200);
    }
  });

  it('accounts for more than cards', async () => {
    const account = (await (await fetch(`${simulator.url}/truth.json`)).json()) as FarmAccount;
    expect(account.asics?.map(({ rig }) => rig)).toEqual(['qc-s19-01', 'qc-s19-lame-01', 'qc-s21-01', 'qc-s9-01']);
    expect(account.asics?.[0]?.hashes.sha256d).toBeGreaterThan(1e18);
    expect(account.processors?.map(({ rig }) => rig)).toEqual(['qc-xmr-01']);
    expect(Object.keys(account.wallJoules ?? {})).toEqual(['tx-own-01']);
    expect(new Set(account.revenues?.map(({ platform }) => platform))).toEqual(new Set(['vast', 'clore']));
    expect(Object.keys(account.unseenSeconds ?? {})).toHaveLength(4 + 18);
    expect(await (await fetch(simulator.url)).text()).toContain('and a zoo');
  });

  it('gives a configuration with what only its operator knows', async () => {
    const text = await (await fetch(`${simulator.url}/rigshift.yaml`)).text();
    const readFile = () => Promise.reject(new Error('no inventory'));
    const { farm, metrics } = await parseConfig(text, { path: null, env: {}, readFile });
    expect(metrics.dialects.map(({ id }) => id).sort()).toEqual(['farmx', 'speedtest']);
    expect(farm.rigs.get('qc-s19-01')?.mining.coin).toBe('BTC');
  });
});

describe('the clock', () => {
  it('runs faster than its own by the speed', async () => {
    let nowMs = 5_000;
    const simulator = await startSimulator({
      ...options,
      rigs: 1,
      frozen: false,
      speed: 3_600,
      clock: { now: () => nowMs },
    });
    try {
      expect(simulator.now()).toBe(startAtMs);
      const energy = async () => {
        const text = await (await fetch(`${simulator.url}/rigs/tx-3090-01/nvidia_gpu_exporter/metrics`)).text();
        return total(samplesOf(text), 'nvidia_smi_energy_joules_total');
      };
      const before = await energy();
      nowMs += 1_000;
      expect(simulator.now()).toBe(startAtMs + hourMs);
      const truth = simulator.farm.truth(startAtMs + hourMs, startAtMs).gpus.reduce((sum, gpu) => sum + gpu.joules, 0);
      expect((await energy()) - before).toBeCloseTo(truth, 1);
    } finally {
      await simulator.close();
    }
  });
});

describe('options', () => {
  it.each([{ rigs: 0 }, { gpus: 17 }, { speed: 0 }, { seed: 0.5 }, { startAtMs: Number.NaN }])(
    'refuses %o',
    async (wrong) => {
      await expect(startSimulator({ ...options, ...wrong })).rejects.toMatchObject({ name: 'UserError' });
    },
  );

  it('says so when the port is taken', async () => {
    const first = await startSimulator(options);
    try {
      await expect(startSimulator({ ...options, port: first.port })).rejects.toMatchObject({
        name: 'UserError',
        remedy: expect.stringContaining('port'),
      });
    } finally {
      await first.close();
    }
  });
});
