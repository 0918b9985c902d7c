import { exchangeRate } from '../domain/economics/exchange.ts';
import type { PowerPath } from '../domain/economics/power.ts';
import type { Farm, SiteSettings } from '../domain/farm.ts';
import type { Money } from '../domain/quantities.ts';
import type { Rig } from '../domain/rig.ts';

/** What the configuration says for one rig: rig over site over farm, field by field; and what nobody said. */
export interface RigTerms {
  readonly site: SiteSettings | null;
  /** Assumed where nobody said it: host 0 W, PSU efficiency 1, PUE 1. */
  readonly path: PowerPath;
  /** In the farm's currency; null where the rig has no site or its tariff cannot be converted. */
  readonly pricePerKwh: number | null;
  readonly tariff: Money | null;
  readonly coin: string | null;
  readonly poolFee: number;
  /** In words, for the small print. */
  readonly assumptions: readonly string[];
}

/** Terms of every rig, worked out once per site and override. */
export function createRigTerms(farm: Farm): (rig: Pick<Rig, 'name' | 'site'>) => RigTerms {
  const bySite = new Map<string | null, RigTerms>();
  return (rig) => {
    const override = farm.rigs.get(rig.name);
    if (override !== undefined) return terms(farm, rig);
    let known = bySite.get(rig.site);
    if (known === undefined) {
      known = terms(farm, rig);
      bySite.set(rig.site, known);
    }
    return known;
  };
}

function terms(farm: Farm, rig: Pick<Rig, 'name' | 'site'>): RigTerms {
  const site = farm.sites.find((candidate) => candidate.name === rig.site) ?? null;
  const own = farm.rigs.get(rig.name);
  const hostWatts = own?.hostWatts ?? site?.hostWatts ?? null;
  const psuEfficiency = own?.psuEfficiency ?? site?.psuEfficiency ?? null;
  const pue = site?.pue ?? null;
  const poolFee = own?.mining.poolFee ?? site?.mining.poolFee ?? farm.mining.poolFee;
  const tariff = site?.tariff.pricePerKwh ?? null;
  const rate = tariff === null ? null : exchangeRate(tariff.currency, farm.currency, farm.market.fx);
  const assumptions: string[] = [];
  if (hostWatts === null) assumptions.push('host power 0 W (hostWatts is not declared)');
  if (psuEfficiency === null) assumptions.push('PSU efficiency 1 (psuEfficiency is not declared)');
  if (pue === null && site !== null) assumptions.push('PUE 1 (pue is not declared)');
  if (poolFee === null) assumptions.push('pool fee 0 (mining.poolFee is not declared)');
  return {
    site,
    path: { hostWatts: hostWatts ?? 0, psuEfficiency: psuEfficiency ?? 1, pue: pue ?? 1 },
    pricePerKwh: tariff === null || rate === null ? null : tariff.amount * rate,
    tariff,
    coin: own?.mining.coin ?? site?.mining.coin ?? farm.mining.coin,
    poolFee: poolFee ?? 0,
    assumptions,
  };
}
