import type { Comparison, DayFigures } from '../domain/economics/comparison.ts';
import type { RentalRate } from '../domain/economics/rental.ts';
import type { Farm } from '../domain/farm.ts';
import { type Money, money } from '../domain/quantities.ts';
import type { FleetComparison } from './compare-fleet.ts';
import type { EarningsNow, PartialSum } from './earnings-now.ts';

export const ways = ['mine', 'rent', 'mixed', 'off'] as const;
export type Way = (typeof ways)[number];

export interface DayMoney {
  readonly revenue: Money | null;
  readonly power: Money | null;
  readonly operations: Money | null;
  readonly net: Money | null;
}

/** A comparison in money; a way of which too little is known is unknown in every field. */
export function dayMoney(comparison: Comparison, currency: string): Record<Way, DayMoney> {
  const cell = (figures: DayFigures | null): DayMoney => ({
    revenue: figures === null ? null : money(figures.revenue, currency),
    power: figures === null ? null : money(figures.power, currency),
    operations: figures === null ? null : money(figures.operations, currency),
    net: figures === null ? null : money(figures.net, currency),
  });
  return {
    mine: cell(comparison.mine),
    rent: cell(comparison.rent),
    mixed: cell(comparison.mixed),
    off: cell(comparison.off),
  };
}

/** The way with the highest net of those that are known; null where fewer than two are. */
export function bestWay(comparison: Comparison): Way | null {
  const known = ways.filter((way) => comparison[way] !== null);
  if (known.length < 2) return null;
  return known.reduce((best, way) => ((comparison[way]?.net ?? 0) > (comparison[best]?.net ?? 0) ? way : best));
}

/** Every model its own best way, added up over the models that have one; null where none has. */
export function bestPerModel(fleet: FleetComparison, currency: string): { net: Money | null; gpus: number } {
  let sum = 0;
  let gpus = 0;
  for (const { comparison, compared } of fleet.models) {
    const best = bestWay(comparison);
    if (best === null) continue;
    sum += comparison[best]?.net ?? 0;
    gpus += compared;
  }
  return { net: gpus === 0 ? null : money(sum, currency), gpus };
}

export function breakEvenMoney({ breakEven }: Comparison, currency: string) {
  const cell = (amount: number | null) => (amount === null ? null : money(amount, currency));
  return {
    occupancy: breakEven.occupancy,
    occupancyMeaning: breakEven.occupancyMeaning,
    rentPerGpuHour: cell(breakEven.rentPerGpuHour),
    pricePerKwhMine: cell(breakEven.pricePerKwhMine),
    pricePerKwhRent: cell(breakEven.pricePerKwhRent),
  };
}

/** A price that an answer used: where it is from, how old it is and what kind it is. */
export interface QuoteFact {
  readonly what: string;
  readonly price: Money;
  readonly unit: string;
  readonly kind: string;
  readonly source: string;
  readonly asOf: string | null;
  readonly ageSeconds: number | null;
}

export function quotesUsed(comparison: FleetComparison, farm: Farm, nowMs: number): QuoteFact[] {
  const dated = (asOfMs: number | null) => ({
    asOf: asOfMs === null || Number.isNaN(asOfMs) ? null : new Date(asOfMs).toISOString(),
    ageSeconds: asOfMs === null || Number.isNaN(asOfMs) ? null : Math.max(0, (nowMs - asOfMs) / 1000),
  });
  const tariffs = comparison.tariffs.flatMap(({ site, terms }) =>
    terms.tariff === null
      ? []
      : [
          {
            what: `power ${site}`,
            price: terms.tariff,
            unit: 'kWh',
            kind: 'tariff',
            source: 'configuration',
            ...dated(null),
          },
        ],
  );
  const coins = comparison.coins.map((coin) => ({
    what: coin.coin,
    price: coin.price,
    unit: 'coin',
    kind: `difficulty ${coin.difficulty} (${coin.difficultyUnit}), ${coin.blockReward} per block, ${coin.algorithm}`,
    source: coin.source,
    ...dated(coin.asOfMs),
  }));
  const rentals = comparison.models.flatMap(({ model, rate }) => (rate === null ? [] : [rentalQuote(model, rate)]));
  const quotes: QuoteFact[] = [...tariffs, ...coins, ...rentals];
  if (quotes.every(({ price }) => price.currency === farm.currency)) return quotes;
  const rates = farm.market.fx.map((fx) => ({
    what: `${fx.base}/${fx.quote}`,
    price: money(fx.rate, fx.quote),
    unit: fx.base,
    kind: 'exchange rate',
    source: 'configuration',
    ...dated(fx.asOf === null ? null : Date.parse(fx.asOf)),
  }));
  return [...quotes, ...rates];

  function rentalQuote(model: string, rate: RentalRate): QuoteFact {
    const fee =
      rate.side === 'renter'
        ? `, platform fee ${percent(rate.platformFee)} %${rate.platformFeeAssumed ? ' assumed' : ''}`
        : '';
    const over =
      rate.measuredOverGpuHours === null
        ? ' declared'
        : `, 30 d, real., over ${Math.round(rate.measuredOverGpuHours)} GPU-hours`;
    const occupancy = rate.occupancy === null ? '' : `, occupancy ${percent(rate.occupancy)} %${over}`;
    return {
      what: `rental ${model}`,
      price: rate.pricePerGpuHour,
      unit: 'GPU-hour',
      kind: `${rate.side} side${fee}${occupancy}`,
      source: rate.source,
      ...dated(rate.asOfMs),
    };
  }
}

/** At most one decimal. */
function percent(ratio: number): number {
  return Math.round(ratio * 1_000) / 10;
}

/** A sum in money with the GPUs it speaks of; null where it is known for none of those it should speak of. */
function partialMoney(sum: PartialSum, currency: string) {
  return { value: sum.gpus === 0 && sum.of > 0 ? null : money(sum.amount, currency), gpus: sum.gpus, of: sum.of };
}

/** The same where no GPUs mean no knowledge: what stands still costs something all the same. */
export function costMoney(sum: PartialSum, currency: string) {
  return { value: sum.gpus === 0 ? null : money(sum.amount, currency), gpus: sum.gpus, of: sum.of };
}

export function nowMoney(now: EarningsNow, currency: string) {
  // That nobody mines or rents is 0 only where somebody was seen.
  const revenue = (sum: PartialSum) => (now.net.of === 0 ? costMoney(sum, currency) : partialMoney(sum, currency));
  return {
    mining: revenue(now.mining),
    rental: revenue(now.rental),
    power: costMoney(now.powerCost, currency),
    operations: costMoney(now.operations, currency),
    net: costMoney(now.net, currency),
    missing: [...now.missing]
      .map(([reason, gpus]) => ({ reason, gpus }))
      .sort((a, b) => b.gpus - a.gpus || (a.reason < b.reason ? -1 : 1)),
  };
}
