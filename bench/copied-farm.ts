import { createExportersSource } from '../adapters/exporters/source.ts';
import { inlineTargets } from '../adapters/exporters/targets.ts';
import { configurationYaml } from '../adapters/simulator/configuration.ts';
import { startSimulator } from '../adapters/simulator/server.ts';
import { type Config, parseConfig } from '../src/config/parse.ts';
import { dialects } from '../src/data/dialects/index.ts';
import { familiesOf, wantedFamilies } from '../src/domain/observation/families.ts';
import { createBreather } from '../src/fleet/breather.ts';
import type { Labels, MetricsSource, ObserveRequest } from '../src/ports/metrics.ts';
import { type RecordedTarget, record } from '../test/support/recording-sinks.ts';

/** What a simulated farm printed at one instant, and the configuration that belongs to it. */
export interface PrintedFarm {
  readonly config: Config;
  readonly atMs: number;
  readonly targets: readonly RecordedTarget[];
}

export async function printFarm(options: {
  rigs: number;
  gpus: number;
  seed: number;
  atMs: number;
}): Promise<PrintedFarm> {
  const { atMs, ...farm } = options;
  const clock = { now: () => atMs };
  const simulator = await startSimulator({ ...farm, port: 0, startAtMs: atMs, frozen: true, speed: 1, clock });
  const yaml = configurationYaml(simulator.farm, simulator.url);
  const config = await parseConfig(yaml, { path: null, env: {}, readFile: async () => '' });
  const { source: settings } = config.metrics;
  if (settings.kind !== 'exporters') throw new Error('the simulated farm has exporters');
  const source = createExportersSource({ targets: inlineTargets(settings.targets), clock });
  try {
    const { sinks } = await record(source, wantedFamilies(familiesOf(dialects)));
    return { config, atMs, targets: sinks.targets };
  } finally {
    await source.close();
    await simulator.close();
  }
}

/** Labels that tell rigs, cards and machines of a marketplace apart. */
const identifying = ['instance', 'nodename', 'worker', 'Hostname', 'hostname', 'uuid', 'UUID', 'machine_id'] as const;

/** A farm as large as you like: the printed one so many times, each time under other names. */
export function copiedSource({ targets, atMs }: PrintedFarm, copies: number): MetricsSource {
  return {
    kind: 'exporters',
    async observe({ open }) {
      const breathe = createBreather();
      let samplesRead = 0;
      for (let copy = 0; copy < copies; copy++) {
        for (const target of targets) {
          samplesRead += printCopy(target, copy, open);
          await breathe();
        }
      }
      return { atMs, samplesRead, bytesRead: 0, warnings: [], incomplete: false };
    },
    explain: (families, instance) => `${instance} ${families.join(' ')}`,
    inspect: async () => [],
    close: async () => {},
  };
}

function printCopy(target: RecordedTarget, copy: number, open: ObserveRequest['open']): number {
  const { identity, samples, outcome } = target;
  const { instance, rig, site } = identity;
  const sink = open({
    instance: rename(instance, copy),
    labels: copyLabels(identity.labels, copy),
    rig: rig === null ? null : rename(rig, copy),
    site,
  });
  // As from the scanner, samples with the same labels share them.
  const copied = new Map<Labels, Labels>();
  for (const { name, labels, value, timestampMs } of samples) {
    let own = copied.get(labels);
    if (own === undefined) {
      own = copySeriesLabels(labels, copy);
      copied.set(labels, own);
    }
    sink.sample(name, own, value, timestampMs);
  }
  if (outcome.kind !== 'done') {
    sink.fail('refused', 'connection refused');
    return 0;
  }
  sink.done(outcome.atMs, outcome.samples);
  return outcome.samples;
}

/** Series that only their target's `instance` tells apart share their labels: whose they are is known from the target. */
function copySeriesLabels(labels: Labels, copy: number): Labels {
  const alike = identifying.every((name) => name === 'instance' || labels[name] === undefined);
  return alike ? labels : copyLabels(labels, copy);
}

function copyLabels(labels: Labels, copy: number): Labels {
  const copied: Record<string, string> = { ...labels };
  for (const name of identifying) {
    const value = labels[name];
    if (value !== undefined) copied[name] = rename(value, copy);
  }
  return copied;
}

/** `a1:9100` becomes `a1-7:9100`. */
function rename(value: string, copy: number): string {
  const colon = value.indexOf(':');
  return colon < 0 ? `${value}-${copy}` : `${value.slice(0, colon)}-${copy}${value.slice(colon)}`;
}
