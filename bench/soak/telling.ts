import type { Outcome } from '../../src/chat/invocation.ts';
import type { FromBot } from './bot.ts';
import type { ObservationLog } from './observation-log.ts';
import type { Violations } from './violations.ts';

type Vitals = Extract<FromBot, { kind: 'vitals' }>;

/** What the bots of a soak have told. */
export interface Told {
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly answerMs: readonly number[];
  readonly saveMs: readonly number[];
  /** Of the newest bot, one for each second. */
  readonly vitals: readonly Vitals[];
  readonly lateP99Ms: readonly number[];
  readonly warnings: ReadonlyMap<string, number>;
}

const answerLimitMs = 10_000;

/** Takes in what the bot tells. What it must never tell is a violation: a bug, an error in its log, no answer. */
export class Telling implements Told {
  readonly outcomes: Record<Outcome, number> = { answered: 0, user: 0, upstream: 0, bug: 0 };
  readonly answerMs: number[] = [];
  readonly saveMs: number[] = [];
  readonly lateP99Ms: number[] = [];
  readonly warnings = new Map<string, number>();
  vitals: Vitals[] = [];
  readonly #log: ObservationLog;
  readonly #violations: Violations;
  /** Instants of the questions that wait for their answers. */
  #asked: number[] = [];
  /** Whoever waits for a commit. */
  #awaited: { readonly withRows: boolean; readonly begun: () => void } | null = null;
  #savesUnderWay = 0;
  #hasObserved = false;

  constructor(log: ObservationLog, violations: Violations) {
    this.#log = log;
    this.#violations = violations;
  }

  /** A new bot: what the one before owed is owed no longer. */
  begin(): void {
    this.#log.begin();
    this.#asked = [];
    this.vitals = [];
    this.#savesUnderWay = 0;
    this.#hasObserved = false;
  }

  asked(): void {
    this.#asked.push(performance.now());
    const [oldest = 0] = this.#asked;
    const waitedMs = performance.now() - oldest;
    if (waitedMs > answerLimitMs)
      this.#violations.add('a question was not answered', `after ${Math.round(waitedMs)} ms`);
  }

  get saveIsUnderWay(): boolean {
    return this.#savesUnderWay > 0;
  }

  /** Resolves when the next commit begins, or the next one with rows. */
  nextSave(withRows: boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#awaited = { withRows, begun: resolve };
    return promise;
  }

  told(message: FromBot): void {
    switch (message.kind) {
      case 'started':
        return;
      case 'observed':
        this.#log.observed(message.atMs, message.targetsUp);
        this.#hasObserved = true;
        return;
      case 'saving':
        this.#log.saving();
        this.#savesUnderWay += 1;
        if (message.rows > 0 || this.#awaited?.withRows === false) this.#awaited?.begun();
        return;
      case 'saved':
        this.#log.saved();
        this.#savesUnderWay -= 1;
        this.saveMs.push(message.durationMs);
        return;
      case 'answered':
        this.#answered(message);
        return;
      case 'vitals':
        this.vitals.push(message);
        this.lateP99Ms.push(message.lateP99Ms);
        return;
      case 'logged':
        if (message.level === 'error')
          this.#violations.add('the bot logged an error', `${message.message}: ${message.because}`);
        this.warnings.set(message.message, (this.warnings.get(message.message) ?? 0) + 1);
        return;
    }
  }

  #answered({ text, outcome, durationMs }: Extract<FromBot, { kind: 'answered' }>): void {
    this.#asked.shift();
    this.outcomes[outcome] += 1;
    this.answerMs.push(durationMs);
    // Before the first observation there is nothing to answer from, and that is what it says.
    if (outcome === 'bug' || (outcome === 'user' && this.#hasObserved))
      this.#violations.add(`an answer was ${outcome}`, text);
  }
}
