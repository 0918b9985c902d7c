import type { Farm } from '../../domain/farm.ts';
import type { LedgerSettings } from '../../domain/ledger-settings.ts';
import type { MetricsSettings } from '../../domain/metrics-settings.ts';
import { createRigTerms } from '../rig-terms.ts';

/** What figures rest on because nobody said it, and what time does; each in words. */
export function assumptionsOf(farm: Farm, metrics: MetricsSettings, ledger: LedgerSettings): readonly string[] {
  return [...ofSites(farm), ...ofMoney(farm), ...ofTimes(metrics, ledger)];
}

/** The same assumption of several sites stands there once. */
function ofSites(farm: Farm): string[] {
  const termsOf = createRigTerms({ ...farm, rigs: new Map() });
  const sites = new Map<string, string[]>();
  for (const { name } of farm.sites) {
    for (const assumption of termsOf({ name: '', site: name }).assumptions) {
      sites.set(assumption, [...(sites.get(assumption) ?? []), name]);
    }
  }
  return [...sites].map(([assumption, names]) => `${assumption}: ${listed(names, farm.sites.length)}`);
}

function listed(names: readonly string[], all: number): string {
  if (names.length === all) return all === 1 ? (names[0] ?? '') : 'every site';
  return names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
}

function ofMoney({ market, mining, sites, operations }: Farm): string[] {
  const { rentals, coins } = market;
  const withoutFee = rentals.filter(({ side, platformFee }) => side === 'renter' && platformFee === null);
  const withoutOccupancy = rentals.filter(({ occupancy }) => occupancy === null);
  const models = (quotes: typeof rentals) => quotes.map(({ model }) => model).join(', ');
  const isCoinKnown = mining.coin !== null || sites.every((site) => site.mining.coin !== null);
  return [
    ...(withoutFee.length === 0 ? [] : [`platform fee 0.25 (platformFee is not declared): ${models(withoutFee)}`]),
    ...(withoutOccupancy.length === 0
      ? []
      : [
          `occupancy unknown until the ledger has measured it (occupancy is not declared): ${models(withoutOccupancy)}`,
        ]),
    ...(coins.length === 0
      ? ['no coin has a price (market.static.coins): what is mined is worth an unknown amount']
      : []),
    ...(isCoinKnown ? [] : ['the coin is what the miner says, else unknown (mining.coin is not declared)']),
    ...(operations.idleWatts === null ? ['an idle card draws what idle cards of its model draw here, else 25 W'] : []),
  ];
}

function ofTimes({ intervalMs, states, tooOldMs }: MetricsSettings, ledger: LedgerSettings): string[] {
  return [
    `observed every ${seconds(intervalMs)}; answered from for ${seconds(tooOldMs)} at most when the source is gone`,
    `between two jobs for up to ${seconds(states.miningGapMs)}; down after ${seconds(states.downAfterMs)} unseen`,
    `the ledger keeps hours for ${ledger.hoursDays} days, days for ever`,
  ];
}

function seconds(ms: number): string {
  return ms % 60_000 === 0 && ms > 0 ? `${ms / 60_000} min` : `${ms / 1000} s`;
}
