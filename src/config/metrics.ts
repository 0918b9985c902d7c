import { resolve } from 'node:path';
import type { Dialect } from '../domain/dialect.ts';
import type { SiteSettings } from '../domain/farm.ts';
import type {
  ExportersSettings,
  MetricsSettings,
  MetricsSourceSettings,
  PrometheusSettings,
  Rewrite,
} from '../domain/metrics-settings.ts';
import { dialectOf } from './dialects.ts';
import type { EnvironmentReading } from './environment.ts';
import { exactHost, hostPattern } from './host-pattern.ts';
import type { MetricsFile } from './metrics-schema.ts';
import type { PrometheusAccess } from './prometheus-access.ts';
import { speedtestDialectOf } from './speedtest.ts';

export const defaultTooOldMs = 900_000;

interface Surroundings {
  readonly environment: EnvironmentReading;
  readonly access: PrometheusAccess;
  readonly sites: readonly SiteSettings[];
  /** The configuration file's; relative paths start there. */
  readonly folder: string;
}

/** Takes what the schema has accepted. */
export function metricsOf(file: MetricsFile, surroundings: Surroundings): MetricsSettings {
  const { sharedHosts, rigLabels, states, interval } = file;
  return {
    intervalMs: interval,
    source: sourceOf(file, surroundings),
    sharedHosts,
    rigLabels,
    rewrites: file.rewrites.flatMap(rewriteOf),
    dialects: [...file.dialects.map(dialectOf), ...speedtestOf(file)],
    states: { miningGapMs: states.miningGap, downAfterMs: states.downAfter },
    tooOldMs: file.tooOld ?? Math.max(defaultTooOldMs, 3 * interval + (file.prometheus?.delay ?? 0)),
  };
}

function speedtestOf({ speedtest }: MetricsFile): Dialect[] {
  const dialect = speedtest === undefined ? null : speedtestDialectOf(speedtest);
  return dialect === null ? [] : [dialect];
}

/** An exact host takes the rig's name as it is written; only a pattern has groups that `$1` could name. */
function rewriteOf({ instance, match, rig }: MetricsFile['rewrites'][number]): Rewrite[] {
  if (instance !== null) return [{ pattern: exactHost(instance), rig: rig.replaceAll('$', '$$$$') }];
  const compiled = match === null ? null : hostPattern(match);
  return compiled === null || 'refusal' in compiled ? [] : [{ pattern: compiled.pattern, rig }];
}

function sourceOf(file: MetricsFile, surroundings: Surroundings): MetricsSourceSettings {
  return file.exporters === undefined
    ? prometheusOf(file, surroundings)
    : exportersOf(file, file.exporters, surroundings);
}

function exportersOf(
  { interval }: MetricsFile,
  { targets, file, files, httpSd, timeout, maxBytes, spread }: NonNullable<MetricsFile['exporters']>,
  { folder }: Surroundings,
): ExportersSettings {
  const paths = [...(file === null ? [] : [file]), ...files].map((path) => resolve(folder, path));
  return {
    kind: 'exporters',
    targets,
    files: [...new Set(paths)],
    httpSd,
    timeoutMs: timeout ?? Math.min(10_000, interval),
    maxBytes,
    spreadMs: spread ?? interval / 2,
  };
}

function prometheusOf({ prometheus }: MetricsFile, { environment, access, sites }: Surroundings): PrometheusSettings {
  const url = environment.prometheusUrl ?? prometheus?.url ?? null;
  // Never reached: sourceMistakes() has reported it. A URL that is made up here would be worse than an end.
  if (url === null) throw new TypeError('no source of metrics');
  const { shardBy } = prometheus ?? {};
  return {
    kind: 'prometheus',
    url,
    credentials: environment.credentials,
    headers: access.headers,
    tls: access.tls,
    timeoutMs: prometheus?.timeout ?? 30_000,
    delayMs: prometheus?.delay ?? 0,
    maxSamples: prometheus?.maxSamples ?? 50_000_000,
    maxBytes: prometheus?.maxBytes ?? 2 ** 31,
    shards:
      shardBy === undefined
        ? null
        : { label: shardBy.label, values: shardBy.values ?? siteValues(shardBy.label, sites) },
    dedup: prometheus?.dedup ?? null,
    partialResponse: prometheus?.partialResponse ?? null,
  };
}

/** What the sites' series carry in a label: as they are matched, else the sites' own names. */
function siteValues(label: string, sites: readonly SiteSettings[]): readonly string[] {
  return [...new Set(sites.map(({ name, match }) => match[label] ?? name))];
}
