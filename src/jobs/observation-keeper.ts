import type { Snapshot } from '../domain/snapshot.ts';
import type { StateChange } from '../domain/state-change.ts';
import { keepObservation, recallFleet } from '../fleet/keep-observation.ts';
import type { Observer } from '../fleet/observe.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';

/** Changes that wait for a store that fails: all cards of 10,000 rigs, once. */
const MOST_WAITING = 100_000;

interface Options {
  readonly observer: Pick<Observer, 'knownCards' | 'knownTargets'>;
  readonly store: Pick<Store, 'cards' | 'targets' | 'changes'>;
  readonly log: Log;
}

/**
 * Writes down what observations show besides the ledger: which cards and targets there are, and every change of a state.
 * Never delays an observation; what could not be written is written with the next one.
 */
export class ObservationKeeper {
  readonly #options: Options;
  #waiting: StateChange[] = [];
  #running: Promise<void> | null = null;
  /** Changes given up since the start because the store failed for too long. */
  lostChanges = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  /** To be awaited before the first observation. @throws UpstreamError where the store does not answer. */
  async recall(): Promise<void> {
    await recallFleet(this.#options.observer, this.#options.store);
  }

  accept({ changes = [] }: Pick<Snapshot, 'changes'>): void {
    for (const change of changes) this.#waiting.push(change);
    const surplus = this.#waiting.length - MOST_WAITING;
    if (surplus > 0) {
      this.#waiting.splice(0, surplus);
      this.lostChanges += surplus;
      this.#options.log.error({ changes: surplus }, 'store failed for too long: changes of states are lost');
    }
    this.#running ??= this.#write().finally(() => {
      this.#running = null;
    });
  }

  /** Writes what waits, as far as the store takes it. */
  async stop(): Promise<void> {
    await this.#running;
    await this.#write();
  }

  async #write(): Promise<void> {
    const { observer, store, log } = this.#options;
    const changes = this.#waiting;
    this.#waiting = [];
    try {
      await keepObservation(observer, store, changes);
    } catch (err) {
      this.#waiting = [...changes, ...this.#waiting];
      log.warn({ err, changes: changes.length }, 'cards, targets and changes of states not saved: tried again');
    }
  }
}
