import { beforeEach, describe, expect, it } from 'vitest';
import type { Farm } from '../../src/domain/farm.ts';
import type { Rig } from '../../src/domain/rig.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { keepObservation, recallFleet } from '../../src/fleet/keep-observation.ts';
import { createObserver, type Observer } from '../../src/fleet/observe.ts';
import { farmOf } from '../support/farms.ts';
import { memoryCards } from '../support/memory-cards.ts';
import { memoryChanges } from '../support/memory-changes.ts';
import { memoryTargets } from '../support/memory-targets.ts';
import { metricsSettings } from '../support/metrics-settings.ts';
import { ScriptedSource, type ScriptedTarget } from '../support/scripted-source.ts';

type Targets = Readonly<Record<string, ScriptedTarget>>;

const hourMs = 3_600_000;

let source: ScriptedSource;
let store: ReturnType<typeof emptyStore>;
let observer: Observer;

beforeEach(async () => {
  source = new ScriptedSource();
  store = emptyStore();
  await restart();
});

function emptyStore() {
  return { cards: memoryCards(), targets: memoryTargets(), changes: memoryChanges() };
}

/** A process that was killed `afterMs` ago, and another one that knows what the store knows. */
async function restart(afterMs = 0, farm: Partial<Farm> = {}): Promise<void> {
  source.atMs += afterMs;
  const metrics = metricsSettings({ states: { miningGapMs: 0, downAfterMs: 60_000 } });
  observer = createObserver({ source, farm: farmOf(farm), metrics });
  await recallFleet(observer, store);
}

async function observe(targets: Targets): Promise<Snapshot> {
  source.targets = targets;
  source.atMs += 15_000;
  const snapshot = await observer.observe(AbortSignal.timeout(5_000));
  await keepObservation(observer, store, snapshot.changes ?? []);
  return snapshot;
}

/** Until whatever is down is believed to be. */
async function observeForLong(targets: Targets): Promise<Snapshot> {
  for (let seconds = 0; seconds < 60; seconds += 15) await observe(targets);
  return observe(targets);
}

const cards = (...uuids: readonly string[]): ScriptedTarget =>
  uuids.flatMap((uuid, index) => [
    ['nvidia_smi_gpu_info', { uuid, index: `${index}`, name: 'NVIDIA GeForce RTX 3090' }, 1] as const,
    ['nvidia_smi_utilization_gpu_ratio', { uuid }, 0] as const,
  ]);
const node = (nodename: string): ScriptedTarget => [['node_uname_info', { nodename }, 1]];
const hive = (...rigs: readonly string[]): ScriptedTarget =>
  rigs.map((rig) => ['hiveos_gpu_hashrate', { rig, card: '0', model: 'RTX 3090', brand: 'nvidia', coin: 'RVN' }, 3e4]);
const vast = (hostname: string, rented: number): ScriptedTarget => [
  ['vastai_machine_info', { machine_id: '7', hostname, gpu_name: 'RTX 3090' }, 1],
  ['vastai_machine_gpu_count', { machine_id: '7' }, 2],
  ['vastai_machine_is_listed', { machine_id: '7' }, 1],
  ['vastai_machine_is_online', { machine_id: '7' }, 1],
  ['vastai_machine_used_gpu_count', { machine_id: '7', rental_type: 'ondemand' }, rented],
];

const states = ({ rigs }: Pick<Snapshot, 'rigs'>) =>
  Object.fromEntries(rigs.map(({ name, state, gpus }) => [name, [state, ...gpus.map((gpu) => gpu.state)].join(' ')]));
const named = ({ rigs }: Snapshot, name: string): Rig | undefined => rigs.find((rig) => rig.name === name);

const whole: Targets = {
  '10.0.0.5:9100': node('alpha'),
  '10.0.0.5:9835': cards('aa', 'bb'),
  '10.0.0.6:9100': node('beta'),
  '10.0.0.6:9835': cards('cc'),
};
const alphaDown: Targets = { ...whole, '10.0.0.5:9100': 'timeout', '10.0.0.5:9835': 'timeout' };

