import { resolve } from 'node:path';
import type { MetricsSettings, MetricsSourceSettings } from '../domain/metrics-settings.ts';
import type { Contradiction } from './consistency.ts';
import type { EnvironmentReading } from './environment.ts';
import type { FileSettings } from './schema.ts';

const exactlyOne = 'exactly one of prometheus {url} (or PROMETHEUS_URL) and exporters {targets, file}';

/** Whether there is exactly one source of metrics, in file and environment together. Takes files that are wrong elsewhere. */
export function sourceMistakes(file: unknown, prometheusUrl: string | null): Contradiction[] {
  const metrics = groupAt(file, 'metrics');
  // No group at all is a mistake of its own.
  if (metrics !== undefined && typeof metrics !== 'object') return [];
  const prometheus = groupAt(metrics, 'prometheus');
  const exporters = groupAt(metrics, 'exporters');
  const mistakes: Contradiction[] = [];
  if (prometheus !== undefined && exporters !== undefined) {
    mistakes.push({ path: ['metrics'], found: 'prometheus and exporters', allowed: exactlyOne });
  } else if (exporters !== undefined && prometheusUrl !== null) {
    mistakes.push({
      path: 'PROMETHEUS_URL',
      found: 'a value although metrics.exporters is given',
      allowed: exactlyOne,
    });
  } else if (prometheus === undefined && exporters === undefined && prometheusUrl === null) {
    mistakes.push({ path: ['metrics'], found: 'neither prometheus nor exporters', allowed: exactlyOne });
  }
  if (isEmptyWithout(prometheus, ['url']) && prometheusUrl === null) {
    mistakes.push({
      path: ['metrics', 'prometheus', 'url'],
      found: 'nothing',
      allowed: 'an address, here or in PROMETHEUS_URL',
    });
  }
  if (isEmptyWithout(exporters, ['targets', 'file'])) {
    mistakes.push({
      path: ['metrics', 'exporters'],
      found: 'neither targets nor file',
      allowed: 'one target at least, or a file',
    });
  }
  return mistakes;
}

function groupAt(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}

function isEmptyWithout(group: unknown, keys: readonly string[]): boolean {
  if (typeof group !== 'object' || group === null) return false;
  return keys.every((key) => {
    const value = groupAt(group, key);
    return value === undefined || (Array.isArray(value) && value.length === 0);
  });
}

/** @param folder the configuration file's; relative paths start there. */
export function metricsOf(
  file: FileSettings['metrics'],
  environment: EnvironmentReading,
  folder: string,
): MetricsSettings {
  const { sharedHosts, rigLabels, rewrites } = file;
  return { intervalMs: file.interval, source: sourceOf(file, environment, folder), sharedHosts, rigLabels, rewrites };
}

function sourceOf(
  file: FileSettings['metrics'],
  environment: EnvironmentReading,
  folder: string,
): MetricsSourceSettings {
  if (file.exporters !== undefined) {
    const { targets, file: path } = file.exporters;
    return { kind: 'exporters', targets, file: path === null ? null : resolve(folder, path) };
  }
  const url = environment.prometheusUrl ?? file.prometheus?.url ?? null;
  // Never reached: sourceMistakes() has reported it. A URL that is made up here would be worse than an end.
  if (url === null) throw new TypeError('no source of metrics');
  return { kind: 'prometheus', url, credentials: environment.credentials };
}
