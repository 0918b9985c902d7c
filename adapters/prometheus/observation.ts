import type { TargetIdentity, TargetSink } from '../../src/ports/metrics.ts';
import { liveSample, type Scrapes } from './live-sample.ts';
import type { RangeSeries } from './range-series.ts';
import { countUntil, type Moment, type TargetNow, type UpTarget, type UpTargets } from './up-targets.ts';

interface OpenTarget {
  readonly sink: TargetSink;
  readonly scrapes: Scrapes;
  readonly scraped: number | null;
  taken: number;
}

export interface NamedSeries extends RangeSeries {
  readonly name: string;
}

export interface ObservationOptions extends Moment {
  /** How far the server's clock runs ahead: what is handed on is in our time. */
  readonly aheadMs: number;
  readonly open: (target: TargetIdentity) => TargetSink;
}

/** What was known of all targets at one instant: takes their series in any order and gives each sink its samples. */
export class Observation {
  readonly #targets: UpTargets;
  readonly #options: ObservationOptions;
  readonly #open = new Map<UpTarget, OpenTarget>();
  /** Series of no target: recording rules, a push gateway's. */
  orphans = 0;

  /** `now`: of `targets` at this moment. */
  constructor(targets: UpTargets, now: readonly TargetNow[], options: ObservationOptions) {
    this.#targets = targets;
    this.#options = options;
    for (const one of now) this.#begin(one);
  }

  /** `times` may reach beyond this instant on both sides. */
  take({ name, labels, times, values, nanEnds }: NamedSeries): void {
    const target = this.#targets.of(labels);
    if (target === null) {
      this.orphans++;
      return;
    }
    const open = this.#open.get(target);
    if (open === undefined) return;
    const { atMs, windowMs, aheadMs } = this.#options;
    const from = countUntil(times, atMs - windowMs);
    let index = liveSample(times, from, countUntil(times, atMs), open.scrapes);
    // VictoriaMetrics sets the end of a series whose exporter prints times of its own upon the last sample's time.
    if (nanEnds && Number.isNaN(values[index]) && times[index - 1] === times[index]) index--;
    if (index < from || (nanEnds && Number.isNaN(values[index]))) return;
    open.taken++;
    open.sink.sample(name, labels, values[index]!, times[index]! - aheadMs);
  }

  end(): void {
    const { aheadMs } = this.#options;
    for (const { sink, scrapes, scraped, taken } of this.#open.values()) {
      sink.done(scrapes.lastMs - aheadMs, scraped ?? taken);
    }
  }

  #begin([target, state]: TargetNow): void {
    const { aheadMs, open } = this.#options;
    if (state.kind === 'down') {
      const scraped = new Date(state.atMs - aheadMs).toISOString();
      open(target.identity).fail('down', `up is 0 at the scrape of ${scraped}`);
    } else if (state.kind === 'up') {
      const { scrapes, samples } = state;
      this.#open.set(target, { sink: open(target.identity), scrapes, scraped: samples, taken: 0 });
    }
  }
}
