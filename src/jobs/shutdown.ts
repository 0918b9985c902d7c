import type { Log } from '../ports/log.ts';

/** A supervisor kills after its own limit; ours is under the five seconds that an operator was promised. */
const STOP_LIMIT_MS = 4_500;

/**
 * Waits until something ends the process, then stops in good order: `SIGTERM`, `SIGINT`, or `finished` (somebody left the
 * console). A second signal exits at once. Returns the exit code.
 */
export async function runUntilStopped(options: {
  readonly finished: Promise<unknown>;
  readonly stop: () => Promise<void>;
  readonly log: Log;
}): Promise<number> {
  const { log } = options;
  const signalled = Promise.withResolvers<string>();
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(128 + (signal === 'SIGTERM' ? 15 : 2));
    stopping = true;
    signalled.resolve(signal);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  const why = await Promise.race([signalled.promise, options.finished.then(() => 'end of input')]);
  stopping = true;
  log.info({ why }, 'stopping');
  const late = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => late.resolve('late'), STOP_LIMIT_MS);
  try {
    const ended = await Promise.race([options.stop().then(() => 'stopped' as const), late.promise]);
    if (ended === 'stopped') {
      log.info({}, 'stopped');
      return 0;
    }
    log.error({ limitMs: STOP_LIMIT_MS }, 'stopping took too long; what was not written is lost');
    return 1;
  } catch (err) {
    log.error({ err }, 'stopping failed');
    return 1;
  } finally {
    clearTimeout(timer);
  }
}

/** A promise that fails and nobody listens to is our bug: logged and counted, and the process lives on. */
export function surviveUnhandledRejections(log: Log, count: () => void): void {
  process.on('unhandledRejection', (err) => {
    count();
    log.error({ err }, 'unhandled rejection');
  });
}
