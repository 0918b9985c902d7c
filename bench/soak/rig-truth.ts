import type { Farm, GpuAccount } from '../../adapters/simulator/farm.ts';
import { noStates, type PerState, workStates } from '../../src/domain/work-state.ts';

/** What really happened in a rig. */
export interface RigTruth {
  readonly gpus: number;
  readonly stateSeconds: PerState;
  /** At the cards. */
  readonly joules: number;
  readonly hashes: number;
}

/** Of a rig between two instants; null for a rig that is down: nobody knows its cards. */
export function createTruth(farm: Farm): (rig: string, fromMs: number, toMs: number) => RigTruth | null {
  const accounts = new Map<string, readonly GpuAccount[]>();
  return (rig, fromMs, toMs) => {
    const period = `${fromMs} ${toMs}`;
    const account = accounts.get(period) ?? farm.truth(toMs, fromMs).gpus;
    accounts.set(period, account);
    const cards = account.filter((card) => card.rig === rig && card.stateSeconds.down === 0);
    if (cards.length === 0) return null;
    const stateSeconds = noStates();
    for (const card of cards) for (const state of workStates) stateSeconds[state] += card.stateSeconds[state];
    return {
      gpus: cards.length,
      stateSeconds,
      joules: total(cards.map(({ joules }) => joules)),
      hashes: total(cards.flatMap(({ hashes }) => Object.values(hashes))),
    };
  };
}

export function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
