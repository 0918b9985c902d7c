import { LabelSets } from '../../adapters/exporters/label-sets.ts';
import { ExpositionScanner } from '../../adapters/exporters/scanner.ts';
import { WantedNames } from '../../adapters/exporters/wanted-names.ts';
import { targetLabels } from '../../adapters/simulator/configuration.ts';
import type { Farm } from '../../adapters/simulator/farm.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { MetricsSource } from '../../src/ports/metrics.ts';

/** Every exporter of a simulated farm, read as bytes by the real scanner; who does not answer has refused. */
export function farmSource(farm: Farm, clock: Clock): MetricsSource {
  const targets = farm.targets.map((target) => {
    const labels = targetLabels(target);
    const identity = { instance: target.instance, labels, rig: target.rigName, site: target.site };
    return { target, identity, labelSets: new LabelSets(labels) };
  });
  return {
    kind: 'exporters',
    async observe({ families, open }) {
      const atMs = clock.now();
      const wanted = new WantedNames(families);
      for (const { target, identity, labelSets } of targets) {
        const sink = open(identity);
        if (farm.isSilent(target, atMs)) {
          sink.fail('refused', 'connection refused');
          continue;
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
      return { atMs, samplesRead: 0, bytesRead: 0, warnings: [], incomplete: false };
    },
    explain: () => '',
    inspect: async () => [],
    close: async () => undefined,
  };
}
