import type { Farm } from '../../adapters/simulator/farm.ts';
import type { AccountRow, LedgerBatch, LedgerRow } from '../../src/domain/ledger.ts';
import { type PerState, workStates } from '../../src/domain/work-state.ts';
import type { ObservationLog } from './observation-log.ts';
import { allowedShare, edgeShare, intervalsPerHour } from './tolerance.ts';
import type { Violations } from './violations.ts';
import { createZooTruth, sumOf, type ZooRigTruth } from './zoo-truth.ts';

/** What the ledger holds and what really was, summed. */
export interface Pair {
  found: number;
  truth: number;
  /** Of so many rigs' periods. */
  periods: number;
}

export interface ZooAgreement {
  readonly rows: number;
  /** In one run of the bot, all of whose answers came. */
  readonly watchedRows: number;
  /** Of those, with every exporter that speaks of the rig alive. */
  readonly seenRows: number;
  /** Over the seen rows of all rigs: GPU-seconds by state, joules, hashes by algorithm; revenue by platform. */
  readonly sums: ReadonlyMap<string, Pair>;
}

interface Watched {
  readonly row: LedgerRow;
  readonly truth: ZooRigTruth;
}

/** What may be found of a figure. */
interface Allowed {
  readonly truth: number;
  /** What is missing may be more by so much, and what is too much. */
  readonly missing: number;
  readonly excess: number;
}

/** A sum that is so small a part of all GPU-seconds is measured by itself no better than its edges. */
const smallShare = 0.02;

/** Holds what the ledger of a farm with troubles says against what really happened, for as much of it as could be seen. */
export function compareZoo(
  { rows, accounts }: LedgerBatch,
  { farm, log, intervalMs, maxGapMs }: { farm: Farm; log: ObservationLog; intervalMs: number; maxGapMs: number },
  violations: Violations,
): ZooAgreement {
  const truthOf = createZooTruth(farm);
  const rigs = new Map(farmRigs(farm).map((rig) => [rig.name, rig]));
  const watched = rows.flatMap((row): Watched[] => {
    const endMs = row.startMs + row.seconds * 1000;
    if (!log.coverage(row.startMs, endMs).watched) return [];
    const truth = truthOf(row.rig, row.startMs, endMs);
    return [{ row, truth: hidesItsWork(rigs.get(row.rig)) ? onlyEnergy(truth) : truth }];
  });
  // Nobody ever knew what one computes with that never answered.
  const isKnown = ({ row }: Watched) => rigs.get(row.rig)?.down !== true;
  for (const [name, own] of Map.groupBy(watched.filter(isKnown), ({ row }) => row.rig)) {
    const rig = rigs.get(name);
    if (rig === undefined) violations.add('a rig is in the ledger that the farm does not have', name);
    else checkRig(rig, own, intervalMs, violations);
  }
  const seen = watched.filter(isKnown).filter(({ row: { rig, startMs, seconds } }) => {
    return truthOf(rig, startMs - maxGapMs, startMs + seconds * 1000 + maxGapMs).unseenSeconds === 0;
  });
  const sums = new Map([...sumRows(seen), ...sumAccounts(accounts, farm)]);
  checkSums(sums, intervalMs, violations);
  return { rows: rows.length, watchedRows: watched.length, seenRows: seen.length, sums };
}

type SimulatedRig = ReturnType<Farm['rig']>;

/** ASICs of which no exporter tells whether they hash. */
function hidesItsWork(rig: SimulatedRig | undefined): boolean {
  return rig?.kind.exporters.every((exporter) => exporter === 'braiins_os') === true && rig.kind.exporters.length > 0;
}

function onlyEnergy(truth: ZooRigTruth): ZooRigTruth {
  return { ...truth, asicSeconds: null, hashes: new Map() };
}

