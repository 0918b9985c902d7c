import type { KnownCard } from '../known-card.ts';
import type { Gpu, Rig, RigExporter, RigState } from '../rig.ts';
import { describeAsics, type SeenAsic } from './describe-asics.ts';
import {
  type DescribedCard,
  describeCard,
  describeLooseCard,
  minerAlgorithms,
  minersWithoutCards,
  unknownHealth,
} from './describe-card.ts';
import { describeHost } from './describe-host.ts';
import { describeMachine } from './describe-machine.ts';
import { firstKnown } from './first-known.ts';
import { type JoinedCards, joinCards } from './join-cards.ts';
import { withCardsOnPci, withHost } from './join-host.ts';
import type { TargetGroup } from './join-targets.ts';
import type { MachineReading } from './marketplace-reading.ts';
import { oncePerExporter } from './once-per-exporter.ts';
import { type CardModels, commonVramBytes } from './pci-cards.ts';
import { rentalsOf, wallWattsOf } from './rig-figures.ts';
import type { TargetReading } from './target-reading.ts';
import { type CardEvidence, decideStates } from './work-states.ts';

export interface RigContext {
  readonly site: string | null;
  readonly machine: MachineReading | null;
  /** Cards of this rig that earlier observations saw, and that may have gone. */
  readonly known: readonly Absent[];
  /** Its cards, where somebody joined them already. */
  readonly joined?: JoinedCards;
  /** Whether an exporter that may have printed known cards does not answer now; without it, any that fails may have. */
  readonly isUnseen?: boolean;
  readonly isMiner: (process: string) => boolean;
  /** What sits on a PCI bus; without it nothing there is a card. */
  readonly modelsOf?: CardModels;
  /** ASICs of this rig that earlier observations saw. */
  readonly knownAsics?: readonly SeenAsic[];
}

/** One rig from its targets and what its marketplace says. */
export function assembleRig(group: TargetGroup, context: RigContext): Rig {
  const live = oncePerExporter(group.targets.filter((target) => target.failure === null));
  const state = rigState(group.targets, context);
  const printed = live.flatMap((target) => (target.ownPart === null ? [target] : [target, target.ownPart]));
  const buses = printed.flatMap(({ pci }) => pci ?? []);
  const figures = printed.flatMap((target) => target.figures ?? []);
  const joined = withCardsOnPci(context.joined ?? joinCards(live, context.known), buses, context);
  const algorithms = minerAlgorithms(printed);
  const vramBytes = firstKnown(buses, (pci) => commonVramBytes(pci, joined.cards));
  const drafts: GpuDraft[] = joined.cards.map((card) => ({
    gpu: describeCard(group.name, withHost(card, buses), algorithms, vramBytes),
    present: true,
    computeApps: firstKnown(card.readings, (reading) => reading.get('computeApps')),
  }));
  // While the exporter of its cards fails, known cards say more than a number of them.
  const cardsKnown = state === 'partial' && context.known.length > 0;
  if (drafts.length === 0 && context.machine !== null && state !== 'down' && !cardsKnown) {
    drafts.push(...machineCards(group.name, context.machine));
  }
  const silent = isSilent(context.machine);
  const isUnseen = state !== 'down' && ((context.isUnseen ?? state === 'partial') || (silent && drafts.length === 0));
  const all = [...drafts, ...absentCards(isUnseen, drafts, context.known)];
  const loose = joined.loose.map((reading) => describeLooseCard(reading, algorithms));
  const machine = context.machine === null ? null : describeMachine(context.machine);
  const rentals = rentalsOf(figures);
  const asics = describeAsics(group.name, printed, { state, known: context.knownAsics ?? [] });
  const decided = decideStates(all.map(evidence), {
    rigDown: state === 'down',
    machine,
    looseMiningCards: loose.filter((card) => (card.hashrate ?? 0) > 0).length,
    isMiner: context.isMiner,
    rentals,
  });
  return {
    name: group.name,
    site: context.site,
    state,
    instances: [...new Set(group.targets.map((target) => target.instance))].sort(),
    gpus: all.map(({ gpu }, index) => ({
      ...gpu,
      state: decided.cards[index]?.state ?? 'unknown',
      stateSinceMs: null,
      unsettled: null,
      stateEvidence: decided.cards[index]?.evidence ?? '',
    })),
    gpuStates: decided.counts,
    looseMiners: [...loose, ...minersWithoutCards(printed)],
    asics: asics.asics,
    wallWatts: wallWattsOf(figures),
    rentals,
    exporters: exportersOf(group.targets),
    silentSinceMs: null,
    host: describeHost(printed.flatMap((target) => target.host ?? [])),
    machine,
    problems: [
      ...group.problems,
      ...joined.problems,
      ...printed.flatMap((target) => target.problems),
      ...asics.problems,
      ...decided.problems,
    ],
    sampledAtMs: newest(live.filter((target) => !target.isOutside).map((target) => target.atMs)),
  };
}

function newest(instants: readonly (number | null)[]): number | null {
  return instants.reduce((latest, atMs) => (atMs !== null && (latest === null || atMs > latest) ? atMs : latest), null);
}

/** By the rig's own exporters: what speaks of it from outside proves nothing about them. */
function rigState(targets: readonly TargetReading[], { machine }: RigContext): RigState {
  const own = targets.filter((target) => !target.isOutside);
  if (own.length === 0) {
    return machine === null || machine.signals.online === 0 || isSilent(machine) ? 'down' : 'up';
  }
  const up = own.filter(({ failure }) => failure === null).length;
  if (up === 0) return 'down';
  return up === own.length ? 'up' : 'partial';
}

