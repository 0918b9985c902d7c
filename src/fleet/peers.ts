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

/** Cards of one model that mine one coin. */
interface Miners {
  readonly hashrate: Mean;
  readonly watts: Mean;
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
  const miners = new Map<string, Map<string, Miners>>();
  const idleWatts = new Map<string, Mean>();
  const rentalWatts = new Map<string, Mean>();
  const termsOf = createRigTerms(farm);
  const coinOf = createCoinChoice(farm.market.coins);
  const addMiner = (card: Gpu | LooseMiner, configured: string | null) => {
    if (card.model === null || card.hashrate === null || card.hashrate <= 0) return;
    const coin = coinOf(card.algorithm, configured);
    if (coin === null) return;
    const alike = minersOf(miners, card.model, coin.coin);
    count(alike.hashrate, card.hashrate);
    if (card.powerWatts !== null) count(alike.watts, card.powerWatts);
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
    hashrate: (model, coin) => meanOf(miners.get(model)?.get(coin)?.hashrate),
    miningWatts: (model, coin) => meanOf(miners.get(model)?.get(coin)?.watts),
    idleWatts: (model) => meanOf(idleWatts.get(model)),
    rentalWatts: (model) => meanOf(rentalWatts.get(model)),
  };
}

function minersOf(miners: Map<string, Map<string, Miners>>, model: string, coin: string): Miners {
  let byCoin = miners.get(model);
  if (byCoin === undefined) {
    byCoin = new Map();
    miners.set(model, byCoin);
  }
  let alike = byCoin.get(coin);
  if (alike === undefined) {
    alike = { hashrate: { sum: 0, count: 0 }, watts: { sum: 0, count: 0 } };
    byCoin.set(coin, alike);
  }
  return alike;
}

function add(means: Map<string, Mean>, key: string, value: number): void {
  let known = means.get(key);
  if (known === undefined) {
    known = { sum: 0, count: 0 };
    means.set(key, known);
  }
  count(known, value);
}

function count(into: Mean, value: number): void {
  into.sum += value;
  into.count += 1;
}

function meanOf(known: Mean | undefined): number | null {
  return known === undefined || known.count === 0 ? null : known.sum / known.count;
}
