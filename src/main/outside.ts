import { demoApplies, loadConfig } from '../config/load.ts';
import { type Config, parseConfig } from '../config/parse.ts';
import { secretsOf } from '../config/secrets.ts';
import type { ExportersSettings } from '../domain/metrics-settings.ts';
import { type Clock, systemClock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { MetricsSource } from '../ports/metrics.ts';
import type { Store, StoreMode } from '../ports/store.ts';

/*
 * Opens what the outside does for the application. Each adapter is imported where it is needed: what is not configured
 * costs nothing at the start.
 */

/** What to run on: the configured farm, or the simulated one where nothing is configured. */
export interface Ground {
  readonly config: Config;
  readonly demo: boolean;
  readonly close: () => Promise<void>;
}

/** `demo`: the simulated farm even where something is configured, so that a chat can be tried before a farm is. */
export async function prepare(configPath: string | undefined, demo = false): Promise<Ground> {
  const place = { configPath, env: process.env, cwd: process.cwd() };
  if (!demo && !demoApplies(place)) return { config: await loadConfig(place), demo: false, close: async () => {} };
  const { startSimulator } = await import('../../adapters/simulator/server.ts');
  const { configurationYaml } = await import('../../adapters/simulator/configuration.ts');
  const farm = { rigs: 12, gpus: 6, seed: 1, port: 0, frozen: false, speed: 1, clock: systemClock };
  const simulator = await startSimulator({ ...farm, startAtMs: systemClock.now() });
  const yaml = configurationYaml(simulator.farm, simulator.url);
  const config = await parseConfig(yaml, { path: null, env: process.env, readFile: async () => '' });
  return { config, demo: true, close: () => simulator.close() };
}

/** For one observation there is no interval to spread scrapes over. */
export function observingAtOnce(config: Config): Config {
  const { metrics } = config;
  if (metrics.source.kind !== 'exporters') return config;
  return { ...config, metrics: { ...metrics, source: { ...metrics.source, spreadMs: 0 } } };
}

export async function openSource({ metrics }: Config, clock: Clock): Promise<MetricsSource> {
  const { intervalMs, source } = metrics;
  if (source.kind === 'prometheus') {
    const { createPrometheusSource } = await import('../../adapters/prometheus/source.ts');
    return createPrometheusSource({ ...source, intervalMs, clock });
  }
  return openExporters(source, intervalMs, clock);
}

async function openExporters(source: ExportersSettings, intervalMs: number, clock: Clock): Promise<MetricsSource> {
  const { createExportersSource } = await import('../../adapters/exporters/source.ts');
  const { inlineTargets, joinTargets } = await import('../../adapters/exporters/targets.ts');
  const { fileTargets } = await import('../../adapters/exporters/file-targets.ts');
  const { httpTargets } = await import('../../adapters/exporters/http-targets.ts');
  const { timeoutMs, maxBytes, spreadMs } = source;
  const listing = { targets: inlineTargets(source.targets), warnings: [], incomplete: false };
  const served = source.httpSd.map((url) => httpTargets(url, { clock, timeoutMs }));
  const targets = joinTargets([
    async () => listing,
    ...source.files.map(fileTargets),
    ...served.map(({ list }) => list),
  ]);
  // An observation that does not end in its time (jobs/observation) counts for nothing: all targets have to be read before,
  // thousands that hang let go of, and rigs made of the others.
  const limitMs = 0.8 * Math.max(intervalMs, 10_000);
  return createExportersSource({
    targets,
    served,
    clock,
    timeoutMs,
    limitMs,
    maxBytes,
    spreadMs: Math.max(0, Math.min(spreadMs, limitMs - timeoutMs)),
  });
}

export async function openLog(config: Config, level = config.environment.logLevel): Promise<Log> {
  const { createLog } = await import('../../adapters/log/log.ts');
  return createLog({ level, pretty: process.stderr.isTTY === true, secrets: secretsOf(config) });
}

/** The demo's is forgotten with it. */
export async function openStoreOf({ config, demo }: Ground, mode: StoreMode): Promise<Store> {
  const { openStore } = await import('../../adapters/store/open-store.ts');
  const url = demo ? 'sqlite::memory:' : config.environment.databaseUrl;
  return openStore({ url, farm: config.farm.name, mode });
}

/** Waits until the reader took it: of what is still in a pipe's queue at the exit, the end would be lost. */
export function print(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    // A reader that went away (`| head`) wants no more, and that is no failure.
    stream.once('error', () => resolve());
    stream.write(text, () => resolve());
  });
}
