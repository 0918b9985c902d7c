import { setTimeout as sleep } from 'node:timers/promises';
import { startPrometheusServer } from '../test/support/prometheus-server.ts';
import { findProgram } from '../test/support/servers.ts';
import { runChild, serveFarm } from './children.ts';
import type { ObservationFigures } from './observe-child.ts';

const farm = { rigs: 100, gpus: 8, seed: 1, at: '2026-10-01T12:00:00Z' } as const;
const warmUpMs = 12_000;
const measuredMs = 25_000;

export interface PrometheusFigures {
  readonly cpuSeconds: number;
  readonly samples: number;
}

export interface ObservationComparison {
  readonly farm: typeof farm;
  readonly rigshift: ObservationFigures;
  /** Null where it is not installed. */
  readonly prometheus: PrometheusFigures | null;
}

/** The same frozen farm scraped once a second, first by Rigshift and then by a Prometheus server. */
export async function compareObservation(): Promise<ObservationComparison> {
  const simulator = await serveFarm(farm);
  try {
    const rigshift = await runChild<ObservationFigures>('observe-child.ts', [simulator.url]);
    return { farm, rigshift, prometheus: await prometheusOver(simulator.url) };
  } finally {
    await simulator.stop();
  }
}

interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

async function prometheusOver(simulatorUrl: string): Promise<PrometheusFigures | null> {
  if (findProgram('prometheus') === null) return null;
  const listed = await fetch(`${simulatorUrl}/targets.json`);
  const groups = (await listed.json()) as readonly TargetGroup[];
  const targets = groups.flatMap((group) => group.targets.map((address) => ({ address, labels: group.labels })));
  const server = await startPrometheusServer({ targets, scrapeIntervalSeconds: 1 });
  try {
    await sleep(warmUpMs);
    const before = await selfFigures(server.url);
    await sleep(measuredMs);
    const after = await selfFigures(server.url);
    return { cpuSeconds: after.cpuSeconds - before.cpuSeconds, samples: after.samples - before.samples };
  } finally {
    await server.stop();
  }
}

/** What a Prometheus server says of itself. */
async function selfFigures(url: string): Promise<PrometheusFigures> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const value = (name: string) => {
    const line = new RegExp(`^${name}(?:\\{type="float"\\})? (.+)$`, 'm').exec(text);
    if (line === null) throw new Error(`Prometheus does not print ${name}`);
    return Number(line[1]);
  };
  return {
    cpuSeconds: value('process_cpu_seconds_total'),
    samples: value('prometheus_tsdb_head_samples_appended_total'),
  };
}
