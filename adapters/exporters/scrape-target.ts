import { UserError } from '../../src/domain/errors.ts';
import type { Labels, TargetIdentity } from '../../src/ports/metrics.ts';

/** One URL to scrape and whose series those are. */
export interface ScrapeTarget {
  readonly url: URL;
  readonly identity: TargetIdentity;
  /** Equal for targets that are read at the same URL and carry the same labels. */
  readonly key: string;
  /** From `__scrape_timeout__`; null where it has no time limit of its own. */
  readonly timeoutMs: number | null;
}

/** Targets as they are now. */
export interface TargetListing {
  readonly targets: readonly ScrapeTarget[];
  /** What keeps the list from being current. */
  readonly warnings: readonly string[];
  /** Whether there are targets that nobody knows, because a list could never be read. */
  readonly incomplete: boolean;
}

/** @throws UpstreamError where the list could never be read. */
export type ListTargets = (signal: AbortSignal) => Promise<TargetListing>;

/** Prometheus gives every target a job, and so a series' own `job` becomes `exported_job`; so do we. */
const defaultJob = 'exporters';

/**
 * Labels whose name starts with `__` or whose value is empty are dropped; `instance` and `job` are always there.
 * @throws UserError where `__scrape_timeout__` is no duration.
 */
export function scrapeTarget(
  url: URL,
  labels: Labels,
  named: { readonly rig: string | null; readonly site: string | null } = { rig: null, site: null },
): ScrapeTarget {
  const own = Object.entries(labels).filter(([name, value]) => !name.startsWith('__') && value !== '');
  const instance = hostAndPort(url);
  const all: Labels = { instance, job: defaultJob, ...Object.fromEntries(own) };
  return {
    url,
    identity: { instance: all['instance'] ?? instance, labels: all, ...named },
    key: targetKey(url, all),
    timeoutMs: scrapeTimeoutMs(labels['__scrape_timeout__']),
  };
}

function targetKey(url: URL, labels: Labels): string {
  return JSON.stringify([url.href, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

function hostAndPort(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`;
}

const duration = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
const partsMs = [86_400_000, 3_600_000, 60_000, 1_000, 1];

/** As Prometheus writes durations: `1m30s`. */
function scrapeTimeoutMs(text: string | undefined): number | null {
  if (text === undefined || text === '') return null;
  const [, ...parts] = duration.exec(text) ?? [];
  const timeoutMs = parts.reduce((sum, part, index) => sum + Number(part ?? 0) * partsMs[index]!, 0);
  if (timeoutMs <= 0) throw new UserError(`"${text}" is no __scrape_timeout__`, 'Write a duration such as 5s.');
  return timeoutMs;
}
