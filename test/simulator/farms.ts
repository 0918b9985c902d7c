import parsePrometheus from 'parse-prometheus-text-format';
import { createFarm, type Farm, type Target } from '../../adapters/simulator/farm.ts';
import type { ExporterName } from '../../adapters/simulator/rig-kinds.ts';
import { rigIndices } from '../../adapters/simulator/targets.ts';

export const epochMs = Date.parse('2026-10-01T00:00:00Z');
export const hourMs = 3_600_000;

export function farmOf(options: { readonly rigs?: number; readonly gpus?: number; readonly seed?: number } = {}): Farm {
  return createFarm({ rigs: 11, gpus: 4, seed: 7, epochMs, ...options });
}

/** A farm with a zoo after a few rigs of the demo. */
export function zooOf(
  options: { readonly rigs?: number; readonly troubles?: boolean; readonly seed?: number } = {},
): Farm {
  return createFarm({ rigs: 4, gpus: 3, seed: 7, epochMs, zoo: true, ...options });
}

/** The position of a rig of this name. */
export function indexOf(farm: Farm, name: string): number {
  const index = rigIndices(farm.options).find((candidate) => farm.rig(candidate).name === name);
  if (index === undefined) throw new Error(`no rig is called ${name}`);
  return index;
}

/** Targets of one exporter that answer. */
export function targetsOf(farm: Farm, exporter: ExporterName): readonly Target[] {
  return farm.targets.filter((target) => target.exporter === exporter && !target.down);
}

export interface Sample {
  readonly name: string;
  readonly type: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export function samplesOf(text: string): readonly Sample[] {
  return parsePrometheus(text).flatMap((family) =>
    family.metrics.map((metric) => ({
      name: family.name,
      type: family.type,
      labels: metric.labels ?? {},
      value: Number(metric.value),
    })),
  );
}

/** Sum of a family's samples that carry these labels. */
export function total(samples: readonly Sample[], name: string, labels: Readonly<Record<string, string>> = {}): number {
  return samples
    .filter(
      (sample) =>
        sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    )
    .reduce((sum, { value }) => sum + value, 0);
}
