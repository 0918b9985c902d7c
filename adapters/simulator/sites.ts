export type SiteName = 'quebec' | 'texas' | 'nagpur';

export interface Site {
  readonly name: SiteName;
  /** Beginning of the names of its rigs. */
  readonly prefix: string;
  readonly timezone: string;
  readonly tariff: { readonly pricePerKwh: number; readonly currency: string };
  readonly pue: number;
  readonly psuEfficiency: number;
  readonly hostWatts: number;
  readonly mining: { readonly coin: string; readonly poolFee: number } | null;
}

/** Illustrative: cheap hydro power, a Texan contract, and a site whose offset from UTC is not a whole hour. */
export const sites = {
  quebec: {
    name: 'quebec',
    prefix: 'qc',
    timezone: 'America/Toronto',
    tariff: { pricePerKwh: 0.053, currency: 'CAD' },
    pue: 1.06,
    psuEfficiency: 0.92,
    hostWatts: 65,
    mining: null,
  },
  texas: {
    name: 'texas',
    prefix: 'tx',
    timezone: 'America/Chicago',
    tariff: { pricePerKwh: 0.068, currency: 'USD' },
    pue: 1.15,
    psuEfficiency: 0.93,
    hostWatts: 180,
    mining: { coin: 'ERG', poolFee: 0.01 },
  },
  nagpur: {
    name: 'nagpur',
    prefix: 'in',
    timezone: 'Asia/Kolkata',
    tariff: { pricePerKwh: 0.098, currency: 'USD' },
    pue: 1.3,
    psuEfficiency: 0.92,
    hostWatts: 170,
    mining: null,
  },
} as const satisfies Record<SiteName, Site>;
