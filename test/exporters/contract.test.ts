import { createExportersSource } from '../../adapters/exporters/source.ts';
import { inlineTargets } from '../../adapters/exporters/targets.ts';
import { systemClock } from '../../src/ports/clock.ts';
import { metricsSourceContract } from '../contracts/metrics-source-contract.ts';

metricsSourceContract('direct scraping', async (targets) => {
  const rigs = targets.map(({ url, labels }) => ({ rig: null, site: null, urls: [url], labels }));
  const source = createExportersSource({ targets: inlineTargets(rigs), clock: systemClock, timeoutMs: 2_000 });
  return { source, stop: () => source.close() };
});
