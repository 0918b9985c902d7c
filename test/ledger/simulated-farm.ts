import { LabelSets } from '../../adapters/exporters/label-sets.ts';
import { ExpositionScanner } from '../../adapters/exporters/scanner.ts';
import { WantedNames } from '../../adapters/exporters/wanted-names.ts';
import type { Farm as SimulatedFarm } from '../../adapters/simulator/farm.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { MetricsSource, ObserveRequest, TargetSink } from '../../src/ports/metrics.ts';

/** Reads a simulated farm without a network: the same bytes through the same scanner. Hosts say nothing of work: left out. */
export function simulatedSource(farm: SimulatedFarm, clock: Clock): MetricsSource {
  const targets = farm.targets
    .filter(({ exporter }) => exporter !== 'node_exporter')
    .map((target) => {
      const labels = { instance: target.instance, job: target.exporter };
      const identity = { instance: target.instance, labels, rig: target.rigName, site: target.site };
      return { target, identity, labelSets: new LabelSets(labels) };
    });

  function read(request: ObserveRequest, wanted: WantedNames, index: number, atMs: number): void {
    const { target, identity, labelSets } = targets[index] as (typeof targets)[number];
    const sink: TargetSink = request.open(identity);
    if (target.down) {
      sink.fail('refused', 'connection refused');
      return;
    }
    const scanner = new ExpositionScanner({
      wanted,
      labelSets,
      scrapedAtMs: atMs,
      openMetrics: false,
      sample: (name, labels, value, timestampMs) => sink.sample(name, labels, value, timestampMs),
    });
    scanner.write(Buffer.from(farm.render(target, atMs)));
    scanner.end();
    sink.done(atMs, scanner.samples);
  }

  return {
    kind: 'exporters',
    async observe(request) {
      const atMs = clock.now();
      const wanted = new WantedNames(request.families);
      for (const index of targets.keys()) read(request, wanted, index, atMs);
      return { atMs, samplesRead: 0, bytesRead: 0, warnings: [], incomplete: false };
    },
    explain: () => '',
    inspect: async () => [],
    close: async () => undefined,
  };
}
