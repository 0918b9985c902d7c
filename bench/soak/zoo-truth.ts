import type { Farm, FarmAccount } from '../../adapters/simulator/farm.ts';
import { noStates, type PerState, workStates } from '../../src/domain/work-state.ts';

/** What really happened in a rig, whatever computes in it. */
export interface ZooRigTruth {
  readonly gpus: number;
  readonly gpuSeconds: PerState;
  readonly asicSeconds: PerState | null;
  /** At the cards. */
  readonly cardJoules: number;
  /** Null for a rig without a meter. */
  readonly wallJoules: number | null;
  readonly hashes: ReadonlyMap<string, number>;
  /** Seconds in which an exporter that speaks of the rig was dead. */
  readonly unseenSeconds: number;
}

/** Of rigs between two instants. */
export function createZooTruth(farm: Farm): (rig: string, fromMs: number, toMs: number) => ZooRigTruth {
  const accounts = new Map<string, FarmAccount>();
  return (rig, fromMs, toMs) => {
    const period = `${fromMs} ${toMs}`;
    const account = accounts.get(period) ?? farm.truth(toMs, fromMs);
    accounts.set(period, account);
    return truthOf(rig, account);
  };
}

function truthOf(
  rig: string,
  { gpus, asics = [], processors = [], wallJoules, unseenSeconds }: FarmAccount,
): ZooRigTruth {
  const own = <T extends { readonly rig: string }>(units: readonly T[]) => units.filter((unit) => unit.rig === rig);
  const cards = own(gpus);
  const machines = own(asics);
  const hashes = new Map<string, number>();
  for (const unit of [...cards, ...machines, ...own(processors)]) {
    for (const [algorithm, count] of Object.entries(unit.hashes)) {
      hashes.set(algorithm, (hashes.get(algorithm) ?? 0) + count);
    }
  }
  return {
    gpus: cards.length,
    gpuSeconds: sumOf(cards.map(({ stateSeconds }) => stateSeconds)),
    asicSeconds: machines.length === 0 ? null : sumOf(machines.map(({ stateSeconds }) => stateSeconds)),
    cardJoules: cards.reduce((sum, { joules }) => sum + joules, 0),
    wallJoules: wallJoules?.[rig] ?? null,
    hashes,
    unseenSeconds: unseenSeconds?.[rig] ?? 0,
  };
}

export function sumOf(states: readonly PerState[]): PerState {
  const sums = noStates();
  for (const seconds of states) for (const state of workStates) sums[state] += seconds[state];
  return sums;
}
