import { beforeEach, describe, expect, it } from 'vitest';
import type { Rig } from '../../src/domain/rig.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { createObserver, type Observer } from '../../src/fleet/observe.ts';
import { farmOf } from '../support/farms.ts';
import { metricsSettings } from '../support/metrics-settings.ts';
import { ScriptedSource, type ScriptedTarget } from '../support/scripted-source.ts';

const dayMs = 86_400_000;
let source: ScriptedSource;
let observer: Observer;

beforeEach(() => {
  source = new ScriptedSource();
  observer = createObserver({
    source,
    farm: farmOf(),
    metrics: metricsSettings({ intervalMs: 30_000, sharedHosts: ['NAT'] }),
  });
});

/** One more observation, half a minute later, with these targets. */
async function observe(targets: Readonly<Record<string, ScriptedTarget>>): Promise<Snapshot> {
  source.targets = targets;
  source.atMs += 30_000;
  return observer.observe(AbortSignal.timeout(5_000));
}

const cards = (...uuids: readonly string[]): ScriptedTarget =>
  uuids.flatMap((uuid, index) => [
    ['nvidia_smi_gpu_info', { uuid, index: `${index}`, name: 'NVIDIA GeForce RTX 3090' }, 1] as const,
    ['nvidia_smi_utilization_gpu_ratio', { uuid }, 0] as const,
  ]);
const node = (nodename: string): ScriptedTarget => [['node_uname_info', { nodename }, 1]];
const machine = (hostname: string, rented: number): ScriptedTarget => [
  ['vastai_machine_info', { machine_id: '1', hostname, gpu_name: 'RTX 3090' }, 1],
  ['vastai_machine_gpu_count', { machine_id: '1' }, 2],
  ['vastai_machine_is_online', { machine_id: '1' }, 1],
  ['vastai_machine_is_listed', { machine_id: '1' }, 1],
  ['vastai_machine_used_gpu_count', { machine_id: '1', rental_type: 'ondemand' }, rented],
];

function rigNamed({ rigs }: Snapshot, name: string): Rig {
  const rig = rigs.find((candidate) => candidate.name === name);
  if (rig === undefined) throw new Error(`no rig ${name} among ${rigs.map((known) => known.name)}`);
  return rig;
}
const seen = (snapshot: Snapshot, name: string) =>
  rigNamed(snapshot, name).gpus.map(({ uuid, state }) => `${uuid} ${state}`);

describe('cards', () => {
  it('one that vanishes is down for as long as it is not retired', async () => {
    await observe({ 'a1:9835': cards('aa', 'bb') });
    const one = { 'a1:9835': cards('aa') };
    for (let year = 0; year < 3; year++) {
      expect(seen(await observe(one), 'a1')).toEqual(['aa idle-unlisted', 'bb down']);
      source.atMs += 365 * dayMs;
    }
  });

  it('one that comes back is there again', async () => {
    await observe({ 'a1:9835': cards('aa', 'bb') });
    await observe({ 'a1:9835': cards('aa') });
    expect(seen(await observe({ 'a1:9835': cards('aa', 'bb') }), 'a1')).toEqual([
      'aa idle-unlisted',
      'bb idle-unlisted',
    ]);
  });

  it('one that was moved to another rig is not missed', async () => {
    await observe({ 'a1:9835': cards('aa', 'bb'), 'b1:9835': cards('cc') });
    const moved = { 'a1:9835': cards('aa'), 'b1:9835': cards('cc', 'bb') };
    await observe(moved);
    const after = await observe(moved);
    expect(seen(after, 'a1')).toEqual(['aa idle-unlisted']);
    expect(seen(after, 'b1')).toEqual(['cc idle-unlisted', 'bb idle-unlisted']);
  });
});

