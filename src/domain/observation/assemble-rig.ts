import type { CardSignal } from '../dialect.ts';
import type { Gpu, Host, LooseMiner, MarketplaceMachine, Rig, RigState } from '../rig.ts';
import type { CardReading } from './card-reading.ts';
import type { HostReading } from './host-reading.ts';
import { type JoinedCard, joinCards } from './join-cards.ts';
import type { TargetGroup } from './join-targets.ts';
import type { MachineReading } from './marketplace-reading.ts';
import type { TargetReading } from './target-reading.ts';
import { type CardEvidence, decideStates } from './work-states.ts';

export interface RigContext {
  readonly site: string | null;
  readonly machine: MachineReading | null;
  /** Cards of this rig that earlier observations saw, and that may have gone. */
  readonly known: readonly Gpu[];
  readonly isMiner: (process: string) => boolean;
}

/** One rig from its targets and what its marketplace says. */
export function assembleRig(group: TargetGroup, context: RigContext): Rig {
  const live = group.targets.filter((target) => target.failure === null);
  const state: RigState = rigState(group, live, context);
  const joined = joinCards(live);
  const algorithms = minerAlgorithms(live);
  const pciWidths = new Map(live.flatMap((target) => [...target.pciWidths]));
  const drafts = joined.cards.map((card) => gpuDraft(group.name, card, algorithms, pciWidths));
  // While the exporter of its cards fails, known cards say more than a number of them.
  const cardsKnown = state === 'partial' && context.known.length > 0;
  if (drafts.length === 0 && context.machine !== null && state !== 'down' && !cardsKnown) {
    drafts.push(...machineCards(group.name, context.machine));
  }
  const silent = isSilent(context.machine);
  const all = [...drafts, ...absentCards(state === 'up' && silent ? 'partial' : state, drafts, context.known)];
  const loose = joined.loose.map((reading) => looseMiner(reading, algorithms));
  const machine = context.machine === null ? null : marketplaceMachine(context.machine);
  const decided = decideStates(all.map(evidence), {
    rigDown: state === 'down',
    machine,
    looseMiningCards: loose.filter((card) => (card.hashrate ?? 0) > 0).length,
    isMiner: context.isMiner,
  });
  return {
    name: group.name,
    site: context.site,
    state,
    instances: group.targets.map((target) => target.instance).sort(),
    gpus: all.map(({ gpu }, index) => ({
      ...gpu,
      state: decided.cards[index]?.state ?? 'unknown',
      stateEvidence: decided.cards[index]?.evidence ?? '',
    })),
    gpuStates: decided.counts,
    looseMiners: loose,
    host: host(live.map((target) => target.host).filter((reading) => reading !== null)),
    machine,
    problems: [...group.problems, ...joined.problems, ...decided.problems],
    sampledAtMs: newest(live.map((target) => target.atMs)),
  };
}

function newest(instants: readonly (number | null)[]): number | null {
  return instants.reduce((latest, atMs) => (atMs !== null && (latest === null || atMs > latest) ? atMs : latest), null);
}

function rigState(group: TargetGroup, live: readonly TargetReading[], context: RigContext): RigState {
  if (group.targets.length === 0) {
    return context.machine?.signals.online === 0 || isSilent(context.machine) ? 'down' : 'up';
  }
  if (live.length === 0) return 'down';
  return live.length === group.targets.length ? 'up' : 'partial';
}

/** Its marketplace knows the machine, but says nothing of it now. */
function isSilent(machine: MachineReading | null): boolean {
  return machine !== null && Object.keys(machine.signals).length === 0 && machine.usedGpus.size === 0;
}

/** The miner of a target works on one algorithm for all its cards. */
function minerAlgorithms(targets: readonly TargetReading[]): ReadonlyMap<CardReading, string> {
  const algorithms = new Map<CardReading, string>();
  for (const target of targets) {
    if (target.algorithm === null) continue;
    for (const card of target.cards.values()) algorithms.set(card, target.algorithm);
  }
  return algorithms;
}

interface GpuDraft {
  readonly gpu: Omit<Gpu, 'state' | 'stateEvidence'>;
  /** False for a card that its exporter, which answers, no longer prints. */
  readonly present: boolean;
  readonly computeApps: number | null;
}

function gpuDraft(
  rig: string,
  card: JoinedCard,
  algorithms: ReadonlyMap<CardReading, string>,
  pciWidths: ReadonlyMap<string, number>,
): GpuDraft {
  const first = <T>(pick: (reading: CardReading) => T | null): T | null => {
    for (const reading of card.readings) {
      const value = pick(reading);
      if (value !== null) return value;
    }
    return null;
  };
  const number = (signal: CardSignal) => first((reading) => reading.get(signal));
  // Two miners may be installed: the one that hashes speaks for the card.
  const miner =
    card.readings.find((reading) => (reading.get('hashrate') ?? 0) > 0) ??
    card.readings.find((reading) => reading.get('hashrate') !== null);
  const ofMiner = (signal: CardSignal) => (miner === undefined ? number(signal) : miner.get(signal));
  const accepted = ofMiner('sharesAccepted');
  const submitted = ofMiner('sharesSubmitted');
  return {
    present: true,
    computeApps: number('computeApps'),
    gpu: {
      key: card.uuid ?? `${rig}/${card.bus ?? `#${card.index ?? card.readings[0]?.slot}`}`,
      index: card.index,
      uuid: card.uuid,
      bus: card.bus,
      model: card.model,
      coreTemperatureCelsius: number('coreTemperatureCelsius'),
      memoryTemperatureCelsius: number('memoryTemperatureCelsius'),
      powerWatts: number('powerWatts'),
      energyJoules: number('energyJoules'),
      utilisationRatio: number('utilisationRatio'),
      vramTotalBytes: number('vramTotalBytes') ?? vramSum(card.readings),
      vramUsedBytes: number('vramUsedBytes'),
      pcieWidth: number('pcieWidth') ?? (card.bus === null ? null : (pciWidths.get(card.bus) ?? null)),
      pcieWidthMax: number('pcieWidthMax'),
      pcieGeneration: number('pcieGeneration'),
      pcieGenerationMax: number('pcieGenerationMax'),
      performanceState: number('performanceState'),
      computeCapability: number('computeCapability'),
      driverVersion: first((reading) => reading.driverVersion),
      cudaVersion: first((reading) => reading.cudaVersion),
      vbiosVersion: first((reading) => reading.vbiosVersion),
      hashrate: miner?.get('hashrate') ?? null,
      algorithm: miner === undefined ? null : (algorithms.get(miner) ?? null),
      sharesAccepted: accepted,
      sharesRejected:
        ofMiner('sharesRejected') ??
        (submitted !== null && accepted !== null ? Math.max(0, submitted - accepted) : null),
      sharesInvalid: ofMiner('sharesInvalid'),
      processes: first((reading) => (reading.processes === null ? null : [...reading.processes].sort())),
      xids: first((reading) =>
        reading.xids === null ? null : [...reading.xids.values()].sort((a, b) => a.code - b.code),
      ),
    },
  };
}

