/**
 * Index of the sample that a series shows at its target's last scrape, or -1 where it shows none.
 *
 * Prometheus gives all samples of a scrape, `up` among them, the scrape's own time, so a series is live only with a sample
 * at the last `up`; one whose samples fall on earlier scrapes has vanished. Where the exporter prints its own timestamps
 * none falls on a scrape: then the newest after the scrape before the last one counts.
 */
export function liveSample(times: readonly number[], from: number, to: number, scrapes: Scrapes): number {
  const { lastMs, previousMs } = scrapes;
  let newest = -1;
  let onScrape = false;
  for (let i = to - 1; i >= from; i--) {
    const time = times[i]!;
    if (time === lastMs) return i;
    if (newest < 0) newest = i;
    onScrape ||= scrapes.at.has(time);
  }
  if (newest < 0 || onScrape) return -1;
  return times[newest]! > previousMs ? newest : -1;
}

/** When a target was scraped, as its `up` says. */
export interface Scrapes {
  readonly at: ReadonlySet<number>;
  readonly lastMs: number;
  /** The scrape before the last; where the window holds none, one interval before it. */
  readonly previousMs: number;
}
