import type { CoinQuote, DifficultyUnit } from '../farm.ts';
import { SECONDS_PER_DAY } from '../quantities.ts';

/** Hashes per unit of a Bitcoin-style difficulty. */
const HASHES_PER_BTC_DIFFICULTY = 2 ** 32;

/** Hashes that find one block on average (ECONOMICS.md 1.1, forms A and B). */
export function hashesPerBlock(difficulty: number, unit: DifficultyUnit): number {
  return unit === 'btc' ? difficulty * HASHES_PER_BTC_DIFFICULTY : difficulty;
}

/**
 * Coins from hashes: `hashes * blockReward / hashesPerBlock` (ECONOMICS.md 1.1 with H * 86400 written as hashes). Gross of
 * pool fee and of rejected shares.
 */
export function coinsFromHashes(
  hashes: number,
  coin: Pick<CoinQuote, 'difficulty' | 'difficultyUnit' | 'blockReward'>,
): number {
  return (hashes * coin.blockReward) / hashesPerBlock(coin.difficulty, coin.difficultyUnit);
}

export function coinsPerDay(
  hashrate: number,
  coin: Pick<CoinQuote, 'difficulty' | 'difficultyUnit' | 'blockReward'>,
): number {
  return coinsFromHashes(hashrate * SECONDS_PER_DAY, coin);
}

/** From network hashrate and block time (form C). */
export function coinsPerDayFromNetwork(
  hashrate: number,
  network: { readonly hashrate: number; readonly blockTimeSeconds: number; readonly blockReward: number },
): number {
  return ((hashrate / network.hashrate) * SECONDS_PER_DAY * network.blockReward) / network.blockTimeSeconds;
}

/** Share of work that a pool refused: rejected / (accepted + rejected); null before the first share. */
export function rejectRatio(accepted: number | null, rejected: number | null): number | null {
  if (accepted === null || rejected === null) return null;
  return accepted + rejected > 0 ? rejected / (accepted + rejected) : null;
}

/**
 * Mining revenue in the currency of the coin's price, net of pool fee, gross of power. `hashes` are reported hashes;
 * measured hashes hold the uptime already (ECONOMICS.md 1.5: uptime = 1).
 */
export function miningRevenue(
  hashes: number,
  coin: CoinQuote,
  fees: { readonly poolFee: number; readonly rejectRatio: number },
): number {
  return coinsFromHashes(hashes * (1 - fees.rejectRatio), coin) * (1 - fees.poolFee) * coin.price.amount;
}
