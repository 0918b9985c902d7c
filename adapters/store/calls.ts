import { UpstreamError, UserError } from '../../src/domain/errors.ts';
import { InvalidRowError } from './row-validity.ts';

/** Calls that may be under way at once; the next one is refused rather than queued without end. */
const maxRunning = 1_000;

/**
 * The limits on what is asked of a database: a time for each call, a number of calls, and an end that waits for those
 * under way. Whatever the database throws becomes an UpstreamError that says what was attempted and where.
 */
export class Calls {
  readonly #where: string;
  readonly #timeoutMs: number;
  readonly #running = new Set<Promise<unknown>>();
  #closed = false;

  constructor(where: string, timeoutMs: number) {
    this.#where = where;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * `signal` is aborted when the time is up; work that goes on after that must stop at its next step. What was already
   * being committed at that moment may still be committed.
   */
  async run<T>(attempt: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#closed) throw this.#failure(attempt, 'the store is closed');
    if (this.#running.size >= maxRunning) throw this.#failure(attempt, `${maxRunning} calls are waiting already`);

    const timeUp = new AbortController();
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const error = this.#failure(attempt, `no answer within ${this.#timeoutMs} ms`);
      timeUp.abort(error);
      late.reject(error);
    }, this.#timeoutMs);
    try {
      return await Promise.race([this.#track(work(timeUp.signal)), late.promise]);
    } catch (error) {
      throw this.#explain(attempt, error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Takes no more calls and waits for those under way, as long as one call may take; false where some were not done. */
  async finish(): Promise<boolean> {
    this.#closed = true;
    const late = Promise.withResolvers<false>();
    const timer = setTimeout(() => late.resolve(false), this.#timeoutMs);
    const done = Promise.allSettled(this.#running).then(() => true);
    const finished = await Promise.race([done, late.promise]);
    clearTimeout(timer);
    return finished;
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work);
    const forget = () => this.#running.delete(work);
    work.then(forget, forget);
    return work;
  }

  #explain(attempt: string, error: unknown): Error {
    if (error instanceof UserError || error instanceof UpstreamError || error instanceof InvalidRowError) return error;
    return this.#failure(attempt, messageOf(error), error);
  }

  #failure(attempt: string, what: string, cause?: unknown): UpstreamError {
    return new UpstreamError('store', `Cannot ${attempt} (${this.#where}): ${what}`, { cause });
  }
}

/** A refused connection to a name with several addresses comes as an AggregateError without a message of its own. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
