import { afterAll, beforeAll, expect, it } from 'vitest';
import { createExportersSource } from '../../adapters/exporters/source.ts';
import { inlineTargets } from '../../adapters/exporters/targets.ts';
import { stateOf } from '../../adapters/simulator/reading.ts';
import { type Simulator, startSimulator } from '../../adapters/simulator/server.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { noStates } from '../../src/domain/work-state.ts';
import { createObserver } from '../../src/fleet/observe.ts';
import type { MetricsSource } from '../../src/ports/metrics.ts';

const rigs = 22;
let nowMs = Date.parse('2026-10-02T00:00:00Z');
const clock = { now: () => nowMs };
let simulator: Simulator;
let source: MetricsSource;

beforeAll(async () => {
  simulator = await startSimulator({
    rigs,
    gpus: 4,
    seed: 7,
    port: 0,
    startAtMs: nowMs,
    frozen: false,
    speed: 1,
    clock,
  });
  const targets = simulator.farm.targets.map(({ rigName, site, path, instance, exporter }) => ({
    rig: rigName,
    site,
    urls: [`${simulator.url}${path}`],
    labels: { instance, job: exporter },
  }));
  source = createExportersSource({ targets: inlineTargets(targets), clock });
});

afterAll(async () => {
  await source.close();
  await simulator.close();
});

it('the states that an observer derives from the exporters are those of the truth', async () => {
  const text = await (await fetch(`${simulator.url}/rigshift.yaml`)).text();
  const { farm, metrics } = await parseConfig(text, {
    path: null,
    env: {},
    readFile: () => Promise.reject(new Error('none')),
  });
  const observer = createObserver({ source, farm, metrics });
  for (let observation = 0; observation < 12; observation++) {
    nowMs += 97 * 60_000;
    const { rigs: observed } = await observer.observe(AbortSignal.timeout(20_000));
    const found = Object.fromEntries(observed.map(({ name, gpuStates }) => [name, gpuStates]));
    expect(found).toEqual(trueStates());
  }
});

/** Nobody knows how many cards a rig has that was never up. */
function trueStates(): Record<string, Record<string, number>> {
  const states: Record<string, Record<string, number>> = {};
  for (let index = 0; index < rigs; index++) {
    const { rig, cards } = simulator.farm.readRig(index, nowMs);
    const counts = noStates();
    for (const { activity } of rig.down ? [] : cards) counts[stateOf(rig, activity)]++;
    states[rig.name] = counts;
  }
  return states;
}
