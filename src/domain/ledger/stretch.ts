import type { Gpu, Rig } from '../rig.ts';
import { noStates, type PerState } from '../work-state.ts';

/** Counters of one card at one sight; growth between two sights is what the card did. */
export interface CardSight {
  readonly energyJoules: number | null;
  readonly sharesAccepted: number | null;
  readonly sharesRejected: number | null;
}

/** What has to be remembered of a rig until it is seen again. */
export interface RigSight {
  readonly atMs: number;
  /** By the card's key; cards without any counter are left out. */
  readonly cards: ReadonlyMap<string, CardSight>;
}

export interface StretchWork {
  readonly algorithm: string | null;
  hashes: number;
  gpuSeconds: number;
  sharesAccepted: number;
  sharesRejected: number;
}

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
  readonly stateSeconds: PerState;
  readonly joules: number;
  /** GPU-seconds with known power. */
  readonly powerSeconds: number;
  /** Seconds during which the power of at least one card was known: for those the host's power counts. */
  readonly poweredSeconds: number;
  readonly work: readonly StretchWork[];
  readonly models: readonly StretchModel[];
}

/**
 * No card draws more over a whole stretch. A counter that grew faster did not count: after it had jumped, or had been
 * read from another exporter, taking its value for growth would bill years of energy at once.
 */
const MOST_CARD_WATTS = 2_000;

export function sightOf(rig: Rig, atMs: number): RigSight {
  const cards = new Map<string, CardSight>();
  for (const { key, energyJoules, sharesAccepted, sharesRejected } of rig.gpus) {
    if (energyJoules === null && sharesAccepted === null && sharesRejected === null) continue;
    cards.set(key, { energyJoules, sharesAccepted, sharesRejected });
  }
  return { atMs, cards };
}

/**
 * The stretch from the sight `before` to `rig`, seen `seconds` later. What is seen at its end held from its beginning:
 * states, hashrates and watts count for the whole stretch, and counters by their growth.
 */
export function measureStretch(before: RigSight, rig: Rig, seconds: number): Stretch {
  const unread = rig.gpus.filter((gpu) => isUnread(gpu, rig));
  const hidden = Math.min(unread.length, rig.gpuStates.unknown);
  const stateSeconds = noStates();
  let observedGpus = 0;
  for (const state of Object.keys(stateSeconds) as (keyof PerState)[]) {
    const gpus = rig.gpuStates[state] - (state === 'unknown' ? hidden : 0);
    stateSeconds[state] = gpus * seconds;
    observedGpus += gpus;
  }
  // A rig that answers in part and shows no card tells nothing of its work.
  const observed = observedGpus > 0 || rig.state !== 'partial';
  return {
    seconds,
    observedSeconds: observed ? seconds : 0,
    stateSeconds,
    ...energyOf(before, rig, seconds),
    work: workOf(before, rig, seconds),
    models: modelsOf(rig, seconds, unread.length === 0 ? 0 : hidden / unread.length),
  };
}

/** Whether nobody printed anything of this card because its exporter did not answer. */
function isUnread(gpu: Gpu, rig: Rig): boolean {
  if (rig.state !== 'partial' || gpu.state !== 'unknown') return false;
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

/** Growth of a counter that may have started anew in between: then its new value is what it grew since. */
export function growth(before: number | null | undefined, after: number | null): number | null {
  if (before === null || before === undefined || after === null) return null;
  return after < before ? after : after - before;
}

function energyOf(
  before: RigSight,
  rig: Rig,
  seconds: number,
): Pick<Stretch, 'joules' | 'powerSeconds' | 'poweredSeconds'> {
  let joules = 0;
  let powerSeconds = 0;
  const count = (known: number | null) => {
    if (known === null) return;
    joules += known;
    powerSeconds += seconds;
  };
  for (const gpu of rig.gpus) {
    if (gpu.state !== 'down') count(cardJoules(before.cards.get(gpu.key), gpu, seconds));
  }
  // A loose card is one of the rig's: its watts count only where the rig's own cards say nothing.
  if (powerSeconds === 0) {
    for (const { powerWatts } of rig.looseMiners) count(powerWatts === null ? null : powerWatts * seconds);
  }
  return { joules, powerSeconds, poweredSeconds: powerSeconds > 0 ? seconds : 0 };
}

function cardJoules(before: CardSight | undefined, gpu: Gpu, seconds: number): number | null {
  const counted = growth(before?.energyJoules, gpu.energyJoules);
  if (counted !== null && counted <= MOST_CARD_WATTS * seconds) return counted;
  return gpu.powerWatts === null ? null : gpu.powerWatts * seconds;
}

function workOf(before: RigSight, rig: Rig, seconds: number): readonly StretchWork[] {
  const works = new Map<string | null, StretchWork>();
  const workOn = (algorithm: string | null): StretchWork => {
    let work = works.get(algorithm);
    if (work === undefined) {
      work = { algorithm, hashes: 0, gpuSeconds: 0, sharesAccepted: 0, sharesRejected: 0 };
      works.set(algorithm, work);
    }
    return work;
  };
  for (const gpu of rig.gpus) {
    if (gpu.hashrate === null || gpu.hashrate <= 0) continue;
    const work = workOn(gpu.algorithm);
    work.hashes += gpu.hashrate * seconds;
    work.gpuSeconds += seconds;
    const seen = before.cards.get(gpu.key);
    const accepted = growth(seen?.sharesAccepted, gpu.sharesAccepted);
    const rejected = growth(seen?.sharesRejected, gpu.sharesRejected);
    if (accepted === null || rejected === null) continue;
    work.sharesAccepted += accepted;
    work.sharesRejected += rejected;
  }
  for (const { algorithm, hashrate } of rig.looseMiners) {
    if (hashrate === null || hashrate <= 0) continue;
    const work = workOn(algorithm);
    work.hashes += hashrate * seconds;
    work.gpuSeconds += seconds;
  }
  return [...works.values()];
}

function modelsOf(rig: Rig, seconds: number, hiddenShare: number): readonly StretchModel[] {
  const models = new Map<string | null, { owned: number; unread: number; rented: number }>();
  for (const gpu of rig.gpus) {
    const counts = models.get(gpu.model) ?? { owned: 0, unread: 0, rented: 0 };
    models.set(gpu.model, counts);
    counts.owned += 1;
    if (isUnread(gpu, rig)) counts.unread += 1;
    if (gpu.state === 'rented') counts.rented += 1;
  }
  const { rented } = rig.gpuStates;
  let placed = 0;
  for (const counts of models.values()) placed += counts.rented;
  return Array.from(models, ([model, counts]) => ({
    model,
    ownedSeconds: counts.owned * seconds,
    observedSeconds: (counts.owned - counts.unread * hiddenShare) * seconds,
    rentedSeconds: models.size === 1 ? rented * seconds : placed === rented ? counts.rented * seconds : null,
  }));
}
