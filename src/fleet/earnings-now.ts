import { findCard } from '../data/cards.ts';
import { type CoinChoice, createCoinChoice } from '../domain/economics/coin-choice.ts';
import { exchangeRate } from '../domain/economics/exchange.ts';
import { miningRevenue, rejectRatio } from '../domain/economics/mining.ts';
import { facilityWatts, kwhPerDay, wallWatts } from '../domain/economics/power.ts';
import { rentalRate } from '../domain/economics/rental.ts';
import type { Farm } from '../domain/farm.ts';
import { HOURS_PER_DAY, type Money, SECONDS_PER_DAY } from '../domain/quantities.ts';
import type { Gpu, LooseMiner, Rig } from '../domain/rig.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { createBreather } from './breather.ts';
import { oncePerSnapshot } from './once-per-snapshot.ts';
import { createRigTerms, type RigTerms } from './rig-terms.ts';

/** A sum over the GPUs for which it is known; `of` counts those it should speak of. */
export interface PartialSum {
  amount: number;
  gpus: number;
  of: number;
}

/** What a rig or fleet earns and costs per day if it goes on as it does now; estimated, in the farm's currency. */
export interface EarningsNow {
  readonly mining: PartialSum;
  /** From rented GPUs at the quote of their model, net of fee; a listing is no income, so this is an estimate. */
  readonly rental: PartialSum;
  /** Watts at the cards. */
  readonly cardWatts: PartialSum;
  /** Watts that the site's meter sees, of rigs all of whose cards are known. */
  readonly facilityWatts: PartialSum;
  readonly wallWatts: PartialSum;
  /** Per day. */
  readonly powerCost: PartialSum;
  readonly operations: PartialSum;
  /** Revenue - power - operations over rigs of which all of it is known. */
  readonly net: PartialSum;
  /** GPUs that `net` leaves out, by reason. */
  readonly missing: ReadonlyMap<string, number>;
  /** H/s by algorithm; of different algorithms never added. */
  readonly hashrates: ReadonlyMap<string, number>;
  readonly rentedGpus: number;
}

type Draft = { -readonly [K in keyof EarningsNow]: EarningsNow[K] } & {
  missing: Map<string, number>;
  hashrates: Map<string, number>;
};

/** @param rigs rigs of `snapshot`. */
export function earningsNow(rigs: readonly Rig[], snapshot: Snapshot, farm: Farm): Promise<EarningsNow> {
  return rigs === snapshot.rigs ? earningsOfAll(snapshot, farm) : earningsOf(rigs, snapshot, farm);
}

const earningsOfAll = oncePerSnapshot((snapshot: Snapshot, farm: Farm) => earningsOf(snapshot.rigs, snapshot, farm));

async function earningsOf(rigs: readonly Rig[], snapshot: Snapshot, farm: Farm): Promise<EarningsNow> {
  const termsOf = createRigTerms(farm);
  const coinOf = createCoinChoice(farm.market.coins);
  const breathe = createBreather();
  const total = nothing();
  for (const rig of rigs) {
    addRig(total, rig, { terms: termsOf(rig), coinOf, snapshot, farm });
    const pause = breathe();
    if (pause !== undefined) await pause;
  }
  return total;
}

function nothing(): Draft {
  const sum = (): PartialSum => ({ amount: 0, gpus: 0, of: 0 });
  return {
    mining: sum(),
    rental: sum(),
    cardWatts: sum(),
    facilityWatts: sum(),
    wallWatts: sum(),
    powerCost: sum(),
    operations: sum(),
    net: sum(),
    missing: new Map(),
    hashrates: new Map(),
    rentedGpus: 0,
  };
}

interface Ground {
  readonly terms: RigTerms;
  readonly coinOf: CoinChoice;
  readonly snapshot: Snapshot;
  readonly farm: Farm;
}

function addRig(total: Draft, rig: Rig, ground: Ground): void {
  const { terms, snapshot, farm } = ground;
  const live = rig.gpus.filter((gpu) => gpu.state !== 'down');
  if (live.length === 0) return;
  const gpus = live.length;
  const mining = addMining(total, rig, ground);
  const rental = addRental(total, rig, snapshot, farm);
  const watts = addPower(total, live, terms);
  const operations = operationsOf(rig, farm);
  const powerCost = watts === null || terms.pricePerKwh === null ? null : kwhPerDay(watts) * terms.pricePerKwh;
  addIfKnown(total.operations, operations, gpus);
  addIfKnown(total.powerCost, powerCost, gpus);
  total.net.of += gpus;
  const reason =
    mining === null
      ? 'a hashrate without a price'
      : rental === null
        ? 'rented without a quote'
        : watts === null
          ? 'power not printed'
          : terms.pricePerKwh === null
            ? 'no power price'
            : operations === null
              ? 'operations cannot be converted'
              : rig.gpuStates.unknown > 0
                ? 'work state unknown'
                : hashingCards(rig) > rig.gpuStates.mining
                  ? 'more cards hash than are free of rentals'
                  : null;
  if (reason !== null || mining === null || rental === null || powerCost === null || operations === null) {
    const why = reason ?? 'unknown';
    total.missing.set(why, (total.missing.get(why) ?? 0) + gpus);
    return;
  }
  total.net.amount += mining + rental - powerCost - operations;
  total.net.gpus += gpus;
}