function farmRigs(farm: Farm): readonly SimulatedRig[] {
  const names = new Set(farm.targets.flatMap(({ rigName }) => rigName ?? []));
  const account = farm.truth(farm.options.epochMs);
  for (const { rig } of [...account.gpus, ...(account.asics ?? []), ...(account.processors ?? [])]) names.add(rig);
  return Array.from({ length: names.size }, (_, index) => farm.rig(index));
}

/** No more of anything than there was, and no less than could be seen. */
function checkRig(rig: SimulatedRig, own: readonly Watched[], intervalMs: number, violations: Violations): void {
  const total = (of: (one: Watched) => number) => own.reduce((sum, one) => sum + of(one), 0);
  const seconds = total(({ row }) => row.seconds);
  const unseen = total(({ truth }) => truth.unseenSeconds);
  const edge = allowedShare * seconds + intervalsPerHour * (intervalMs / 1000) * Math.sqrt(seconds / 3600);
  const check = (what: string, found: number, { truth, missing, excess }: Allowed) => {
    if (found >= truth - missing && found <= truth + excess) return;
    const figures = `${found.toPrecision(6)} for ${truth.toPrecision(6)}, from ${(truth - missing).toPrecision(6)} to ${(truth + excess).toPrecision(6)}`;
    violations.add(`${what} of a rig is not the truth`, `${rig.name} in ${own.length} periods: ${figures}`);
  };
  const checkStates = (of: string, units: number, found: PerState, truth: PerState) => {
    for (const state of workStates) {
      // An exporter that is dead says nothing, and where it was the only one its rig seems down.
      const hidden = state === 'unknown' || state === 'down' ? unseen : 0;
      const excess = units * (edge + hidden);
      check(`${state} ${of}`, found[state], { truth: truth[state], missing: units * (edge + unseen), excess });
    }
  };
  const gpus = own[0]?.truth.gpus ?? 0;
  checkStates(
    'GPU-seconds',
    gpus,
    sumOf(own.map(({ row }) => row.stateSeconds)),
    sumOf(own.map(({ truth }) => truth.gpuSeconds)),
  );
  const asics = own.flatMap(({ row, truth }) =>
    truth.asicSeconds === null ? [] : [{ row, truth: truth.asicSeconds }],
  );
  if (asics.length > 0) {
    const found = sumOf(asics.flatMap(({ row }) => row.asicSeconds ?? []));
    checkStates('ASIC-seconds', rig.cards.length, found, sumOf(asics.map(({ truth }) => truth)));
  }
  const watts = rig.cards.reduce((sum, card) => sum + Math.max(...Object.values(card.watts)), 0);
  const hashrate = rig.cards.reduce((sum, { hashesPerSecond }) => sum + hashesPerSecond, 0);
  if (gpus > 0) {
    // Of cards whose power is unknown it is not known either which they are.
    const unpowered = Math.max(0, gpus * seconds - total(({ row }) => row.powerSeconds));
    const missing =
      watts * edge + unpowered * Math.max(...rig.cards.map(({ watts: of }) => Math.max(...Object.values(of))));
    check(
      'energy at the cards',
      total(({ row }) => row.cardJoules ?? 0),
      {
        truth: total(({ truth }) => truth.cardJoules),
        missing,
        excess: watts * edge,
      },
    );
  }
  const metered = own.some(({ truth }) => truth.wallJoules !== null);
  if (metered) {
    // A host and its supply take less than the cards do.
    check(
      'energy at the wall',
      total(({ row }) => row.wallJoules ?? 0),
      {
        truth: total(({ truth }) => truth.wallJoules ?? 0),
        missing: 2 * watts * (edge + unseen),
        excess: 2 * watts * edge,
      },
    );
  }
  for (const algorithm of algorithmsOf(own)) {
    check(
      `${algorithm} hashes`,
      total(({ row }) => hashesOf(row, algorithm)),
      {
        truth: total(({ truth }) => truth.hashes.get(algorithm) ?? 0),
        missing: hashrate * (edge + unseen),
        excess: hashrate * edge,
      },
    );
  }
}

