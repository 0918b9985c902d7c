import type { Contradiction } from './consistency.ts';
import { dialectMistakes } from './dialect-mistakes.ts';
import type { Path } from './keys.ts';
import { durationMs } from './measures.ts';
import { describeFound } from './mistake.ts';

/* Mistakes of `metrics` that show only when several places are compared. All take files that are wrong elsewhere. */

const exactlyOne = 'exactly one of prometheus {url} (or PROMETHEUS_URL) and exporters {targets, files, httpSd}';
const targetKeys = ['targets', 'file', 'files', 'httpSd'];

/** @param file the whole file. */
export function metricsMistakes(file: unknown, prometheusUrl: string | null): Contradiction[] {
  const metrics = groupAt(file, 'metrics');
  return [
    ...sourceMistakes(metrics, prometheusUrl),
    ...timeMistakes(metrics),
    ...dialectMistakes(groupAt(metrics, 'dialects')),
  ];
}

/** Whether there is exactly one source of metrics, in file and environment together. */
function sourceMistakes(metrics: unknown, prometheusUrl: string | null): Contradiction[] {
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
  if (isEmptyWithout(exporters, targetKeys)) {
    mistakes.push({
      path: ['metrics', 'exporters'],
      found: 'neither targets nor files nor httpSd',
      allowed: 'one target at least, or a list of them elsewhere',
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

/** Times that only make sense beside the interval. */
function timeMistakes(metrics: unknown): Contradiction[] {
  const intervalMs = durationMs(groupAt(metrics, 'interval') ?? 30);
  if (intervalMs === null) return [];
  const exporters = groupAt(metrics, 'exporters');
  const delayMs = durationMs(groupAt(groupAt(metrics, 'prometheus'), 'delay')) ?? 0;
  const interval = describeFound(groupAt(metrics, 'interval') ?? '30s');
  const unless = (fits: (ms: number) => boolean, path: Path, written: unknown, allowed: string): Contradiction[] => {
    const ms = written === undefined ? null : durationMs(written);
    if (ms === null || fits(ms)) return [];
    const found = `${describeFound(written)} beside an interval of ${interval}`;
    return [{ path: ['metrics', ...path], found, allowed }];
  };
  const [timeout, spread, tooOld] = [
    groupAt(exporters, 'timeout'),
    groupAt(exporters, 'spread'),
    groupAt(metrics, 'tooOld'),
  ];
  return [
    ...unless((ms) => ms <= intervalMs, ['exporters', 'timeout'], timeout, 'no longer than metrics.interval'),
    ...unless((ms) => ms < intervalMs, ['exporters', 'spread'], spread, 'shorter than metrics.interval'),
    ...unless(
      (ms) => ms >= 3 * intervalMs + delayMs,
      ['tooOld'],
      tooOld,
      delayMs === 0
        ? 'three times metrics.interval at least'
        : 'three times metrics.interval and metrics.prometheus.delay at least',
    ),
  ];
}
