import type { RentalQuote } from '../farm.ts';
import type { Money } from '../quantities.ts';
import type { MarketplaceQuote } from '../snapshot.ts';

/**
 * What Vast keeps of what the renter pays: inferred from four fields of a real offer (ECONOMICS.md 1.4 and 5), so an
 * assumption wherever nobody stated the fee.
 */
export const ASSUMED_PLATFORM_FEE = 0.25;

/** What a model's own last 30 days say (ECONOMICS.md: rules that hold everywhere). */
export interface MeasuredOccupancy {
  /** Rented over owned and observed GPU-hours, 0..1. */
  readonly occupancy: number;
  readonly gpuHours: number;
}

/** By normalised model. */
export type MeasuredOccupancies = ReadonlyMap<string, MeasuredOccupancy>;

/** What a GPU-hour of a model brings, from one source. */
export interface RentalRate {
  readonly pricePerGpuHour: Money;
  readonly side: 'renter' | 'host';
  /** Taken off renter prices; 0 for host prices. */
  readonly platformFee: number;
  readonly platformFeeAssumed: boolean;
  /** Measured by ourselves, else as declared; null where neither is. */
  readonly occupancy: number | null;
  /** GPU-hours that a measured occupancy rests on; null for a declared one. */
  readonly measuredOverGpuHours: number | null;
  /** Of the market, not ours: shown beside the break-even, never used as income. */
  readonly marketOccupancy: number | null;
  readonly source: string;
  readonly asOfMs: number | null;
}

/**
 * The operator's own quote, else the marketplace's median, else null: unknown.
 * @param names of one model, the card's own first: `RTX 3080` and, by its VRAM, `RTX 3080 10GB`.
 */
export function rentalRate(
  names: readonly string[],
  quotes: readonly RentalQuote[],
  marketplace: readonly MarketplaceQuote[],
  measured: MeasuredOccupancies = new Map(),
): RentalRate | null {
  const market = byName(names, marketplace);
  const own = names.map((name) => measured.get(name)).find((known) => known !== undefined) ?? null;
  const measuredOverGpuHours = own?.gpuHours ?? null;
  const quote = byName(names, quotes);
  if (quote !== null) {
    const renter = quote.side === 'renter';
    return {
      pricePerGpuHour: quote.pricePerGpuHour,
      side: quote.side,
      platformFee: renter ? (quote.platformFee ?? ASSUMED_PLATFORM_FEE) : 0,
      platformFeeAssumed: renter && quote.platformFee === null,
      occupancy: own?.occupancy ?? quote.occupancy,
      measuredOverGpuHours,
      marketOccupancy: market?.occupancy ?? null,
      source: quote.source,
      asOfMs: quote.asOfMs,
    };
  }
  if (market === null || market.medianUsdPerGpuHour === null) return null;
  return {
    pricePerGpuHour: { amount: market.medianUsdPerGpuHour, currency: 'USD' },
    side: 'renter',
    platformFee: ASSUMED_PLATFORM_FEE,
    platformFeeAssumed: true,
    occupancy: own?.occupancy ?? null,
    measuredOverGpuHours,
    marketOccupancy: market.occupancy,
    source: `${market.platform}, ${market.kind}`,
    asOfMs: market.sampledAtMs,
  };
}

function byName<Quote extends { readonly model: string }>(
  names: readonly string[],
  quotes: readonly Quote[],
): Quote | null {
  for (const name of names) {
    const found = quotes.find(({ model }) => model === name);
    if (found !== undefined) return found;
  }
  return null;
}
