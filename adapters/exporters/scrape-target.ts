import type { Labels, TargetIdentity } from '../../src/ports/metrics.ts';

/** One URL to scrape and whose series those are. */
export interface ScrapeTarget {
  readonly url: URL;
  readonly identity: TargetIdentity;
}

/** Targets as they are now; warnings say what keeps the list from being current. */
export interface TargetListing {
  readonly targets: readonly ScrapeTarget[];
  readonly warnings: readonly string[];
}

export type ListTargets = () => Promise<TargetListing>;

/** Prometheus gives every target a job, and so a series' own `job` becomes `exported_job`; so do we. */
const defaultJob = 'exporters';

/** Labels whose name starts with `__` or whose value is empty are dropped; `instance` and `job` are always there. */
export function scrapeTarget(
  url: URL,
  labels: Labels,
  named: { readonly rig: string | null; readonly site: string | null } = { rig: null, site: null },
): ScrapeTarget {
  const own = Object.entries(labels).filter(([name, value]) => !name.startsWith('__') && value !== '');
  const instance = hostAndPort(url);
  const all: Labels = { instance, job: defaultJob, ...Object.fromEntries(own) };
  return { url, identity: { instance: all['instance'] ?? instance, labels: all, ...named } };
}

/** Equal for targets that are read at the same URL and carry the same labels. */
export function targetKey(target: ScrapeTarget): string {
  const labels = Object.entries(target.identity.labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([target.url.href, labels]);
}

function hostAndPort(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`;
}
