import { noStates, type PerState } from '../work-state.ts';
import { type OpenPeriod, openPeriod } from './open-period.ts';
import type { StretchModel } from './stretch.ts';
import type { StretchWork } from './stretch-work.ts';

/** A period as version 1 saved it: of rigs that had cards alone, whose states were believed at once. */
export interface FirstPeriod {
  readonly startMs: number;
  readonly seconds: number;
  readonly seenSeconds: number;
  readonly observedSeconds: number;
  readonly stateSeconds: PerState;
  /** At the cards, the GPU-seconds for which that was known, and the seconds of the rig in which it was of any. */
  readonly joules: number;
  readonly powerSeconds: number;
  readonly poweredSeconds: number;
  readonly work: readonly Omit<StretchWork, 'coin' | 'isApart'>[];
  readonly models: readonly StretchModel[];
}

/** So that an update in the middle of an hour does not begin it anew. */
export function fromFirstPeriod(first: FirstPeriod): OpenPeriod {
  const { joules, powerSeconds, poweredSeconds } = first;
  const period = openPeriod(first.startMs, first.seconds);
  return {
    ...period,
    seenSeconds: first.seenSeconds,
    observedSeconds: first.observedSeconds,
    stateSeconds: { ...noStates(), ...first.stateSeconds },
    energy: {
      ...period.energy,
      cardJoules: joules,
      cardSeconds: powerSeconds,
      powerSeconds,
      unmeteredJoules: joules,
      unmeteredSeconds: poweredSeconds,
    },
    work: first.work.map((work) => ({ ...work, coin: null, isApart: false })),
    models: [...first.models],
  };
}
