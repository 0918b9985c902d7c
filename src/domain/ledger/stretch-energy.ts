import type { Gpu, Rig } from '../rig.ts';
import { type CardSight, growth, type RigSight } from './sight.ts';

/** What a rig drew between two sights, as far as somebody measured it. */
export interface StretchEnergy {
  /** At the cards. */
  readonly cardJoules: number;
  /** GPU-seconds with known power of the card. */
  readonly cardSeconds: number;
  /** Seconds of GPUs and ASICs whose power is known, by themselves or by the rig's meter. */
  readonly powerSeconds: number;
  /** At the wall, as the rig's meter or its ASICs measure it. */
  readonly measuredJoules: number;
  /** Seconds for which the rig's meter was read. */
  readonly meteredSeconds: number;
  /** At the cards while there was no meter: what they draw at the wall has to be worked out. */
  readonly unmeteredJoules: number;
  /** Seconds without a meter in which the power of at least one card was known: for those the host's power counts. */
  readonly unmeteredSeconds: number;
}

/**
 * No card draws more over a whole stretch. A counter that grew faster did not count: after it had jumped, or had been
 * read from another exporter, taking its value for growth would bill years of energy at once.
 */
export const MOST_CARD_WATTS = 2_000;
/** No ASIC and no rig of cards draws more: a meter that says it is read wrongly. */
export const MOST_WALL_WATTS = 100_000;

export function energyOf(before: RigSight, rig: Rig, seconds: number): StretchEnergy {
  const cards = cardEnergy(before, rig, seconds);
  const wallWatts = believed(rig.wallWatts, MOST_WALL_WATTS);
  if (wallWatts !== null) {
    const machines = Object.values(rig.gpuStates).reduce((sum, gpus) => sum + gpus, rig.asics.length);
    return {
      ...cards,
      powerSeconds: machines * seconds,
      measuredJoules: wallWatts * seconds,
      meteredSeconds: seconds,
      unmeteredJoules: 0,
      unmeteredSeconds: 0,
    };
  }
  // An ASIC measures itself at the wall.
  const asics = rig.asics.flatMap(({ state, powerWatts }) =>
    state === 'down' ? [] : (believed(powerWatts, MOST_WALL_WATTS) ?? []),
  );
  const watts = asics.reduce((sum, asicWatts) => sum + asicWatts, 0);
  return {
    ...cards,
    powerSeconds: cards.cardSeconds + asics.length * seconds,
    measuredJoules: watts * seconds,
    meteredSeconds: 0,
    unmeteredJoules: cards.cardJoules,
    unmeteredSeconds: cards.cardSeconds > 0 ? seconds : 0,
  };
}

function cardEnergy(before: RigSight, rig: Rig, seconds: number): Pick<StretchEnergy, 'cardJoules' | 'cardSeconds'> {
  let cardJoules = 0;
  let cardSeconds = 0;
  const count = (joules: number | null) => {
    if (joules === null) return;
    cardJoules += joules;
    cardSeconds += seconds;
  };
  for (const gpu of rig.gpus) {
    if (gpu.state !== 'down') count(joulesOf(before.cards.get(gpu.key), gpu, seconds));
  }
  // A loose card is one of the rig's: its watts count only where the rig's own cards say nothing.
  if (cardSeconds === 0) {
    for (const { powerWatts } of rig.looseMiners) count(overTime(powerWatts, seconds));
  }
  return { cardJoules, cardSeconds };
}

function joulesOf(before: CardSight | undefined, gpu: Gpu, seconds: number): number | null {
  const counted = growth(before?.energyJoules, gpu.energyJoules);
  if (counted !== null && counted <= MOST_CARD_WATTS * seconds) return counted;
  return overTime(gpu.powerWatts, seconds);
}

function overTime(cardWatts: number | null, seconds: number): number | null {
  const watts = believed(cardWatts, MOST_CARD_WATTS);
  return watts === null ? null : watts * seconds;
}

function believed(watts: number | null, mostWatts: number): number | null {
  return watts === null || watts < 0 || watts > mostWatts ? null : watts;
}
