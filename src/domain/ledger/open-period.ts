import { noStates, type WorkState, workStates } from '../work-state.ts';
import type { Stretch, StretchModel, StretchWork } from './stretch.ts';

/** One rig's period while it is being added up; plain JSON, so that it can be saved and read back to the bit. */
export interface OpenPeriod {
  readonly startMs: number;
  /** Length of the period. */
  readonly seconds: number;
  /** Seconds during which the rig was in the snapshots, whether or not its work was seen. */
  seenSeconds: number;
  observedSeconds: number;
  readonly stateSeconds: Record<WorkState, number>;
  joules: number;
  powerSeconds: number;
  poweredSeconds: number;
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
    joules: 0,
    powerSeconds: 0,
    poweredSeconds: 0,
    work: [],
    models: [],
  };
}

/** Adds `share` (0..1) of a stretch. */
export function addStretch(period: OpenPeriod, stretch: Stretch, share: number): void {
  period.seenSeconds += stretch.seconds * share;
  period.observedSeconds += stretch.observedSeconds * share;
  for (const state of workStates) period.stateSeconds[state] += stretch.stateSeconds[state] * share;
  period.joules += stretch.joules * share;
  period.powerSeconds += stretch.powerSeconds * share;
  period.poweredSeconds += stretch.poweredSeconds * share;
  for (const work of stretch.work) addWork(period.work, work, share);
  for (const model of stretch.models) addModel(period.models, model, share);
}

function addWork(works: StretchWork[], work: StretchWork, share: number): void {
  let sum = works.find(({ algorithm }) => algorithm === work.algorithm);
  if (sum === undefined) {
    sum = { algorithm: work.algorithm, hashes: 0, gpuSeconds: 0, sharesAccepted: 0, sharesRejected: 0 };
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
