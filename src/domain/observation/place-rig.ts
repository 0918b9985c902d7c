import type { Farm } from '../farm.ts';
import type { TargetGroup } from './join-targets.ts';

/**
 * The site of a rig: as the configuration names it for a target, the rig or its inventory row; else the first site all of
 * whose `match` labels one of its targets carries; else the only site there is. Null where nothing places it.
 */
export function placeRig(group: TargetGroup, farm: Farm): string | null {
  for (const target of group.targets) if (target.configuredSite !== null) return target.configuredSite;
  const declared = farm.rigs.get(group.name)?.site ?? farm.inventory.get(group.name)?.site ?? null;
  if (declared !== null) return declared;
  for (const site of farm.sites) {
    const wanted = Object.entries(site.match);
    if (wanted.length === 0) continue;
    const matches = group.targets.some((target) => wanted.every(([label, value]) => target.labels[label] === value));
    if (matches) return site.name;
  }
  const [only] = farm.sites;
  return farm.sites.length === 1 && only !== undefined && Object.keys(only.match).length === 0 ? only.name : null;
}
