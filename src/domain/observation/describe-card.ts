import { type CardSignal, type HealthSignal, healthSignals } from '../dialect.ts';
import type { Gpu, LooseMiner, XidEvent } from '../rig.ts';
import type { CardReading } from './card-reading.ts';
import { firstKnown } from './first-known.ts';
import { cardKey, type JoinedCard } from './join-cards.ts';
import type { MinerTotal } from './miner-totals.ts';
import type { TargetReading } from './target-reading.ts';

/** A card as its readings describe it, before anybody decides what it does. */
export type DescribedCard = Omit<Gpu, 'state' | 'stateEvidence' | 'stateSinceMs' | 'unsettled'>;

/** The miner of a target works on one algorithm for all its cards, unless it says another of one. */
export function minerAlgorithms(targets: readonly TargetReading[]): ReadonlyMap<CardReading, string> {
  const algorithms = new Map<CardReading, string>();
  for (const target of targets) {
    if (target.algorithm === null) continue;
    for (const card of target.cards.values()) algorithms.set(card, target.algorithm);
  }
  return algorithms;
}

/** `commonVramBytes`: what every card of the rig has, where nobody prints it of one card. */
export function describeCard(
  rig: string,
  card: JoinedCard,
  algorithms: ReadonlyMap<CardReading, string>,
  commonVramBytes: number | null,
): DescribedCard {
  const { readings } = card;
  const number = (signal: CardSignal) => numberOf(readings, signal);
  // Two miners may be installed: the one that hashes speaks for the card.
  const miner =
    readings.find((reading) => (reading.get('hashrate') ?? 0) > 0) ??
    readings.find((reading) => reading.get('hashrate') !== null);
  const ofMiner = (signal: CardSignal) => (miner === undefined ? number(signal) : miner.get(signal));
  const accepted = ofMiner('sharesAccepted');
  const submitted = ofMiner('sharesSubmitted');
  return {
    key: cardKey(rig, card),
    index: card.index,
    uuid: card.uuid,
    bus: card.bus,
    model: card.model,
    coreTemperatureCelsius: number('coreTemperatureCelsius'),
    memoryTemperatureCelsius: number('memoryTemperatureCelsius'),
    powerWatts: number('powerWatts'),
    energyJoules: number('energyJoules'),
    utilisationRatio: number('utilisationRatio'),
    vramTotalBytes: number('vramTotalBytes') ?? vramSum(readings) ?? commonVramBytes,
    vramUsedBytes: number('vramUsedBytes'),
    pcieWidth: number('pcieWidth'),
    pcieWidthMax: number('pcieWidthMax'),
    pcieGeneration: number('pcieGeneration') ?? generationOf(number('pcieTransfers')),
    pcieGenerationMax: number('pcieGenerationMax') ?? generationOf(number('pcieTransfersMax')),
    performanceState: number('performanceState'),
    computeCapability: number('computeCapability'),
    driverVersion: firstKnown(readings, (reading) => reading.driverVersion),
    cudaVersion: firstKnown(readings, (reading) => reading.cudaVersion),
    vbiosVersion: firstKnown(readings, (reading) => reading.vbiosVersion),
    hashrate: miner?.get('hashrate') ?? null,
    algorithm: miner === undefined ? null : (miner.algorithm ?? algorithms.get(miner) ?? null),
    coin: miner?.coin ?? null,
    sharesAccepted: accepted,
    sharesRejected:
      ofMiner('sharesRejected') ?? (submitted !== null && accepted !== null ? Math.max(0, submitted - accepted) : null),
    sharesInvalid: ofMiner('sharesInvalid'),
    health: healthOf(readings),
    processes: processesOf(readings),
    xids: xidsOf(readings),
  };
}

function numberOf(readings: readonly CardReading[], signal: CardSignal): number | null {
  for (const reading of readings) {
    const value = reading.get(signal);
    if (value !== null) return value;
  }
  return null;
}

/** DCGM prints the parts: free + used + reserved; older configurations leave `reserved` out (about 2 % less). */
function vramSum(readings: readonly CardReading[]): number | null {
  return firstKnown(readings, (reading) => {
    const free = reading.get('vramFreeBytes');
    const used = reading.get('vramUsedBytes');
    return free === null || used === null ? null : free + used + (reading.get('vramReservedBytes') ?? 0);
  });
}

/** Transfers per second and lane of each generation of PCI Express. */
const generations: ReadonlyMap<number, number> = new Map([
  [2.5e9, 1],
  [5e9, 2],
  [8e9, 3],
  [16e9, 4],
  [32e9, 5],
  [64e9, 6],
]);

function generationOf(transfers: number | null): number | null {
  return transfers === null ? null : (generations.get(transfers) ?? null);
}

function healthOf(readings: readonly CardReading[]): Gpu['health'] {
  if (!readings.some(({ hasHealth }) => hasHealth)) return unknownHealth;
  const health: Partial<Record<HealthSignal, number>> = {};
  for (const signal of healthSignals) {
    const value = numberOf(readings, signal);
    if (value !== null) health[signal] = value;
  }
  return health;
}

/** One object for the many cards of which nobody prints it. */
export const unknownHealth: Gpu['health'] = {};

/** Everybody's: one exporter may name a process, another the workload that holds the card. */
function processesOf(readings: readonly CardReading[]): readonly string[] | null {
  let named: Set<string> | null = null;
  for (const { processes } of readings) {
    if (processes !== null) named = named === null ? processes : named.union(processes);
  }
  return named === null ? null : [...named].sort();
}

/** Everybody's: one exporter may have started after it happened. */
function xidsOf(readings: readonly CardReading[]): readonly XidEvent[] | null {
  let latest: Map<number, XidEvent> | null = null;
  for (const { xids } of readings) {
    if (xids === null) continue;
    latest ??= new Map();
    for (const event of xids.values()) {
      const known = latest.get(event.code);
      if (known === undefined || (event.lastAtMs ?? 0) > (known.lastAtMs ?? 0)) latest.set(event.code, event);
    }
  }
  return latest === null ? null : [...latest.values()].sort((a, b) => a.code - b.code);
}

export function describeLooseCard(reading: CardReading, algorithms: ReadonlyMap<CardReading, string>): LooseMiner {
  return {
    model: reading.model,
    algorithm: reading.algorithm ?? algorithms.get(reading) ?? null,
    coin: reading.coin,
    hashrate: reading.get('hashrate'),
    powerWatts: reading.get('powerWatts'),
    sharesAccepted: reading.get('sharesAccepted'),
    sharesRejected: reading.get('sharesRejected'),
  };
}

/** Miners that print what they hash in all and nothing of any card: whose work it is, a processor's or cards', is unknown. */
export function minersWithoutCards(targets: readonly TargetReading[]): LooseMiner[] {
  return targets.flatMap((target) => {
    const withCards = new Set([...target.cards.values()].map(({ dialect }) => dialect));
    return [...target.minerTotals.values()]
      .filter(({ dialect }) => !withCards.has(dialect))
      .sort(byHashrate)
      .map(({ hashrate, coin, algorithm }) => ({
        model: null,
        algorithm: algorithm ?? target.algorithm,
        coin,
        hashrate,
        powerWatts: null,
        sharesAccepted: null,
        sharesRejected: null,
      }));
  });
}

function byHashrate(a: MinerTotal, b: MinerTotal): number {
  return b.hashrate - a.hashrate || (`${a.coin} ${a.algorithm}` < `${b.coin} ${b.algorithm}` ? -1 : 1);
}