/** Cards that a miner reports hashes of, tied to a card of the rig or not. */
function miners(rig: Rig): (Gpu | LooseMiner)[] {
  const cards: (Gpu | LooseMiner)[] = [...rig.gpus.filter((gpu) => gpu.state === 'mining'), ...rig.looseMiners];
  return cards.filter((card) => (card.hashrate ?? 0) > 0);
}

function hashingCards(rig: Rig): number {
  return miners(rig).length;
}

/** Mining revenue of the rig per day; null where a card hashes and its hashes have no price. */
function addMining(total: Draft, rig: Rig, { terms, coinOf, farm }: Ground): number | null {
  let revenue: number | null = 0;
  // What a card of unknown state earns is unknown too.
  total.mining.of += rig.gpuStates.unknown;
  for (const card of miners(rig)) {
    if (card.hashrate === null) continue;
    const coin = coinOf(card.algorithm, terms.coin);
    const algorithm = card.algorithm ?? coin?.algorithm ?? 'unknown algorithm';
    total.hashrates.set(algorithm, (total.hashrates.get(algorithm) ?? 0) + card.hashrate);
    total.mining.of += 1;
    const rate = coin === null ? null : exchangeRate(coin.price.currency, farm.currency, farm.market.fx);
    if (coin === null || rate === null) {
      revenue = null;
      continue;
    }
    const day =
      miningRevenue(card.hashrate * SECONDS_PER_DAY, coin, {
        poolFee: terms.poolFee,
        rejectRatio: rejectRatio(card.sharesAccepted, card.sharesRejected) ?? 0,
      }) * rate;
    total.mining.amount += day;
    total.mining.gpus += 1;
    if (revenue !== null) revenue += day;
  }
  return revenue;
}

/** Rental revenue of the rig per day at its present rentals; null where a rented model has no quote. */
function addRental(total: Draft, rig: Rig, snapshot: Snapshot, farm: Farm): number | null {
  const rented = rig.gpuStates.rented;
  total.rental.of += rig.gpuStates.unknown;
  if (rented === 0) return 0;
  total.rentedGpus += rented;
  total.rental.of += rented;
  const models = new Set(rig.gpus.filter((gpu) => gpu.state !== 'down').map((gpu) => gpu.model));
  const known = rig.gpus.filter((gpu) => gpu.state === 'rented');
  const [only] = models;
  // Which card is rented is a fact only where all are; a rig of one model needs no such fact.
  const rentedModels =
    known.length === rented
      ? known.map((gpu) => gpu.model)
      : models.size === 1
        ? Array<string | null>(rented).fill(only ?? null)
        : null;
  if (rentedModels === null) return null;
  let revenue: number | null = 0;
  for (const model of rentedModels) {
    const day = model === null ? null : rentedDay(model, rig, snapshot, farm);
    if (day === null) {
      revenue = null;
      continue;
    }
    total.rental.amount += day;
    total.rental.gpus += 1;
    if (revenue !== null) revenue += day;
  }
  return revenue;
}

/** A day fully rented, net of fee, in the farm's currency. */
function rentedDay(model: string, rig: Rig, snapshot: Snapshot, farm: Farm): number | null {
  const vram = rig.gpus.find((gpu) => gpu.model === model)?.vramTotalBytes ?? null;
  const names = [model, findCard(model, vram)?.model ?? model];
  const rate = rentalRate(names, farm.market.rentals, snapshot.marketplace);
  if (rate === null) return null;
  const conversion = exchangeRate(rate.pricePerGpuHour.currency, farm.currency, farm.market.fx);
  if (conversion === null) return null;
  return HOURS_PER_DAY * rate.pricePerGpuHour.amount * conversion * (1 - rate.platformFee);
}

/** Facility watts of the rig; null where a card's power is not printed. */
function addPower(total: Draft, live: readonly Gpu[], terms: RigTerms): number | null {
  let cards = 0;
  let known = 0;
  for (const gpu of live) {
    if (gpu.powerWatts === null) continue;
    cards += gpu.powerWatts;
    known += 1;
  }
  add(total.cardWatts, cards, known, live.length);
  if (known < live.length) {
    add(total.wallWatts, 0, 0, live.length);
    add(total.facilityWatts, 0, 0, live.length);
    return null;
  }
  const watts = facilityWatts(cards, terms.path);
  add(total.wallWatts, wallWatts(cards, terms.path), known, known);
  add(total.facilityWatts, watts, known, known);
  return watts;
}

/** Per day, in the farm's currency: rented GPUs cost what rental costs, switched-off ones what off costs, others what mining costs. */
function operationsOf(rig: Rig, farm: Farm): number | null {
  const inFarm = (money: Money | null) => {
    if (money === null) return 0;
    const rate = exchangeRate(money.currency, farm.currency, farm.market.fx);
    return rate === null ? null : money.amount * rate;
  };
  const mining = inFarm(farm.operations.miningPerGpuDay);
  const rental = inFarm(farm.operations.rentalPerGpuDay);
  if (mining === null || rental === null) return null;
  const states = rig.gpuStates;
  const others = states.mining + states.busy + states['idle-listed'] + states['idle-unlisted'] + states.unknown;
  return states.rented * rental + others * mining;
}

function addIfKnown(sum: PartialSum, amount: number | null, gpus: number): void {
  add(sum, amount ?? 0, amount === null ? 0 : gpus, gpus);
}

function add(sum: PartialSum, amount: number, gpus: number, of: number): void {
  sum.amount += amount;
  sum.gpus += gpus;
  sum.of += of;
}
