import { setTimeout as sleep } from 'node:timers/promises';
import { sites as siteTable } from '../adapters/simulator/sites.ts';
import { runChild, serveFarm } from './children.ts';
import { type ServerName, scrapedSamples, selfFigures, serverNames, startMetricsServer } from './metrics-server.ts';
import type { ObservationFigures, ObservationTask } from './observe-child.ts';

/** How a farm of one size is observed. Larger ones more rarely and fewer times, so that all of it takes minutes. */
export interface FarmSize {
  readonly rigs: number;
  readonly intervalSeconds: number;
  readonly warmUps: number;
  readonly rounds: number;
  /** Intervals over which a server is watched while it does nothing but scrape. */
  readonly watchedIntervals: number;
  readonly historySteps: number;
  /**
   * A large farm, as its operator would set it up: its server keeps no series but those that are read, and is asked for one
   * site after the other. All of it at once is more than a small machine holds and answers in time.
   */
  readonly large: boolean;
}

export const farmSizes: readonly FarmSize[] = [
  {
    rigs: 200,
    intervalSeconds: 5,
    warmUps: 10,
    rounds: 10,
    watchedIntervals: 4,
    historySteps: 12,
    large: false,
  },
  {
    rigs: 1_000,
    intervalSeconds: 10,
    warmUps: 2,
    rounds: 2,
    watchedIntervals: 2,
    historySteps: 4,
    large: false,
  },
  {
    rigs: 5_000,
    intervalSeconds: 45,
    warmUps: 1,
    rounds: 1,
    watchedIntervals: 1,
    historySteps: 2,
    large: true,
  },
];

export const gpusPerRig = 8;
/** A busy machine may not manage to scrape all of it in time; then the figures are those of what it manages. */
const mostSettlingMs = 150_000;
const askEveryMs = 1_000;

/** What scraping alone takes of a server. */
export interface ScrapingFigures {
  readonly samples: number;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly rssBytes: number;
}

export interface ServedObservation {
  readonly name: ServerName;
  /** Or why there are none. */
  readonly figures: { readonly scraping: ScrapingFigures; readonly rigshift: ObservationFigures } | string;
}

export interface SizeFigures {
  readonly size: FarmSize;
  readonly direct: ObservationFigures;
  readonly served: readonly ServedObservation[];
}

/** The same farm, whose time stands still, scraped by Rigshift and by servers, and read through those. */
export async function observeFarm(size: FarmSize): Promise<SizeFigures> {
  const farm = { rigs: size.rigs, gpus: gpusPerRig, seed: 1, at: '2026-10-01T12:00:00Z' };
  const simulator = await serveFarm(farm);
  try {
    const direct = await observe(size, { simulatorUrl: simulator.url, serverUrl: null });
    const served: ServedObservation[] = [];
    const { samples } = direct.observation;
    for (const name of serverNames)
      served.push(await observeThrough(name, { size, simulatorUrl: simulator.url, samples }));
    return { size, direct, served };
  } finally {
    await simulator.stop();
  }
}

async function observeThrough(
  name: ServerName,
  { size, simulatorUrl, samples }: { readonly size: FarmSize; readonly simulatorUrl: string; readonly samples: number },
): Promise<ServedObservation> {
  const { intervalSeconds, large } = size;
  const server = await startMetricsServer(name, { simulatorUrl, intervalSeconds, keepsMappedOnly: large });
  if (server === null) return { name, figures: 'not installed' };
  try {
    await untilScraped(server.url, 2 * samples);
    const scraping = await watchScraping(server.url, size);
    const rigshift = await observe(size, { simulatorUrl, serverUrl: server.url });
    return { name, figures: { scraping, rigshift } };
  } catch (error) {
    // A farm that is too large for this machine has no figures; the others do.
    return { name, figures: error instanceof Error ? error.message : String(error) };
  } finally {
    await server.stop();
  }
}

/** Series that a server meets for the first time cost it far more than others: by its second scrape it has met each. */
async function untilScraped(url: string, samples: number): Promise<void> {
  const deadline = performance.now() + mostSettlingMs;
  while ((await scrapedSamples(url)) < samples && performance.now() < deadline) await sleep(askEveryMs);
}

async function watchScraping(url: string, { watchedIntervals, intervalSeconds }: FarmSize): Promise<ScrapingFigures> {
  const [before, samplesBefore] = [await selfFigures(url), await scrapedSamples(url)];
  const startedMs = performance.now();
  await sleep(watchedIntervals * intervalSeconds * 1000);
  const { cpuSeconds, rssBytes } = await selfFigures(url);
  return {
    samples: (await scrapedSamples(url)) - samplesBefore,
    cpuSeconds: cpuSeconds - before.cpuSeconds,
    wallSeconds: (performance.now() - startedMs) / 1000,
    rssBytes,
  };
}

function observe(
  { intervalSeconds, warmUps, rounds, historySteps, large, rigs }: FarmSize,
  where: Pick<ObservationTask, 'simulatorUrl' | 'serverUrl'>,
): Promise<ObservationFigures> {
  const inParts = where.serverUrl === null && rigs === farmSizes[0]?.rigs;
  const sites = large ? Object.keys(siteTable) : [];
  const task: ObservationTask = { ...where, intervalSeconds, warmUps, rounds, historySteps, sites, inParts };
  return runChild<ObservationFigures>('observe-child.ts', [JSON.stringify(task)]);
}
