import type { Gpu, Rig } from '../rig.ts';
import { noStates, type PerState, type WorkState, workStates } from '../work-state.ts';
import { type SetAside, setAside } from './set-aside.ts';
import type { RigSight } from './sight.ts';
import { energyOf, type StretchEnergy } from './stretch-energy.ts';
import { type StretchWork, workOf } from './stretch-work.ts';

export interface StretchModel {
  readonly model: string | null;
  ownedSeconds: number;
  observedSeconds: number;
  /** Null where cards of several models share a rig and nothing says which of them are rented. */
  rentedSeconds: number | null;
}

/** What one rig did between two sights. */
export interface Stretch {
  readonly seconds: number;
  /** Seconds for which the rig's work was seen: all or none. */
  readonly observedSeconds: number;
  /** Without what is set aside. */
  readonly stateSeconds: PerState;
  /** Null for a rig without ASICs. */
  readonly asicSeconds: PerState | null;
  /** Of cards and ASICs that are not believed yet to be what they are seen to be. */
  readonly aside: readonly SetAside[];
  readonly energy: StretchEnergy;
  readonly work: readonly StretchWork[];
  readonly models: readonly StretchModel[];
}

/**
 * The stretch from the sight `before` to `rig`, seen `seconds` later. What is seen at its end held from its beginning:
 * states, hashrates and watts count for the whole stretch, and counters by their growth.
 */
export function measureStretch(before: RigSight, rig: Rig, seconds: number): Stretch {
  const cards = countCards(rig, seconds);
  const asics = countAsics(rig, seconds);
  const stateSeconds = inSeconds(cards.gpus, seconds);
  // A rig that answers in part and shows neither card nor ASIC tells nothing of its work.
  const observed =
    rig.state !== 'partial' || asics !== null || cards.aside.length > 0 || workStates.some((of) => cards.gpus[of] > 0);
  return {
    seconds,
    observedSeconds: observed ? seconds : 0,
    stateSeconds,
    asicSeconds: asics === null ? null : inSeconds(asics.machines, seconds),
    aside: asics === null ? cards.aside : [...cards.aside, ...asics.aside],
    energy: energyOf(before, rig, seconds),
    work: workOf(before, rig, seconds),
    models: modelsOf(rig, seconds, cards),
  };
}

interface CountedCards {
  readonly gpus: PerState;
  readonly aside: readonly SetAside[];
  /** Of the cards of which nobody printed anything, the share that the rig's counts do not know better. */
  readonly hiddenShare: number;
}

/** The rig's counts without the cards that nobody read, and without those that are set aside. */
function countCards(rig: Rig, seconds: number): CountedCards {
  const gpus = { ...rig.gpuStates };
  const aside: SetAside[] = [];
  let unread = 0;
  let hidden = 0;
  // A marketplace's count may know less of a state than the cards do: then it is the count that holds.
  const take = (state: WorkState): boolean => {
    if (gpus[state] < 1) return false;
    gpus[state] -= 1;
    return true;
  };
  for (const gpu of rig.gpus) {
    if (isUnread(gpu, rig)) {
      unread += 1;
      if (take(gpu.state)) hidden += 1;
      continue;
    }
    const set = setAside('gpu', gpu, seconds);
    if (set !== null && take(gpu.state)) aside.push(set);
  }
  return { gpus, aside, hiddenShare: unread === 0 ? 0 : hidden / unread };
}

function countAsics(rig: Rig, seconds: number): { machines: PerState; aside: readonly SetAside[] } | null {
  if (rig.asics.length === 0) return null;
  const machines = noStates();
  const aside: SetAside[] = [];
  for (const asic of rig.asics) {
    const set = setAside('asic', asic, seconds);
    if (set === null) machines[asic.state] += 1;
    else aside.push(set);
  }
  return { machines, aside };
}

function inSeconds(counts: PerState, seconds: number): PerState {
  const sums = noStates();
  for (const state of workStates) sums[state] = counts[state] * seconds;
  return sums;
}

/**
 * Whether nobody printed anything of this card because its exporter did not answer: of that time it is unknown what it did,
 * whatever it is held to be.
 */
function isUnread(gpu: Gpu, rig: Rig): boolean {
  if (rig.state !== 'partial' || (gpu.unsettled?.seen ?? gpu.state) !== 'unknown') return false;
  return (
    gpu.hashrate === null &&
    gpu.utilisationRatio === null &&
    gpu.powerWatts === null &&
    gpu.energyJoules === null &&
    gpu.coreTemperatureCelsius === null &&
    gpu.vramUsedBytes === null &&
    gpu.processes === null
  );
}

/** What is set aside of rented cards is in no `rentedSeconds` yet. */
function modelsOf(rig: Rig, seconds: number, { gpus, aside, hiddenShare }: CountedCards): readonly StretchModel[] {
  const waiting = new Set(aside.map(({ key }) => key));
  const models = new Map<string | null, { owned: number; unread: number; rented: number }>();
  for (const gpu of rig.gpus) {
    const counts = models.get(gpu.model) ?? { owned: 0, unread: 0, rented: 0 };
    models.set(gpu.model, counts);
    counts.owned += 1;
    if (isUnread(gpu, rig)) counts.unread += 1;
    else if (gpu.state === 'rented' && !waiting.has(gpu.key)) counts.rented += 1;
  }
  const { rented } = gpus;
  let placed = 0;
  for (const counts of models.values()) placed += counts.rented;
  return Array.from(models, ([model, counts]) => ({
    model,
    ownedSeconds: counts.owned * seconds,
    observedSeconds: (counts.owned - counts.unread * hiddenShare) * seconds,
    rentedSeconds: models.size === 1 ? rented * seconds : placed === rented ? counts.rented * seconds : null,
  }));
}
