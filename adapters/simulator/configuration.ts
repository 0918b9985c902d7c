import { Document, isCollection, isSeq, stringify } from 'yaml';
import type { CardModel } from './cards.ts';
import type { Farm } from './farm.ts';
import { models } from './models.ts';
import { rigKinds } from './rig-kinds.ts';
import { type Site, type SiteName, sites } from './sites.ts';
import { zooCoins, zooMetrics, zooRigs } from './zoo-configuration.ts';

const asOf = '2026-10-01';

/** Illustrative, in the size that these networks and prices had; nobody should trade on them. */
const coins = {
  RVN: { algorithm: 'kawpow', difficulty: 62_900, difficultyUnit: 'btc', blockReward: 1_250, price: 0.021 },
  ETC: { algorithm: 'etchash', difficulty: 3.2e15, difficultyUnit: 'hashes', blockReward: 2.048, price: 18.4 },
  ERG: { algorithm: 'autolykos2', difficulty: 2.1e14, difficultyUnit: 'hashes', blockReward: 3, price: 0.9 },
} as const;

/** Only these models' occupancy is declared; for the others it is unknown, and the break-even is the answer. */
const occupancies: Readonly<Record<string, number>> = { 'RTX 3090': 0.55, 'RTX A4000': 0.6 };

/** `rigshift.yaml` for a farm whose server is at `baseUrl`: reads its exporters directly, with prices to calculate by. */
export function configurationYaml(farm: Farm, baseUrl: string): string {
  const used = new Set(farm.targets.flatMap(({ site }) => (site === null ? [] : [site])));
  const zoo = farm.options.zoo === true;
  const settings = {
    farm: { name: 'Simulated farm', currency: 'USD', timezone: 'America/Toronto' },
    mining: { coin: 'RVN', poolFee: 0.01 },
    sites: [...used].map((name) => siteSettings(sites[name])),
    ...(zoo ? { rigs: zooRigs(farm) } : {}),
    metrics: {
      interval: '15s',
      exporters: { targets: farm.targets.map((target) => exporterTarget(target, baseUrl)) },
      ...(zoo ? zooMetrics : {}),
    },
    market: {
      static: {
        coins: Object.fromEntries(
          Object.entries(zoo ? { ...coins, ...zooCoins } : coins).map(([coin, quote]) => [
            coin,
            { ...quote, source: 'illustrative', asOf },
          ]),
        ),
        rentals: Object.fromEntries(rentedModels().map((model) => [model.shortName, rental(model)])),
        fx: { 'USD/CAD': { rate: 1.39, asOf } },
      },
    },
    operations: {
      miningPerGpuDay: 0.02,
      rentalPerGpuDay: 0.12,
      idleWatts: 18,
      rentalWatts: Object.fromEntries(
        rentedModels().map((model) => [model.shortName, Math.round(model.tdpWatts * 0.74)]),
      ),
    },
  };
  return document(settings);
}

/** Each target on a line of its own: the list is long and the settings around it are what people come to read. */
function document(settings: object): string {
  const yaml = new Document(settings, { aliasDuplicateObjects: false });
  yaml.commentBefore = ' A simulated farm. Coins, prices and tariffs are illustrative.';
  const targets = yaml.getIn(['metrics', 'exporters', 'targets']);
  if (isSeq(targets)) for (const target of targets.items) if (isCollection(target)) target.flow = true;
  return yaml.toString({ lineWidth: 0 });
}

/** A configuration that scrapes the farm, for Prometheus 2.28 or newer and for VictoriaMetrics; `interval` is a duration such as `15s`. */
export function prometheusYaml(baseUrl: string, interval: string): string {
  return stringify({
    global: { scrape_interval: interval, scrape_timeout: interval },
    scrape_configs: [
      // Nothing more: VictoriaMetrics refuses keys that it does not know.
      { job_name: 'rigs', http_sd_configs: [{ url: `${baseUrl}/targets.json` }] },
    ],
  });
}

/** Targets as Prometheus's file and HTTP service discovery read them. */
export function serviceDiscovery(farm: Farm, baseUrl: string): readonly object[] {
  const address = new URL(baseUrl).host;
  return farm.targets.map((target) => ({
    targets: [address],
    labels: { ...targetLabels(target), __metrics_path__: target.path },
  }));
}

/** What a server adds to each series of a target. */
export function targetLabels({ instance, exporter, site }: Farm['targets'][number]): Readonly<Record<string, string>> {
  return { instance, job: exporter, ...(site === null ? {} : { site }) };
}

function siteSettings(site: Site): object {
  const { name, timezone, pue, psuEfficiency, hostWatts, tariff, mining } = site;
  return {
    name,
    match: { site: name satisfies SiteName },
    timezone,
    pue,
    psuEfficiency,
    hostWatts,
    tariff,
    ...(mining === null ? {} : { mining }),
  };
}

/** Each exporter has an entry of its own, because `instance` tells them apart. */
function exporterTarget({ rigName, site, instance, exporter, path }: Farm['targets'][number], baseUrl: string): object {
  return {
    ...(rigName === null ? {} : { rig: rigName }),
    ...(site === null ? {} : { site }),
    urls: [`${baseUrl}${path}`],
    labels: { instance, job: exporter },
  };
}

/** Models of the farm's kinds that Vast listed. */
function rentedModels(): readonly CardModel[] {
  const names = new Set(rigKinds.flatMap(({ cards }) => [0, 1, 2].flatMap((cycle) => cards(cycle))));
  return [...names].map((name): CardModel => models[name]).filter(({ vastFloorUsd }) => vastFloorUsd !== null);
}

function rental({ shortName, vastFloorUsd }: CardModel): object {
  const occupancy = occupancies[shortName];
  return {
    pricePerGpuHour: vastFloorUsd,
    side: 'renter',
    platformFee: 0.25,
    ...(occupancy === undefined ? {} : { occupancy }),
    source: `illustrative, Vast floor ${asOf}`,
    asOf,
  };
}
