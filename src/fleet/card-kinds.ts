import { findCard } from '../data/cards.ts';
import { createCoinChoice, sameAlgorithm } from '../domain/economics/coin-choice.ts';
import { exchangeRate } from '../domain/economics/exchange.ts';
import { type MeasuredOccupancies, type RentalRate, rentalRate } from '../domain/economics/rental.ts';
import type { CoinQuote, Farm } from '../domain/farm.ts';
import type { Gpu } from '../domain/rig.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { type Peers, peersOf } from './peers.ts';
import type { RigTerms } from './rig-terms.ts';

/** Where a figure of a card comes from, best first. */
export type Origin = 'measured' | 'peers' | 'table' | 'unknown';

/** Watts of a card that waits; used, and said, where neither the operator nor a waiting card of the model tells. */
const ASSUMED_IDLE_WATTS = 25;

/** What cards of one model that mine the same have in common under the same terms. */
export interface CardKind {
  readonly model: string;
  /** For messages. */
  readonly cardName: string;
  readonly coin: CoinQuote | null;
  /** From the coin's currency to the farm's. */
  readonly coinRate: number | null;
  /** Of a card that does not measure its own; null without a coin. */
  readonly hashrate: number | null;
  readonly hashrateOrigin: Origin;
  readonly miningWatts: number | null;
  readonly miningWattsOrigin: Origin;
  readonly rental: ModelRental;
  /** Why a figure is unknown, in words, whatever the card itself measures. */
  readonly missing: readonly string[];
}

export interface ModelRental {
  readonly rate: RentalRate | null;
  readonly pricePerHour: number | null;
  readonly watts: number | null;
  readonly idleWatts: number;
  readonly problem: string | null;
  readonly assumptions: readonly string[];
}

/** Kinds of one snapshot, each worked out once. */
export function createCardKinds(
  snapshot: Snapshot,
  farm: Farm,
  occupancies: MeasuredOccupancies,
): (gpu: Gpu, terms: RigTerms) => CardKind {
  const peers = peersOf(snapshot, farm);
  const coinOf = createCoinChoice(farm.market.coins);
  const byTerms = new Map<RigTerms, Map<string, CardKind>>();
  // Cards of a rig are mostly alike, and so are its neighbours: most cards are of the kind of the card before.
  let last: { readonly gpu: Gpu; readonly terms: RigTerms; readonly kind: CardKind } | null = null;

  return (gpu, terms) => {
    if (last !== null && last.terms === terms && alike(last.gpu, gpu)) return last.kind;
    let kinds = byTerms.get(terms);
    if (kinds === undefined) {
      kinds = new Map();
      byTerms.set(terms, kinds);
    }
    // Cards of one printed name may be two models of the table, told apart by their VRAM.
    const key = JSON.stringify([gpu.model, gpu.vramTotalBytes, minedAlgorithm(gpu)]);
    let kind = kinds.get(key);
    if (kind === undefined) {
      kind = cardKind(
        gpu,
        coinOf(minedAlgorithm(gpu), terms.coin),
        modelRental(gpu, { snapshot, farm, peers, occupancies }),
        farm,
        peers,
      );
      kinds.set(key, kind);
    }
    last = { gpu, terms, kind };
    return kind;
  };
}

function alike(a: Gpu, b: Gpu): boolean {
  return a.model === b.model && a.vramTotalBytes === b.vramTotalBytes && minedAlgorithm(a) === minedAlgorithm(b);
}

/** Null for a card that does not mine, and for one whose miner does not say. */
function minedAlgorithm({ state, algorithm }: Gpu): string | null {
  return state === 'mining' ? algorithm : null;
}

