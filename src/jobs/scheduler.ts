import { schedule } from 'node-cron';
import type { Log } from '../ports/log.ts';

/**
 * Registers a task and returns how to cancel it. The default is node-cron in UTC: in a local zone it skips or repeats hours
 * when the clocks change, so that what is due is always decided by the jobs themselves.
 */
export type Ticker = (expression: string, tick: () => Promise<void>) => { readonly cancel: () => Promise<void> };

const cronTicker: Ticker = (expression, tick) => {
  const task = schedule(expression, tick, { timezone: 'UTC', suppressMissedWarning: true });
  return {
    cancel: async () => {
      await task.destroy();
    },
  };
};

export interface Scheduler {
  /** Calls `work` at every full minute; not while it still runs. What it throws is logged, and it is called again. */
  everyMinute(job: string, work: () => Promise<void>): void;
  /** Waits for what is running. */
  stop(): Promise<void>;
}

export function createScheduler({
  log,
  ticker = cronTicker,
}: {
  readonly log: Log;
  readonly ticker?: Ticker;
}): Scheduler {
  const cancels: (() => Promise<void>)[] = [];
  const running = new Map<string, Promise<void>>();

  async function run(job: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      log.error({ err: error, job }, 'job failed');
    } finally {
      running.delete(job);
    }
  }

  return {
    everyMinute(job, work) {
      const { cancel } = ticker('* * * * *', async () => {
        if (running.has(job)) {
          log.warn({ job }, 'job still runs: this minute is skipped');
          return;
        }
        const started = run(job, work);
        running.set(job, started);
        await started;
      });
      cancels.push(cancel);
    },
    async stop() {
      await Promise.all(cancels.map((cancel) => cancel()));
      await Promise.all(running.values());
    },
  };
}
