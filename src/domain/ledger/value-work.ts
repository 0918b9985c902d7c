import { chooseCoin, sameAlgorithm } from '../economics/coin-choice.ts';
import { coinsFromHashes, miningRevenue, rejectRatio } from '../economics/mining.ts';
import type { CoinQuote, MiningChoice } from '../farm.ts';
import type { MinedWork } from '../ledger.ts';
import { type Money, money } from '../quantities.ts';
import type { QuoteList } from './quote-list.ts';
import type { StretchWork } from './stretch-work.ts';

/**
 * Hashes with their estimated worth; works that turn out to be one coin's are one.
 * @param ownCoin what the rig itself is configured to mine, and no site or farm.
 */
export function valueWork(
  works: readonly StretchWork[],
  choice: MiningChoice,
  ownCoin: string | null,
  quotes: QuoteList,
): readonly MinedWork[] {
  const merged = new Map<string, MinedWork>();
  for (const work of works) {
    const coin = coinOf(work, isUnnamedApart(work) ? ownCoin : choice.coin, quotes.farm.market.coins);
    const mined: MinedWork = {
      algorithm: work.algorithm ?? coin?.algorithm ?? null,
      coin: work.coin ?? coin?.coin ?? null,
      hashes: work.hashes,
      gpuSeconds: work.gpuSeconds,
      revenue: coin === null ? null : minedRevenue(work, coin, choice.poolFee, quotes),
    };
    // What nobody can name is not one thing: an ASIC's hashes are not added to a card's.
    const key = JSON.stringify([mined.algorithm, mined.coin, coin === null && work.isApart]);
    const before = merged.get(key);
    merged.set(key, before === undefined ? mined : addMined(before, mined));
  }
  return [...merged.values()];
}

/** Whether what farm and site are configured to mine says nothing of this work. */
function isUnnamedApart({ isApart, algorithm }: StretchWork): boolean {
  return isApart && algorithm === null;
}

/** What the miner prints beats the configuration; a coin that the miner's algorithm cannot mine is worth what nobody knows. */
function coinOf(work: StretchWork, configured: string | null, coins: readonly CoinQuote[]): CoinQuote | null {
  if (work.coin === null) {
    // Without any name the only coin that there is is a guess, and for an ASIC one that is wrong by orders of magnitude.
    if (isUnnamedApart(work) && configured === null) return null;
    return chooseCoin(work.algorithm, configured, coins);
  }
  const printed = coins.find(({ coin }) => coin.toUpperCase() === work.coin?.toUpperCase()) ?? null;
  if (printed === null || work.algorithm === null) return printed;
  return sameAlgorithm(printed.algorithm, work.algorithm) ? printed : null;
}

function addMined(a: MinedWork, b: MinedWork): MinedWork {
  return {
    ...a,
    hashes: a.hashes + b.hashes,
    gpuSeconds: a.gpuSeconds + b.gpuSeconds,
    revenue:
      a.revenue === null || b.revenue === null ? null : { ...a.revenue, amount: a.revenue.amount + b.revenue.amount },
  };
}

function minedRevenue(work: StretchWork, coin: CoinQuote, poolFee: number | null, quotes: QuoteList): Money | null {
  const rejects = rejectRatio(work.sharesAccepted, work.sharesRejected);
  const { source, asOfMs } = coin;
  const { amount, currency } = coin.price;
  quotes.use({ what: `coin:${coin.coin}`, amount, currency, unit: coin.coin, source, asOfMs });
  quotes.use({
    what: `yield:${coin.coin}`,
    amount: coinsFromHashes(1, coin),
    currency: coin.coin,
    unit: 'hash',
    source,
    asOfMs,
  });
  quotes.useRatio(`pool-fee:${coin.coin}`, poolFee ?? 0, poolFee === null ? 'assumed' : 'configuration');
  const rejectSource = rejects === null ? 'assumed' : 'shares';
  quotes.useRatio(`rejects:${work.algorithm ?? coin.algorithm}`, rejects ?? 0, rejectSource);
  const revenue = miningRevenue(work.hashes, coin, { poolFee: poolFee ?? 0, rejectRatio: rejects ?? 0 });
  return quotes.convert(money(revenue, currency));
}
