import type { MarketplaceQuote } from '../snapshot.ts';
import type { MarketReading } from './marketplace-reading.ts';

/**
 * One quote of many series: verified offers where there are any, else all; prices of rented offers (what renters pay)
 * before asking prices. Occupancy is rented / (rented + not) for the same verification status.
 */
export function marketplaceQuote(market: MarketReading, sampledAtMs: number): MarketplaceQuote {
  const verified = market.counts.some((count) => count.verified === 'yes' && count.value > 0) ? 'yes' : null;
  const price = (quantile: 'p10' | 'median' | 'p90') => pickPrice(market, quantile, verified)?.value ?? null;
  const counted = market.counts.filter((count) => verified === null || count.verified === verified);
  const rented = sum(counted.filter((count) => count.rented === 'yes'));
  const total = sum(counted.filter((count) => count.rented === 'yes' || count.rented === 'no'));
  return {
    platform: 'vast',
    model: market.model,
    medianUsdPerGpuHour: price('median'),
    p10UsdPerGpuHour: price('p10'),
    p90UsdPerGpuHour: price('p90'),
    occupancy: total > 0 ? rented / total : null,
    kind: `on-demand median of ${offersInWords(pickPrice(market, 'median', verified))}, renter side`,
    sampledAtMs,
  };
}

type MarketPrice = MarketReading['prices'][number];

function pickPrice(market: MarketReading, quantile: string, verified: 'yes' | null): MarketPrice | null {
  const statuses = verified === 'yes' ? ['yes', 'any'] : ['any', 'no'];
  for (const status of statuses) {
    for (const rented of ['yes', 'any', 'no']) {
      const found = market.prices.find(
        (price) => price.quantile === quantile && price.verified === status && price.rented === rented,
      );
      if (found !== undefined) return found;
    }
  }
  return null;
}

function offersInWords(price: MarketPrice | null): string {
  const status = price?.verified === 'yes' ? 'verified ' : price?.verified === 'no' ? 'unverified ' : '';
  const rented = price?.rented === 'yes' ? 'rented ' : price?.rented === 'no' ? 'unrented ' : '';
  return `${rented}${status}offers`;
}

function sum(counts: readonly { value: number }[]): number {
  return counts.reduce((total, count) => total + count.value, 0);
}
