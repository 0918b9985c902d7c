import { findCard } from '../data/cards.ts';
import { chooseCoin, sameAlgorithm } from '../domain/economics/coin-choice.ts';
import type { CardInputs } from '../domain/economics/comparison.ts';
import { exchangeRate } from '../domain/economics/exchange.ts';
import { miningRevenue, rejectRatio } from '../domain/economics/mining.ts';
import { facilityWatts } from '../domain/economics/power.ts';
import { type RentalRate, rentalRate } from '../domain/economics/rental.ts';
import type { CoinQuote, Farm } from '../domain/farm.ts';
import { type Money, SECONDS_PER_DAY } from '../domain/quantities.ts';
import type { Gpu } from '../domain/rig.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { type Peers, peersOf } from './peers.ts';
import type { RigTerms } from './rig-terms.ts';

/** Where a figure of a card comes from, best first. */
export type Origin = 'measured' | 'peers' | 'table' | 'unknown';

/** Watts of a card that waits; used, and said, where neither the operator nor a waiting card of the model tells. */
const ASSUMED_IDLE_WATTS = 25;

export interface PricedCard {
  readonly inputs: CardInputs;
  readonly model: string;
  readonly coin: CoinQuote | null;
  readonly rate: RentalRate | null;
  readonly hashrateOrigin: Origin;
  readonly miningWattsOrigin: Origin;
  /** Why a figure is unknown, in words; empty where all are known. */
  readonly missing: readonly string[];
  /** Figures that nobody stated or measured, in words. */
  readonly assumptions: readonly string[];
}

/** The same for every card of a rig. */
export interface RigPricing {
  readonly terms: RigTerms;
  readonly pricePerKwh: number;
  /** Cards that share the host's watts. */
  readonly cards: number;
}

interface ModelRental {
  readonly rate: RentalRate | null;
  readonly pricePerHour: number | null;
  readonly watts: number | null;
  readonly idleWatts: number;
  readonly problem: string | null;
  readonly assumptions: readonly string[];
}

/** Inputs of the comparison for cards of one snapshot, in the farm's currency. */
export function createCardPricing(snapshot: Snapshot, farm: Farm): (gpu: Gpu, rig: RigPricing) => PricedCard {
  const peers = peersOf(snapshot, farm);
  const rentals = new Map<string, ModelRental>();
  const coinRates = new Map<string, number | null>();
  const operations = operationsPerDay(farm);
  const rateOf = (money: Money) => {
    let rate = coinRates.get(money.currency);
    if (rate === undefined) {
      rate = exchangeRate(money.currency, farm.currency, farm.market.fx);
      coinRates.set(money.currency, rate);
    }
    return rate;
  };
  return (gpu, { terms, pricePerKwh, cards }) => {
    const model = gpu.model ?? 'unknown model';
    let rental = rentals.get(model);
    if (rental === undefined) {
      rental = modelRental(gpu, snapshot, farm, peers);
      rentals.set(model, rental);
    }
    const share = { ...terms.path, hostWatts: terms.path.hostWatts / cards };
    const mining = cardMining(gpu, terms, farm, peers);
    const coinRate = mining.coin === null ? null : rateOf(mining.coin.price);
    const miningPerDay =
      mining.coin === null || mining.hashrate === null || coinRate === null
        ? null
        : miningRevenue(mining.hashrate * SECONDS_PER_DAY, mining.coin, {
            poolFee: terms.poolFee,
            rejectRatio: rejectRatio(gpu.sharesAccepted, gpu.sharesRejected) ?? 0,
          }) * coinRate;
    const missing = [...mining.missing];
    if (mining.coin !== null && coinRate === null) missing.push(noRate(mining.coin.price.currency, farm));
    if (rental.problem !== null) missing.push(rental.problem);
    else if (rental.rate?.occupancy === null) missing.push(`no occupancy for ${model}`);
    if (operations === null) missing.push(`no exchange rate to ${farm.currency} for operations`);
    const priced = operations !== null;
    return {
      model,
      coin: mining.coin,
      rate: rental.rate,
      hashrateOrigin: mining.hashrateOrigin,
      miningWattsOrigin: mining.wattsOrigin,
      missing,
      assumptions: rental.assumptions,
      inputs: {
        // Without operations no net figure is known, so nothing of the card is compared.
        miningPerDay: priced ? miningPerDay : null,
        miningWatts: mining.watts === null ? null : facilityWatts(mining.watts, share),
        rentPerHour: priced ? rental.pricePerHour : null,
        platformFee: rental.rate?.platformFee ?? 0,
        occupancy: rental.rate?.occupancy ?? null,
        rentalWatts: rental.watts === null ? null : facilityWatts(rental.watts, share),
        idleWatts: facilityWatts(rental.idleWatts, share),
        offWatts: facilityWatts(farm.operations.offWatts ?? 0, { ...share, hostWatts: 0 }),
        pricePerKwh,
        operations: operations ?? noOperations,
      },
    };
  };
}

