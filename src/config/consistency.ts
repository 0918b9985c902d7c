import { z } from 'zod';
import { normaliseModel } from '../domain/model-name.ts';
import { cellPath, type InventoryLine } from './inventory.ts';
import type { Path } from './keys.ts';
import { describeFound } from './mistake.ts';
import { nearestName } from './nearest.ts';
import { currencyCode } from './values.ts';

/** A mistake that only shows when two places are compared. */
export interface Contradiction {
  readonly path: Path | string;
  readonly found: string;
  readonly allowed: string;
  readonly nearest?: string | undefined;
}

const text = z.string().trim().nullish().catch(null);

function lenient<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object(shape).nullable().catch(null);
}

function lenientNames<Value extends z.ZodType>(value: Value) {
  return z.record(z.string(), value).catch({});
}

const choice = lenient({ coin: text });

/** What of a file can be compared although other parts of it are wrong. */
const outlineSchema = z.object({
  sites: z.array(lenient({ name: text, mining: choice })).catch([]),
  rigs: lenientNames(lenient({ site: text, mining: choice })),
  mining: choice,
  metrics: lenient({
    exporters: lenient({
      targets: z.array(lenient({ rig: text, site: text, urls: z.array(text).catch([]) })).catch([]),
    }),
  }),
  market: lenient({
    static: lenient({
      coins: lenientNames(z.unknown()),
      rentals: lenientNames(z.unknown()),
      fx: lenientNames(z.unknown()),
    }),
  }),
  operations: lenient({ rentalWatts: lenientNames(z.unknown()) }),
});

type Outline = z.output<typeof outlineSchema>;

/** Compares names across the file and the inventory, as far as they can be read. */
export function contradictions(file: unknown, inventory: readonly InventoryLine[]): Contradiction[] {
  const outline = outlineSchema.parse(file);
  return [
    ...siteNames(outline),
    ...placesAtSites(outline, inventory),
    ...unknownCoins(outline),
    ...sameUrls(outline),
    ...sameModels(['market', 'static', 'rentals'], outline.market?.static?.rentals ?? {}),
    ...sameModels(['operations', 'rentalWatts'], outline.operations?.rentalWatts ?? {}),
    ...currencyPairs(outline.market?.static?.fx ?? {}),
  ];
}

function siteNames({ sites }: Outline): Contradiction[] {
  const names = sites.map((site) => site?.name);
  return names.flatMap((name, index) => {
    const first = names.indexOf(name);
    if (name === null || name === undefined || first === index) return [];
    return {
      path: ['sites', index, 'name'],
      found: `${describeFound(name)}, as sites[${first}]`,
      allowed: 'each name once',
    };
  });
}

interface Placement {
  readonly path: Path | string;
  readonly rig: string | null;
  readonly site: string;
}

/** Every place that says at which site something is. */
function placements({ rigs, metrics }: Outline, inventory: readonly InventoryLine[]): Placement[] {
  const targets = metrics?.exporters?.targets ?? [];
  return [
    ...Object.entries(rigs).map(([rig, settings]) => ({ path: ['rigs', rig, 'site'], rig, site: settings?.site })),
    ...targets.map((target, index) => ({
      path: ['metrics', 'exporters', 'targets', index, 'site'],
      rig: target?.rig ?? null,
      site: target?.site,
    })),
    ...inventory.map(({ line, rig, site }) => ({ path: cellPath(line, 'site'), rig, site })),
  ].flatMap(({ site, ...rest }) => (typeof site === 'string' ? [{ ...rest, site }] : []));
}

function placesAtSites(outline: Outline, inventory: readonly InventoryLine[]): Contradiction[] {
  const names = outline.sites.map((site) => site?.name).filter((name) => typeof name === 'string');
  // A site whose own name is missing or wrong could be the one that is meant.
  if (names.length === 0 || names.length < outline.sites.length) return [];
  const all = placements(outline, inventory);
  const allowed = `a site of this file: ${names.join(', ')}`;
  const unknown = all
    .filter(({ site }) => !names.includes(site))
    .map(({ path, site }) => ({ path, found: describeFound(site), allowed, nearest: nearestName(site, names) }));
  return [...unknown, ...rigsAtTwoSites(all.filter(({ site }) => names.includes(site)))];
}

