import { HOURS_PER_DAY } from '../quantities.ts';
import { kwhPerDay } from './power.ts';

/**
 * One card's inputs, all per day and in one currency; watts are facility watts (card and its share of the host, over PSU
 * efficiency, times PUE). `null` is unknown.
 */
export interface CardInputs {
  /** R_m: mining revenue of a day, net of pool fee, gross of power. */
  readonly miningPerDay: number | null;
  readonly miningWatts: number | null;
  /** Price of a GPU-hour on the quote's side, and what the platform keeps of it (0 for host prices). */
  readonly rentPerHour: number | null;
  readonly platformFee: number;
  /** u: rented GPU-hours over owned GPU-hours. */
  readonly occupancy: number | null;
  readonly rentalWatts: number | null;
  readonly idleWatts: number;
  readonly offWatts: number;
  readonly pricePerKwh: number;
  readonly operations: { readonly mining: number; readonly rental: number; readonly off: number } | null;
}

/** Mine while idle: eta, and what switching loses. */
export interface MixedInputs {
  readonly idleShareMined: number;
  readonly switchesPerDay: number;
  readonly switchHours: number;
}

/** Which figures of a card are known; decides with which others it can be compared. */
export type Knowledge = 'mine+rent' | 'mine+rate' | 'mine' | 'rent' | 'off' | 'nothing';

/** Sums over cards; every figure of a comparison is linear in them, so a fleet costs no more memory than a card. */
export interface Sums {
  cards: number;
  mineRevenue: number;
  minePower: number;
  mineKwh: number;
  mineOperations: number;
  /** 24 * p * (1-f): a day rented from midnight to midnight. */
  rentFull: number;
  rentRevenue: number;
  rentFullPower: number;
  rentPower: number;
  rentKwh: number;
  /** 24 * u * (1-f): divides what is needed into a price per GPU-hour. */
  rentedHoursNet: number;
  rentOperations: number;
  idlePower: number;
  mixedRevenue: number;
  mixedPower: number;
  offPower: number;
  offOperations: number;
  occupancy: number;
}

export function noSums(): Sums {
  return {
    cards: 0,
    mineRevenue: 0,
    minePower: 0,
    mineKwh: 0,
    mineOperations: 0,
    rentFull: 0,
    rentRevenue: 0,
    rentFullPower: 0,
    rentPower: 0,
    rentKwh: 0,
    rentedHoursNet: 0,
    rentOperations: 0,
    idlePower: 0,
    mixedRevenue: 0,
    mixedPower: 0,
    offPower: 0,
    offOperations: 0,
    occupancy: 0,
  };
}

export function knowledgeOf(card: CardInputs): Knowledge {
  if (card.operations === null) return 'nothing';
  const mine = card.miningPerDay !== null && card.miningWatts !== null;
  const rate = card.rentPerHour !== null && card.rentalWatts !== null;
  if (mine && rate) return card.occupancy === null ? 'mine+rate' : 'mine+rent';
  if (mine) return 'mine';
  return rate && card.occupancy !== null ? 'rent' : 'off';
}

/** Adds one card; figures that it does not know add nothing, so sum only cards of one `Knowledge`. */
export function addCard(sums: Sums, card: CardInputs, mixed: MixedInputs): void {
  const kappa = kwhPerDay(1) * card.pricePerKwh;
  const mining = card.miningPerDay ?? 0;
  const miningWatts = card.miningWatts ?? 0;
  const rentalWatts = card.rentalWatts ?? 0;
  const occupancy = card.occupancy ?? 0;
  const full = HOURS_PER_DAY * (card.rentPerHour ?? 0) * (1 - card.platformFee);
  const rentWattsMean = rentalWatts * occupancy + card.idleWatts * (1 - occupancy);
  const { idleShareMined: eta } = mixed;
  sums.cards += 1;
  sums.mineRevenue += mining;
  sums.minePower += kappa * miningWatts;
  sums.mineKwh += kwhPerDay(miningWatts);
  sums.mineOperations += card.operations?.mining ?? 0;
  sums.rentFull += full;
  sums.rentRevenue += full * occupancy;
  sums.rentFullPower += kappa * rentalWatts;
  sums.rentPower += kappa * rentWattsMean;
  sums.rentKwh += kwhPerDay(rentWattsMean);
  sums.rentedHoursNet += HOURS_PER_DAY * occupancy * (1 - card.platformFee);
  sums.rentOperations += card.operations?.rental ?? 0;
  sums.idlePower += kappa * card.idleWatts;
  sums.mixedRevenue +=
    full * occupancy +
    (1 - occupancy) * eta * mining -
    ((mixed.switchesPerDay * mixed.switchHours) / HOURS_PER_DAY) * mining;
  sums.mixedPower +=
    kappa * (rentalWatts * occupancy + (1 - occupancy) * (eta * miningWatts + (1 - eta) * card.idleWatts));
  sums.offPower += kappa * card.offWatts;
  sums.offOperations += card.operations?.off ?? 0;
  sums.occupancy += occupancy;
}