describe('a rig that only its labels name', () => {
  it('keeps its name and its cards where it is down at the restart', async () => {
    await observe(whole);
    await restart(5 * 24 * hourMs);
    const first = await observe(alphaDown);
    expect(states(first)).toEqual({ alpha: 'silent unknown unknown', beta: 'up idle-unlisted' });
    expect(named(first, 'alpha')?.instances).toEqual(['10.0.0.5:9100', '10.0.0.5:9835']);
    expect(named(first, 'alpha')?.problems).toEqual([]);
    expect(states(await observeForLong(alphaDown))).toEqual({ alpha: 'down down down', beta: 'up idle-unlisted' });
    expect(states(await observe(whole))).toEqual({ alpha: 'up idle-unlisted idle-unlisted', beta: 'up idle-unlisted' });
  });

  it('and has no cards', async () => {
    await observe({ '10.0.0.7:9100': node('gamma') });
    await restart(hourMs);
    expect(states(await observeForLong({ '10.0.0.7:9100': 'refused' }))).toEqual({ gamma: 'down' });
  });

  it('keeps it after a second restart in which it did not answer, and after weeks in which it was asked', async () => {
    await observe(whole);
    await restart(hourMs);
    await observe(alphaDown);
    await restart(20 * 24 * hourMs);
    await observe(alphaDown);
    await restart();
    expect(Object.keys(states(await observe(alphaDown)))).toEqual(['alpha', 'beta']);
  });

  it('goes by its new name where the configuration renamed it while it was down', async () => {
    await observe(whole);
    const settings = { site: null, mining: { coin: null, poolFee: null }, hostWatts: null, psuEfficiency: null };
    await restart(hourMs, { rigs: new Map([['omega', { ...settings, formerly: ['alpha'] }]]) });
    expect(states(await observe(alphaDown))).toEqual({ beta: 'up idle-unlisted', omega: 'silent unknown unknown' });
  });

  it('is known to the next process by targets that were taken out for a moment only', async () => {
    await observe(whole);
    await restart(hourMs);
    await observe({ '10.0.0.6:9100': node('beta'), '10.0.0.6:9835': cards('cc') });
    await restart(hourMs);
    expect(states(await observe(alphaDown))).toMatchObject({ alpha: 'silent unknown unknown' });
  });
});

it('the card that vanished while only the exporter beside it fails is missed after a restart too', async () => {
  await observe(whole);
  await restart(hourMs);
  const seen = await observeForLong({ ...whole, '10.0.0.5:9100': 'timeout', '10.0.0.5:9835': cards('aa') });
  expect(states(seen)).toMatchObject({ alpha: 'partial idle-unlisted down' });
});

describe('an exporter of many rigs that fails at the restart', () => {
  it('leaves them there, and is none itself', async () => {
    await observe({ 'hive:9000': hive('h1', 'h2') });
    await restart(hourMs);
    expect(states(await observe({ 'hive:9000': 'timeout' }))).toEqual({ h1: 'silent unknown', h2: 'silent unknown' });
    expect(states(await observeForLong({ 'hive:9000': 'timeout' }))).toEqual({ h1: 'down down', h2: 'down down' });
  });

  it('so does an account: what is rented is unknown, not idle', async () => {
    const farm = { '10.0.0.5:9100': node('alpha'), '10.0.0.5:9835': cards('aa', 'bb') };
    await observe({ ...farm, 'vast:8622': vast('alpha', 2) });
    await restart(hourMs);
    const seen = await observe({ ...farm, 'vast:8622': 'timeout' });
    expect(states(seen)).toEqual({ alpha: 'up unknown unknown' });
    expect(named(seen, 'alpha')?.machine).toMatchObject({ machineId: '7', rentedGpus: null });
  });

  it('also of a rig that nobody else reports', async () => {
    await observe({ 'vast:8622': vast('gamma', 1) });
    await restart(hourMs);
    expect(Object.keys(states(await observe({ 'vast:8622': 'timeout' })))).toEqual(['gamma']);
  });
});

describe('an ASIC', () => {
  const mining: Targets = {
    '10.0.1.1:9100': node('miner-7'),
    '10.0.1.1:9154': [
      ['antminer_hashrate_5s_ghs', {}, 110_000],
      ['antminer_info', { miner_type: 'Antminer S21' }, 1],
    ],
  };
  const asics = ({ rigs }: Snapshot) => rigs.map(({ name, state, asics }) => ({ name, state, asics }));
  const missed = { key: 'miner-7/asic#0', model: 'Antminer S21', hashrate: null, state: 'down' };

  it('is missed under its name where it is down at the restart, also where its exporter is configured no more', async () => {
    await observe(mining);
    await restart(hourMs);
    const down = { '10.0.1.1:9100': 'timeout', '10.0.1.1:9154': 'timeout' } as const;
    expect(asics(await observeForLong(down))).toMatchObject([{ name: 'miner-7', state: 'down', asics: [missed] }]);
    await restart(hourMs);
    expect(asics(await observeForLong({}))).toMatchObject([{ name: 'miner-7', state: 'down', asics: [missed] }]);
  });

  it('is not missed once it is retired', async () => {
    await observe(mining);
    await restart(hourMs, { retired: new Set(['miner-7']) });
    expect((await observe({})).rigs).toEqual([]);
  });
});
