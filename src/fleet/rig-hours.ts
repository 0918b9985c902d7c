import { UpstreamError } from '../domain/errors.ts';
import { hourOf } from '../domain/ledger/period.ts';
import type { LedgerRow } from '../domain/ledger.ts';
import { MS_PER_HOUR, SECONDS_PER_HOUR } from '../domain/quantities.ts';
import { noStates, type PerState, workStates } from '../domain/work-state.ts';
import type { LedgerStore } from '../ports/store.ts';

/** What a rig's GPUs did in one hour. */
export interface RigHour {
  /** Unix ms. */
  readonly startMs: number;
  /** GPU-hours over the observed part of the hour; null where the ledger has nothing of it, or no card was seen in it. */
  readonly gpuHours: PerState | null;
  /** GPU-hours of the rest, of which nobody knows what was done; null where `gpuHours` is. */
  readonly unobservedGpuHours: number | null;
}

interface HourSums {
  readonly gpuHours: Record<keyof PerState, number>;
  rowSeconds: number;
  ownedSeconds: number;
  observedSeconds: number;
}

const HOURS = 24;

/** The last 24 hours that are over, in order; null where the ledger does not answer. */
export async function lastHoursOf(
  rig: string,
  ledger: Pick<LedgerStore, 'rows'>,
  nowMs: number,
): Promise<readonly RigHour[] | null> {
  const toMs = hourOf(nowMs);
  const fromMs = toMs - HOURS * MS_PER_HOUR;
  const hours = new Map<number, HourSums>();
  try {
    for (const row of await ledger.rows({ fromMs, toMs, rig })) {
      const hourMs = hourOf(row.startMs);
      const sums = hours.get(hourMs) ?? { gpuHours: noStates(), rowSeconds: 0, ownedSeconds: 0, observedSeconds: 0 };
      hours.set(hourMs, sums);
      addRow(sums, row);
    }
  } catch (error) {
    // What the rig does now is worth an answer without its past.
    if (error instanceof UpstreamError) return null;
    throw error;
  }
  return Array.from({ length: HOURS }, (_, index) => rigHour(fromMs + index * MS_PER_HOUR, hours));
}

function addRow(sums: HourSums, row: LedgerRow): void {
  for (const state of workStates) sums.gpuHours[state] += row.stateSeconds[state] / SECONDS_PER_HOUR;
  sums.rowSeconds += row.seconds;
  for (const { ownedSeconds, observedSeconds } of row.models) {
    sums.ownedSeconds += ownedSeconds;
    sums.observedSeconds += observedSeconds;
  }
}

function rigHour(startMs: number, hours: ReadonlyMap<number, HourSums>): RigHour {
  const sums = hours.get(startMs);
  // No rig has no cards: an hour without any GPU-second is one of which nothing is known.
  if (sums === undefined || !workStates.some((state) => sums.gpuHours[state] > 0)) {
    return { startMs, gpuHours: null, unobservedGpuHours: null };
  }
  // A rig owns its cards all hour long, also in a quarter that has no row.
  const ownedSeconds = (sums.ownedSeconds * SECONDS_PER_HOUR) / sums.rowSeconds;
  const unobserved = Math.max(0, ownedSeconds - sums.observedSeconds) / SECONDS_PER_HOUR;
  return { startMs, gpuHours: sums.gpuHours, unobservedGpuHours: unobserved };
}
