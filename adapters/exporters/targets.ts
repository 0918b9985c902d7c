import type { ExporterTarget } from '../../src/domain/metrics-settings.ts';
import { type ListTargets, type ScrapeTarget, scrapeTarget, targetKey } from './scrape-target.ts';

/** One target per URL. */
export function inlineTargets(rigs: readonly ExporterTarget[]): readonly ScrapeTarget[] {
  return rigs.flatMap(({ rig, site, urls, labels }) =>
    urls.map((url) => scrapeTarget(new URL(url), labels, { rig, site })),
  );
}

/** One list from several; a target that is listed twice with the same labels is scraped once. */
export function joinTargets(lists: readonly ListTargets[]): ListTargets {
  return async () => {
    const listings = await Promise.all(lists.map((list) => list()));
    const byKey = new Map<string, ScrapeTarget>();
    for (const target of listings.flatMap(({ targets }) => targets)) {
      const key = targetKey(target);
      if (!byKey.has(key)) byKey.set(key, target);
    }
    return { targets: [...byKey.values()], warnings: listings.flatMap(({ warnings }) => warnings) };
  };
}