/** What a card of its model does here while it mines; else the reference table; else unknown. */
function cardKind(gpu: Gpu, coin: CoinQuote | null, rental: ModelRental, farm: Farm, peers: Peers): CardKind {
  const { model } = gpu;
  const common = { model: model ?? 'unknown model', cardName: model ?? 'a card without a model', coin, rental };
  const rentalMissing = missingForRental(common.model, rental);
  if (coin === null) {
    const algorithm = minedAlgorithm(gpu);
    const wanted = algorithm === null ? 'to mine (mining.coin)' : `for algorithm ${algorithm}`;
    const unknown = {
      hashrate: null,
      hashrateOrigin: 'unknown',
      miningWatts: null,
      miningWattsOrigin: 'unknown',
    } as const;
    return { ...common, ...unknown, coinRate: null, missing: [`no coin ${wanted}`, ...rentalMissing] };
  }
  const card = model === null ? null : findCard(model, gpu.vramTotalBytes);
  const reference = Object.entries(card?.hashrates ?? {}).find(([name]) => sameAlgorithm(name, coin.algorithm))?.[1];
  const [hashrate, hashrateOrigin] = firstKnown(
    model === null ? null : peers.hashrate(model, coin.coin),
    reference?.hashrate ?? null,
  );
  const [miningWatts, miningWattsOrigin] = firstKnown(
    model === null ? null : peers.miningWatts(model, coin.coin),
    reference?.watts ?? null,
  );
  const coinRate = exchangeRate(coin.price.currency, farm.currency, farm.market.fx);
  const missing = [...(coinRate === null ? [noRate(coin.price.currency, farm)] : []), ...rentalMissing];
  return { ...common, coinRate, hashrate, hashrateOrigin, miningWatts, miningWattsOrigin, missing };
}

function firstKnown(peers: number | null, table: number | null): [number | null, Origin] {
  if (peers !== null) return [peers, 'peers'];
  if (table !== null) return [table, 'table'];
  return [null, 'unknown'];
}

function missingForRental(model: string, { problem, rate }: ModelRental): readonly string[] {
  if (problem !== null) return [problem];
  return rate?.occupancy === null ? [`no occupancy for ${model}`] : [];
}

interface RentalSources {
  readonly snapshot: Snapshot;
  readonly farm: Farm;
  readonly peers: Peers;
  readonly occupancies: MeasuredOccupancies;
}

function modelRental(gpu: Gpu, { snapshot, farm, peers, occupancies }: RentalSources): ModelRental {
  const model = gpu.model;
  const assumptions: string[] = [];
  const idleWatts = farm.operations.idleWatts ?? (model === null ? null : peers.idleWatts(model));
  if (idleWatts === null)
    assumptions.push(`${ASSUMED_IDLE_WATTS} W per waiting card (operations.idleWatts is not declared)`);
  const idle = idleWatts ?? ASSUMED_IDLE_WATTS;
  const none = { rate: null, pricePerHour: null, watts: null, idleWatts: idle, assumptions };
  if (model === null) return { ...none, problem: 'the card prints no model' };
  const card = findCard(model, gpu.vramTotalBytes);
  const names = card === null ? [model] : [model, card.model];
  const rate = rentalRate(names, farm.market.rentals, snapshot.marketplace, occupancies);
  if (rate === null) return { ...none, problem: `no rental quote for ${model}` };
  if (rate.platformFeeAssumed)
    assumptions.push(`platform fee ${percent(rate.platformFee)} % of what a renter pays for ${model}`);
  const conversion = exchangeRate(rate.pricePerGpuHour.currency, farm.currency, farm.market.fx);
  const declared = names.map((name) => farm.operations.rentalWatts.get(name)).find((known) => known !== undefined);
  let watts = declared ?? peers.rentalWatts(model);
  if (watts === null && card?.tdpWatts != null) {
    watts = card.tdpWatts;
    assumptions.push(`a rented ${model} draws its TDP, ${watts} W (operations.rentalWatts is not declared)`);
  }
  const problem =
    conversion === null
      ? noRate(rate.pricePerGpuHour.currency, farm)
      : watts === null
        ? `no rental watts for ${model}`
        : null;
  return {
    rate,
    pricePerHour: conversion === null ? null : rate.pricePerGpuHour.amount * conversion,
    watts,
    idleWatts: idle,
    problem,
    assumptions,
  };
}

/** Without the digits that binary fractions leave behind. */
function percent(ratio: number): number {
  return Number((ratio * 100).toPrecision(12));
}

function noRate(currency: string, farm: Farm): string {
  return `no exchange rate ${currency}/${farm.currency}`;
}
