import type { Farm } from '../../adapters/simulator/farm.ts';
import { rigIndices } from '../../adapters/simulator/targets.ts';
import { createZooTruth, sumOf, type ZooRigTruth } from '../../bench/soak/zoo-truth.ts';
import type { AccountRow, LedgerBatch, LedgerRow } from '../../src/domain/ledger.ts';
import { type PerState, workStates } from '../../src/domain/work-state.ts';

export interface ComparedPeriod {
  readonly farm: Farm;
  /** First scrape of the farm: until a rig that was off then is on, nobody knows its cards. */
  readonly watchedFromMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** Between scrapes. */
  readonly intervalMs: number;
  /** Rigs whose exporters never say whether they work. */
  readonly muteRigs: ReadonlySet<string>;
}

const allowedShare = 0.005;
/** Figures that differ in the last bits of a double are the same. */
const rounding = 1e-6;

/**
 * Where a ledger says more than 0.5 % else than what really happened and could be seen, in words. While an exporter that
 * speaks of a rig is dead, its units may be unknown or, where nobody else speaks of it, down, and nothing else. Shares of
 * states are of the rig's whole time, shares of energy and hashes of the most that it could have done; those of all rigs
 * together are of what was really done, but for one change at the edge of what is compared: it is seen an interval too early.
 */
export function differencesFromZoo({ rows, accounts }: LedgerBatch, period: ComparedPeriod): readonly string[] {
  const byRig = Map.groupBy(rows, ({ rig }) => rig);
  const farmRigs = rigIndices(period.farm.options).map((index) => period.farm.rig(index));
  const names = new Set(farmRigs.map(({ name }) => name));
  const together = new Sums();
  const found = [...byRig.keys()].filter((name) => !names.has(name)).map((name) => `${name}: no rig of the farm`);
  for (const rig of farmRigs) {
    const own = byRig.get(rig.name) ?? [];
    found.push(...stateDifferences(rig.name, own, period), ...workDifferences(rig, own, period, together));
  }
  return [...found, ...together.differences(allowedShare), ...accountDifferences(accounts, period.farm)];
}

function stateDifferences(name: string, own: readonly LedgerRow[], period: ComparedPeriod): readonly string[] {
  const { farm, watchedFromMs, fromMs, toMs, muteRigs } = period;
  const truthOf = createZooTruth(farm);
  const truth = truthOf(name, fromMs, toMs);
  const seconds = (toMs - fromMs) / 1000;
  const isAlone = farm.targets.filter(({ rigName }) => rigName === name).length <= 1;
  const compare = (what: string, units: number, states: PerState, really: PerState, firstSecond: PerState) => {
    const wasOff = firstSecond.down >= units - rounding;
    return workStates.flatMap((state) => {
      const unseen = muteRigs.has(name) && state !== 'down' ? seconds : truth.unseenSeconds;
      const hidden = state === 'unknown' || (state === 'down' && isAlone) ? unseen : 0;
      const edge = units * allowedShare * seconds;
      const least = state === 'down' && wasOff ? 0 : really[state] - units * unseen - edge;
      const most = really[state] + units * hidden + edge;
      if (states[state] >= least && states[state] <= most) return [];
      return [`${name}: ${states[state]} ${what}-seconds ${state}, really ${really[state]}, from ${least} to ${most}`];
    });
  };
  const first = truthOf(name, watchedFromMs, watchedFromMs + 1000);
  const gpus = sumOf(own.map(({ stateSeconds }) => stateSeconds));
  const found = compare('GPU', truth.gpus, gpus, truth.gpuSeconds, first.gpuSeconds);
  if (truth.asicSeconds === null || first.asicSeconds === null) return found;
  const asics = sumOf(own.flatMap(({ asicSeconds }) => asicSeconds ?? []));
  return [...found, ...compare('ASIC', 1, asics, truth.asicSeconds, first.asicSeconds)];
}