/** Its marketplace knows the machine, but says nothing of it now. */
function isSilent(machine: MachineReading | null): boolean {
  return machine !== null && Object.keys(machine.signals).length === 0 && machine.usedGpus.size === 0;
}

function exportersOf(targets: readonly TargetReading[]): readonly RigExporter[] {
  return targets
    .map(({ instance, dialects, failure }) => ({
      instance,
      dialects: [...dialects].map(({ id }) => id).sort(),
      up: failure === null,
    }))
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

function sortKey({ instance, dialects, up }: RigExporter): string {
  return [instance, up, ...dialects].join('\n');
}

interface GpuDraft {
  readonly gpu: DescribedCard;
  /** False for a card that its exporter, which answers, no longer prints. */
  readonly present: boolean;
  /** Its exporter does not answer. */
  readonly isUnseen?: true;
  readonly computeApps: number | null;
}

const nothingRead = {
  coreTemperatureCelsius: null,
  memoryTemperatureCelsius: null,
  powerWatts: null,
  energyJoules: null,
  utilisationRatio: null,
  vramUsedBytes: null,
  pcieWidth: null,
  pcieGeneration: null,
  performanceState: null,
  hashrate: null,
  algorithm: null,
  coin: null,
  health: unknownHealth,
  sharesAccepted: null,
  sharesRejected: null,
  sharesInvalid: null,
  processes: null,
  xids: null,
} as const;

/** Cards of a machine that only its marketplace knows: a number and a model. */
function machineCards(rig: string, machine: MachineReading): GpuDraft[] {
  return Array.from({ length: machine.signals.gpuCount ?? 0 }, (_, index) => ({
    present: true,
    computeApps: null,
    gpu: {
      ...nothingRead,
      key: `${rig}/${machine.id}#${index}`,
      index,
      uuid: null,
      bus: null,
      model: machine.model,
      vramTotalBytes: null,
      pcieWidthMax: null,
      pcieGenerationMax: null,
      computeCapability: null,
      driverVersion: null,
      cudaVersion: null,
      vbiosVersion: null,
    },
  }));
}

/** What is known of a card that is not printed now. */
export type Absent = Omit<KnownCard, 'rig' | 'firstSeenMs' | 'seenMs'>;

/**
 * Known cards that nobody prints now: gone where every exporter that may have printed them answers (or none of the rig
 * does), there and unknown where one does not.
 */
function absentCards(isUnseen: boolean, drafts: readonly GpuDraft[], known: readonly Absent[]): readonly GpuDraft[] {
  const present = new Set(drafts.map(({ gpu }) => gpu.key));
  const isNamed = ({ uuid, bus }: Pick<Gpu, 'uuid' | 'bus'>) => uuid !== null || bus !== null;
  // Cards that only an index tells apart and cards that have names of their own may be the same: neither is missed among
  // the other, or they would count twice.
  const named = (drafts.length === 0 ? known : drafts.map(({ gpu }) => gpu)).some(isNamed);
  const isThere = (card: Absent) => present.has(card.key) || drafts.some(({ gpu }) => isSameSlot(gpu, card));
  const alike = known.filter((card) => isNamed(card) === named);
  const absent = alike.filter((card) => !isThere(card));
  return (named ? absent : renumbered(absent, alike, drafts)).map((card) => ({
    gpu: { ...identity(card), ...nothingRead },
    present: isUnseen,
    ...(isUnseen ? { isUnseen } : {}),
    computeApps: null,
  }));
}

/**
 * Cards that only an index tells apart move up when one of them vanishes: the highest index is missing then, and the model
 * that is missing is the one that none of the others is. Without every model nothing is known of that.
 */
function renumbered(
  absent: readonly Absent[],
  known: readonly Absent[],
  drafts: readonly GpuDraft[],
): readonly Absent[] {
  const left = known.map(({ model }) => model);
  for (const { gpu } of drafts) {
    const index = left.indexOf(gpu.model);
    if (gpu.model === null || index === -1) return absent;
    left.splice(index, 1);
  }
  if (left.length !== absent.length || left.includes(null)) return absent;
  return absent.map((card, index) => ({ ...card, model: left[index] ?? null }));
}

/** What sits in one slot is one card, unless UUIDs say otherwise. */
export function isSameSlot(a: Pick<Gpu, 'uuid' | 'bus'>, b: Pick<Gpu, 'uuid' | 'bus'>): boolean {
  return a.bus !== null && a.bus === b.bus && (a.uuid === null || b.uuid === null);
}

function identity(card: Absent) {
  const { key, index, uuid, bus, model, vramTotalBytes, pcieWidthMax, pcieGenerationMax } = card;
  const { computeCapability, driverVersion, cudaVersion, vbiosVersion } = card;
  const maxima = { vramTotalBytes, pcieWidthMax, pcieGenerationMax, computeCapability };
  return { key, index, uuid, bus, model, ...maxima, driverVersion, cudaVersion, vbiosVersion };
}

function evidence({ gpu, present, isUnseen, computeApps }: GpuDraft): CardEvidence {
  const { hashrate, utilisationRatio, processes } = gpu;
  return {
    present,
    hashrate,
    utilisationRatio,
    computeApps,
    processes,
    ...(isUnseen === undefined ? {} : { isUnseen }),
  };
}
