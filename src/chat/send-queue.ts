import { NotSent, RateLimited, SendTimedOut } from './send-errors.ts';
import { createSendLimits, type SendBudget, type Slot } from './send-limits.ts';
import type { SendPriority } from './send-priority.ts';

export { NotSent, RateLimited, SendTimedOut } from './send-errors.ts';
export type { SendBudget } from './send-limits.ts';
export type { SendPriority } from './send-priority.ts';

const ranks = { page: 0, reply: 1, digest: 2, edit: 3 } satisfies Record<SendPriority, number>;

/** What waited so long goes as if it were a reply: before younger replies, never before a page. */
const AGED_MS = 10_000;
/** Together below the 30 s after which the outbox stops waiting for an answer. */
const WAIT_LIMIT_MS = 15_000;
const WORK_LIMIT_MS = 10_000;
const MOST_TRIES = 5;
const MOST_WAITING = 100;
/** A process that is asked to stop has 4.5 s for everything. */
const STOP_LIMIT_MS = 1_500;

export interface SendJob<T> {
  readonly channel: string;
  readonly priority: SendPriority;
  /** Jobs of one channel, priority and key that still wait become one; all of them must give the same type. */
  readonly coalesce?: string;
  /** Throws `RateLimited` where the platform turned it away. */
  readonly work: (signal: AbortSignal) => Promise<T>;
}

export interface SendQueue {
  /**
   * Does the work when its turn has come, and settles within both limits together.
   * @throws NotSent where it was not done, for certain; RateLimited likewise, after `mostTries` or where the platform asks for a
   * longer wait than is left; SendTimedOut where it may have been done; else what the work threw.
   */
  run<T>(job: SendJob<T>): Promise<T>;
  /** Takes nothing new, rejects what waits, lets what runs finish within 1.5 s, then aborts it. */
  stop(): Promise<void>;
}

