import { rentalRate } from '../economics/rental.ts';
import type { Farm, MiningChoice, SiteSettings } from '../farm.ts';
import type { LedgerRow } from '../ledger.ts';
import { JOULES_PER_KWH, type Money, money, SECONDS_PER_HOUR } from '../quantities.ts';
import type { MarketplaceQuote } from '../snapshot.ts';
import type { OpenPeriod } from './open-period.ts';
import { QuoteList } from './quote-list.ts';
import type { StretchModel } from './stretch.ts';
import { valueWork } from './value-work.ts';

export interface PeriodPlace {
  readonly rig: string;
  readonly site: string | null;
}

/** The row of a period that has ended: what was added up, valued at the configured prices and the newest of the marketplace. */
export function valuePeriod(
  period: OpenPeriod,
  place: PeriodPlace,
  farm: Farm,
  marketplace: readonly MarketplaceQuote[],
): LedgerRow {
  const site = farm.sites.find(({ name }) => name === place.site) ?? null;
  const quotes = new QuoteList(farm);
  const ownCoin = farm.rigs.get(place.rig)?.mining.coin ?? null;
  const mined = valueWork(period.work, miningChoice(place.rig, site, farm), ownCoin, quotes);
  const wallJoules = wallEnergy(period, place.rig, site, quotes);
  const { cardJoules, cardSeconds, powerSeconds } = period.energy;
  return {
    rig: place.rig,
    site: place.site,
    startMs: period.startMs,
    seconds: period.seconds,
    observedSeconds: period.observedSeconds,
    stateSeconds: period.stateSeconds,
    asicSeconds: period.asicSeconds,
    cardJoules: cardSeconds > 0 ? cardJoules : null,
    wallJoules,
    powerSeconds,
    mined,
    models: period.models.map((model) => ownedAllPeriod(model, period)),
    powerCost: wallJoules === null || site === null ? null : powerCost(wallJoules, site, quotes),
    rentedRevenue: rentedRevenue(period.models, marketplace, quotes),
    quotes: quotes.used,
  };
}

/** Rig over site over farm, field by field. */
function miningChoice(rig: string, site: SiteSettings | null, farm: Farm): MiningChoice {
  const choices = [farm.rigs.get(rig)?.mining, site?.mining, farm.mining];
  return {
    coin: choices.find((choice) => (choice?.coin ?? null) !== null)?.coin ?? null,
    poolFee: choices.find((choice) => (choice?.poolFee ?? null) !== null)?.poolFee ?? null,
  };
}

/**
 * What meter and ASICs measured at the wall, and for the rest of the time (cards + host) / PSU efficiency (ECONOMICS.md
 * 1.3); over the time for which anything was known.
 */
function wallEnergy(period: OpenPeriod, rig: string, site: SiteSettings | null, quotes: QuoteList): number | null {
  const { powerSeconds, measuredJoules, meteredSeconds, unmeteredJoules, unmeteredSeconds } = period.energy;
  if (powerSeconds === 0 && meteredSeconds === 0) return null;
  if (meteredSeconds > 0) quotes.useRatio('metered', Math.min(1, meteredSeconds / period.seconds), 'measured');
  const settings = quotes.farm.rigs.get(rig);
  const hostWatts = settings?.hostWatts ?? site?.hostWatts ?? 0;
  const psuEfficiency = settings?.psuEfficiency ?? site?.psuEfficiency ?? 1;
  return measuredJoules + (unmeteredJoules + hostWatts * unmeteredSeconds) / psuEfficiency;
}

function powerCost(wallJoules: number, site: SiteSettings, quotes: QuoteList): Money | null {
  const { amount, currency } = site.tariff.pricePerKwh;
  quotes.use({ what: `power:${site.name}`, amount, currency, unit: 'kWh', source: 'configuration', asOfMs: null });
  const pue = site.pue ?? 1;
  if (pue !== 1) quotes.useRatio(`pue:${site.name}`, pue, 'configuration');
  return quotes.convert(money(((wallJoules * pue) / JOULES_PER_KWH) * amount, currency));
}

/** The whole period is owned, also where the rig was seen for a part of it only. */
function ownedAllPeriod(model: StretchModel, period: OpenPeriod): StretchModel {
  return { ...model, ownedSeconds: (model.ownedSeconds * period.seconds) / period.seenSeconds };
}

/** Net of fee; 0 only where nothing was rented, null as soon as one rented GPU has no model or no price. */
function rentedRevenue(
  models: readonly StretchModel[],
  marketplace: readonly MarketplaceQuote[],
  quotes: QuoteList,
): Money | null {
  let sum = 0;
  for (const { model, rentedSeconds } of models) {
    if (rentedSeconds === 0) continue;
    if (rentedSeconds === null || model === null) return null;
    const price = netPricePerGpuHour(model, marketplace, quotes);
    if (price === null) return null;
    sum += (rentedSeconds / SECONDS_PER_HOUR) * price.amount;
  }
  return money(sum, quotes.farm.currency);
}

function netPricePerGpuHour(model: string, marketplace: readonly MarketplaceQuote[], quotes: QuoteList): Money | null {
  const rate = rentalRate([model], quotes.farm.market.rentals, marketplace);
  if (rate === null) return null;
  const { pricePerGpuHour, platformFee, platformFeeAssumed, source, asOfMs } = rate;
  quotes.use({ what: `rental:${model}`, ...pricePerGpuHour, unit: 'GPU-hour', source, asOfMs });
  if (platformFee !== 0) quotes.useRatio(`fee:${model}`, platformFee, platformFeeAssumed ? 'assumed' : source);
  return quotes.convert({ ...pricePerGpuHour, amount: pricePerGpuHour.amount * (1 - platformFee) });
}