/** Energy and hashes of the periods in which everybody who speaks of the rig was alive, energy where all of it was known. */
function workDifferences(
  rig: ReturnType<Farm['rig']>,
  own: readonly LedgerRow[],
  { farm, fromMs, toMs, intervalMs, muteRigs }: ComparedPeriod,
  together: Sums,
): readonly string[] {
  const truthOf = createZooTruth(farm);
  const mostWatts = rig.cards.reduce((sum, { watts }) => sum + Math.max(...Object.values(watts)), 0);
  const mostHashes = rig.cards.reduce((sum, { hashesPerSecond }) => sum + hashesPerSecond, 0);
  const mostPerSecond = (what: string) => (what.endsWith('hashes') ? mostHashes : mostWatts);
  const maxGapMs = 3 * intervalMs;
  const sums = new Sums();
  for (const row of own) {
    const endMs = row.startMs + row.seconds * 1000;
    if (muteRigs.has(row.rig) || truthOf(row.rig, row.startMs - maxGapMs, endMs + maxGapMs).unseenSeconds > 0) continue;
    const truth = truthOf(row.rig, row.startMs, endMs);
    for (const { what, ...pair } of pairsOf(row, truth)) {
      sums.add(what, pair, (allowedShare * mostPerSecond(what) * (toMs - fromMs)) / 1000);
      together.add(what, pair, (mostPerSecond(what) * intervalMs) / 1000);
    }
  }
  return sums.differences(0, `${rig.name}: `);
}

interface Pair {
  readonly found: number;
  readonly really: number;
}

function pairsOf(row: LedgerRow, truth: ZooRigTruth): readonly (Pair & { readonly what: string })[] {
  const algorithms = new Set([...truth.hashes.keys(), ...row.mined.map(({ algorithm }) => algorithm ?? 'unknown')]);
  const hashes = [...algorithms].map((algorithm) => ({
    what: `${algorithm} hashes`,
    found: row.mined.reduce((sum, work) => sum + ((work.algorithm ?? 'unknown') === algorithm ? work.hashes : 0), 0),
    really: truth.hashes.get(algorithm) ?? 0,
  }));
  const isPowerKnown = truth.gpus > 0 && row.powerSeconds >= truth.gpus * row.seconds * (1 - rounding);
  const cards = isPowerKnown ? [{ what: 'J at the cards', found: row.cardJoules ?? 0, really: truth.cardJoules }] : [];
  const { wallJoules } = truth;
  const wall = wallJoules === null ? [] : [{ what: 'J at the wall', found: row.wallJoules ?? 0, really: wallJoules }];
  return [...hashes, ...cards, ...wall];
}

class Sums {
  readonly #sums = new Map<string, Pair & { readonly edge: number }>();

  /** `edge`: what may be missing or too much of it anyway; the largest counts. */
  add(what: string, { found, really }: Pair, edge: number): void {
    const sum = this.#sums.get(what) ?? { found: 0, really: 0, edge: 0 };
    this.#sums.set(what, {
      found: sum.found + found,
      really: sum.really + really,
      edge: Math.max(sum.edge, edge),
    });
  }

  /** Those by more than this share of what was really done, and the edge. */
  differences(share: number, whose = ''): readonly string[] {
    return [...this.#sums]
      .filter(([, { found, really, edge }]) => Math.abs(found - really) > share * really + edge)
      .map(([what, { found, really }]) => `${whose}${found} ${what}, really ${really}`);
  }
}

/** A counter of money goes on while nobody looks: its growth from the first sight to the last is all there was. */
function accountDifferences(accounts: readonly AccountRow[], farm: Farm): readonly string[] {
  return [...Map.groupBy(accounts, ({ instance }) => instance)].flatMap(([instance, own]) => {
    const [first, last] = [own[0], own.at(-1)];
    if (first === undefined || last === undefined) return [];
    const really = farm.truth(last.lastAtMs, first.firstAtMs);
    const isOfRig = instance.startsWith('rig:');
    const rig = instance.slice('rig:'.length);
    const usd = isOfRig ? really.revenues?.find((revenue) => revenue.rig === rig)?.usd : really.payoutsUsd;
    const found = last.lastUsd - first.firstUsd;
    if (usd !== undefined && Math.abs(found - usd) <= allowedShare * usd) return [];
    return [`${instance}: ${found} USD, really ${usd}`];
  });
}
