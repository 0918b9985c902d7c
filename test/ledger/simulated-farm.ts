import type { Farm as SimulatedFarm } from '../../adapters/simulator/farm.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { MetricsSource } from '../../src/ports/metrics.ts';
import { farmSource } from '../simulator/farm-source.ts';

/** Reads a simulated farm without a network. Hosts say nothing of work: left out. */
export function simulatedSource(farm: SimulatedFarm, clock: Clock): MetricsSource {
  return farmSource({ ...farm, targets: farm.targets.filter(({ exporter }) => exporter !== 'node_exporter') }, clock);
}
