import type { CoinQuote, Farm, RentalQuote, SiteSettings } from '../../src/domain/farm.ts';

/** The site `quebec` with a tariff in USD; nothing else declared. */
export function siteOf(known: Partial<SiteSettings> = {}): SiteSettings {
  return {
    name: 'quebec',
    match: {},
    timezone: 'America/Toronto',
    pue: null,
    psuEfficiency: null,
    hostWatts: null,
    tariff: { pricePerKwh: { amount: 0.06, currency: 'USD' } },
    mining: { coin: null, poolFee: null },
    capacity: { lineUpMbps: null, lineDownMbps: null, publicIps: null, powerKw: null },
    meter: null,
    ...known,
  };
}

/** A site whose operator declares a line of so many Mb/s both ways. */
export function siteWithLine(mbps: number): SiteSettings {
  return siteOf({ capacity: { lineUpMbps: mbps, lineDownMbps: mbps, publicIps: null, powerKw: null } });
}

/** 1 GH/s earns one coin per day, one coin costs one USD. */
export function coinQuote(known: Partial<CoinQuote> = {}): CoinQuote {
  return {
    coin: 'RVN',
    algorithm: 'kawpow',
    difficulty: 86_400e9,
    difficultyUnit: 'hashes',
    blockReward: 1,
    price: { amount: 1, currency: 'USD' },
    source: 'static',
    asOfMs: null,
    ...known,
  };
}

export function rentalQuote(known: Partial<RentalQuote> = {}): RentalQuote {
  return {
    model: 'RTX 3090',
    pricePerGpuHour: { amount: 0.22, currency: 'USD' },
    side: 'renter',
    platformFee: 0.25,
    occupancy: 0.6,
    source: 'static',
    asOfMs: null,
    ...known,
  };
}

export const nothingDeclared: Farm['operations'] = {
  miningPerGpuDay: null,
  rentalPerGpuDay: null,
  offPerGpuDay: null,
  idleWatts: null,
  offWatts: null,
  rentalWatts: new Map(),
};

/** One site `quebec`, one coin, a rental quote for the RTX 3090, and what is given. */
export function farmOf(known: Partial<Farm> = {}): Farm {
  return {
    name: 'test',
    currency: 'USD',
    timezone: 'UTC',
    sites: [siteOf()],
    rigs: new Map(),
    inventory: new Map(),
    market: { coins: [coinQuote()], rentals: [rentalQuote()], fx: [] },
    operations: nothingDeclared,
    mixed: { idleShareMined: 1, switchesPerDay: 0, switchHours: 0 },
    mining: { coin: 'RVN', poolFee: 0 },
    retired: new Set(),
    ...known,
  };
}
