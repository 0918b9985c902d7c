import type { ExporterTarget } from '../../src/domain/metrics-settings.ts';
import { type ListTargets, type ScrapeTarget, scrapeTarget } from './scrape-target.ts';

/** One target per URL. */
export function inlineTargets(rigs: readonly ExporterTarget[]): readonly ScrapeTarget[] {
  return rigs.flatMap(({ rig, site, urls, labels }) =>
    urls.map((url) => scrapeTarget(new URL(url), labels, { rig, site })),
  );
}

/**
 * One list from several; a target that is listed twice with the same labels is scraped once. Where some of them could never
 * be read, the list is incomplete and says so; where nothing is known but failures, the first is thrown.
 */
export function joinTargets(lists: readonly ListTargets[]): ListTargets {
  return async (signal) => {
    const settled = await Promise.allSettled(lists.map((list) => list(signal)));
    signal.throwIfAborted();
    const listings = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const failures = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    const byKey = new Map<string, ScrapeTarget>();
    for (const target of listings.flatMap(({ targets }) => targets)) {
      if (!byKey.has(target.key)) byKey.set(target.key, target);
    }
    if (byKey.size === 0 && failures.length > 0) throw failures[0];
    return {
      targets: [...byKey.values()],
      warnings: [...listings.flatMap(({ warnings }) => warnings), ...failures.map(neverRead)],
      incomplete: failures.length > 0 || listings.some(({ incomplete }) => incomplete),
    };
  };
}

function neverRead(failure: unknown): string {
  return `${failure instanceof Error ? failure.message : failure}; its targets are not known`;
}