interface Caller {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Waiting extends Slot {
  readonly coalesce: string | null;
  /** Of the oldest that became one: its place in the order. */
  readonly sequence: number;
  readonly sinceMs: number;
  readonly work: (signal: AbortSignal) => Promise<unknown>;
  readonly tries: number;
  readonly callers: readonly Caller[];
}

interface Running {
  readonly job: Waiting;
  readonly endsMs: number;
  readonly abort: AbortController;
}

/**
 * One message at a time per channel, the most urgent of those that may go, so that a page overtakes everything that still waits;
 * within a priority by age. Channels never wait for each other but for a budget that they share; there too the most urgent
 * goes first. What a platform turned away keeps its place. A full channel refuses its least urgent, newest job.
 */
export function createSendQueue(options: {
  /** Least time between two messages of a channel; 0 where the platform does not count them. */
  readonly gapMs: (slot: Slot) => number;
  readonly budgets?: readonly SendBudget[];
  readonly now: () => number;
  /** Rejects as soon as `signal` aborts. */
  readonly wait: (durationMs: number, signal: AbortSignal) => Promise<void>;
  /** From `run` to the beginning of its work's last try. */
  readonly waitLimitMs?: number;
  /** Of one try. */
  readonly workLimitMs?: number;
  readonly mostTries?: number;
  /** Per channel. */
  readonly mostWaiting?: number;
}): SendQueue {
  const { now, wait, mostTries = MOST_TRIES, mostWaiting = MOST_WAITING } = options;
  const { waitLimitMs = WAIT_LIMIT_MS, workLimitMs = WORK_LIMIT_MS } = options;
  const limits = createSendLimits({ gapMs: options.gapMs, budgets: options.budgets ?? [] });
  const waiting = new Map<string, Waiting[]>();
  const running = new Map<string, Running>();
  let sequence = 0;
  let stopped = false;
  let idle: PromiseWithResolvers<void> | null = null;
  let alarm = new AbortController();

  const beginsByMs = ({ sinceMs }: Waiting) => sinceMs + waitLimitMs;

  function goesBefore(a: Waiting, b: Waiting, nowMs: number): boolean {
    const rank = ({ priority, sinceMs }: Waiting) =>
      nowMs - sinceMs >= AGED_MS ? Math.min(ranks[priority], ranks.reply) : ranks[priority];
    return (rank(a) - rank(b) || a.sequence - b.sequence) < 0;
  }

  function nextToBegin(nowMs: number): Waiting | null {
    let next: Waiting | null = null;
    for (const [channel, jobs] of waiting) {
      if (running.has(channel)) continue;
      for (const job of jobs) {
        if (next !== null && !goesBefore(job, next, nowMs)) continue;
        if (limits.readyMs(job, nowMs) <= nowMs) next = job;
      }
    }
    return next;
  }

  function takeOut(job: Waiting): void {
    const left = (waiting.get(job.channel) ?? []).filter((other) => other !== job);
    if (left.length === 0) waiting.delete(job.channel);
    else waiting.set(job.channel, left);
  }

  /** Puts in, as one with a job that waits already; the newest work of the two is done. */
  function putIn(job: Waiting): void {
    const jobs = waiting.get(job.channel) ?? [];
    const same = jobs.find(
      ({ coalesce, priority }) => coalesce !== null && coalesce === job.coalesce && priority === job.priority,
    );
    if (same === undefined) {
      waiting.set(job.channel, [...jobs, job]);
      return;
    }
    const [older, newer] = same.sequence < job.sequence ? [same, job] : [job, same];
    const both = { ...older, work: newer.work, callers: [...older.callers, ...newer.callers] };
    waiting.set(job.channel, [...jobs.filter((other) => other !== same), both]);
  }

  function makeRoom(channel: string): void {
    const jobs = waiting.get(channel) ?? [];
    if (jobs.length <= mostWaiting) return;
    const last = jobs.reduce((a, b) =>
      (ranks[b.priority] - ranks[a.priority] || b.sequence - a.sequence) > 0 ? b : a,
    );
    takeOut(last);
    rejectAll(last, new NotSent('full', `${jobs.length} messages wait in this channel already`));
  }

  function begin(job: Waiting): void {
    takeOut(job);
    const abort = new AbortController();
    const run = { job, abort, endsMs: now() + workLimitMs };
    running.set(job.channel, run);
    limits.began(job, now());
    Promise.try(job.work, abort.signal).then(
      (value) => {
        if (running.get(job.channel) !== run) return;
        limits.succeeded(job, now());
        for (const { resolve } of job.callers) resolve(value);
        end(run);
      },
      (error: unknown) => {
        if (running.get(job.channel) !== run) return;
        failed(job, error);
        end(run);
      },
    );
  }

  function failed(job: Waiting, error: unknown): void {
    if (!(error instanceof RateLimited)) {
      limits.failed(job, now());
      rejectAll(job, error);
      return;
    }
    limits.limited(job, error, now());
    const again = { ...job, tries: job.tries + 1 };
    const isLate = limits.readyMs(job, now()) >= beginsByMs(job);
    if (stopped || isLate || again.tries >= mostTries) rejectAll(job, error);
    else putIn(again);
  }

  function end(run: Running): void {
    running.delete(run.job.channel);
    turn();
  }

  /** What did not end in time is let go of; what it does after that is nobody's. */
  function giveUp({ job, abort }: Running): void {
    const error = new SendTimedOut(`no answer within ${workLimitMs / 1000} s`);
    running.delete(job.channel);
    limits.failed(job, now());
    abort.abort(error);
    rejectAll(job, error);
  }

  function expire(nowMs: number): void {
    for (const run of [...running.values()]) if (run.endsMs <= nowMs) giveUp(run);
    for (const job of [...waiting.values()].flat()) {
      if (beginsByMs(job) > nowMs) continue;
      takeOut(job);
      const retryAfterMs = limits.readyMs(job, nowMs) - nowMs;
      const message = `its turn did not come within ${waitLimitMs / 1000} s`;
      rejectAll(job, new NotSent('late', message, retryAfterMs > 0 ? retryAfterMs : null));
    }
  }

  /** Begins whatever may begin, and sets the alarm for when that changes by itself. */
  function turn(): void {
    const nowMs = now();
    expire(nowMs);
    for (let next = nextToBegin(nowMs); next !== null; next = nextToBegin(nowMs)) begin(next);
    if (running.size === 0) idle?.resolve();
    alarm.abort();
    alarm = new AbortController();
    const changesMs = [...running.values()].map(({ endsMs }) => endsMs);
    for (const job of [...waiting.values()].flat()) {
      changesMs.push(beginsByMs(job));
      if (!running.has(job.channel)) changesMs.push(limits.readyMs(job, nowMs));
    }
    if (changesMs.length === 0) return;
    const earliestMs = changesMs.reduce((a, b) => Math.min(a, b));
    wait(Math.max(0, earliestMs - nowMs), alarm.signal).then(turn, () => undefined);
  }

  return {
    run<T>(job: SendJob<T>): Promise<T> {
      if (stopped) return Promise.reject(stopError());
      return new Promise<T>((resolve, reject) => {
        const { channel, priority, work, coalesce = null } = job;
        sequence += 1;
        const caller = { resolve: resolve as Caller['resolve'], reject };
        putIn({ channel, priority, work, coalesce, sequence, sinceMs: now(), tries: 0, callers: [caller] });
        turn();
        makeRoom(channel);
      });
    },
    async stop() {
      stopped = true;
      const rejected = [...waiting.values()].flat();
      waiting.clear();
      for (const job of rejected) rejectAll(job, stopError());
      idle ??= Promise.withResolvers();
      turn();
      const done = new AbortController();
      const late = wait(STOP_LIMIT_MS, done.signal).catch(() => undefined);
      await Promise.race([idle.promise, late]);
      done.abort();
      for (const run of [...running.values()]) giveUp(run);
      alarm.abort();
    },
  };
}

function rejectAll({ callers }: Waiting, error: unknown): void {
  for (const { reject } of callers) reject(error);
}

function stopError(): NotSent {
  return new NotSent('stopped', 'stopping: nothing is sent any more');
}
