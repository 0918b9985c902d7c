import type { Farm, SiteSettings } from '../../src/domain/farm.ts';
import type { LedgerRow } from '../../src/domain/ledger.ts';
import type { Gpu } from '../../src/domain/rig.ts';
import { noStates } from '../../src/domain/work-state.ts';
import { coinQuote, farmOf, rentalQuote, siteOf } from './farms.ts';
import { miningCard } from './rigs.ts';

/*
 * The farm whose hours are worked out by hand where the ledger is tested: 1e12 hashes of kawpow are 50 USD before the pool's
 * 1 %, a kWh is 0.05 USD, a rented GPU-hour brings 0.15 USD.
 */

export const northCoins = [
  coinQuote({
    difficulty: 1e12,
    blockReward: 2500,
    price: { amount: 0.02, currency: 'USD' },
    source: 'configuration',
  }),
  coinQuote({
    coin: 'ETC',
    algorithm: 'etchash',
    difficulty: 2e15,
    blockReward: 2,
    price: { amount: 20, currency: 'USD' },
    source: 'configuration',
  }),
] as const;

export const northRentals = [
  rentalQuote({ pricePerGpuHour: { amount: 0.2, currency: 'USD' }, occupancy: null, source: 'configuration' }),
] as const;

export function northSite(changes: Partial<SiteSettings> = {}): SiteSettings {
  return siteOf({ tariff: { pricePerKwh: { amount: 0.05, currency: 'USD' } }, ...changes });
}

export function northFarm(changes: Partial<Farm> = {}): Farm {
  return farmOf({
    name: 'north',
    timezone: 'America/Toronto',
    sites: [northSite()],
    market: { coins: northCoins, rentals: northRentals, fx: [] },
    mining: { coin: 'RVN', poolFee: 0.01 },
    ...changes,
  });
}

/** A card that mines 50 MH/s at 300 W. */
export function northCard(changes: Partial<Gpu> = {}): Gpu {
  return miningCard({ hashrate: 50e6, powerWatts: 300, ...changes });
}

/** An hour of one card that mined for 1 USD and took power for 0.25 USD. */
export function northRow(changes: Partial<LedgerRow> & Pick<LedgerRow, 'startMs'>): LedgerRow {
  return {
    rig: 'a1',
    site: 'quebec',
    seconds: 3600,
    observedSeconds: 3600,
    stateSeconds: { ...noStates(), mining: 3600 },
    asicSeconds: null,
    cardJoules: 1e6,
    wallJoules: 1.2e6,
    powerSeconds: 3600,
    mined: [
      { algorithm: 'kawpow', coin: 'RVN', hashes: 1e11, gpuSeconds: 3600, revenue: { amount: 1, currency: 'USD' } },
    ],
    models: [{ model: 'RTX 3090', ownedSeconds: 3600, observedSeconds: 3600, rentedSeconds: 0 }],
    powerCost: { amount: 0.25, currency: 'USD' },
    rentedRevenue: { amount: 0, currency: 'USD' },
    quotes: [
      { what: 'coin:RVN', amount: 0.02, currency: 'USD', unit: 'RVN', source: 'configuration', asOfMs: null },
      { what: 'power:quebec', amount: 0.05, currency: 'USD', unit: 'kWh', source: 'configuration', asOfMs: null },
    ],
    ...changes,
  };
}
