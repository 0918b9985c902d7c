import { dialects as builtIn } from '../../data/dialects/index.ts';
import type { Farm } from '../../domain/farm.ts';
import type { LedgerSettings } from '../../domain/ledger-settings.ts';
import type { MetricsSettings } from '../../domain/metrics-settings.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { assumptionsOf } from './assumptions.ts';
import { dialectsSeen, ownSeriesSeen } from './dialects-seen.ts';
import { fleetFindings, mostClockMs, ownSeriesFindings, systemFindings } from './findings.ts';
import { missingSignals } from './missing-signals.ts';
import { type CheckedSystem, type CheckReport, exitCodeOf, type FleetSeen } from './report.ts';
import type { SeriesCount } from './series-count.ts';

export interface CheckParts {
  readonly configuration: string | null;
  readonly farm: Farm;
  readonly metrics: MetricsSettings;
  readonly ledger: LedgerSettings;
  readonly systems: readonly CheckedSystem[];
  /** Null where the source as a whole could not be read: one of `systems` says why. */
  readonly snapshot: Snapshot | null;
  readonly count: Pick<SeriesCount, 'names' | 'foreign'>;
}

/** Everything that one look at configuration, systems and fleet says. */
export function checkReport(parts: CheckParts): CheckReport {
  const { configuration, farm, metrics, ledger, systems, snapshot, count } = parts;
  const ownSeries = snapshot === null ? [] : ownSeriesSeen(builtIn, metrics.dialects, count.names);
  const findings = [
    ...systemFindings(systems),
    ...(snapshot === null ? [] : fleetFindings(snapshot, farm)),
    ...ownSeriesFindings(ownSeries),
    ...foreignTargets(count.foreign),
  ];
  return {
    configuration,
    farm: farm.name,
    exitCode: exitCodeOf(findings),
    systems,
    fleet: snapshot === null ? null : fleetSeen(snapshot),
    findings,
    dialects: snapshot === null ? [] : dialectsSeen(builtIn, metrics.dialects, count.names),
    ownSeries,
    missing: snapshot === null ? [] : missingSignals(snapshot.rigs, builtIn),
    assumptions: [
      ...assumptionsOf(farm, metrics, ledger),
      ...systems.flatMap(({ kind, notes }) => (kind === 'metrics' ? notes : [])),
    ],
  };
}

function foreignTargets(about: readonly string[]): CheckReport['findings'] {
  if (about.length === 0) return [];
  const remedy = 'if it is a rig, map its series in metrics.dialects';
  return [{ kind: 'remark', found: 'answers, but prints nothing that Rigshift knows', about, remedy }];
}

function fleetSeen(snapshot: Snapshot): FleetSeen {
  const { atMs, durationMs, rigs, targetsUp, targetsTotal, samplesRead, failures, conflicts, incomplete } = snapshot;
  const sumOf = (count: (rig: Snapshot['rigs'][number]) => number) => rigs.reduce((sum, rig) => sum + count(rig), 0);
  return {
    atMs,
    durationMs,
    rigs: rigs.length,
    rigsUp: rigs.filter(({ state }) => state === 'up' || state === 'partial').length,
    gpus: sumOf(({ gpus }) => gpus.length),
    asics: sumOf(({ asics }) => asics.length),
    targetsUp,
    targetsTotal,
    samplesRead,
    failures,
    conflicts,
    incomplete,
    clocks: rigs.flatMap(({ name, host: { clockAheadMs } }) =>
      clockAheadMs === null || Math.abs(clockAheadMs) <= mostClockMs ? [] : [{ rig: name, aheadMs: clockAheadMs }],
    ),
  };
}
