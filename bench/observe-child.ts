import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { createExportersSource } from '../adapters/exporters/source.ts';
import { inlineTargets } from '../adapters/exporters/targets.ts';
import { parseConfig } from '../src/config/parse.ts';
import { dialects } from '../src/data/dialects/index.ts';
import { familiesOf, wantedFamilies } from '../src/domain/observation/families.ts';
import { createObserver } from '../src/fleet/observe.ts';
import { systemClock } from '../src/ports/clock.ts';
import type { TargetSink } from '../src/ports/metrics.ts';
import { type EventLoopDelay, whileMeasured } from './event-loop-delay.ts';

/*
 * Does nothing but observe the farm that the simulator at the first argument serves, once a second as Prometheus does
 * beside it. Prints one ObservationFigures as JSON.
 */

export interface ObservationFigures {
  readonly targets: number;
  readonly samples: number;
  /** Of the whole process (user and system, all threads), for all rounds that count. */
  readonly cpuSeconds: number;
  readonly rounds: number;
  /** CPU seconds per observation, back to back: of reading the bodies alone, of scanning them too, of everything. */
  readonly parts: { readonly fetching: number; readonly scanning: number; readonly everything: number };
  readonly delay: EventLoopDelay;
  readonly rssBytes: number;
}

const warmUpRounds = 15;
const rounds = 25;
const partRounds = 15;
const everyMs = 1_000;
const concurrency = 256;
const never = new AbortController().signal;

const yaml = await (await fetch(`${process.argv[2]}/rigshift.yaml`)).text();
const { farm, metrics } = await parseConfig(yaml, { path: null, env: {}, readFile: async () => '' });
if (metrics.source.kind !== 'exporters') throw new Error('the simulated farm has exporters');
const targets = inlineTargets(metrics.source.targets);
const source = createExportersSource({ targets, clock: systemClock, concurrency });
const observer = createObserver({ source, farm, metrics });
const families = wantedFamilies(familiesOf(dialects));
const dropped: TargetSink = { sample() {}, done() {}, fail() {} };
const agent = new Agent({ keepAliveTimeout: 300_000, keepAliveMaxTimeout: 300_000 });

let samples = 0;
for (let round = 0; round < warmUpRounds; round++) samples = (await observer.observe(never)).samplesRead;
const cpuSeconds = await cpuSecondsOf(rounds, () => observer.observe(never), everyMs);
const { delay } = await whileMeasured(async () => {
  for (let round = 0; round < 5; round++) await observer.observe(never);
});
const rssBytes = process.memoryUsage().rss;
const scan = () => source.observe({ families, open: () => dropped, signal: never });
await fetchAll();
const figures: ObservationFigures = {
  targets: targets.length,
  samples,
  cpuSeconds,
  rounds,
  parts: {
    fetching: (await cpuSecondsOf(partRounds, fetchAll)) / partRounds,
    scanning: (await cpuSecondsOf(partRounds, scan)) / partRounds,
    everything: (await cpuSecondsOf(partRounds, () => observer.observe(never))) / partRounds,
  },
  delay,
  rssBytes,
};
await Promise.all([source.close(), agent.destroy()]);
process.stdout.write(JSON.stringify(figures));

async function cpuSecondsOf(count: number, work: () => Promise<unknown>, paceMs = 0): Promise<number> {
  const before = process.cpuUsage();
  for (let round = 0; round < count; round++) {
    const startedMs = performance.now();
    await work();
    if (paceMs > 0) await sleep(Math.max(0, startedMs + paceMs - performance.now()));
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Reads every body and looks at none. */
async function fetchAll(): Promise<void> {
  const waiting = targets.values();
  const read = async () => {
    for (const { url } of waiting) {
      try {
        const { body } = await request(url, { dispatcher: agent });
        for await (const _ of body);
      } catch {
        // Exporters of a rig that is down.
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, read));
}
