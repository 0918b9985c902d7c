import { createCoinChoice } from '../domain/economics/coin-choice.ts';
import type { Farm } from '../domain/farm.ts';
import type { Gpu, LooseMiner } from '../domain/rig.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { oncePerSnapshot } from './once-per-snapshot.ts';
import { createRigTerms } from './rig-terms.ts';

interface Mean {
  sum: number;
  count: number;
}

/** What the fleet's own cards of a model do now: the best estimate for those of them that do something else. */
export interface Peers {
  /** H/s per card; null where no card of the model mines the coin. */
  hashrate(model: string, coin: string): number | null;
  miningWatts(model: string, coin: string): number | null;
  idleWatts(model: string): number | null;
  rentalWatts(model: string): number | null;
}

export const peersOf = oncePerSnapshot(measurePeers);

function measurePeers(snapshot: Snapshot, farm: Farm): Peers {
  const hashrates = new Map<string, Mean>();
  const miningWatts = new Map<string, Mean>();
  const idleWatts = new Map<string, Mean>();
  const rentalWatts = new Map<string, Mean>();
  const termsOf = createRigTerms(farm);
  const coinOf = createCoinChoice(farm.market.coins);
  const addMiner = (card: Gpu | LooseMiner, configured: string | null) => {
    if (card.model === null || card.hashrate === null || card.hashrate <= 0) return;
    const coin = coinOf(card.algorithm, configured);
    if (coin === null) return;
    const key = peerKey(card.model, coin.coin);
    add(hashrates, key, card.hashrate);
    if (card.powerWatts !== null) add(miningWatts, key, card.powerWatts);
  };
  for (const rig of snapshot.rigs) {
    const { coin } = termsOf(rig);
    for (const gpu of rig.gpus) {
      if (gpu.state === 'mining') addMiner(gpu, coin);
      else if (gpu.model !== null && gpu.powerWatts !== null) {
        if (gpu.state === 'rented') add(rentalWatts, gpu.model, gpu.powerWatts);
        else if (gpu.state === 'idle-listed' || gpu.state === 'idle-unlisted')
          add(idleWatts, gpu.model, gpu.powerWatts);
      }
    }
    for (const card of rig.looseMiners) addMiner(card, coin);
  }
  return {
    hashrate: (model, coin) => mean(hashrates, peerKey(model, coin)),
    miningWatts: (model, coin) => mean(miningWatts, peerKey(model, coin)),
    idleWatts: (model) => mean(idleWatts, model),
    rentalWatts: (model) => mean(rentalWatts, model),
  };
}

function peerKey(model: string, coin: string): string {
  return `${model}\n${coin}`;
}

function add(means: Map<string, Mean>, key: string, value: number): void {
  const known = means.get(key);
  if (known === undefined) means.set(key, { sum: value, count: 1 });
  else {
    known.sum += value;
    known.count += 1;
  }
}

function mean(means: ReadonlyMap<string, Mean>, key: string): number | null {
  const known = means.get(key);
  return known === undefined ? null : known.sum / known.count;
}
