import type { CardModel } from './cards.ts';
import { models } from './models.ts';
import { chance, choice, topics, uuid } from './random.ts';
import { type Activity, type RigKind, rigKinds } from './rig-kinds.ts';
import { type Site, sites } from './sites.ts';
import { zooKinds } from './zoo-kinds.ts';

export interface FarmOptions {
  /** Without those of the zoo, which come after them. */
  readonly rigs: number;
  /** Cards in every rig whose kind does not say another number. */
  readonly gpus: number;
  readonly seed: number;
  /** When the farm's counters began, Unix ms; a whole minute. */
  readonly epochMs: number;
  /** One rig of every other kind that there is, and more exporters for the rest. */
  readonly zoo?: boolean;
  /** Whether things break; in a zoo they do unless it is said otherwise, elsewhere never. */
  readonly troubles?: boolean;
}

/** One card, or what is told apart like one, with everything about it that never changes. */
export interface Card {
  readonly index: number;
  readonly model: CardModel;
  readonly uuid: string;
  readonly bus: number;
  readonly lanes: number;
  readonly lanesMax: number;
  readonly generationMax: number;
  readonly hostGeneration: number;
  /** At the card while it does this, without noise. */
  readonly watts: Readonly<Record<Activity, number>>;
  /** While it mines, without noise; 0 where nothing here mines. */
  readonly hashesPerSecond: number;
  readonly hot: boolean;
  /** Joules on the driver's counter at the epoch. */
  readonly joulesBefore: number;
}

/** One rig with everything about it that never changes. */
export interface Rig {
  readonly index: number;
  readonly name: string;
  readonly kind: RigKind;
  readonly site: Site;
  readonly down: boolean;
  readonly cards: readonly Card[];
  readonly bootMs: number;
  /** Null for a rig that is on no marketplace. */
  readonly machine: { readonly id: number; readonly usdPerGpuHour: number; readonly verified: boolean } | null;
}

type Population = Pick<FarmOptions, 'rigs' | 'zoo'>;

export function rigCount({ rigs, zoo = false }: Population): number {
  return rigs + (zoo ? zooKinds.length : 0);
}

export function kindOf({ rigs }: Population, index: number): { readonly kind: RigKind; readonly cycle: number } {
  const other = zooKinds[index - rigs];
  if (other !== undefined) return { kind: other, cycle: 0 };
  const kind = rigKinds[index % rigKinds.length] ?? rigKinds[0];
  return { kind, cycle: Math.floor(index / rigKinds.length) };
}

export function rigName(farm: Population, index: number): string {
  const { kind, cycle } = kindOf(farm, index);
  return `${sites[kind.site].prefix}-${kind.stem}-${String(cycle + 1).padStart(2, '0')}`;
}

export function isDown(farm: Population, index: number): boolean {
  const { kind, cycle } = kindOf(farm, index);
  return kind.firstIsDown === true && cycle === 0;
}

export function buildRig(options: FarmOptions, index: number): Rig {
  const { kind, cycle } = kindOf(options, index);
  const cards = Array.from({ length: kind.gpus ?? options.gpus }, (_, card) => buildCard(options, index, card));
  const first = cards[0]?.model;
  const floor = first?.vastFloorUsd ?? 0.1;
  return {
    index,
    name: rigName(options, index),
    kind,
    site: sites[kind.site],
    down: isDown(options, index),
    cards,
    bootMs: options.epochMs - (2 + choice(60, options.seed, topics.host, index)) * 43_200_000 - 417_000 * (cycle + 1),
    machine:
      kind.market === null
        ? null
        : {
            id: 20_100 + index * 7,
            usdPerGpuHour: Math.round(floor * (0.95 + 0.3 * chance(options.seed, topics.market, index)) * 1000) / 1000,
            verified: kind.market.verified,
          },
  };
}

function buildCard(options: FarmOptions, rig: number, index: number): Card {
  const { kind, cycle } = kindOf(options, rig);
  const names = kind.cards(cycle);
  const model: CardModel = models[names[index % names.length] ?? names[0]];
  const mining = kind.algorithm === null ? undefined : model.mining[kind.algorithm];
  const quality = 0.98 + 0.04 * chance(options.seed, topics.cardQuality, rig, index);
  const lanes = Math.min(kind.slot.lanes, model.pcieLanes);
  return {
    index,
    model,
    uuid: uuid(options.seed, topics.identity, rig, index),
    bus: kind.bus?.(index) ?? busOf(kind, index),
    lanes,
    lanesMax: kind.slot.lanesMax === 'card' ? model.pcieLanes : lanes,
    generationMax: Math.min(kind.slot.generation, model.pcieGeneration),
    hostGeneration: kind.slot.generation,
    watts: {
      off: 0,
      idle: model.idleWatts * quality,
      mining: (mining?.watts ?? model.idleWatts) * quality,
      rented: model.tdpWatts * 0.74 * quality,
      busy: model.tdpWatts * 0.86 * quality,
    },
    hashesPerSecond: (mining?.hashesPerSecond ?? 0) * (2 - quality),
    hot: kind.firstHasHotCard === true && cycle === 0 && index === (kind.gpus ?? options.gpus) - 1,
    joulesBefore: Math.round(chance(options.seed, topics.cardQuality, rig, index, 1) * 4e9),
  };
}

/** A mining board hangs its risers on one bridge after the other; a server has two slots on each root complex. */
function busOf(kind: RigKind, index: number): number {
  if (kind.slot.lanes < 16) return index + 1;
  return 0x01 + (index % 2) + Math.floor(index / 2) * 0x20;
}
