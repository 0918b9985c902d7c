import { beforeEach, expect, it } from 'vitest';
import { UpstreamError } from '../../src/domain/errors.ts';
import type { StateChange } from '../../src/domain/state-change.ts';
import { createObserver, type Observer } from '../../src/fleet/observe.ts';
import { ObservationKeeper } from '../../src/jobs/observation-keeper.ts';
import { farmOf } from '../support/farms.ts';
import { memoryCards } from '../support/memory-cards.ts';
import { memoryChanges } from '../support/memory-changes.ts';
import { memoryTargets } from '../support/memory-targets.ts';
import { metricsSettings } from '../support/metrics-settings.ts';
import { recordingLog } from '../support/recording-log.ts';
import { ScriptedSource, type ScriptedTarget } from '../support/scripted-source.ts';

const card = (uuid: string): ScriptedTarget => [
  ['nvidia_smi_gpu_info', { uuid, index: '0', name: 'NVIDIA GeForce RTX 3090' }, 1],
];
const changeAt = (atMs: number): StateChange => ({
  rig: 'a1',
  card: null,
  atMs,
  from: 'up',
  to: 'partial',
  evidence: 'some exporters answer',
});

let source: ScriptedSource;
let observer: Observer;
let cards: ReturnType<typeof memoryCards>;
let changes: ReturnType<typeof memoryChanges>;
let down: boolean;

beforeEach(() => {
  source = new ScriptedSource();
  observer = createObserver({ source, farm: farmOf(), metrics: metricsSettings() });
  cards = memoryCards();
  changes = memoryChanges();
  down = false;
});

function keeper(known = observer) {
  const refused = <Arguments extends readonly unknown[], Result>(call: (...given: Arguments) => Promise<Result>) => {
    return async (...given: Arguments) => {
      if (down) throw new UpstreamError('store', 'the disk is full');
      return call(...given);
    };
  };
  const store = {
    cards: { all: cards.all, save: refused(cards.save), remove: refused(cards.remove) },
    targets: memoryTargets(),
    changes: { ...changes, add: refused(changes.add) },
  };
  return new ObservationKeeper({ observer: known, store, log: recordingLog() });
}

async function observe(targets: Readonly<Record<string, ScriptedTarget>>, by = observer) {
  source.targets = targets;
  source.atMs += 15_000;
  return by.observe(AbortSignal.timeout(5_000));
}

it('misses after a restart the card that fell out while nobody looked', async () => {
  const first = keeper();
  first.accept(await observe({ 'a1:9835': card('aa'), 'a2:9835': card('bb') }));
  await first.stop();

  const later = createObserver({ source, farm: farmOf(), metrics: metricsSettings() });
  await keeper(later).recall();
  const { rigs } = await observe({ 'a1:9835': card('aa'), 'a2:9835': [['nvidia_smi_gpu_info', {}, 1]] }, later);
  expect(rigs.flatMap(({ gpus }) => gpus.map(({ uuid, state }) => [uuid, state]))).toContainEqual(['bb', 'down']);
});

it('writes with the next observation what the store refused, and loses nothing', async () => {
  const job = keeper();
  down = true;
  const seen = await observe({ 'a1:9835': card('aa') });
  job.accept({ ...seen, changes: [changeAt(1)] });
  await job.stop();
  expect(await cards.all()).toEqual([]);

  down = false;
  job.accept({ changes: [changeAt(2)] });
  await job.stop();
  expect((await cards.all()).map(({ uuid }) => uuid)).toEqual(['aa']);
  expect((await changes.list({ limit: 10 })).map(({ atMs }) => atMs)).toEqual([2, 1]);
});

it('does not keep an observation waiting for a store that hangs', async () => {
  const hangs = Promise.withResolvers<void>();
  const store = { cards: memoryCards(), targets: memoryTargets(), changes: { ...changes, add: () => hangs.promise } };
  const job = new ObservationKeeper({ observer, store, log: recordingLog() });
  job.accept({ changes: [changeAt(1)] });
  job.accept({ changes: [changeAt(2)] });
  hangs.resolve();
  await job.stop();
});

it('bounds what waits, and says how much was given up', async () => {
  down = true;
  const job = keeper();
  job.accept({ changes: Array.from({ length: 100_001 }, (_, index) => changeAt(index)) });
  await job.stop();
  expect(job.lostChanges).toBe(1);
});
