import { Agent, request } from 'undici';
import { parseDocument } from 'yaml';
import { type Config, parseConfig } from '../src/config/parse.ts';
import { dialects } from '../src/data/dialects/index.ts';
import { familiesOf, wantedFamilies } from '../src/domain/observation/families.ts';
import type { Snapshot } from '../src/domain/snapshot.ts';
import { createObserver } from '../src/fleet/observe.ts';
import { observingAtOnce, openSource } from '../src/main/outside.ts';
import { systemClock } from '../src/ports/clock.ts';
import type { TargetSink } from '../src/ports/metrics.ts';
import { type EventLoopDelay, whileMeasured } from './event-loop-delay.ts';
import { selfFigures } from './metrics-server.ts';
import { percentile } from './table.ts';

/*
 * Does nothing but observe the farm that a simulator serves, as the program itself would: its exporters, or a server that
 * scrapes them. Takes an ObservationTask as JSON, prints one ObservationFigures as JSON.
 */

export interface ObservationTask {
  readonly simulatorUrl: string;
  /** Of a server with the Prometheus HTTP API; null for the exporters themselves. */
  readonly serverUrl: string | null;
  readonly intervalSeconds: number;
  /** Observations before those that count, and those. */
  readonly warmUps: number;
  readonly rounds: number;
  /** Steps of the past that are read back through a server. */
  readonly historySteps: number;
  /** Asked for one after the other; none for all at once. */
  readonly sites: readonly string[];
  /** Whether to tell reading from scanning and mapping. */
  readonly inParts: boolean;
}

export interface Spent {
  /** Samples that came by; of one observation, or of all steps of the past. */
  readonly samples: number;
  /** Of the whole process (user and system, all threads) for them. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Of the server meanwhile, whatever else it did, and how often it was asked. */
  readonly server: { readonly cpuSeconds: number; readonly queries: number } | null;
}

export interface ObservationFigures {
  readonly rigs: number;
  readonly gpus: number;
  readonly targets: number;
  readonly targetsUp: number;
  /** What keeps the last observation from being whole. */
  readonly warnings: readonly string[];
  /** Of one observation, on average; seconds of wall time are the median's. */
  readonly observation: Spent;
  /** CPU seconds per observation of reading the bodies alone, and of scanning them too. */
  readonly parts: { readonly fetching: number; readonly scanning: number } | null;
  readonly delay: EventLoopDelay;
  /** Highest so far, without and with the past. */
  readonly peakRssBytes: number;
  readonly history: (Spent & { readonly steps: number; readonly peakRssBytes: number }) | null;
}

const task: ObservationTask = JSON.parse(process.argv[2] ?? '');
const concurrency = 256;
/** A machine that all of this shares answers late. */
const queryTimeout = '5m';
const never = new AbortController().signal;

const config = observingAtOnce(await configure());
const source = await openSource(config, systemClock);
const observer = createObserver({ source, farm: config.farm, metrics: config.metrics });
const observe = () => observer.observe(never);
const peakRssBytes = () => process.resourceUsage().maxRSS * 1024;

for (let round = 0; round < task.warmUps; round++) await observe();
const {
  result: { newest, observation },
  delay,
} = await whileMeasured(observeRounds);
const beforeThePast = peakRssBytes();
const figures: ObservationFigures = {
  rigs: newest.rigs.length,
  gpus: newest.rigs.reduce((sum, { gpus }) => sum + gpus.length, 0),
  targets: newest.targetsTotal,
  targetsUp: newest.targetsUp,
  warnings: newest.incomplete ? newest.warnings : [],
  observation,
  parts: task.inParts ? await measureParts() : null,
  delay,
  peakRssBytes: beforeThePast,
  history: task.serverUrl === null ? null : await readThePast(),
};
await source.close();
process.stdout.write(JSON.stringify(figures));