export function mergeSums(into: Sums, from: Sums): void {
  for (const key of Object.keys(from) as (keyof Sums)[]) into[key] += from[key];
}

export interface DayFigures {
  readonly revenue: number;
  readonly power: number;
  readonly operations: number;
  readonly net: number;
}

export interface Comparison {
  readonly mine: DayFigures | null;
  readonly rent: DayFigures | null;
  readonly mixed: DayFigures | null;
  readonly off: DayFigures | null;
  readonly breakEven: BreakEven;
}

/** What an occupancy break-even outside 0..1 means, in a word (ECONOMICS.md 1.5, guards). */
export type OccupancyMeaning =
  | 'reachable'
  /** Above 1: even fully rented, renting makes less than mining. */
  | 'never'
  /** Below 0: mining loses more than idling, so renting wins even empty; off may win over both. */
  | 'always'
  /** A rented hour earns no more than its power: renting adds nothing to idling. */
  | 'no-gain'
  | 'unknown';

export interface BreakEven {
  /** u*: occupancy at which renting (idle when unrented) makes as much as mining. Can be below 0 and above 1. */
  readonly occupancy: number | null;
  readonly occupancyMeaning: OccupancyMeaning;
  /** p*: price of a GPU-hour on the quote's side at which renting makes as much as mining, at the occupancy used. */
  readonly rentPerGpuHour: number | null;
  /** c*_mine: price of power at which mining makes nothing. */
  readonly pricePerKwhMine: number | null;
  /** c*_ai. */
  readonly pricePerKwhRent: number | null;
}

/** The three ways and their mix over cards that all know what `knowledge` says (ECONOMICS.md 1.5). */
export function compare(sums: Sums, knowledge: Knowledge): Comparison {
  const mines = knowledge === 'mine+rent' || knowledge === 'mine+rate' || knowledge === 'mine';
  const rents = knowledge === 'mine+rent' || knowledge === 'rent';
  const rated = knowledge === 'mine+rent' || knowledge === 'mine+rate';
  const nothing = sums.cards === 0 || knowledge === 'nothing';
  const mine = mines && !nothing ? figures(sums.mineRevenue, sums.minePower, sums.mineOperations) : null;
  const rent = rents && !nothing ? figures(sums.rentRevenue, sums.rentPower, sums.rentOperations) : null;
  const gainFullyRented = sums.rentFull - (sums.rentFullPower - sums.idlePower);
  const occupancy =
    mine !== null && rated && gainFullyRented > 0
      ? quotient(mine.net + sums.rentOperations + sums.idlePower, gainFullyRented)
      : null;
  return {
    mine,
    rent,
    mixed:
      knowledge === 'mine+rent' && !nothing ? figures(sums.mixedRevenue, sums.mixedPower, sums.rentOperations) : null,
    off: nothing ? null : figures(0, sums.offPower, sums.offOperations),
    breakEven: {
      occupancy,
      occupancyMeaning: occupancyMeaning(occupancy, rated && mine !== null, gainFullyRented),
      rentPerGpuHour:
        mine !== null && rent !== null
          ? quotient(mine.net + sums.rentOperations + sums.rentPower, sums.rentedHoursNet)
          : null,
      pricePerKwhMine: mine !== null ? quotient(sums.mineRevenue - sums.mineOperations, sums.mineKwh) : null,
      pricePerKwhRent: rent !== null ? quotient(sums.rentRevenue - sums.rentOperations, sums.rentKwh) : null,
    },
  };
}

/** Null where nothing, or next to nothing, divides: there is no such price then. */
function quotient(amount: number, by: number): number | null {
  const result = amount / by;
  return by > 0 && Number.isFinite(result) ? result : null;
}

function occupancyMeaning(occupancy: number | null, known: boolean, gainFullyRented: number): OccupancyMeaning {
  if (!known) return 'unknown';
  if (gainFullyRented <= 0) return 'no-gain';
  if (occupancy === null) return 'unknown';
  if (occupancy > 1) return 'never';
  return occupancy < 0 ? 'always' : 'reachable';
}

function figures(revenue: number, power: number, operations: number): DayFigures {
  return { revenue, power, operations, net: revenue - power - operations };
}
