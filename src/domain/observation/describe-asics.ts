import type { Asic, RigState } from '../rig.ts';
import type { WorkState } from '../work-state.ts';
import type { AsicReading } from './asic-reading.ts';
import { firstKnown } from './first-known.ts';
import type { TargetReading } from './target-reading.ts';

/**
 * The mining machines of a rig that have no GPUs. A target is one machine; what two kinds of exporters print are the same
 * machines, in the order of their targets. `known`: those seen before, which nobody may print now.
 */
export function describeAsics(
  rig: string,
  targets: readonly TargetReading[],
  { state, known }: { readonly state: RigState; readonly known: readonly SeenAsic[] },
): { readonly asics: readonly Asic[]; readonly problems: readonly string[] } {
  const printed = targets.flatMap((target) =>
    [...target.asics.values()].map((reading) => ({ reading, algorithm: target.algorithm })),
  );
  const lists = [...Map.groupBy(printed, ({ reading }) => reading.rank).entries()]
    .sort(([a], [b]) => a - b)
    .map(([, list]) => list);
  const [first = []] = lists;
  const agreeing = lists.filter((list) => list.length === first.length);
  const keys = keysOf(
    rig,
    first.map(({ reading }) => reading.model),
    known,
  );
  const found = first.map((_, index) =>
    describeAsic(
      keys[index] as string,
      agreeing.flatMap((list) => list[index] ?? []),
    ),
  );
  const absent = known
    .filter(({ key }) => !found.some((asic) => asic.key === key))
    .map((asic) => absentAsic(asic, state));
  return { asics: [...found, ...absent].sort(byNumber), problems: disagreements(lists) };
}

/** Numbers in the order in which they are printed; while some of those that are known are not, each keeps its own by its model. */
function keysOf(rig: string, models: readonly (string | null)[], known: readonly SeenAsic[]): readonly string[] {
  const numbered = models.map((_, index) => `${rig}/asic#${index}`);
  if (models.length >= known.length) return numbered;
  const left = [...known];
  const keys: string[] = [];
  for (const model of models) {
    const at = model === null ? -1 : left.findIndex((asic) => asic.model === model);
    const [asic] = at === -1 ? [] : left.splice(at, 1);
    if (asic === undefined) return numbered;
    keys.push(asic.key);
  }
  return keys;
}

function byNumber(a: Asic, b: Asic): number {
  return Number(a.key.split('#').at(-1)) - Number(b.key.split('#').at(-1));
}

function disagreements([first = [], ...others]: readonly (readonly PrintedAsic[])[]): string[] {
  const counted = first[0]?.reading.dialect.id;
  return others
    .filter((list) => list.length !== first.length)
    .map((list) => {
      const other = list[0]?.reading.dialect.id;
      return `${other} and ${counted} do not print the same number of ASICs (${list.length} and ${first.length}): those of ${counted} count`;
    });
}

interface PrintedAsic {
  readonly reading: AsicReading;
  readonly algorithm: string | null;
}

function describeAsic(key: string, printed: readonly PrintedAsic[]): Asic {
  const number = (signal: Parameters<AsicReading['values']['get']>[0]) =>
    firstKnown(printed, ({ reading }) => reading.values.get(signal));
  const hashrate = number('hashrate');
  return {
    key,
    model: firstKnown(printed, ({ reading }) => reading.model),
    hashrate,
    algorithm: firstKnown(printed, ({ reading, algorithm }) => reading.algorithm ?? algorithm),
    coin: firstKnown(printed, ({ reading }) => reading.coin),
    powerWatts: number('powerWatts'),
    temperatureCelsius: number('temperatureCelsius'),
    sharesAccepted: number('sharesAccepted'),
    sharesRejected: number('sharesRejected'),
    hardwareErrors: number('hardwareErrors'),
    ...workOf(hashrate),
    stateSinceMs: null,
    unsettled: null,
  };
}

function workOf(hashrate: number | null): { readonly state: WorkState; readonly stateEvidence: string } {
  if (hashrate === null) return { state: 'unknown', stateEvidence: 'its exporter answers, but no hashrate is printed' };
  if (hashrate > 0) return { state: 'mining', stateEvidence: 'hashrate above 0' };
  return { state: 'idle-unlisted', stateEvidence: 'its exporter prints a hashrate of 0' };
}

/** What is known of an ASIC that nobody may print now. */
export type SeenAsic = Pick<Asic, 'key' | 'model' | 'algorithm' | 'coin'>;

function absentAsic({ key, model, algorithm, coin }: SeenAsic, state: RigState): Asic {
  return {
    key,
    model,
    hashrate: null,
    algorithm,
    coin,
    powerWatts: null,
    temperatureCelsius: null,
    sharesAccepted: null,
    sharesRejected: null,
    hardwareErrors: null,
    ...absence(state),
    stateSinceMs: null,
    unsettled: null,
  };
}

function absence(state: RigState): { readonly state: WorkState; readonly stateEvidence: string } {
  if (state === 'up') return { state: 'down', stateEvidence: 'its exporter answers, the machine is gone' };
  if (state === 'partial') return { state: 'unknown', stateEvidence: 'its exporter does not answer' };
  return { state: 'down', stateEvidence: 'none of the exporters of the rig answers' };
}
