import type { Farm } from '../domain/farm.ts';
import type { Rig, RigState } from '../domain/rig.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { PerState } from '../domain/work-state.ts';
import { createBreather } from './breather.ts';
import { earningsNow } from './earnings-now.ts';
import { oncePerSnapshot } from './once-per-snapshot.ts';
import { type AsicsNow, asicsNow, wholeRigHashrates } from './work-apart.ts';

/** One rig in a table. */
export interface RigRow {
  readonly rig: string;
  readonly site: string | null;
  readonly state: RigState;
  readonly gpus: number;
  readonly gpuStates: PerState;
  readonly models: readonly { readonly model: string | null; readonly gpus: number }[];
  /** Net per day at what it does now, estimated, in the farm's currency; null where part of it is unknown. */
  readonly netPerDay: number | null;
  readonly cardWatts: number | null;
  readonly hottestCelsius: number | null;
  readonly hottestMemoryCelsius: number | null;
  /** Null where none was ever seen. */
  readonly asics: AsicsNow | null;
  /** H/s by algorithm of a miner that prints no cards. */
  readonly wholeRigHashrates: ReadonlyMap<string, number>;
  /** At the wall, as a meter of the rig prints it. */
  readonly wallWatts: number | null;
}

/** @param rigs rigs of `snapshot`; the rows are in their order. */
export async function rigRows(rigs: readonly Rig[], snapshot: Snapshot, farm: Farm): Promise<RigRow[]> {
  const rows = await rowsOfAll(snapshot, farm);
  return rigs.flatMap((rig) => rows.get(rig) ?? []);
}

const rowsOfAll = oncePerSnapshot(async (snapshot: Snapshot, farm: Farm): Promise<ReadonlyMap<Rig, RigRow>> => {
  const breathe = createBreather();
  const rows = new Map<Rig, RigRow>();
  for (const rig of snapshot.rigs) {
    const now = await earningsNow([rig], snapshot, farm);
    rows.set(rig, {
      rig: rig.name,
      site: rig.site,
      state: rig.state,
      gpus: rig.gpus.length,
      gpuStates: rig.gpuStates,
      models: modelsOf(rig),
      netPerDay: now.net.of > 0 && now.net.gpus === now.net.of ? now.net.amount : null,
      cardWatts: now.cardWatts.of > 0 && now.cardWatts.gpus === now.cardWatts.of ? now.cardWatts.amount : null,
      hottestCelsius: hottest(rig.gpus.map((gpu) => gpu.coreTemperatureCelsius)),
      hottestMemoryCelsius: hottest(rig.gpus.map((gpu) => gpu.memoryTemperatureCelsius)),
      asics: rig.asics.length === 0 ? null : asicsNow([rig], farm),
      wholeRigHashrates: wholeRigHashrates(rig, farm),
      wallWatts: rig.wallWatts,
    });
    const pause = breathe();
    if (pause !== undefined) await pause;
  }
  return rows;
});

function modelsOf(rig: Rig): RigRow['models'] {
  const counts = new Map<string | null, number>();
  for (const gpu of rig.gpus) counts.set(gpu.model, (counts.get(gpu.model) ?? 0) + 1);
  return [...counts]
    .map(([model, gpus]) => ({ model, gpus }))
    .sort((a, b) => b.gpus - a.gpus || ((a.model ?? '') < (b.model ?? '') ? -1 : 1));
}

function hottest(temperatures: readonly (number | null)[]): number | null {
  return temperatures.reduce(
    (highest, value) => (value !== null && (highest === null || value > highest) ? value : highest),
    null,
  );
}
