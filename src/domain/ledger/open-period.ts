import { noStates, type WorkState, workStates } from '../work-state.ts';
import type { SetAside, Settled } from './set-aside.ts';
import type { Stretch, StretchModel } from './stretch.ts';
import type { StretchEnergy } from './stretch-energy.ts';
import { isSameWork, type StretchWork } from './stretch-work.ts';

type Sums<T> = { -readonly [Key in keyof T]: T[Key] };

/** One rig's period while it is being added up; plain JSON, so that it can be saved and read back to the bit. */
export interface OpenPeriod {
  readonly startMs: number;
  /** Length of the period. */
  readonly seconds: number;
  /** Seconds during which the rig was in the snapshots, whether or not its work was seen. */
  seenSeconds: number;
  observedSeconds: number;
  readonly stateSeconds: Record<WorkState, number>;
  /** Null while the rig has no ASICs. */
  asicSeconds: Record<WorkState, number> | null;
  /** In no state yet. */
  aside: SetAside[];
  readonly energy: Sums<StretchEnergy>;
  readonly work: StretchWork[];
  readonly models: StretchModel[];
}

export function openPeriod(startMs: number, seconds: number): OpenPeriod {
  return {
    startMs,
    seconds,
    seenSeconds: 0,
    observedSeconds: 0,
    stateSeconds: noStates(),
    asicSeconds: null,
    aside: [],
    energy: {
      cardJoules: 0,
      cardSeconds: 0,
      powerSeconds: 0,
      measuredJoules: 0,
      meteredSeconds: 0,
      unmeteredJoules: 0,
      unmeteredSeconds: 0,
    },
    work: [],
    models: [],
  };
}

/** Adds `share` (0..1) of a stretch. */
export function addStretch(period: OpenPeriod, stretch: Stretch, share: number): void {
  period.seenSeconds += stretch.seconds * share;
  period.observedSeconds += stretch.observedSeconds * share;
  for (const state of workStates) period.stateSeconds[state] += stretch.stateSeconds[state] * share;
  if (stretch.asicSeconds !== null) {
    period.asicSeconds ??= noStates();
    for (const state of workStates) period.asicSeconds[state] += stretch.asicSeconds[state] * share;
  }
  addEnergy(period.energy, stretch.energy, share);
  for (const work of stretch.work) addWork(period.work, work, share);
  for (const model of stretch.models) addModel(period.models, model, share);
  for (const aside of stretch.aside) addAside(period.aside, aside, share);
}

/** Gives what was set aside to the states that it turned out to be; what is open stays. */
export function settlePeriod(period: OpenPeriod, settled: Settled): void {
  period.aside = period.aside.filter((aside) => {
    const state = settled(aside);
    if (state === 'open') return true;
    if (aside.machine === 'asic') {
      period.asicSeconds ??= noStates();
      period.asicSeconds[state] += aside.seconds;
      return false;
    }
    period.stateSeconds[state] += aside.seconds;
    const model = period.models.find((known) => known.model === aside.model);
    if (state === 'rented' && model !== undefined && model.rentedSeconds !== null) {
      model.rentedSeconds += aside.seconds;
    }
    return false;
  });
}

function addEnergy(sum: Sums<StretchEnergy>, added: StretchEnergy, share: number): void {
  sum.cardJoules += added.cardJoules * share;
  sum.cardSeconds += added.cardSeconds * share;
  sum.powerSeconds += added.powerSeconds * share;
  sum.measuredJoules += added.measuredJoules * share;
  sum.meteredSeconds += added.meteredSeconds * share;
  sum.unmeteredJoules += added.unmeteredJoules * share;
  sum.unmeteredSeconds += added.unmeteredSeconds * share;
}

function addWork(works: StretchWork[], work: StretchWork, share: number): void {
  let sum = works.find((known) => isSameWork(known, work));
  if (sum === undefined) {
    const { algorithm, coin, isApart } = work;
    sum = { algorithm, coin, isApart, hashes: 0, gpuSeconds: 0, sharesAccepted: 0, sharesRejected: 0 };
    works.push(sum);
  }
  sum.hashes += work.hashes * share;
  sum.gpuSeconds += work.gpuSeconds * share;
  sum.sharesAccepted += work.sharesAccepted * share;
  sum.sharesRejected += work.sharesRejected * share;
}

function addModel(models: StretchModel[], added: StretchModel, share: number): void {
  let sum = models.find(({ model }) => model === added.model);
  if (sum === undefined) {
    sum = { model: added.model, ownedSeconds: 0, observedSeconds: 0, rentedSeconds: 0 };
    models.push(sum);
  }
  sum.ownedSeconds += added.ownedSeconds * share;
  sum.observedSeconds += added.observedSeconds * share;
  sum.rentedSeconds =
    sum.rentedSeconds === null || added.rentedSeconds === null ? null : sum.rentedSeconds + added.rentedSeconds * share;
}

function addAside(asides: SetAside[], added: SetAside, share: number): void {
  const { key, machine, held, seen } = added;
  const sum = asides.find(
    (known) => known.key === key && known.machine === machine && known.held === held && known.seen === seen,
  );
  if (sum === undefined) asides.push({ ...added, seconds: added.seconds * share });
  else sum.seconds += added.seconds * share;
}