/** What the farm's own configuration says, read through the server where there is one. */
async function configure(): Promise<Config> {
  const yaml = parseDocument(await (await fetch(`${task.simulatorUrl}/rigshift.yaml`)).text());
  yaml.setIn(['metrics', 'interval'], `${task.intervalSeconds}s`);
  if (task.serverUrl !== null) {
    yaml.deleteIn(['metrics', 'exporters']);
    const shardBy = task.sites.length === 0 ? {} : { shardBy: { label: 'site', values: task.sites } };
    yaml.setIn(['metrics', 'prometheus'], { url: task.serverUrl, timeout: queryTimeout, ...shardBy });
  }
  return parseConfig(yaml.toString(), { path: null, env: {}, readFile: async () => '' });
}

async function observeRounds(): Promise<{ readonly newest: Snapshot; readonly observation: Spent }> {
  const walls: number[] = [];
  let newest: Snapshot | null = null;
  const spent = await measure(async () => {
    let samples = 0;
    for (let round = 0; round < task.rounds; round++) {
      const startedMs = performance.now();
      newest = await observe();
      walls.push((performance.now() - startedMs) / 1000);
      samples += newest.samplesRead;
    }
    return samples;
  });
  if (newest === null) throw new Error('nothing was observed');
  const { samples, cpuSeconds, server } = spent;
  const each = (sum: number) => sum / task.rounds;
  return {
    newest,
    observation: {
      samples: each(samples),
      cpuSeconds: each(cpuSeconds),
      wallSeconds: percentile(walls, 0.5),
      server:
        server === null ? null : { cpuSeconds: each(server.cpuSeconds), queries: Math.round(each(server.queries)) },
    },
  };
}

async function readThePast(): Promise<ObservationFigures['history']> {
  const { replay } = observer;
  if (replay === null) throw new Error('the server keeps no history');
  const stepMs = task.intervalSeconds * 1000;
  const toMs = Math.floor(systemClock.now() / stepMs) * stepMs;
  const range = { fromMs: toMs - (task.historySteps - 1) * stepMs, toMs, stepMs };
  const spent = await measure(async () => (await replay(range, () => {}, never)).samplesRead);
  return { ...spent, steps: task.historySteps, peakRssBytes: peakRssBytes() };
}

/** `work` says how many samples came by. */
async function measure(work: () => Promise<number>): Promise<Spent> {
  const { serverUrl } = task;
  const serverBefore = serverUrl === null ? null : await selfFigures(serverUrl);
  const before = process.cpuUsage();
  const startedMs = performance.now();
  const samples = await work();
  const wallSeconds = (performance.now() - startedMs) / 1000;
  const { user, system } = process.cpuUsage(before);
  const serverAfter = serverUrl === null ? null : await selfFigures(serverUrl);
  return {
    samples,
    cpuSeconds: (user + system) / 1e6,
    wallSeconds,
    server:
      serverBefore === null || serverAfter === null
        ? null
        : {
            cpuSeconds: serverAfter.cpuSeconds - serverBefore.cpuSeconds,
            queries: serverAfter.queries - serverBefore.queries,
          },
  };
}

async function measureParts(): Promise<ObservationFigures['parts']> {
  const families = wantedFamilies(familiesOf([...dialects, ...config.metrics.dialects]));
  const dropped: TargetSink = { sample() {}, done() {}, fail() {} };
  const { metrics } = config;
  const urls = metrics.source.kind === 'exporters' ? metrics.source.targets.flatMap((target) => target.urls) : [];
  const agent = new Agent({ keepAliveTimeout: 300_000, keepAliveMaxTimeout: 300_000 });
  const perRound = async (work: () => Promise<unknown>) => {
    await work();
    const before = process.cpuUsage();
    for (let round = 0; round < task.rounds; round++) await work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6 / task.rounds;
  };
  const fetching = await perRound(() => fetchAll(urls, agent));
  const scanning = await perRound(() => source.observe({ families, open: () => dropped, signal: never }));
  await agent.destroy();
  return { fetching, scanning };
}

/** Reads every body and looks at none. */
async function fetchAll(urls: readonly string[], dispatcher: Agent): Promise<void> {
  const waiting = urls.values();
  const read = async () => {
    for (const url of waiting) {
      try {
        const { body } = await request(url, { dispatcher });
        for await (const _ of body);
      } catch {
        // Exporters of a rig that is down.
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, read));
}
