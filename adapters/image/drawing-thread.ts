import { Worker } from 'node:worker_threads';
import { UpstreamError } from '../../src/domain/errors.ts';
import type { PictureRequest } from '../../src/ports/image.ts';
import type { Log } from '../../src/ports/log.ts';
import type { DrawRequest, DrawResponse } from './drawing-messages.ts';

/** Heap of the thread; what a picture takes is a tenth of it. */
const MOST_HEAP_MB = 256;
const MOST_WAITING = 32;

interface Job {
  readonly id: number;
  readonly request: PictureRequest;
  readonly resolve: (png: Uint8Array) => void;
  readonly reject: (error: Error) => void;
  /** Of the wait, then of the drawing. */
  timer: NodeJS.Timeout;
}

export interface DrawingThreadOptions {
  readonly script: URL;
  /** For the wait and, again, for the drawing. */
  readonly timeLimitMs: number;
  readonly log: Log | null;
}

/**
 * Draws one picture after another in a thread that starts with the first one. A thread that dies or takes too long loses its
 * picture and is replaced for the next one.
 */
export class DrawingThread {
  readonly #options: DrawingThreadOptions;
  readonly #waiting: Job[] = [];
  #worker: Worker | null = null;
  #current: Job | null = null;
  #lastId = 0;
  #closed = false;

  constructor(options: DrawingThreadOptions) {
    this.#options = options;
  }

  draw(request: PictureRequest): Promise<Uint8Array> {
    if (this.#closed) return Promise.reject(failure('the renderer is closed', false));
    if (this.#waiting.length >= MOST_WAITING) {
      return Promise.reject(failure(`${MOST_WAITING} pictures are waiting already`));
    }
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const job: Job = { id, request, resolve, reject, timer: this.#limit(() => this.#giveUp(job)) };
      this.#waiting.push(job);
      this.#next();
    });
  }

  /** Pictures that are not done fail. */
  async close(): Promise<void> {
    this.#closed = true;
    const jobs = [...(this.#current === null ? [] : [this.#current]), ...this.#waiting.splice(0)];
    this.#current = null;
    for (const job of jobs) fail(job, failure('the renderer is closed', false));
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  #next(): void {
    if (this.#current !== null) return;
    const job = this.#waiting.shift();
    if (job === undefined) return;
    clearTimeout(job.timer);
    this.#current = job;
    job.timer = this.#limit(() => this.#lose(`it took longer than ${this.#options.timeLimitMs} ms`));
    this.#worker ??= this.#start();
    this.#worker.postMessage({ id: job.id, request: job.request } satisfies DrawRequest);
  }

  #start(): Worker {
    const worker = new Worker(this.#options.script, {
      name: 'image',
      resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
    });
    // A thread that was replaced has nothing to say any more.
    const ifCurrent = (act: () => void) => () => {
      if (this.#worker === worker) act();
    };
    worker.on('message', (response: DrawResponse) => ifCurrent(() => this.#answer(response))());
    worker.on('error', (cause) =>
      ifCurrent(() => this.#lose(`the thread died: ${cause instanceof Error ? cause.message : cause}`, cause))(),
    );
    worker.on(
      'exit',
      ifCurrent(() => this.#lose('the thread has ended')),
    );
    return worker;
  }

  #answer(response: DrawResponse): void {
    const job = this.#current;
    if (job === null || job.id !== response.id) return;
    this.#current = null;
    if ('png' in response) {
      clearTimeout(job.timer);
      job.resolve(response.png);
    } else {
      this.#options.log?.error({ reason: response.error }, 'a picture cannot be drawn');
      fail(job, failure(response.error, false));
    }
    this.#next();
  }

  /** The picture under way is lost, and the thread with it. */
  #lose(reason: string, cause?: unknown): void {
    const worker = this.#worker;
    const job = this.#current;
    this.#worker = null;
    this.#current = null;
    this.#options.log?.warn({ reason }, 'the drawing thread is replaced');
    void worker?.terminate();
    if (job !== null) fail(job, failure(reason, true, cause));
    this.#next();
  }

  #giveUp(job: Job): void {
    const index = this.#waiting.indexOf(job);
    if (index >= 0) this.#waiting.splice(index, 1);
    fail(job, failure(`others took longer than ${this.#options.timeLimitMs} ms`));
  }

  #limit(act: () => void): NodeJS.Timeout {
    return setTimeout(act, this.#options.timeLimitMs);
  }
}

function fail(job: Job, error: Error): void {
  clearTimeout(job.timer);
  job.reject(error);
}

function failure(what: string, retryable = true, cause?: unknown): UpstreamError {
  return new UpstreamError('image', `The picture cannot be drawn: ${what}`, { retryable, cause });
}
