import { LabelSets } from '../../adapters/exporters/label-sets.ts';
import { ExpositionScanner } from '../../adapters/exporters/scanner.ts';
import { WantedNames } from '../../adapters/exporters/wanted-names.ts';
import type { Farm, Target } from '../../adapters/simulator/farm.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Labels, MetricsSource, ObserveRequest, TargetIdentity, WantedFamilies } from '../../src/ports/metrics.ts';

export interface RecordedSample {
  readonly name: string;
  /** Merged with the target's; one object for each series. */
  readonly labels: Labels;
  readonly value: number;
}

/** What one exporter printed at one instant; null where it did not answer. */
export interface RecordedScrape {
  readonly target: TargetIdentity;
  readonly atMs: number;
  readonly samples: readonly RecordedSample[] | null;
}

export interface Recording {
  readonly farm: Farm;
  readonly families: WantedFamilies;
  readonly fromMs: number;
  readonly toMs: number;
  readonly everyMs: number;
  /** So long after the others, the same for all scrapes of a target, as a Prometheus server spreads them. */
  readonly offsetMs?: (target: Target, index: number) => number;
  readonly isDown: (target: Target, atMs: number) => boolean;
}

/** Scrapes of a simulated farm without a network, in order of time. Hosts' exporters say nothing of work: left out. */
export function recordScrapes(recording: Recording): readonly RecordedScrape[] {
  const { farm, families, fromMs, toMs, everyMs, offsetMs = () => 0, isDown } = recording;
  const wanted = new WantedNames(families);
  const targets = farm.targets
    .filter(({ exporter }) => exporter !== 'node_exporter')
    .map((target, index) => {
      const { instance, exporter, rigName, site } = target;
      const labels: Labels = { instance, job: exporter, ...(site === null ? {} : { site }) };
      const identity: TargetIdentity = { instance, labels, rig: rigName, site };
      return { target, identity, labelSets: new LabelSets(labels), offsetMs: offsetMs(target, index) };
    });
  const scrapes: RecordedScrape[] = [];
  for (let stepMs = fromMs; stepMs <= toMs; stepMs += everyMs) {
    for (const { target, identity, labelSets, offsetMs } of targets) {
      const atMs = stepMs + offsetMs;
      const samples = isDown(target, atMs) ? null : scan(farm.render(target, atMs), { wanted, labelSets, atMs });
      scrapes.push({ target: identity, atMs, samples });
    }
  }
  return scrapes;
}

function scan(
  page: string,
  { wanted, labelSets, atMs }: { wanted: WantedNames; labelSets: LabelSets; atMs: number },
): readonly RecordedSample[] {
  const samples: RecordedSample[] = [];
  const scanner = new ExpositionScanner({
    wanted,
    labelSets,
    scrapedAtMs: atMs,
    openMetrics: false,
    sample: (name, labels, value) => samples.push({ name, labels, value }),
  });
  scanner.write(Buffer.from(page));
  scanner.end();
  return samples;
}

/** The exporters as they were at the clock's instant, for a bot that scrapes them itself. */
export function recordedExporters(scrapes: readonly RecordedScrape[], clock: Clock): MetricsSource {
  const byInstant = Map.groupBy(scrapes, ({ atMs }) => atMs);
  return {
    kind: 'exporters',
    async observe(request) {
      const atMs = clock.now();
      for (const scrape of byInstant.get(atMs) ?? []) replay(scrape, request);
      return { atMs, samplesRead: 0, bytesRead: 0, warnings: [], incomplete: false };
    },
    explain: () => '',
    inspect: async () => [],
    close: async () => undefined,
  };
}

function replay({ target, atMs, samples }: RecordedScrape, { open }: ObserveRequest): void {
  const sink = open(target);
  if (samples === null) {
    sink.fail('refused', 'connection refused');
    return;
  }
  for (const { name, labels, value } of samples) sink.sample(name, labels, value, atMs);
  sink.done(atMs, samples.length);
}