/** Two sites are two power prices. */
function rigsAtTwoSites(all: readonly Placement[]): Contradiction[] {
  const sites = new Map<string, string>();
  return all.flatMap(({ path, rig, site }) => {
    if (rig === null) return [];
    const first = sites.get(rig) ?? site;
    sites.set(rig, first);
    const found = `${describeFound(site)} for rig ${describeFound(rig)}, which is at ${describeFound(first)} elsewhere`;
    return first === site ? [] : [{ path, found, allowed: 'one site for each rig' }];
  });
}

function unknownCoins({ mining, sites, rigs, market }: Outline): Contradiction[] {
  const coins = Object.keys(market?.static?.coins ?? {});
  if (coins.length === 0) return [];
  const allowed = `a coin of market.static.coins: ${coins.join(', ')}`;
  const choices = [
    { path: ['mining', 'coin'], coin: mining?.coin },
    ...sites.map((site, index) => ({ path: ['sites', index, 'mining', 'coin'], coin: site?.mining?.coin })),
    ...Object.entries(rigs).map(([rig, settings]) => ({
      path: ['rigs', rig, 'mining', 'coin'],
      coin: settings?.mining?.coin,
    })),
  ];
  return choices.flatMap(({ path, coin }) => {
    if (coin === null || coin === undefined || coins.includes(coin)) return [];
    return { path, found: describeFound(coin), allowed, nearest: nearestName(coin, coins) };
  });
}

/** One exporter read twice would count its cards twice. */
function sameUrls({ metrics }: Outline): Contradiction[] {
  const seen = new Set<string>();
  return (metrics?.exporters?.targets ?? []).flatMap((target, index) =>
    (target?.urls ?? []).flatMap((url, position) => {
      if (url === null || url === undefined) return [];
      const isSeen = seen.has(url);
      seen.add(url);
      const path = ['metrics', 'exporters', 'targets', index, 'urls', position];
      return isSeen ? [{ path, found: `${describeFound(url)} a second time`, allowed: 'each address once' }] : [];
    }),
  );
}

function sameModels(path: Path, byModel: Readonly<Record<string, unknown>>): Contradiction[] {
  const first = new Map<string, string>();
  return Object.keys(byModel).flatMap((written) => {
    const model = normaliseModel(written);
    if (model === null)
      return [{ path: [...path, written], found: 'a blank name', allowed: 'a GPU model such as "RTX 3090"' }];
    const other = first.get(model);
    if (other === undefined) {
      first.set(model, written);
      return [];
    }
    const found = `${describeFound(written)}, which is ${model} as ${describeFound(other)} is`;
    return [{ path: [...path, written], found, allowed: 'each GPU model once' }];
  });
}

function currencyPairs(fx: Readonly<Record<string, unknown>>): Contradiction[] {
  const first = new Map<string, string>();
  return Object.keys(fx).flatMap((written): Contradiction[] => {
    const path = ['market', 'static', 'fx', written];
    const pair = currencyPair(written);
    if (pair === null) {
      return [
        {
          path,
          found: describeFound(written),
          allowed: 'two different ISO 4217 codes: USD/CAD is the price of 1 USD in CAD',
        },
      ];
    }
    const key = [pair.base, pair.quote].sort().join('/');
    const other = first.get(key);
    first.set(key, written);
    return other === undefined
      ? []
      : [{ path, found: `${describeFound(written)} beside ${other}`, allowed: 'each pair once, in one direction' }];
  });
}

/** `USD/CAD` in its parts, or null where it is no pair of two currencies. */
export function currencyPair(written: string): { readonly base: string; readonly quote: string } | null {
  const [base, quote, ...rest] = written.split('/').map(currencyCode);
  if (typeof base !== 'string' || typeof quote !== 'string' || rest.length > 0 || base === quote) return null;
  return { base, quote };
}
