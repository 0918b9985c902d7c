import type { CoinQuote } from '../farm.ts';

/** `KawPow`, `kawpow` and `kaw-pow` are one algorithm. */
export function sameAlgorithm(a: string, b: string): boolean {
  const bare = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return a === b || bare(a) === bare(b);
}

/**
 * The coin that a card's hashes are valued at. The miner's own algorithm beats the configuration: a configured coin of
 * another algorithm is not what is mined. Null where that leaves no coin or more than one.
 */
export function chooseCoin(
  algorithm: string | null,
  configured: string | null,
  coins: readonly CoinQuote[],
): CoinQuote | null {
  const named = configured === null ? null : (coins.find((coin) => coin.coin === configured) ?? null);
  if (algorithm === null) return named ?? (configured === null && coins.length === 1 ? (coins[0] ?? null) : null);
  if (named !== null && sameAlgorithm(named.algorithm, algorithm)) return named;
  const candidates = coins.filter((coin) => sameAlgorithm(coin.algorithm, algorithm));
  return candidates.length === 1 ? (candidates[0] ?? null) : null;
}

export type CoinChoice = (algorithm: string | null, configured: string | null) => CoinQuote | null;

/** `chooseCoin` among these coins, each choice made once: a fleet asks for the same few with every card. */
export function createCoinChoice(coins: readonly CoinQuote[]): CoinChoice {
  const chosen = new Map<string | null, Map<string | null, CoinQuote | null>>();
  return (algorithm, configured) => {
    let byAlgorithm = chosen.get(configured);
    if (byAlgorithm === undefined) {
      byAlgorithm = new Map();
      chosen.set(configured, byAlgorithm);
    }
    let coin = byAlgorithm.get(algorithm);
    if (coin === undefined) {
      coin = chooseCoin(algorithm, configured, coins);
      byAlgorithm.set(algorithm, coin);
    }
    return coin;
  };
}
