import { UpstreamError } from '../domain/errors.ts';
import { hourOf } from '../domain/ledger/period.ts';
import { MS_PER_HOUR, SECONDS_PER_HOUR } from '../domain/quantities.ts';
import { noStates, type PerState, workStates } from '../domain/work-state.ts';
import type { LedgerStore } from '../ports/store.ts';

/** What a rig's GPUs did in one hour. */
export interface RigHour {
  /** Unix ms. */
  readonly startMs: number;
  /** GPU-hours over the observed part of the hour; null where the ledger has nothing of it, or no card was seen in it. */
  readonly gpuHours: PerState | null;
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
  const hours = new Map<number, Record<keyof PerState, number>>();
  try {
    for (const row of await ledger.rows({ fromMs, toMs, rig })) {
      const hourMs = hourOf(row.startMs);
      const sums = hours.get(hourMs) ?? noStates();
      for (const state of workStates) sums[state] += row.stateSeconds[state] / SECONDS_PER_HOUR;
      hours.set(hourMs, sums);
    }
  } catch (error) {
    // What the rig does now is worth an answer without its past.
    if (error instanceof UpstreamError) return null;
    throw error;
  }
  return Array.from({ length: HOURS }, (_, index) => {
    const startMs = fromMs + index * MS_PER_HOUR;
    const gpuHours = hours.get(startMs);
    // No rig has no cards: an hour without any GPU-second is one of which nothing is known.
    const isKnown = gpuHours !== undefined && workStates.some((state) => gpuHours[state] > 0);
    return { startMs, gpuHours: isKnown ? gpuHours : null };
  });
}
