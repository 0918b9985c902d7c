import type { CoinQuote, Farm, FxRate, InventoryRow, RentalQuote, SiteSettings, StaticMarket } from '../domain/farm.ts';
import { normaliseModel } from '../domain/model-name.ts';
import { type Currency, type Money, money } from '../domain/quantities.ts';
import { currencyPair } from './consistency.ts';
import type { FileSettings } from './schema.ts';
import type { Amount } from './values.ts';

/** The farm that a checked file and its inventory describe; amounts without currency get the farm's. */
export function farmOf(file: FileSettings, inventory: readonly InventoryRow[]): Farm {
  const { farm, operations } = file;
  const cost = (amount: Amount | null) => amount && moneyOf(amount, farm.currency);
  return {
    ...farm,
    sites: file.sites.map((site) => siteOf(site, farm)),
    rigs: new Map(Object.entries(file.rigs)),
    inventory: new Map(inventory.map((row) => [row.rig, row])),
    market: marketOf(file.market.static, farm.currency),
    operations: {
      ...operations,
      miningPerGpuDay: cost(operations.miningPerGpuDay),
      rentalPerGpuDay: cost(operations.rentalPerGpuDay),
      offPerGpuDay: cost(operations.offPerGpuDay),
      rentalWatts: new Map(Object.entries(operations.rentalWatts).map(([model, watts]) => [modelOf(model), watts])),
    },
    mixed: file.mixed,
    mining: file.mining,
    retired: new Set(file.retired),
  };
}

function moneyOf({ amount, currency }: Amount, otherwise: Currency): Money {
  return money(amount, currency ?? otherwise);
}

function modelOf(written: string): string {
  return normaliseModel(written) ?? written;
}

function siteOf({ tariff, ...site }: FileSettings['sites'][number], farm: FileSettings['farm']): SiteSettings {
  return {
    ...site,
    timezone: site.timezone ?? farm.timezone,
    tariff: { pricePerKwh: moneyOf(tariff.pricePerKwh, tariff.currency ?? farm.currency) },
  };
}

function marketOf(market: FileSettings['market']['static'], currency: Currency): StaticMarket {
  const coins = Object.entries(market.coins).map(
    ([coin, { price, asOf, ...quote }]): CoinQuote => ({
      ...quote,
      coin,
      price: moneyOf(price, currency),
      asOfMs: asOf?.atMs ?? null,
    }),
  );
  const rentals = Object.entries(market.rentals).map(
    ([model, { pricePerGpuHour, asOf, ...quote }]): RentalQuote => ({
      ...quote,
      model: modelOf(model),
      pricePerGpuHour: moneyOf(pricePerGpuHour, currency),
      asOfMs: asOf?.atMs ?? null,
    }),
  );
  const fx = Object.entries(market.fx).flatMap(([written, { rate, asOf }]): FxRate[] => {
    const pair = currencyPair(written);
    return pair === null ? [] : [{ ...pair, rate, asOf: asOf?.text ?? null }];
  });
  return { coins, rentals, fx };
}