function sumRows(seen: readonly Watched[]): Map<string, Pair> {
  const sums = new Map<string, Pair>();
  const add = (what: string, found: number, truth: number) => {
    if (found === 0 && truth === 0) return;
    const pair = sums.get(what) ?? { found: 0, truth: 0, periods: 0 };
    pair.found += found;
    pair.truth += truth;
    pair.periods += 1;
    sums.set(what, pair);
  };
  for (const { row, truth } of seen) {
    for (const state of workStates) {
      add(`GPU-seconds ${state}`, row.stateSeconds[state], truth.gpuSeconds[state]);
      if (truth.asicSeconds !== null)
        add(`ASIC-seconds ${state}`, row.asicSeconds?.[state] ?? 0, truth.asicSeconds[state]);
    }
    const isPowered = truth.gpus > 0 && row.powerSeconds >= truth.gpus * row.seconds * (1 - 1e-6);
    if (isPowered) add('joules at the cards', row.cardJoules ?? 0, truth.cardJoules);
    if (truth.wallJoules !== null) add('joules at the wall', row.wallJoules ?? 0, truth.wallJoules);
    for (const algorithm of algorithmsOf([{ row, truth }])) {
      add(`hashes ${algorithm}`, hashesOf(row, algorithm), truth.hashes.get(algorithm) ?? 0);
    }
  }
  return sums;
}

/** A counter of money goes on while nobody looks: its growth from first to last sight is all there was. */
function sumAccounts(accounts: readonly AccountRow[], farm: Farm): Map<string, Pair> {
  const sums = new Map<string, Pair>();
  for (const [instance, own] of Map.groupBy(accounts, (account) => account.instance)) {
    const sorted = own.toSorted((a, b) => a.startMs - b.startMs);
    const [first, last] = [sorted[0], sorted.at(-1)];
    if (first === undefined || last === undefined) continue;
    const really = farm.truth(last.lastAtMs, first.firstAtMs);
    const rig = instance.startsWith('rig:') ? instance.slice('rig:'.length) : null;
    const truth = rig === null ? really.payoutsUsd : (really.revenues?.find((one) => one.rig === rig)?.usd ?? 0);
    sums.set(`USD of ${last.platform} (${instance})`, {
      found: last.lastUsd - first.firstUsd,
      truth,
      periods: Number.POSITIVE_INFINITY,
    });
  }
  return sums;
}

function checkSums(sums: ReadonlyMap<string, Pair>, intervalMs: number, violations: Violations): void {
  const gpuSeconds = [...sums]
    .filter(([what]) => what.startsWith('GPU-seconds'))
    .reduce((sum, [, { truth }]) => sum + truth, 0);
  if (gpuSeconds === 0) violations.add('no period was watched from beginning to end', 'nothing was compared');
  for (const [what, { found, truth, periods }] of sums) {
    const isState = what.includes('-seconds ');
    // States are shares of all GPU-seconds: little of one of them is mostly edges, and nothing is really unknown.
    const least = what.endsWith(' unknown') ? gpuSeconds : smallShare * gpuSeconds;
    const of = isState ? Math.max(truth, least) : truth;
    const isOff =
      of === 0 ? found !== 0 : Math.abs(found - truth) > (allowedShare + edgeShare(intervalMs, periods)) * of;
    if (isOff) violations.add(`all rigs together: ${what}`, `${found.toPrecision(6)} for ${truth.toPrecision(6)}`);
  }
}

function algorithmsOf(own: readonly Watched[]): readonly string[] {
  const known = own.flatMap(({ row, truth }) => [
    ...truth.hashes.keys(),
    ...row.mined.map(({ algorithm }) => algorithm ?? unknownAlgorithm),
  ]);
  return [...new Set(known)];
}

const unknownAlgorithm = 'of an unknown algorithm';

function hashesOf({ mined }: LedgerRow, algorithm: string): number {
  return mined
    .filter((work) => (work.algorithm ?? unknownAlgorithm) === algorithm)
    .reduce((sum, { hashes }) => sum + hashes, 0);
}
