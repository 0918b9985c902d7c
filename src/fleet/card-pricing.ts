import type { CardInputs } from '../domain/economics/comparison.ts';
import { exchangeRate } from '../domain/economics/exchange.ts';
import { miningRevenue, rejectRatio } from '../domain/economics/mining.ts';
import { facilityWatts } from '../domain/economics/power.ts';
import type { MeasuredOccupancies, RentalRate } from '../domain/economics/rental.ts';
import type { CoinQuote, Farm } from '../domain/farm.ts';
import { SECONDS_PER_DAY } from '../domain/quantities.ts';
import type { Gpu } from '../domain/rig.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { type CardKind, createCardKinds, type Origin } from './card-kinds.ts';
import type { RigTerms } from './rig-terms.ts';

export interface PricedCard {
  readonly inputs: CardInputs;
  readonly model: string;
  readonly coin: CoinQuote | null;
  readonly rate: RentalRate | null;
  readonly hashrateOrigin: Origin;
  readonly miningWattsOrigin: Origin;
  /** Its mining revenue holds no rejected shares, because nobody counts them. */
  readonly assumesNoRejects: boolean;
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

/** Inputs of the comparison for cards of one snapshot, in the farm's currency: for each rig what prices its cards. */
export function createCardPricing(
  snapshot: Snapshot,
  farm: Farm,
  occupancies: MeasuredOccupancies,
): (rig: RigPricing) => (gpu: Gpu) => PricedCard {
  const kindOf = createCardKinds(snapshot, farm, occupancies);
  const operations = operationsPerDay(farm);
  return ({ terms, pricePerKwh, cards }) => {
    const share = { ...terms.path, hostWatts: terms.path.hostWatts / cards };
    const offWatts = facilityWatts(farm.operations.offWatts ?? 0, { ...share, hostWatts: 0 });
    return (gpu) => {
      const kind = kindOf(gpu, terms);
      const { coin, rental } = kind;
      const measured = gpu.state === 'mining' && coin !== null ? gpu : null;
      const hashrate = measured?.hashrate ?? kind.hashrate;
      const watts = measured?.powerWatts ?? kind.miningWatts;
      return {
        model: kind.model,
        coin,
        rate: rental.rate,
        hashrateOrigin: measured?.hashrate == null ? kind.hashrateOrigin : 'measured',
        miningWattsOrigin: measured?.powerWatts == null ? kind.miningWattsOrigin : 'measured',
        assumesNoRejects: hashrate !== null && rejectRatio(gpu.sharesAccepted, gpu.sharesRejected) === null,
        missing: missingOf(kind, hashrate, watts, operations === null ? farm.currency : null),
        assumptions: rental.assumptions,
        inputs: {
          miningPerDay: hashrate === null ? null : miningPerDay(hashrate, gpu, kind, terms.poolFee),
          miningWatts: watts === null ? null : facilityWatts(watts, share),
          rentPerHour: rental.pricePerHour,
          platformFee: rental.rate?.platformFee ?? 0,
          occupancy: rental.rate?.occupancy ?? null,
          rentalWatts: rental.watts === null ? null : facilityWatts(rental.watts, share),
          idleWatts: facilityWatts(rental.idleWatts, share),
          offWatts,
          pricePerKwh,
          operations,
        },
      };
    };
  };
}

function miningPerDay(hashrate: number, gpu: Gpu, { coin, coinRate }: CardKind, poolFee: number): number | null {
  if (coin === null || coinRate === null) return null;
  const fees = { poolFee, rejectRatio: rejectRatio(gpu.sharesAccepted, gpu.sharesRejected) ?? 0 };
  return miningRevenue(hashrate * SECONDS_PER_DAY, coin, fees) * coinRate;
}

/** @param currency the farm's, where operations cannot be converted to it. */
function missingOf(
  kind: CardKind,
  hashrate: number | null,
  watts: number | null,
  currency: string | null,
): readonly string[] {
  const { coin, missing } = kind;
  if (currency === null && (coin === null || (hashrate !== null && watts !== null))) return missing;
  const ofCard = kind.cardName;
  return [
    ...(currency === null ? [] : [`no exchange rate to ${currency} for operations`]),
    ...(coin !== null && hashrate === null ? [`no ${coin.algorithm} hashrate for ${ofCard}`] : []),
    ...(coin !== null && watts === null ? [`no mining watts for ${ofCard}`] : []),
    ...missing,
  ];
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
