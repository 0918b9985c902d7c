import type { MeasuredOccupancies, MeasuredOccupancy } from '../domain/economics/rental.ts';
import { SECONDS_PER_HOUR } from '../domain/quantities.ts';
import type { LedgerStore } from '../ports/store.ts';

const DAY_MS = 86_400_000;
const DAYS = 30;
/** Under so many GPU-hours an occupancy is unknown. */
const LEAST_GPU_HOURS = 200;
/** Hours are written some time after they end: a day is final only then. */
const SETTLED_AFTER_MS = 2 * 3_600_000;

/** Measures occupancy from the ledger; days that are over are summed once. */
export class OccupancyMeter {
  readonly #ledger: Pick<LedgerStore, 'modelUse'>;
  readonly #settled = new Map<number, Awaited<ReturnType<LedgerStore['modelUse']>>>();

  constructor(ledger: Pick<LedgerStore, 'modelUse'>) {
    this.#ledger = ledger;
  }

  /**
   * By normalised model. A model is missing where the ledger holds too little of it, and where none of it was ever rented:
   * cards that were not rented out say nothing about demand (docs/decisions/003-occupancy.md).
   * @throws UpstreamError where the store does not answer.
   */
  async measure(nowMs: number): Promise<MeasuredOccupancies> {
    const today = Math.floor(nowMs / DAY_MS) * DAY_MS;
    const sums = new Map<string, { observed: number; rented: number }>();
    for (let day = today - DAYS * DAY_MS; day <= today; day += DAY_MS) {
      for (const { model, observedSeconds, rentedSeconds } of await this.#day(day, nowMs)) {
        const sum = sums.get(model) ?? { observed: 0, rented: 0 };
        sums.set(model, { observed: sum.observed + observedSeconds, rented: sum.rented + rentedSeconds });
      }
    }
    for (const day of this.#settled.keys()) if (day < today - DAYS * DAY_MS) this.#settled.delete(day);
    const measured = new Map<string, MeasuredOccupancy>();
    for (const [model, { observed, rented }] of sums) {
      const gpuHours = observed / SECONDS_PER_HOUR;
      if (gpuHours >= LEAST_GPU_HOURS && rented > 0) measured.set(model, { occupancy: rented / observed, gpuHours });
    }
    return measured;
  }

  async #day(fromMs: number, nowMs: number) {
    const known = this.#settled.get(fromMs);
    if (known !== undefined) return known;
    const use = await this.#ledger.modelUse({ fromMs, toMs: fromMs + DAY_MS });
    if (fromMs + DAY_MS + SETTLED_AFTER_MS <= nowMs) this.#settled.set(fromMs, use);
    return use;
  }
}
