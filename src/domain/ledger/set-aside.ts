import type { Asic, Gpu, Rig } from '../rig.ts';
import type { WorkState } from '../work-state.ts';

/**
 * Seconds of one card or ASIC that was seen in one state and still held in another: which of both it was turns out later,
 * and nothing counts twice. Plain JSON.
 */
export interface SetAside {
  readonly key: string;
  readonly machine: 'gpu' | 'asic';
  readonly model: string | null;
  readonly held: WorkState;
  readonly seen: WorkState;
  seconds: number;
}

export function setAside(machine: SetAside['machine'], of: Gpu | Asic, seconds: number): SetAside | null {
  const { key, model, state, unsettled } = of;
  if (unsettled === null || unsettled.seen === state) return null;
  return { key, machine, model, held: state, seen: unsettled.seen, seconds };
}

/** What a rig's cards and ASICs are at one sight, for what was set aside before. */
export type Settled = (aside: SetAside) => WorkState | 'open';

/**
 * The seen state where that is what it turned out to be, else the one that it was held in: a miner that goes on was between
 * two jobs. Of a card that is not there any more, what was seen last is all that is known.
 */
export function settledBy(rig: Rig): Settled {
  const now = new Map<string, Gpu | Asic>();
  for (const gpu of rig.gpus) now.set(`gpu ${gpu.key}`, gpu);
  for (const asic of rig.asics) now.set(`asic ${asic.key}`, asic);
  return ({ machine, key, held, seen }) => {
    const found = now.get(`${machine} ${key}`);
    if (found === undefined) return seen;
    if (found.unsettled !== null) return 'open';
    return found.state === seen ? seen : held;
  };
}

/** Of a period that ends: what is open still goes to what was seen. */
export const asSeen: Settled = ({ seen }) => seen;
