import { beforeEach, describe, expect, it } from 'vitest';
import type { Rig } from '../../src/domain/rig.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { createObserver, type Observer } from '../../src/fleet/observe.ts';
import { farmOf } from '../support/farms.ts';
import { metricsSettings } from '../support/metrics-settings.ts';
import { ScriptedSource, type ScriptedTarget } from '../support/scripted-source.ts';

let source: ScriptedSource;
let observer: Observer;

beforeEach(() => {
  source = new ScriptedSource();
  observer = createObserver({ source, farm: farmOf(), metrics: metricsSettings() });
});

async function observe(targets: Readonly<Record<string, ScriptedTarget>>): Promise<Snapshot> {
  source.targets = targets;
  source.atMs += 30_000;
  return observer.observe(AbortSignal.timeout(5_000));
}

const cardsOf = (rig: Rig | undefined) => rig?.gpus.map(({ key, model, state }) => `${key} ${model} ${state}`);

/** A Radeon at bus `03`, or at another. */
const radeon = (bus: string, revision: string): ScriptedTarget => [
  [
    'node_pcidevice_info',
    {
      segment: '0000',
      bus,
      device: '00',
      function: '0',
      vendor_id: '0x1002',
      device_id: '0x67df',
      class_id: '0x030000',
      revision,
    },
    1,
  ],
];

describe('cards that the host alone lists', () => {
  const both = [...radeon('03', '0xe7'), ...radeon('06', '0x00')] as ScriptedTarget;

  it('have the model that their identity leaves no doubt about', async () => {
    const { rigs } = await observe({ 'a1:9100': both });
    expect(cardsOf(rigs[0])).toEqual(['a1/0000:03:00.0 RX 580 unknown', 'a1/0000:06:00.0 null unknown']);
  });

  it('are missed when they go', async () => {
    await observe({ 'a1:9100': both });
    const { rigs } = await observe({ 'a1:9100': radeon('03', '0xe7') });
    expect(cardsOf(rigs[0])).toEqual(['a1/0000:03:00.0 RX 580 unknown', 'a1/0000:06:00.0 null down']);
  });
});

it('an ASIC that stops answering is down and keeps its model', async () => {
  const asic: ScriptedTarget = [
    ['antminer_hashrate_5s_ghs', {}, 110_000],
    ['antminer_info', { miner_type: 'Antminer S21' }, 1],
  ];
  const up = await observe({ 's1:9154': asic });
  expect(up.rigs).toMatchObject([
    { name: 's1', state: 'up', gpus: [], asics: [{ hashrate: 1.1e14, state: 'mining' }] },
  ]);
  const down = await observe({ 's1:9154': 'timeout' });
  expect(down.rigs).toMatchObject([
    { name: 's1', state: 'down', asics: [{ model: 'Antminer S21', hashrate: null, state: 'down' }] },
  ]);
});

it('an ASIC keeps its number while another one of the rig does not answer', async () => {
  const asic = (type: string, ghs: number): ScriptedTarget => [
    ['antminer_hashrate_5s_ghs', { rig: 'rack' }, ghs],
    ['antminer_info', { miner_type: type }, 1],
  ];
  await observe({ 'rack:1': asic('Antminer S21', 100), 'rack:2': asic('Antminer L7', 9) });
  for (let again = 0; again < 2; again++) {
    const { rigs } = await observe({ 'rack:1': 'timeout', 'rack:2': asic('Antminer L7', 9) });
    expect(rigs[0]?.asics.map(({ key, model, hashrate }) => [key, model, hashrate])).toEqual([
      ['rack/asic#0', 'Antminer S21', null],
      ['rack/asic#1', 'Antminer L7', 9e9],
    ]);
  }
});

it("a rig's own counter of revenue stands among the payouts, by platform", async () => {
  const { payouts } = await observe({
    'a1:9100': [
      ['rig_revenue_usd_total', { rig: 'alpha', platform: 'clore' }, 12.5],
      ['node_memory_MemTotal_bytes', {}, 8e9],
    ],
  });
  expect(payouts).toEqual([
    { platform: 'clore', instance: 'rig:alpha', paidPlusPendingUsd: 12.5, sampledAtMs: source.atMs },
  ]);
});

it('what is only probed from outside is no rig, and is said', async () => {
  const { rigs, warnings } = await observe({
    'a1:22': [['probe_success', {}, 1]],
    'a1:9100': [['node_memory_MemTotal_bytes', {}, 8e9]],
    'b7:22': [['probe_success', {}, 1]],
  });
  expect(rigs).toMatchObject([{ name: 'a1', state: 'up', host: { reachable: true } }]);
  expect(rigs).toHaveLength(1);
  expect(warnings).toEqual([expect.stringContaining('b7')]);
});

it('a probe that fails with its exporter takes no rig along', async () => {
  const node: ScriptedTarget = [['node_memory_MemTotal_bytes', {}, 8e9]];
  await observe({ 'a1:22': [['probe_success', {}, 1]], 'a1:9100': node });
  const { rigs } = await observe({ 'a1:22': 'timeout', 'a1:9100': node });
  expect(rigs).toMatchObject([{ name: 'a1', state: 'up', host: { reachable: null } }]);
});
