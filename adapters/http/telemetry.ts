import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import type { Outcome } from '../../src/ports/chat.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { registerEventLoopMetrics } from './event-loop-metrics.ts';
import { type ObservedFleet, registerFleetMetrics } from './fleet-metrics.ts';
import { registerOutboxMetrics, type WaitingPosts } from './outbox-metrics.ts';

export interface TelemetryOptions {
  readonly version: string;
  readonly clock: Clock;
  /** The newest snapshot, or null before the first observation; asked at each scrape. */
  readonly snapshot: () => ObservedFleet | null;
  /** Asked at each scrape. */
  readonly outbox: () => Promise<WaitingPosts>;
  /** Names of the commands there are; whatever else was asked counts as `unknown`. */
  readonly commands: readonly string[];
}

/** What the bot says of itself to Prometheus. Every label takes a bounded number of values. */
export interface Telemetry {
  readonly registry: Registry;
  /** Counts what an observation read. */
  observed(observation: Pick<Snapshot, 'samplesRead'>): void;
  answered(answer: { readonly command: string | null; readonly outcome: Outcome; readonly seconds: number }): void;
  /** Counts a failure of an outside system, as its UpstreamError names it; `rigshift` for our own. */
  failed(system: string): void;
  unhandledRejection(): void;
  /** Stops measuring the event loop. */
  close(): void;
}

const outcomes = ['answered', 'user', 'upstream', 'bug'] as const satisfies readonly Outcome[];
/** Names come from our own adapters; the bound is for the day when one of them puts a host into it. */
const maxSystems = 32;
const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createTelemetry(options: TelemetryOptions): Telemetry {
  const { version, clock, snapshot, outbox, commands } = options;
  const registry = new Registry();
  const registers = [registry];
  registerProcessMetrics(registry);
  registerFleetMetrics(registry, clock, snapshot);
  registerOutboxMetrics(registry, outbox);
  const stopMeasuring = registerEventLoopMetrics(registry);
  new Gauge({
    name: 'rigshift_build_info',
    help: 'Always 1; the version and its runtime as labels.',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version, node: process.version }, 1);

  const samples = new Counter({
    name: 'rigshift_samples_read_total',
    help: 'Samples of wanted series that observations read.',
    registers,
  });
  const answers = new Counter({
    name: 'rigshift_commands_total',
    help: 'Commands by how they were answered.',
    labelNames: ['command', 'outcome'],
    registers,
  });
  const durations = new Histogram({
    name: 'rigshift_command_duration_seconds',
    help: 'Time from a command to its reply, without the chat platform.',
    labelNames: ['command'],
    buckets: durationBuckets,
    registers,
  });
  const errors = new Counter({
    name: 'rigshift_errors_total',
    help: 'Failures by the system that failed.',
    labelNames: ['system'],
    registers,
  });
  const rejections = new Counter({
    name: 'rigshift_unhandled_rejections_total',
    help: 'Promises that failed and nobody listened; each is a bug.',
    registers,
  });

  const known = new Set(commands);
  for (const command of [...known, 'unknown']) {
    // A series that starts at 0 lets `rate` see the first event.
    for (const outcome of outcomes) answers.inc({ command, outcome }, 0);
  }
  const systems = new Set<string>();
  return {
    registry,
    observed: ({ samplesRead }) => samples.inc(samplesRead),
    answered({ command, outcome, seconds }) {
      const name = command !== null && known.has(command) ? command : 'unknown';
      answers.inc({ command: name, outcome });
      durations.observe({ command: name }, seconds);
    },
    failed(system) {
      if (systems.size < maxSystems) systems.add(system);
      errors.inc({ system: systems.has(system) ? system : 'other' });
    },
    unhandledRejection: () => rejections.inc(),
    close: stopMeasuring,
  };
}

/** prom-client's own process metrics, without those that Prometheus' linter rejects and those that we measure better. */
function registerProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const { name, type } of registry.getMetricsAsArray()) {
    const isMisnamed = String(type) === 'gauge' && name.endsWith('_total');
    // These count the interval of their own timer as lag.
    const isOurs = name.startsWith('nodejs_eventloop_lag');
    if (isMisnamed || isOurs) registry.removeSingleMetric(name);
  }
}
