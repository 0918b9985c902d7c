import type { ObserveReport } from '../../src/ports/metrics.ts';
import type { QueryReport } from './client.ts';
import { isScraped, type TargetNow, type UpTargets } from './up-targets.ts';

const warningsPerQuery = 20;
const warningsInAll = 50;

/** Sums what the queries of one observation brought, and what keeps it from being whole. */
export class Tally {
  readonly #atMs: number;
  readonly #warnings = new Set<string>();
  #incomplete = false;
  #orphans = 0;
  #bytes = 0;
  points = 0;

  constructor(atMs: number) {
    this.#atMs = atMs;
  }

  add({ points, bytes, warnings, infos }: QueryReport): void {
    this.points += points;
    this.#bytes += bytes;
    for (const warning of warnings.slice(0, warningsPerQuery)) this.#incompleteBecause(`prometheus: ${warning}`);
    for (const info of infos.slice(0, warningsPerQuery)) this.#warn(`prometheus: ${info}`);
  }

  /** Whether the server knew anything of them; `now`: of `targets` at one moment. */
  targets({ replicaLabel }: UpTargets, now: readonly TargetNow[], windowMs: number): boolean {
    if (replicaLabel !== null) {
      this.#warn(
        `targets come several times, told apart by label ${replicaLabel} alone, and one of each is read; let the server deduplicate them`,
      );
    }
    const sparseMs = now.flatMap(([, state]) => (state.kind === 'sparse' ? [state.everyMs] : []));
    const isAny = now.some(isScraped);
    if (sparseMs.length > 0) {
      const every = `${Math.round(sparseMs.reduce((a, b) => Math.max(a, b)) / 1000)} s`;
      this.#incompleteBecause(
        `some targets are scraped every ${every} only and count as unknown after ${windowMs / 1000} s; set the interval to ${every}`,
      );
    } else if (!isAny) {
      this.#incompleteBecause('the server has scraped no target lately; check its targets, its clock and this one');
    }
    return isAny;
  }

  orphaned(series: number): void {
    this.#orphans = Math.max(this.#orphans, series);
  }

  clockAhead(aheadMs: number): void {
    if (aheadMs === 0) return;
    const seconds = Math.round(Math.abs(aheadMs) / 1000);
    const way = aheadMs > 0 ? 'ahead of' : 'behind';
    this.#warn(
      `the server's clock runs ${seconds} s ${way} this one, and its times are corrected by that; set the clocks right`,
    );
  }

  report(): ObserveReport {
    const orphans = this.#orphans === 0 ? [] : [`${this.#orphans} series belong to no target with up and are left out`];
    return {
      atMs: this.#atMs,
      samplesRead: this.points,
      bytesRead: this.#bytes,
      warnings: [...this.#warnings, ...orphans],
      incomplete: this.#incomplete,
    };
  }

  #incompleteBecause(warning: string): void {
    this.#incomplete = true;
    this.#warn(warning);
  }

  #warn(warning: string): void {
    if (this.#warnings.size < warningsInAll) this.#warnings.add(warning);
  }
}
