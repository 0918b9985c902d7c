import type { Algorithm } from './cards.ts';
import { farmxDialect } from './dialects/farmx-exporter.ts';
import type { Farm } from './farm.ts';
import { rigIndices } from './targets.ts';

/** Illustrative, like the demo's. */
export const zooCoins = {
  BTC: { algorithm: 'sha256d', difficulty: 1.2e14, difficultyUnit: 'btc', blockReward: 3.125, price: 98_000 },
  XMR: { algorithm: 'randomx', difficulty: 4.6e11, difficultyUnit: 'hashes', blockReward: 0.6, price: 260 },
} as const;

const coinOf = {
  kawpow: 'RVN',
  etchash: 'ETC',
  autolykos2: 'ERG',
  sha256d: 'BTC',
  randomx: 'XMR',
} as const satisfies Record<Algorithm, string>;

/** What an operator has to say himself: which speed test his servers run, and what his own panel prints. */
export const zooMetrics = { speedtest: 'miguelndecarvalho', dialects: [farmxDialect] } as const;

/** What the zoo's own rigs mine: most of their miners do not say it. */
export function zooRigs(farm: Farm): Readonly<Record<string, object>> {
  return Object.fromEntries(
    rigIndices(farm.options)
      .slice(farm.options.rigs)
      .map((index) => farm.rig(index))
      .flatMap(({ name, kind }) =>
        kind.algorithm === null ? [] : [[name, { mining: { coin: coinOf[kind.algorithm] } }]],
      ),
  );
}
