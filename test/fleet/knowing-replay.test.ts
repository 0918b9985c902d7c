import { expect, it } from 'vitest';
import type { Farm } from '../../src/domain/farm.ts';
import { keepObservation } from '../../src/fleet/keep-observation.ts';
import { knowingReplay } from '../../src/fleet/knowing-replay.ts';
import { createObserver } from '../../src/fleet/observe.ts';
import type { HistoryRequest, MetricsSource } from '../../src/ports/metrics.ts';
import { farmOf } from '../support/farms.ts';
import { memoryCards } from '../support/memory-cards.ts';
import { memoryChanges } from '../support/memory-changes.ts';
import { memoryTargets } from '../support/memory-targets.ts';
import { metricsSettings } from '../support/metrics-settings.ts';
import { atMs } from '../support/rigs.ts';
import { ScriptedSource, type ScriptedTarget } from '../support/scripted-source.ts';

const hourMs = 3_600_000;

const cards = (...uuids: readonly string[]): ScriptedTarget =>
  uuids.map((uuid, index) => ['nvidia_smi_gpu_info', { uuid, index: `${index}`, name: 'RTX 3090' }, 1]);
const node = (nodename: string): ScriptedTarget => [['node_uname_info', { nodename }, 1]];

/** A source whose past is what it would show now. */
function withHistory(source: ScriptedSource): MetricsSource {
  return {
    kind: 'prometheus',
    observe: (request) => source.observe(request),
    history: async ({ families, fromMs, signal, step }: HistoryRequest) => {
      source.atMs = fromMs;
      return source.observe({ families, signal, open: await step(fromMs) });
    },
    explain: () => '',
    inspect: async () => [],
    close: async () => {},
  };
}

async function pastOf(replayedMs: number, farm: Partial<Farm> = {}) {
  const store = { cards: memoryCards(), targets: memoryTargets(), changes: memoryChanges() };
  const scripted = new ScriptedSource();
  const source = withHistory(scripted);
  const observerOf = () => createObserver({ source, farm: farmOf(farm), metrics: metricsSettings() });
  const observer = observerOf();
  const signal = AbortSignal.timeout(5_000);
  const observe = async (targets: Readonly<Record<string, ScriptedTarget>>) => {
    scripted.targets = targets;
    await keepObservation(observer, store, (await observer.observe(signal)).changes ?? []);
  };
  const all = { '10.0.0.5:9100': node('alpha'), '10.0.0.5:9835': cards('aa'), '10.0.0.6:9835': cards('bb') };
  await observe(all);
  scripted.atMs += 10 * hourMs;
  await observe({ ...all, '10.0.0.5:9835': cards('aa', 'later'), '10.0.0.6:9835': [], '10.0.0.5:9400': cards('bb') });

  scripted.targets = { '10.0.0.5:9100': 'timeout', '10.0.0.5:9835': 'timeout' };
  const found: string[] = [];
  const range = { fromMs: replayedMs, toMs: replayedMs, stepMs: 15_000 };
  await knowingReplay(observerOf(), store, farmOf(farm))?.(
    range,
    ({ rigs }) => {
      found.push(...rigs.map(({ name, state, gpus }) => [name, state, ...gpus.map(({ key }) => key)].join(' ')));
    },
    signal,
  );
  return found;
}

it('a rig that was down since before has the name and the cards that it had by then', async () => {
  expect(await pastOf(atMs + hourMs)).toEqual(['alpha down aa']);
});

it('and has those that came later, or from another rig, once they had come', async () => {
  expect(await pastOf(atMs + 20 * hourMs)).toEqual(['alpha down aa bb later']);
});

it('nothing is known of a time before anything was seen', async () => {
  expect(await pastOf(atMs - hourMs)).toEqual(['10.0.0.5 down']);
});

it('nor of a rig that was renamed, which answers by another name in the past', async () => {
  const settings = { site: null, mining: { coin: null, poolFee: null }, hostWatts: null, psuEfficiency: null };
  const rigs = new Map([['alpha', { ...settings, formerly: ['omega'] }]]);
  expect(await pastOf(atMs + hourMs, { rigs })).toEqual(['10.0.0.5 down']);
});