describe('rigs', () => {
  it('one that goes down keeps its name and its cards', async () => {
    await observe({ '10.0.0.1:9835': cards('aa', 'bb'), '10.0.0.1:9100': node('alpha') });
    const down = await observe({ '10.0.0.1:9835': 'refused', '10.0.0.1:9100': 'timeout' });
    expect(rigNamed(down, 'alpha')).toMatchObject({ state: 'down', sampledAtMs: null, gpuStates: { down: 2 } });
    expect(down).toMatchObject({
      targetsTotal: 2,
      targetsUp: 0,
      failures: [
        { instance: '10.0.0.1:9100', rig: 'alpha', kind: 'timeout' },
        { instance: '10.0.0.1:9835', rig: 'alpha', kind: 'refused' },
      ],
    });
  });

  it('one of whose exporters fails is partial: its cards are there and unknown', async () => {
    await observe({ '10.0.0.1:9835': cards('aa', 'bb'), '10.0.0.1:9100': node('alpha') });
    const partial = await observe({ '10.0.0.1:9835': 'refused', '10.0.0.1:9100': node('alpha') });
    expect(rigNamed(partial, 'alpha').state).toBe('partial');
    expect(seen(partial, 'alpha')).toEqual(['aa unknown', 'bb unknown']);
  });

  it('one that is down for weeks keeps its name and its cards', async () => {
    await observe({ '10.0.0.1:9835': cards('aa'), '10.0.0.1:9100': node('alpha') });
    const down: Record<string, ScriptedTarget> = { '10.0.0.1:9835': 'refused', '10.0.0.1:9100': 'timeout' };
    for (let week = 0; week < 3; week++) {
      source.atMs += 7 * dayMs - 30_000;
      expect(seen(await observe(down), 'alpha')).toEqual(['aa down']);
    }
  });

  it('one whose targets were taken away is missed under its name, also when they come back and fail', async () => {
    await observe({ '10.0.0.1:9835': cards('aa'), '10.0.0.1:9100': node('alpha') });
    for (let month = 0; month < 3; month++) {
      source.atMs += 30 * dayMs;
      const { rigs, targetsTotal } = await observe({});
      expect(rigs).toMatchObject([
        {
          name: 'alpha',
          state: 'down',
          gpuStates: { down: 1 },
          problems: [expect.stringMatching(/no exporter of it/)],
        },
      ]);
      expect(targetsTotal).toBe(0);
    }
    const { rigs } = await observe({ '10.0.0.1:9835': 'refused' });
    expect(rigs).toMatchObject([{ name: 'alpha', state: 'down', problems: [] }]);
    expect(seen(await observe({ '10.0.0.1:9835': cards('aa') }), 'alpha')).toEqual(['aa idle-unlisted']);
  });

  it('one that was never up has an unknown number of cards, not none that are down', async () => {
    const rig = rigNamed(await observe({ 'a1:9835': 'refused' }), 'a1');
    expect(rig).toMatchObject({ state: 'down', gpus: [], gpuStates: { down: 0 } });
  });

  it('none without targets', async () => {
    expect(await observe({})).toMatchObject({ rigs: [], targetsTotal: 0, targetsUp: 0, failures: [], samplesRead: 0 });
  });

  it('are placed and sorted', async () => {
    const { rigs } = await observe({ 'b1:9835': cards('bb'), 'a1:9835': cards('aa') });
    expect(rigs.map(({ name, site }) => `${name} ${site}`)).toEqual(['a1 quebec', 'b1 quebec']);
  });
});

describe('a marketplace account', () => {
  const rig = { '10.0.0.1:9835': cards('aa', 'bb'), '10.0.0.1:9100': node('alpha.farm.example') };

  it('knows a machine by the name of its host, with or without the domain', async () => {
    const snapshot = await observe({ ...rig, 'v:8622': machine('ALPHA', 2) });
    expect(snapshot.rigs).toHaveLength(1);
    expect(rigNamed(snapshot, 'alpha.farm.example')).toMatchObject({
      gpuStates: { rented: 2 },
      machine: { machineId: '1', rentedGpus: 2 },
    });
  });

  it('brings a rig that nobody else reports', async () => {
    const snapshot = await observe({ 'v:8622': machine('beta', 2) });
    expect(rigNamed(snapshot, 'beta')).toMatchObject({ state: 'up', instances: [], gpuStates: { rented: 2 } });
  });

  it('that fails is no rig, and what it knew is unknown, not idle', async () => {
    await observe({ ...rig, 'v:8622': machine('alpha', 2) });
    const snapshot = await observe({ ...rig, 'v:8622': 'timeout' });
    expect(snapshot.rigs.map(({ name }) => name)).toEqual(['alpha.farm.example']);
    expect(snapshot.rigs).toMatchObject([
      { gpuStates: { unknown: 2, 'idle-unlisted': 0 }, machine: { machineId: '1', rentedGpus: null } },
    ]);
    expect(snapshot.failures).toMatchObject([{ instance: 'v:8622', rig: null }]);
  });

  it('that fails does not take the rigs along that it alone reported', async () => {
    await observe({ 'v:8622': machine('beta', 2) });
    const snapshot = await observe({ 'v:8622': 'timeout' });
    expect(rigNamed(snapshot, 'beta')).toMatchObject({ state: 'down', gpuStates: { down: 2 } });
    expect(rigNamed(await observe({ 'v:8622': machine('beta', 1) }), 'beta').gpuStates).toMatchObject({ rented: 1 });
  });

  it('ties a machine to neither of two rigs with its name', async () => {
    const worker = (name: string): ScriptedTarget => [['trex_gpu_hashrate', { device_id: '0', worker: name }, 6e7]];
    const snapshot = await observe({
      'h1:9100': node('alpha.east'),
      'h2:9100': node('alpha.west'),
      'h3:4068': worker('gamma'),
      'v:8622': machine('alpha', 2),
    });
    expect(snapshot.rigs.map((known) => known.machine?.machineId ?? null)).toEqual([null, null, null]);
    expect(snapshot.warnings).toEqual([expect.stringMatching(/machine 1 \(alpha\) fits several rigs/)]);
  });

  it('is paid', async () => {
    const paid: ScriptedTarget = [
      ['vastai_paid_out_dollars', {}, 300],
      ['vastai_pending_payout_dollars', {}, 31.5],
    ];
    const { payouts } = await observe({ 'v:8622': paid });
    expect(payouts).toEqual([
      { platform: 'vast', instance: 'v:8622', paidPlusPendingUsd: 331.5, sampledAtMs: source.atMs },
    ]);
  });
});
