import type { Labels, TargetIdentity, TargetSink } from '../../src/ports/metrics.ts';
import { liveSample, type Scrapes } from './live-sample.ts';
import { countUntil, targetState, type UpTarget, type UpTargets } from './up-targets.ts';

interface OpenTarget {
  readonly sink: TargetSink;
  readonly scrapes: Scrapes;
  readonly scraped: number | null;
  taken: number;
}

export interface ObservationOptions {
  readonly atMs: number;
  readonly windowMs: number;
  readonly intervalMs: number;
  readonly open: (target: TargetIdentity) => TargetSink;
}

/** What was known of all targets at one instant: takes their series in any order and gives each sink its samples. */
export class Observation {
  readonly #targets: UpTargets;
  readonly #options: ObservationOptions;
  readonly #open = new Map<UpTarget, OpenTarget>();
  /** Targets whose scrapes lie further apart than the window, and how far. */
  sparse = 0;
  sparseEveryMs = 0;
  /** Series of no target: recording rules, a push gateway's. */
  orphans = 0;

  constructor(targets: UpTargets, options: ObservationOptions) {
    this.#targets = targets;
    this.#options = options;
    for (const target of targets.all) this.#begin(target);
  }

  /** `times` may reach beyond this instant on both sides. */
  take(name: string, labels: Labels, times: readonly number[], values: readonly number[]): void {
    const target = this.#targets.of(labels);
    if (target === null) {
      this.orphans++;
      return;
    }
    const open = this.#open.get(target);
    if (open === undefined) return;
    const { atMs, windowMs } = this.#options;
    const from = countUntil(times, atMs - windowMs - 1);
    const index = liveSample(times, from, countUntil(times, atMs), open.scrapes);
    if (index < 0) return;
    open.taken++;
    open.sink.sample(name, labels, values[index]!, times[index]!);
  }

  end(): void {
    for (const { sink, scrapes, scraped, taken } of this.#open.values()) sink.done(scrapes.lastMs, scraped ?? taken);
  }

  #begin(target: UpTarget): void {
    const { atMs, windowMs, intervalMs, open } = this.#options;
    const state = targetState(target, atMs, windowMs, intervalMs);
    if (state.kind === 'down') {
      open(target.identity).fail('down', `up is 0 at the scrape of ${new Date(state.atMs).toISOString()}`);
    } else if (state.kind === 'up') {
      const { scrapes, samples } = state;
      this.#open.set(target, { sink: open(target.identity), scrapes, scraped: samples, taken: 0 });
    } else if (state.kind === 'sparse') {
      this.sparse++;
      this.sparseEveryMs = Math.max(this.sparseEveryMs, state.everyMs);
    }
  }
}
