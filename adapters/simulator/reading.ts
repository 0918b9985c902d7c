import type { WorkState } from '../../src/domain/work-state.ts';
import type { RigLife } from './life.ts';
import { chance, topics } from './random.ts';
import type { Card, Rig } from './rig.ts';
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
  readonly joules: number;
  readonly hashesPerSecond: number;
  readonly hashes: number;
  readonly coreCelsius: number;
  /** Null where nothing can read the sensor. */
  readonly memoryCelsius: number | null;
  readonly utilisation: number;
  readonly process: CardProcess | null;
  /** An idle card lets its link fall back to the first generation; the width stays. */
  readonly pcieGeneration: number;
  readonly loaded: boolean;
}

export interface RigReading {
  readonly rig: Rig;
  readonly atMs: number;
  readonly epochMs: number;
  readonly rentedCards: number;
  readonly cards: readonly CardReading[];
}

export function readRig(rig: Rig, life: RigLife, seed: number, epochMs: number, atMs: number): RigReading {
  return {
    rig,
    atMs,
    epochMs,
    rentedCards: life.duty(atMs).rented,
    cards: rig.cards.map((card) => readCard(rig, card, life, seed, atMs)),
  };
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

function readCard(rig: Rig, card: Card, life: RigLife, seed: number, atMs: number): CardReading {
  const activity = life.activity(card, atMs);
  const loaded = activity !== 'idle' && activity !== 'off';
  const minute = Math.floor(atMs / 60_000);
  const wobble = chance(seed, topics.temperature, rig.index, card.index, minute);
  const spread = Math.floor(8 * chance(seed, topics.temperature, rig.index, card.index));
  const hot = card.hot && loaded;
  const { memoryCelsius } = card.model;
  return {
    card,
    activity,
    watts: life.watts(card, atMs),
    joules: life.joules(card, atMs),
    hashesPerSecond: life.hashesPerSecond(card, atMs),
    hashes: life.hashes(card, atMs),
    coreCelsius: hot ? hotCoreCelsius : workingCelsius[activity] + spread + Math.round(wobble),
    memoryCelsius: memoryOf(memoryCelsius, loaded, hot, Math.round(2 * wobble)),
    utilisation:
      activity === 'rented' ? meanUtilisation.rented + Math.round(12 * wobble) / 100 : meanUtilisation[activity],
    process: processOf(rig, card, activity, minute),
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
