import { chooseCoin } from '../economics/coin-choice.ts';
import { convertMoney, exchangeRate } from '../economics/exchange.ts';
import { coinsFromHashes, miningRevenue, rejectRatio } from '../economics/mining.ts';
import { rentalRate } from '../economics/rental.ts';
import type { CoinQuote, Farm, MiningChoice, SiteSettings } from '../farm.ts';
import type { LedgerRow, MinedWork, QuoteUsed } from '../ledger.ts';
import { JOULES_PER_KWH, type Money, money, SECONDS_PER_HOUR } from '../quantities.ts';
import type { MarketplaceQuote } from '../snapshot.ts';
import type { OpenPeriod } from './open-period.ts';
import type { StretchModel, StretchWork } from './stretch.ts';

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
  const mined = valueWork(period.work, miningChoice(place.rig, site, farm), quotes);
  const wallJoules = wallEnergy(period, place.rig, site, farm);
  return {
    rig: place.rig,
    site: place.site,
    startMs: period.startMs,
    seconds: period.seconds,
    observedSeconds: period.observedSeconds,
    stateSeconds: period.stateSeconds,
    cardJoules: period.powerSeconds > 0 ? period.joules : null,
    wallJoules,
    powerSeconds: period.powerSeconds,
    mined,
    models: period.models.map((model) => ownedAllPeriod(model, period)),
    powerCost: wallJoules === null || site === null ? null : powerCost(wallJoules, site, quotes),
    rentedRevenue: rentedRevenue(period.models, marketplace, quotes),
    quotes: quotes.used,
  };
}

/** Prices that were used, each once, converted to the farm's currency. */
class QuoteList {
  readonly farm: Farm;
  readonly used: QuoteUsed[] = [];

  constructor(farm: Farm) {
    this.farm = farm;
  }

  use(quote: QuoteUsed): void {
    if (!this.used.some(({ what }) => what === quote.what)) this.used.push(quote);
  }

  /** In the farm's currency, or null where no rate leads there. */
  convert(amount: Money): Money | null {
    const { currency, market } = this.farm;
    const rate = exchangeRate(amount.currency, currency, market.fx);
    if (rate === null) return null;
    if (amount.currency !== currency) {
      this.use({
        what: `fx:${amount.currency}/${currency}`,
        amount: rate,
        currency,
        unit: amount.currency,
        source: 'configuration',
        asOfMs: null,
      });
    }
    return convertMoney(amount, currency, market.fx);
  }
}

/** Rig over site over farm, field by field. */
function miningChoice(rig: string, site: SiteSettings | null, farm: Farm): MiningChoice {
  const choices = [farm.rigs.get(rig)?.mining, site?.mining, farm.mining];
  return {
    coin: choices.find((choice) => (choice?.coin ?? null) !== null)?.coin ?? null,
    poolFee: choices.find((choice) => (choice?.poolFee ?? null) !== null)?.poolFee ?? null,
  };
}

function valueWork(works: readonly StretchWork[], choice: MiningChoice, quotes: QuoteList): readonly MinedWork[] {
  const merged = new Map<string, MinedWork>();
  for (const work of works) {
    const coin = chooseCoin(work.algorithm, choice.coin, quotes.farm.market.coins);
    const mined: MinedWork = {
      algorithm: work.algorithm ?? coin?.algorithm ?? null,
      coin: coin?.coin ?? null,
      hashes: work.hashes,
      gpuSeconds: work.gpuSeconds,
      revenue: coin === null ? null : minedRevenue(work, coin, choice.poolFee, quotes),
    };
    const key = JSON.stringify([mined.algorithm, mined.coin]);
    const before = merged.get(key);
    merged.set(key, before === undefined ? mined : addMined(before, mined));
  }
  return [...merged.values()];
}

function addMined(a: MinedWork, b: MinedWork): MinedWork {
  return {
    ...a,
    hashes: a.hashes + b.hashes,
    gpuSeconds: a.gpuSeconds + b.gpuSeconds,
    revenue:
      a.revenue === null || b.revenue === null ? null : { ...a.revenue, amount: a.revenue.amount + b.revenue.amount },
  };
}

function minedRevenue(work: StretchWork, coin: CoinQuote, poolFee: number | null, quotes: QuoteList): Money | null {
  const rejects = rejectRatio(work.sharesAccepted, work.sharesRejected);
  const { source, asOfMs } = coin;
  const ratio = { currency: '', unit: 'ratio', asOfMs: null };
  const { amount, currency } = coin.price;
  quotes.use({ what: `coin:${coin.coin}`, amount, currency, unit: coin.coin, source, asOfMs });
  quotes.use({
    what: `yield:${coin.coin}`,
    amount: coinsFromHashes(1, coin),
    currency: coin.coin,
    unit: 'hash',
    source,
    asOfMs,
  });
  const feeSource = poolFee === null ? 'assumed' : 'configuration';
  quotes.use({ what: `pool-fee:${coin.coin}`, amount: poolFee ?? 0, source: feeSource, ...ratio });
  const rejectSource = rejects === null ? 'assumed' : 'shares';
  quotes.use({
    what: `rejects:${work.algorithm ?? coin.algorithm}`,
    amount: rejects ?? 0,
    source: rejectSource,
    ...ratio,
  });
  const revenue = miningRevenue(work.hashes, coin, { poolFee: poolFee ?? 0, rejectRatio: rejects ?? 0 });
  return quotes.convert(money(revenue, currency));
}

/** (cards + host) / PSU efficiency (ECONOMICS.md 1.3), over the time for which the cards' power was known. */
function wallEnergy(period: OpenPeriod, rig: string, site: SiteSettings | null, farm: Farm): number | null {
  if (period.powerSeconds === 0) return null;
  const settings = farm.rigs.get(rig);
  const hostWatts = settings?.hostWatts ?? site?.hostWatts ?? 0;
  const psuEfficiency = settings?.psuEfficiency ?? site?.psuEfficiency ?? 1;
  return (period.joules + hostWatts * period.poweredSeconds) / psuEfficiency;
}

function powerCost(wallJoules: number, site: SiteSettings, quotes: QuoteList): Money | null {
  const { amount, currency } = site.tariff.pricePerKwh;
  const source = 'configuration';
  quotes.use({ what: `power:${site.name}`, amount, currency, unit: 'kWh', source, asOfMs: null });
  const pue = site.pue ?? 1;
  if (pue !== 1)
    quotes.use({ what: `pue:${site.name}`, amount: pue, currency: '', unit: 'ratio', source, asOfMs: null });
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
  if (platformFee !== 0) {
    const feeSource = platformFeeAssumed ? 'assumed' : source;
    quotes.use({
      what: `fee:${model}`,
      amount: platformFee,
      currency: '',
      unit: 'ratio',
      source: feeSource,
      asOfMs: null,
    });
  }
  return quotes.convert({ ...pricePerGpuHour, amount: pricePerGpuHour.amount * (1 - platformFee) });
}
