import { Gauge, type Registry } from 'prom-client';
import type { Rig, RigState } from '../../src/domain/rig.ts';
import type { Snapshot, TargetFailureKind } from '../../src/domain/snapshot.ts';
import { workStates } from '../../src/domain/work-state.ts';
import type { Clock } from '../../src/ports/clock.ts';

const rigStates = Object.keys({ up: true, partial: true, silent: true, down: true } satisfies Record<RigState, true>);
const failureKinds = Object.keys({
  refused: true,
  timeout: true,
  'http-status': true,
  truncated: true,
  malformed: true,
  'too-large': true,
  network: true,
  down: true,
} satisfies Record<TargetFailureKind, true>);

/** What the metrics read of a snapshot. */
export type ObservedFleet = Pick<Snapshot, 'atMs' | 'durationMs' | 'targetsUp' | 'failures'> & {
  readonly rigs: readonly Pick<Rig, 'state' | 'gpuStates'>[];
};

/** The newest snapshot as metrics, read at each scrape. Before the first observation nothing is known and no series exists. */
export function registerFleetMetrics(registry: Registry, clock: Clock, snapshot: () => ObservedFleet | null): void {
  const scalar = (name: string, help: string, value: (snapshot: ObservedFleet) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        const current = snapshot();
        if (current === null) this.remove();
        else this.set(value(current));
      },
    });
  const counted = (
    name: string,
    help: string,
    label: string,
    count: (snapshot: ObservedFleet) => Record<string, number>,
  ) =>
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [registry],
      collect() {
        this.reset();
        const current = snapshot();
        if (current === null) return;
        for (const [value, number] of Object.entries(count(current))) this.set({ [label]: value }, number);
      },
    });

  scalar(
    'rigshift_observation_age_seconds',
    'Time since the observation that answers come from.',
    ({ atMs }) => (clock.now() - atMs) / 1_000,
  );
  scalar(
    'rigshift_observation_duration_seconds',
    'How long the newest observation took.',
    ({ durationMs }) => durationMs / 1_000,
  );
  counted('rigshift_rigs', 'Rigs by whether their exporters answer.', 'state', ({ rigs }) =>
    tally(
      rigStates,
      rigs.map(({ state }) => state),
    ),
  );
  counted('rigshift_gpus', 'GPUs by what they do.', 'state', ({ rigs }) =>
    Object.fromEntries(workStates.map((state) => [state, sum(rigs.map(({ gpuStates }) => gpuStates[state]))])),
  );
  counted(
    'rigshift_targets',
    'Scrape targets by the outcome of the newest observation.',
    'outcome',
    ({ targetsUp, failures }) => ({
      up: targetsUp,
      ...tally(
        failureKinds,
        failures.map(({ kind }) => kind),
      ),
    }),
  );
}

/** How often each value occurs; 0 for those that do not. */
function tally(values: readonly string[], found: readonly string[]): Record<string, number> {
  const counts = Object.fromEntries(values.map((value) => [value, 0]));
  for (const value of found) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
