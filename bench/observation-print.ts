import { sites } from '../adapters/simulator/sites.ts';
import { farmSizes, gpusPerRig, observeFarm, type ServedObservation, type SizeFigures } from './observation.ts';
import type { ObservationFigures, Spent } from './observe-child.ts';
import { aimOf, megabytes, printDelay, printHeading, printRow } from './table.ts';

/** Queries of one observation, by server, as the smallest farm needed them. */
type Queries = Map<string, number>;

/** Farms of three sizes, each read from its exporters and through the servers that are installed. */
export async function printObservation(): Promise<void> {
  const queries: Queries = new Map();
  for (const size of farmSizes) {
    const figures = await observeFarm(size);
    const { direct } = figures;
    const { rigs, intervalSeconds, large } = size;
    printHeading(
      `Observation: ${rigs} rigs of ${gpusPerRig} GPUs, ${direct.targets} exporters, ${direct.observation.samples} samples, scraped every ${intervalSeconds} s`,
    );
    printDirect(figures);
    for (const served of figures.served) printServed(served, queries, large);
  }
}

function printDirect({ direct, served }: SizeFigures): void {
  const { observation, parts } = direct;
  const beside = served.find(({ name }) => name === 'Prometheus')?.figures ?? '';
  const own = perMillion(observation);
  const theirs = typeof beside === 'string' ? null : perMillion(beside.scraping);
  printRow({
    what: 'Rigshift, from the exporters',
    figure: cpu(own),
    aim: theirs === null ? '' : aimOf('below Prometheus', own < theirs),
    beside: [theirs === null ? '' : `${(own / theirs).toFixed(2)} of Prometheus; `, observed(direct)].join(''),
  });
  if (parts !== null) {
    const { cpuSeconds, samples } = observation;
    const { fetching, scanning } = parts;
    const shares = { fetching, scanning: scanning - fetching, 'mapping and assembling': cpuSeconds - scanning };
    for (const [part, seconds] of Object.entries(shares)) {
      const share = `${Math.round((seconds / cpuSeconds) * 100)} %`;
      printRow({
        what: `  ${part}`,
        figure: cpu(perMillion({ cpuSeconds: seconds, samples })),
        aim: '',
        beside: share,
      });
    }
  }
  printProcess(direct);
}

function printServed({ name, figures }: ServedObservation, queries: Queries, large: boolean): void {
  if (typeof figures === 'string') {
    printRow({ what: name, figure: 'unknown', aim: '', beside: figures });
    return;
  }
  const { scraping, rigshift } = figures;
  const scrapingPerSecond = scraping.cpuSeconds / scraping.wallSeconds;
  printRow({
    what: `${name}, scraping`,
    figure: cpu(perMillion(scraping)),
    aim: '',
    beside:
      `${Math.round(scraping.samples)} samples in ${scraping.wallSeconds.toFixed(0)} s, storage included; RSS ${megabytes(scraping.rssBytes)}` +
      (large ? '; keeps what Rigshift reads' : ''),
  });
  printAnswered(`Rigshift, through ${name}`, rigshift.observation, { scrapingPerSecond, name });
  printRow({ what: '', figure: '', aim: '', beside: observed(rigshift) });
  printQueries(rigshift, { name, queries, large });
  printProcess(rigshift);
  const { history } = rigshift;
  if (history === null) return;
  printAnswered(`  the past, ${history.steps} steps`, history, { scrapingPerSecond, name });
  const perStep = (history.cpuSeconds / history.steps).toFixed(2);
  printRow({
    what: '',
    figure: '',
    aim: '',
    beside:
      `${perStep} CPU s a step, ${history.samples} samples and ${history.server?.queries ?? 0} queries in all; ` +
      `highest RSS ${megabytes(history.peakRssBytes)}`,
  });
}

/** Beside what its answers took of the server; what scraping took of it meanwhile is taken off. */
function printAnswered(
  what: string,
  { samples, cpuSeconds, wallSeconds, server }: Spent,
  { scrapingPerSecond, name }: { readonly scrapingPerSecond: number; readonly name: string },
): void {
  const answering = Math.max(0, (server?.cpuSeconds ?? 0) - scrapingPerSecond * wallSeconds);
  const own = perMillion({ samples, cpuSeconds });
  const theirs = perMillion({ samples, cpuSeconds: answering });
  printRow({
    what,
    figure: cpu(own),
    aim: '',
    beside: `${name} to answer: ${cpu(theirs)}, so ${(own / theirs).toFixed(2)} of it`,
  });
}

function printQueries(
  { observation }: ObservationFigures,
  { name, queries, large }: { readonly name: string; readonly queries: Queries; readonly large: boolean },
): void {
  const count = observation.server?.queries ?? 0;
  const first = queries.get(name) ?? count;
  queries.set(name, first);
  // One part for each site, and one for what belongs to none.
  const parts = large ? Object.keys(sites).length + 1 : 1;
  const aim = aimOf('whatever the rigs', count === parts * first);
  printRow({ what: '  queries', figure: `${count}`, aim, beside: large ? `for ${parts} parts of the farm` : '' });
}

function printProcess({ peakRssBytes, delay }: ObservationFigures): void {
  printRow({ what: '  highest RSS', figure: megabytes(peakRssBytes), aim: '', beside: '' });
  printDelay('  longest stretch without a turn', delay);
}

function observed({ observation, targets, targetsUp, rigs, gpus, warnings }: ObservationFigures): string {
  const whole = warnings.length === 0 ? '' : `; NOT WHOLE: ${warnings.join('; ')}`;
  return (
    `${observation.wallSeconds.toFixed(2)} s and ${observation.cpuSeconds.toFixed(2)} CPU s an observation, ` +
    `${Math.round(observation.samples)} samples; ${rigs} rigs, ${gpus} GPUs, ${targetsUp} of ${targets} exporters up${whole}`
  );
}

function perMillion({ cpuSeconds, samples }: { readonly cpuSeconds: number; readonly samples: number }): number {
  return (cpuSeconds / samples) * 1e6;
}

function cpu(seconds: number): string {
  return `${seconds.toFixed(2)} CPU s/M`;
}
