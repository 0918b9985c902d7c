import { findCard } from '../data/cards.ts';
import { chooseCoin } from '../domain/economics/coin-choice.ts';
import { exchangeRate } from '../domain/economics/exchange.ts';
import { miningRevenue, rejectRatio } from '../domain/economics/mining.ts';
import { facilityWatts, kwhPerDay, wallWatts } from '../domain/economics/power.ts';
import { rentalRate } from '../domain/economics/rental.ts';
import type { Farm } from '../domain/farm.ts';
import { HOURS_PER_DAY, type Money, SECONDS_PER_DAY } from '../domain/quantities.ts';
import type { Gpu, LooseMiner, Rig } from '../domain/rig.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { createBreather } from './breather.ts';
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
export async function earningsNow(
  rigs: readonly Rig[],
  snapshot: Snapshot,
  farm: Farm,
): Promise<EarningsNow> {
  const termsOf = createRigTerms(farm);
  const breathe = createBreather();
  const total = nothing();
  for (const rig of rigs) {
    addRig(total, rig, termsOf(rig), snapshot, farm);
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

function addRig(total: Draft, rig: Rig, terms: RigTerms, snapshot: Snapshot, farm: Farm): void {
  const live = rig.gpus.filter((gpu) => gpu.state !== 'down');
  if (live.length === 0) return;
  const gpus = live.length;
  const mining = addMining(total, rig, terms, farm);
  const rental = addRental(total, rig, snapshot, farm);
  const watts = addPower(total, live, terms);
  const operations = operationsOf(rig, farm);
  if (operations !== null) add(total.operations, operations, gpus, gpus);
  total.net.of += gpus;
  const reason =
    mining === null
      ? 'a hashrate without a coin'
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
                : null;
  if (reason !== null || mining === null || rental === null || watts === null || terms.pricePerKwh === null || operations === null) {
    const why = reason ?? 'unknown';
    total.missing.set(why, (total.missing.get(why) ?? 0) + gpus);
    return;
  }
  const powerCost = kwhPerDay(watts) * terms.pricePerKwh;
  add(total.powerCost, powerCost, gpus, gpus);
  total.net.amount += mining + rental - powerCost - operations;
  total.net.gpus += gpus;
}

/** Mining revenue of the rig per day; null where a card hashes and its hashes have no price. */
function addMining(total: Draft, rig: Rig, terms: RigTerms, farm: Farm): number | null {
  let revenue: number | null = 0;
  const miners: (Gpu | LooseMiner)[] = [...rig.gpus.filter((gpu) => gpu.state === 'mining'), ...rig.looseMiners];
  for (const card of miners) {
    if (card.hashrate === null || card.hashrate <= 0) continue;
    const coin = chooseCoin(card.algorithm, terms.coin, farm.market.coins);
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
  if (rented === 0) return 0;
  total.rentedGpus += rented;
  total.rental.of += rented;
  const models = new Set(rig.gpus.filter((gpu) => gpu.state !== 'down').map((gpu) => gpu.model));
  const known = rig.gpus.filter((gpu) => gpu.state === 'rented');
  const [only] = models;
  // Which card is rented is a fact only where all are; a rig of one model needs no such fact.
  const rentedModels = known.length === rented ? known.map((gpu) => gpu.model) : models.size === 1 ? Array<string | null>(rented).fill(only ?? null) : null;
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
  const rate =
    rentalRate(model, farm.market.rentals, snapshot.marketplace) ??
    rentalRate(findCard(model, vram)?.model ?? model, farm.market.rentals, snapshot.marketplace);
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

function add(sum: PartialSum, amount: number, gpus: number, of: number): void {
  sum.amount += amount;
  sum.gpus += gpus;
  sum.of += of;
}
