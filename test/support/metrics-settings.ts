import type { MetricsSettings } from '../../src/domain/metrics-settings.ts';

/** Settings as nobody configured them: exporters every 15 s, none listed, and everything believed at once. */
export function metricsSettings(known: Partial<MetricsSettings> = {}): MetricsSettings {
  return {
    intervalMs: 15_000,
    source: {
      kind: 'exporters',
      targets: [],
      files: [],
      httpSd: [],
      timeoutMs: 10_000,
      maxBytes: 32 * 2 ** 20,
      spreadMs: 0,
    },
    sharedHosts: [],
    rigLabels: ['rig', 'worker', 'nodename', 'hostname', 'Hostname'],
    rewrites: [],
    dialects: [],
    states: { miningGapMs: 0, downAfterMs: 0 },
    tooOldMs: 600_000,
    ...known,
  };
}
