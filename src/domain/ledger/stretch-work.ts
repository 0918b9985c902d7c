import type { Rig } from '../rig.ts';
import { growth, type RigSight } from './sight.ts';

export interface StretchWork {
  readonly algorithm: string | null;
  /** As the miner prints it. */
  readonly coin: string | null;
  /** By an ASIC, or by a miner that prints no cards: a coin that was configured for cards is not what it mines. */
  readonly isApart: boolean;
  hashes: number;
  /** None by ASICs. */
  gpuSeconds: number;
  sharesAccepted: number;
  sharesRejected: number;
}

interface Miner {
  readonly key: string | null;
  readonly algorithm: string | null;
  readonly coin: string | null;
  readonly hashrate: number | null;
  readonly sharesAccepted: number | null;
  readonly sharesRejected: number | null;
}

/** No machine hashes more; a rate beyond it says nothing, and one rig's nonsense must not make a sum of all infinite. */
export const MOST_HASHRATE = 1e18;

/** Hashes by what was worked on: hashrate over time, of cards, cards that could not be tied, and ASICs. */
export function workOf(before: RigSight, rig: Rig, seconds: number): readonly StretchWork[] {
  const works: StretchWork[] = [];
  const count = (miner: Miner, gpuSeconds: number, isApart: boolean) => {
    const { key, algorithm, coin, hashrate } = miner;
    if (hashrate === null || hashrate <= 0 || hashrate > MOST_HASHRATE) return;
    let work = works.find((known) => isSameWork(known, { algorithm, coin, isApart }));
    if (work === undefined) {
      work = { algorithm, coin, isApart, hashes: 0, gpuSeconds: 0, sharesAccepted: 0, sharesRejected: 0 };
      works.push(work);
    }
    work.hashes += hashrate * seconds;
    work.gpuSeconds += gpuSeconds;
    const seen = key === null ? undefined : before.cards.get(key);
    const accepted = growth(seen?.sharesAccepted, miner.sharesAccepted);
    const rejected = growth(seen?.sharesRejected, miner.sharesRejected);
    if (accepted === null || rejected === null) return;
    work.sharesAccepted += accepted;
    work.sharesRejected += rejected;
  };
  for (const gpu of rig.gpus) count(gpu, seconds, false);
  for (const loose of rig.looseMiners) count({ ...loose, key: null }, seconds, rig.gpus.length === 0);
  for (const asic of rig.asics) count(asic, 0, true);
  return works;
}

type WorkOn = Pick<StretchWork, 'algorithm' | 'coin' | 'isApart'>;

export function isSameWork(a: WorkOn, b: WorkOn): boolean {
  return a.algorithm === b.algorithm && a.coin === b.coin && a.isApart === b.isApart;
}
