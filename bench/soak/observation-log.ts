/** How much of a period was observed, as far as one who listens to the bot can tell. */
export interface Coverage {
  readonly leastSeconds: number;
  readonly mostSeconds: number;
  /** One run of the bot saw every exporter all the time, and what it saw is in the store. */
  readonly undisturbed: boolean;
  /** One run of the bot saw every exporter so often that no stretch is too long to count, and what it saw is in the store. */
  readonly watched: boolean;
}

interface Run {
  readonly sightings: { readonly atMs: number; readonly complete: boolean }[];
  /** So many of them are in the store. */
  durable: number;
  saving: number;
}

/** What the bot has told of its observations, run by run. */
export class ObservationLog {
  readonly #intervalMs: number;
  readonly #maxGapMs: number;
  readonly #longestMs: number;
  readonly #targetsAt: (atMs: number) => number;
  readonly #runs: Run[] = [];

  /** `targetsAt`: how many exporters answer whoever asks at that instant. */
  constructor(options: {
    readonly intervalMs: number;
    readonly maxGapMs: number;
    /** A rig that turns out to be down was down since its last sight. */
    readonly downAfterMs: number;
    readonly targetsAt: (atMs: number) => number;
  }) {
    this.#intervalMs = options.intervalMs;
    this.#maxGapMs = options.maxGapMs;
    this.#longestMs = options.maxGapMs + options.downAfterMs;
    this.#targetsAt = options.targetsAt;
  }

  get observations(): number {
    return this.#runs.reduce((sum, { sightings }) => sum + sightings.length, 0);
  }

  begin(): void {
    this.#runs.push({ sightings: [], durable: 0, saving: 0 });
  }

  observed(atMs: number, targetsUp: number): void {
    // They were asked a little earlier: what changed meanwhile may be seen or not.
    const expected = Math.min(this.#targetsAt(atMs), this.#targetsAt(atMs - this.#intervalMs));
    this.#runs.at(-1)?.sightings.push({ atMs, complete: targetsUp >= expected });
  }

  saving(): void {
    const run = this.#runs.at(-1);
    // The newest observation may have come while the state to be saved was already being printed.
    if (run !== undefined) run.saving = Math.max(0, run.sightings.length - 1);
  }

  saved(): void {
    const run = this.#runs.at(-1);
    if (run !== undefined) run.durable = run.saving;
  }

  /** The bot stopped in good order: all that it observed is in the store. */
  stopped(): void {
    const run = this.#runs.at(-1);
    if (run !== undefined) run.durable = run.sightings.length;
  }

  coverage(fromMs: number, toMs: number): Coverage {
    const reachMs = this.#maxGapMs;
    const near = this.#runs
      .map(({ sightings, durable }) => ({
        sightings: sightings.slice(0, durable).filter(({ atMs }) => atMs > fromMs - reachMs && atMs < toMs + reachMs),
        lost: sightings.slice(durable).some(({ atMs }) => atMs > fromMs - reachMs && atMs < toMs + reachMs),
      }))
      .filter(({ sightings, lost }) => sightings.length > 0 || lost);
    const [only] = near;
    const [first, last] = [only?.sightings[0], only?.sightings.at(-1)];
    const inOneRun = near.length === 1 && only?.lost === false;
    const complete = only?.sightings.filter((sighting) => sighting.complete) ?? [];
    return {
      leastSeconds: this.#least(fromMs, toMs),
      mostSeconds: Math.min((toMs - fromMs) / 1000, this.#most(fromMs, toMs)),
      watched: inOneRun && spans(complete, { fromMs, toMs, maxGapMs: this.#maxGapMs }),
      undisturbed:
        inOneRun &&
        only.sightings.every(({ complete }) => complete) &&
        first !== undefined &&
        last !== undefined &&
        first.atMs <= fromMs &&
        last.atMs >= toMs,
    };
  }

  /**
   * Stretches within one run that reached the store and at whose end every exporter answered. What did not answer before was
   * not seen since the last time that every one did.
   */
  #least(fromMs: number, toMs: number): number {
    let seconds = 0;
    for (const { sightings, durable } of this.#runs) {
      let seenMs = Number.NEGATIVE_INFINITY;
      for (const [index, { atMs, complete }] of sightings.slice(0, durable).entries()) {
        if (!complete) continue;
        const before = sightings[index - 1];
        if (before !== undefined && atMs - seenMs <= this.#maxGapMs) {
          seconds += overlapMs(before.atMs, atMs, fromMs, toMs) / 1000;
        }
        seenMs = atMs;
      }
    }
    return seconds;
  }

  /** Every stretch that is short enough, and at each end of a run what the bot had no time to tell. */
  #most(fromMs: number, toMs: number): number {
    let seconds = 0;
    let beforeMs = Number.NEGATIVE_INFINITY;
    for (const { sightings } of this.#runs) {
      for (const [index, { atMs }] of sightings.entries()) {
        const untoldMs = index === 0 ? this.#longestMs + 2 * this.#intervalMs : 0;
        const gapMs = atMs - beforeMs;
        const overlap = gapMs === Number.POSITIVE_INFINITY ? 0 : overlapMs(beforeMs, atMs, fromMs, toMs);
        seconds += (gapMs <= this.#longestMs ? overlap : Math.min(overlap, untoldMs)) / 1000;
        beforeMs = atMs;
      }
    }
    return seconds;
  }
}

/** Whether sightings come from before a period to after it without a gap. */
function spans(
  sightings: readonly { readonly atMs: number }[],
  { fromMs, toMs, maxGapMs }: { readonly fromMs: number; readonly toMs: number; readonly maxGapMs: number },
): boolean {
  const [first, last] = [sightings[0], sightings.at(-1)];
  if (first === undefined || last === undefined || first.atMs > fromMs || last.atMs < toMs) return false;
  return sightings.every(({ atMs }, index) => atMs - (sightings[index - 1]?.atMs ?? atMs) <= maxGapMs);
}

function overlapMs(fromMs: number, toMs: number, otherFromMs: number, otherToMs: number): number {
  return Math.max(0, Math.min(toMs, otherToMs) - Math.max(fromMs, otherFromMs));
}
