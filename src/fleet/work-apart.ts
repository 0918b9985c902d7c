import type { Farm } from '../domain/farm.ts';
import type { Asic, LooseMiner, Rig } from '../domain/rig.ts';
import type { WorkState } from '../domain/work-state.ts';

/** What an ASIC can do: nobody rents it, and it is listed nowhere. */
export const asicStates = ['mining', 'idle-unlisted', 'down', 'unknown'] as const;
export type AsicState = (typeof asicStates)[number];

/** ASICs of some rigs as they work now; they are in no sum over GPUs. */
export interface AsicsNow {
  readonly total: number;
  readonly states: Readonly<Record<AsicState, number>>;
  readonly models: readonly { readonly model: string | null; readonly asics: number }[];
  /** H/s by algorithm; of different algorithms never added. */
  readonly hashrates: ReadonlyMap<string, number>;
  /** Watts at the wall over those that print them, out of those that are not down. */
  readonly wall: { readonly watts: number | null; readonly asics: number; readonly of: number };
  readonly hottestCelsius: number | null;
}

/** ASICs whose exporter names no algorithm: of which algorithm their hashes are is not guessed, nor are they added to GPUs'. */
const UNKNOWN_OF_ASICS = 'unknown algorithm of ASICs';

export function asicsNow(rigs: readonly Rig[], farm: Farm): AsicsNow {
  const asics = rigs.flatMap((rig) => rig.asics);
  const states = { mining: 0, 'idle-unlisted': 0, down: 0, unknown: 0 };
  for (const { state } of asics) states[asicState(state)] += 1;
  const live = asics.filter(({ state }) => state !== 'down');
  const watts = live.flatMap(({ powerWatts }) => powerWatts ?? []);
  const temperatures = asics.flatMap(({ temperatureCelsius }) => temperatureCelsius ?? []);
  const hashrates = new Map<string, number>();
  for (const rig of rigs) {
    for (const asic of rig.asics) addHashrate(hashrates, asic, algorithmApart(asic, rig, farm) ?? UNKNOWN_OF_ASICS);
  }
  return {
    total: asics.length,
    states,
    models: modelsOf(asics),
    hashrates,
    wall: {
      watts: watts.length === 0 ? null : watts.reduce((sum, each) => sum + each, 0),
      asics: watts.length,
      of: live.length,
    },
    hottestCelsius: temperatures.length === 0 ? null : Math.max(...temperatures),
  };
}

/** H/s by algorithm of a miner that speaks for its whole rig and prints no cards (XMRig); none where the rig has cards or ASICs. */
export function wholeRigHashrates(rig: Rig, farm: Farm): ReadonlyMap<string, number> {
  const hashrates = new Map<string, number>();
  if (rig.gpus.length + rig.asics.length > 0) return hashrates;
  for (const miner of rig.looseMiners) {
    addHashrate(hashrates, miner, algorithmApart(miner, rig, farm) ?? 'unknown algorithm');
  }
  return hashrates;
}

/**
 * As the miner prints it, or as the coin that the miner prints or that is configured for this very rig implies. What a site or
 * the farm mines is what its GPUs mine: hashes of another machine are not taken for theirs.
 */
export function algorithmApart(
  { algorithm, coin }: Pick<Asic | LooseMiner, 'algorithm' | 'coin'>,
  rig: Pick<Rig, 'name'>,
  farm: Farm,
): string | null {
  if (algorithm !== null) return algorithm;
  const mined = coin ?? farm.rigs.get(rig.name)?.mining.coin ?? null;
  return farm.market.coins.find((quote) => quote.coin === mined)?.algorithm ?? null;
}

export function asicState(state: WorkState): AsicState {
  return asicStates.find((known) => known === state) ?? 'unknown';
}

function addHashrate(sums: Map<string, number>, { hashrate }: Pick<Asic, 'hashrate'>, algorithm: string): void {
  if (hashrate === null || hashrate <= 0) return;
  sums.set(algorithm, (sums.get(algorithm) ?? 0) + hashrate);
}

function modelsOf(asics: readonly Asic[]): AsicsNow['models'] {
  return [...Map.groupBy(asics, ({ model }) => model)]
    .map(([model, alike]) => ({ model, asics: alike.length }))
    .sort((a, b) => b.asics - a.asics || ((a.model ?? '') < (b.model ?? '') ? -1 : 1));
}
