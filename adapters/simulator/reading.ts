import type { WorkState } from '../../src/domain/work-state.ts';
import { revenueUsd } from './account.ts';
import type { Life } from './life.ts';
import { chance, topics } from './random.ts';
import type { Card, FarmOptions, Rig } from './rig.ts';
import type { Activity } from './rig-kinds.ts';

export interface CardProcess {
  readonly pid: number;
  readonly name: string;
  readonly usedMib: number;
}

/** One card at one instant, as its sensors know it; what of it is printed is the dialect's matter. */
export interface CardReading {
  readonly card: Card;
  readonly activity: Activity;
  readonly watts: number;
  /** On the driver's counter. */
  readonly joulesCounted: number;
  readonly hashesPerSecond: number;
  /** Since the miner began to count. */
  readonly hashesCounted: number;
  readonly coreCelsius: number;
  /** Null where nothing can read the sensor. */
  readonly memoryCelsius: number | null;
  readonly utilisation: number;
  readonly process: CardProcess | null;
  /** An idle card lets its link fall back to the first generation; the width stays. */
  readonly pcieGeneration: number;
  /** Whether what it does makes it work. */
  readonly loaded: boolean;
}

export interface RigReading {
  readonly rig: Rig;
  readonly atMs: number;
  readonly epochMs: number;
  readonly seed: number;
  readonly bootMs: number;
  readonly minerStartMs: number;
  readonly rentedCards: number;
  /** Earned since the epoch, where the rig itself prints it; else 0. */
  readonly revenueUsd: number;
  readonly cards: readonly CardReading[];
}

export function readRig(rig: Rig, life: Life, { seed, epochMs }: FarmOptions, atMs: number): RigReading {
  const cards = rig.cards.map((card) => readCard(rig, card, life, seed, atMs));
  return {
    rig,
    atMs,
    epochMs,
    seed,
    bootMs: life.bootMs(atMs),
    minerStartMs: life.minerStartMs(atMs),
    rentedCards: cards.filter(({ activity }) => activity === 'rented').length,
    revenueUsd: rig.kind.textfile === undefined ? 0 : revenueUsd({ rig, life }, atMs),
    cards,
  };
}

/** What exporters see: the cards that are on the bus, numbered without those that are not. */
export function onTheBus(reading: RigReading): RigReading {
  const present = reading.cards.filter(({ activity }) => activity !== 'off');
  if (present.length === reading.cards.length) return reading;
  return { ...reading, cards: present.map((one, index) => ({ ...one, card: { ...one.card, index } })) };
}

/** Position of a card in the miner's own numbering. */
export function minerIndex({ rig, cards }: RigReading, { card }: CardReading): number {
  return rig.kind.minerOrder === 'reversed' ? cards.length - 1 - card.index : card.index;
}

/** The state that a perfect observer of the exporters and the marketplace finds for a card. */
export function stateOf(rig: Rig, activity: Activity): WorkState {
  switch (activity) {
    case 'off':
      return 'down';
    case 'rented':
    case 'mining':
    case 'busy':
      return activity;
    case 'idle':
      return rig.machine === null ? 'idle-unlisted' : 'idle-listed';
  }
}

const workingCelsius = { off: 0, idle: 32, mining: 58, rented: 66, busy: 70 } as const satisfies Record<
  Activity,
  number
>;
const meanUtilisation = { off: 0, idle: 0, mining: 1, rented: 0.86, busy: 0.97 } as const satisfies Record<
  Activity,
  number
>;
const vramShare = { off: 0, idle: 0, mining: 0.62, rented: 0.81, busy: 0.9 } as const satisfies Record<
  Activity,
  number
>;

const hotCoreCelsius = 92;
const hotMemoryCelsius = 104;

function readCard(rig: Rig, card: Card, life: Life, seed: number, atMs: number): CardReading {
  const activity = life.activity(card, atMs);
  const loaded = life.isAtWork(card, atMs);
  // A card that rests is as warm and as empty as one that does nothing.
  const effect = loaded ? activity : 'idle';
  const minute = Math.floor(atMs / 60_000);
  const wobble = chance(seed, topics.temperature, rig.index, card.index, minute);
  const spread = Math.floor(8 * chance(seed, topics.temperature, rig.index, card.index));
  const hot = card.hot && loaded;
  const { memoryCelsius } = card.model;
  return {
    card,
    activity,
    watts: life.watts(card, atMs),
    joulesCounted: life.joulesCounted(card, atMs),
    hashesPerSecond: life.hashesPerSecond(card, atMs),
    hashesCounted: life.hashesCounted(card, atMs),
    coreCelsius: hot ? hotCoreCelsius : workingCelsius[effect] + spread + Math.round(wobble),
    memoryCelsius: memoryOf(memoryCelsius, loaded, hot, Math.round(2 * wobble)),
    utilisation: effect === 'rented' ? meanUtilisation.rented + Math.round(12 * wobble) / 100 : meanUtilisation[effect],
    // A miner between two jobs is still there; a tenant who sleeps runs nothing.
    process: processOf(rig, card, activity === 'rented' ? effect : activity, minute),
    pcieGeneration: loaded ? card.generationMax : 1,
    loaded,
  };
}

function memoryOf(working: number | null, loaded: boolean, hot: boolean, wobble: number): number | null {
  if (working === null) return null;
  if (hot) return hotMemoryCelsius;
  return loaded ? working - 2 + wobble : 40 + wobble;
}

function processOf(rig: Rig, card: Card, activity: Activity, minute: number): CardProcess | null {
  const name = processName(rig, card, activity);
  if (name === null) return null;
  const usedMib = Math.round(card.model.vramMib * vramShare[activity]) + (activity === 'mining' ? 0 : minute % 7);
  return { pid: 2_400 + rig.index * 40 + card.index, name, usedMib };
}

function processName(rig: Rig, card: Card, activity: Activity): string | null {
  if (activity === 'busy') return 'python3';
  if (activity === 'rented') return card.index % 2 === 0 ? 'python3' : '/usr/local/bin/vllm';
  if (activity !== 'mining') return null;
  return rig.kind.exporters.includes('trex_exporter')
    ? '/hive/miners/t-rex/0.26.8/t-rex'
    : '/hive/miners/lolminer/1.88/lolMiner';
}