/** DCGM prints the parts: free + used + reserved; older configurations leave `reserved` out (about 2 % less). */
function vramSum(readings: readonly CardReading[]): number | null {
  for (const reading of readings) {
    const free = reading.get('vramFreeBytes');
    const used = reading.get('vramUsedBytes');
    if (free !== null && used !== null) return free + used + (reading.get('vramReservedBytes') ?? 0);
  }
  return null;
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

/**
 * Known cards that nobody prints now. Where every exporter answers (or none does) they are gone; where only some answer
 * and no card is printed at all, they are still there and nothing is known of them.
 */
function absentCards(state: RigState, drafts: readonly GpuDraft[], known: readonly Gpu[]): readonly GpuDraft[] {
  if (state === 'partial' && drafts.length > 0) return [];
  const present = new Set(drafts.map(({ gpu }) => gpu.key));
  const isNamed = (gpu: Pick<Gpu, 'uuid' | 'bus'>) => gpu.uuid !== null || gpu.bus !== null;
  // Cards that only an index tells apart and cards that have names of their own may be the same: neither is missed among
  // the other, or they would count twice.
  const named = drafts.some(({ gpu }) => isNamed(gpu));
  return known
    .filter((gpu) => !present.has(gpu.key) && (drafts.length === 0 || isNamed(gpu) === named))
    .map((gpu) => ({ gpu: { ...gpu, ...nothingRead }, present: state === 'partial', computeApps: null }));
}

function evidence({ gpu, present, computeApps }: GpuDraft): CardEvidence {
  const { hashrate, utilisationRatio, processes } = gpu;
  return { present, hashrate, utilisationRatio, computeApps, processes };
}

function looseMiner(reading: CardReading, algorithms: ReadonlyMap<CardReading, string>): LooseMiner {
  return {
    model: reading.model,
    algorithm: algorithms.get(reading) ?? null,
    hashrate: reading.get('hashrate'),
    powerWatts: reading.get('powerWatts'),
    sharesAccepted: reading.get('sharesAccepted'),
    sharesRejected: reading.get('sharesRejected'),
  };
}

function host(readings: readonly HostReading[]): Host {
  const first = <T>(pick: (reading: HostReading) => T | null): T | null => {
    for (const reading of readings) {
      const value = pick(reading);
      if (value !== null) return value;
    }
    return null;
  };
  const bytesPerSecond = first((reading) => reading.nicBytesPerSecond);
  return {
    cpuModel: first((reading) => reading.cpuModel),
    cpuThreads: first((reading) => (reading.threads.size === 0 ? null : reading.threads.size)),
    cpuCores: first((reading) => (reading.cores.size === 0 ? null : reading.cores.size)),
    // Flags are exported only where somebody asked for them: without any, a missing `avx` proves nothing.
    avx: first((reading) => (reading.flags.size === 0 ? null : reading.flags.has('avx'))),
    ramTotalBytes: first((reading) => reading.ramTotalBytes),
    nicBitsPerSecond: bytesPerSecond === null ? null : bytesPerSecond * 8,
    bootAtMs: first((reading) => reading.bootAtMs),
    osName: first((reading) => reading.osName),
  };
}

/** Others' rentals are on-demand, bid and reserved; `default` is the host's idle job and `my` the host himself. */
const rentalTypes = ['ondemand', 'bid', 'reserved'] as const;

export function marketplaceMachine(reading: MachineReading): MarketplaceMachine {
  const { signals, usedGpus } = reading;
  const rentals = rentalTypes.map((type) => usedGpus.get(type)).filter((count) => count !== undefined);
  return {
    platform: 'vast',
    machineId: reading.id,
    gpuCount: signals.gpuCount ?? null,
    rentedGpus: rentals.length === 0 ? null : rentals.reduce((sum, count) => sum + count, 0),
    defaultJobGpus: usedGpus.get('default') ?? null,
    ownGpus: usedGpus.get('my') ?? null,
    listed: flag(signals.listed),
    online: flag(signals.online),
    verified: flag(signals.verified),
    reliability: signals.reliability ?? null,
    listedUsdPerGpuHour: signals.listedUsdPerGpuHour ?? null,
    downloadBitsPerSecond: reading.downloadBitsPerSecond,
    uploadBitsPerSecond: reading.uploadBitsPerSecond,
  };
}

function flag(value: number | undefined): boolean | null {
  return value === undefined ? null : value !== 0;
}