/** Operations per GPU-day in the farm's currency; null where one of the amounts cannot be converted. Not declared is 0, and said. */
function operationsPerDay(farm: Farm): CardInputs['operations'] | null {
  const { miningPerGpuDay, rentalPerGpuDay, offPerGpuDay } = farm.operations;
  const [mining, rental, off] = [miningPerGpuDay, rentalPerGpuDay, offPerGpuDay].map((money) => {
    const rate = money === null ? 1 : exchangeRate(money.currency, farm.currency, farm.market.fx);
    return rate === null ? null : (money?.amount ?? 0) * rate;
  });
  if (mining == null || rental == null || off == null) return null;
  return { mining, rental, off };
}

const noOperations = { mining: 0, rental: 0, off: 0 } as const;

function modelRental(gpu: Gpu, snapshot: Snapshot, farm: Farm, peers: Peers): ModelRental {
  const model = gpu.model;
  const assumptions: string[] = [];
  const idleWatts = farm.operations.idleWatts ?? (model === null ? null : peers.idleWatts(model));
  if (idleWatts === null) assumptions.push(`${ASSUMED_IDLE_WATTS} W per waiting card (operations.idleWatts is not declared)`);
  const idle = idleWatts ?? ASSUMED_IDLE_WATTS;
  const none = { rate: null, pricePerHour: null, watts: null, idleWatts: idle, assumptions };
  if (model === null) return { ...none, problem: 'the card prints no model' };
  const card = findCard(model, gpu.vramTotalBytes);
  const rate =
    rentalRate(model, farm.market.rentals, snapshot.marketplace) ??
    (card === null ? null : rentalRate(card.model, farm.market.rentals, snapshot.marketplace));
  if (rate === null) return { ...none, problem: `no rental quote for ${model}` };
  if (rate.platformFeeAssumed) assumptions.push(`platform fee ${rate.platformFee * 100} % of what a renter pays for ${model}`);
  const conversion = exchangeRate(rate.pricePerGpuHour.currency, farm.currency, farm.market.fx);
  let watts = farm.operations.rentalWatts.get(model) ?? peers.rentalWatts(model);
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

interface CardMining {
  readonly coin: CoinQuote | null;
  readonly hashrate: number | null;
  readonly hashrateOrigin: Origin;
  readonly watts: number | null;
  readonly wattsOrigin: Origin;
  readonly missing: readonly string[];
}

/** Measured while it mines; else what cards of its model do here; else the reference table; else unknown. */
function cardMining(gpu: Gpu, terms: RigTerms, farm: Farm, peers: Peers): CardMining {
  const mining = gpu.state === 'mining';
  const coin = chooseCoin(mining ? gpu.algorithm : null, terms.coin, farm.market.coins);
  if (coin === null) {
    const wanted = mining && gpu.algorithm !== null ? `for algorithm ${gpu.algorithm}` : 'to mine (mining.coin)';
    const unknown = { coin, hashrate: null, hashrateOrigin: 'unknown', watts: null, wattsOrigin: 'unknown' } as const;
    return { ...unknown, missing: [`no coin ${wanted}`] };
  }
  const { model } = gpu;
  const card = model === null ? null : findCard(model, gpu.vramTotalBytes);
  const reference =
    card === null
      ? null
      : (Object.entries(card.hashrates).find(([algorithm]) => sameAlgorithm(algorithm, coin.algorithm))?.[1] ?? null);
  const [hashrate, hashrateOrigin] = firstKnown(
    mining ? gpu.hashrate : null,
    model === null ? null : peers.hashrate(model, coin.coin),
    reference?.hashrate ?? null,
  );
  const [watts, wattsOrigin] = firstKnown(
    mining ? gpu.powerWatts : null,
    model === null ? null : peers.miningWatts(model, coin.coin),
    reference?.watts ?? null,
  );
  const missing: string[] = [];
  if (hashrate === null) missing.push(`no ${coin.algorithm} hashrate for ${model ?? 'a card without a model'}`);
  if (watts === null) missing.push(`no mining watts for ${model ?? 'a card without a model'}`);
  return { coin, hashrate, hashrateOrigin, watts, wattsOrigin, missing };
}

function firstKnown(measured: number | null, peers: number | null, table: number | null): [number | null, Origin] {
  if (measured !== null) return [measured, 'measured'];
  if (peers !== null) return [peers, 'peers'];
  if (table !== null) return [table, 'table'];
  return [null, 'unknown'];
}

function noRate(currency: string, farm: Farm): string {
  return `no exchange rate ${currency}/${farm.currency}`;
}
