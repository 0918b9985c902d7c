import type { Farm } from '../../adapters/simulator/farm.ts';
import type { LedgerRow } from '../../src/domain/ledger.ts';
import { workStates } from '../../src/domain/work-state.ts';
import { keyOf } from './ledger-watch.ts';
import type { ObservationLog } from './observation-log.ts';
import { createTruth, type RigTruth, total } from './rig-truth.ts';
import { allowedShare, edgeShare } from './tolerance.ts';
import type { Violations } from './violations.ts';

export interface Agreement {
  readonly rows: number;
  /** In one run of the bot, with every exporter answering. */
  readonly undisturbedRows: number;
  /** Undisturbed, and observed for every second. */
  readonly fullRows: number;
  /** Of all full rows together, relative to the truth. Joules only of those in which every card's power was known. */
  readonly statesOff: number;
  readonly joulesOff: number;
  readonly hashesOff: number;
}

interface Compared {
  readonly row: LedgerRow;
  readonly truth: RigTruth;
}

/** States of cards that did not change are exact; watts and hashrates are sampled. */
const rounding = 1e-6;
const sampled = 0.01;

/** Holds the ledger's periods against what really happened. */
export function compareTruth(
  rows: readonly LedgerRow[],
  farm: Farm,
  log: ObservationLog,
  maxGapMs: number,
  violations: Violations,
): Agreement {
  const truthOf = createTruth(farm);
  const undisturbed = rows.flatMap((row): readonly Compared[] => {
    const endMs = endOf(row);
    if (!log.coverage(row.startMs, endMs).undisturbed) return [];
    const truth = truthOf(row.rig, row.startMs, endMs);
    return truth === null ? [] : [{ row, truth }];
  });
  for (const compared of undisturbed) checkGpus(compared, violations);
  const full = undisturbed.filter(({ row }) => Math.abs(row.observedSeconds - row.seconds) < rounding);
  for (const compared of full) {
    const { rig, startMs } = compared.row;
    // A stretch counts as what was seen at its end, so that a change soon after the period's end is seen in it; and what a
    // counter grew by in a stretch over an edge is shared out evenly.
    const around = truthOf(rig, startMs - maxGapMs, endOf(compared.row) + maxGapMs);
    if (around !== null && isSteady(around)) checkSteady(compared, maxGapMs, violations);
    else checkChanging(compared, maxGapMs, violations);
  }
  const powered = full.filter(isPowerKnown);
  const agreement = {
    rows: rows.length,
    undisturbedRows: undisturbed.length,
    fullRows: full.length,
    statesOff: statesOff(full),
    joulesOff: off(
      total(powered.map(({ row }) => row.cardJoules ?? 0)),
      total(powered.map(({ truth }) => truth.joules)),
    ),
    hashesOff: off(total(full.map(({ row }) => hashesOf(row))), total(full.map(({ truth }) => truth.hashes))),
  };
  checkTogether(agreement, edgeShare(maxGapMs / 3, full.length), violations);
  return agreement;
}

function checkTogether(
  { fullRows, statesOff, joulesOff, hashesOff }: Agreement,
  edges: number,
  violations: Violations,
): void {
  if (fullRows === 0) violations.add('no period was observed in full', 'nothing could be compared with the truth');
  for (const [what, share] of Object.entries({ states: statesOff, joules: joulesOff, hashes: hashesOff })) {
    if (share > allowedShare + edges)
      violations.add('full periods together are not the truth', `${what} off by ${(share * 100).toFixed(2)} %`);
  }
}

function checkGpus({ row, truth: { gpus } }: Compared, violations: Violations): void {
  const counted = total(workStates.map((state) => row.stateSeconds[state]));
  const expected = gpus * row.observedSeconds;
  if (Math.abs(counted - expected) > rounding * row.seconds)
    violations.add('states do not add up to the GPUs', `${keyOf(row)}: ${counted} of ${expected} s`);
  if (row.powerSeconds > expected + rounding * row.seconds)
    violations.add('power was known for longer than the GPUs were seen', `${keyOf(row)}: ${row.powerSeconds} s`);
}

/**
 * No card changed what it did. A counter is read some milliseconds after its observation began, and those are seconds of the
 * accelerated farm: at the edges of a period up to half an interval of energy may stand on the other side.
 */
function checkSteady(compared: Compared, maxGapMs: number, violations: Violations): void {
  const { row, truth } = compared;
  const energyAllowed = Math.max(sampled, maxGapMs / 6_000 / row.seconds);
  if (statesOff([compared]) > rounding) violations.add('steady states are not the truth', statesOf(compared));
  if (isPowerKnown(compared) && off(row.cardJoules ?? 0, truth.joules) > energyAllowed)
    violations.add('energy is not the truth', `${keyOf(row)}: ${row.cardJoules} J for ${truth.joules} J`);
  if (off(hashesOf(row), truth.hashes) > sampled)
    violations.add('hashes are not the truth', `${keyOf(row)}: ${hashesOf(row)} for ${truth.hashes}`);
}

/** Every change may be seen too early by one stretch; those into a state and out of it make up for each other. */
function checkChanging(compared: Compared, maxGapMs: number, violations: Violations): void {
  const allowed = (2 * maxGapMs) / 1000 / compared.row.seconds;
  if (statesOff([compared]) > allowed) violations.add('changing states are not the truth', statesOf(compared));
}

function isSteady({ stateSeconds }: RigTruth): boolean {
  return workStates.filter((state) => stateSeconds[state] > 0).length === 1;
}

function isPowerKnown({ row, truth }: Compared): boolean {
  return Math.abs(row.powerSeconds - truth.gpus * row.seconds) < rounding * row.seconds;
}

function hashesOf({ mined }: LedgerRow): number {
  return total(mined.map(({ hashes }) => hashes));
}

/** Share of the GPU-seconds that stand in another state than they should. */
function statesOff(compared: readonly Compared[]): number {
  const sumOf = (seconds: (one: Compared) => number) => total(compared.map(seconds));
  const all = sumOf(({ row, truth }) => truth.gpus * row.seconds);
  const wrong = workStates.map((state) =>
    Math.abs(sumOf(({ row }) => row.stateSeconds[state]) - sumOf(({ truth }) => truth.stateSeconds[state])),
  );
  return all === 0 ? 0 : total(wrong) / 2 / all;
}

function off(found: number, expected: number): number {
  if (expected === 0) return found === 0 ? 0 : Number.POSITIVE_INFINITY;
  return Math.abs(found - expected) / expected;
}

function statesOf({ row, truth }: Compared): string {
  return `${keyOf(row)}: ${JSON.stringify(row.stateSeconds)} for ${JSON.stringify(truth.stateSeconds)}`;
}

function endOf({ startMs, seconds }: LedgerRow): number {
  return startMs + seconds * 1000;
}
