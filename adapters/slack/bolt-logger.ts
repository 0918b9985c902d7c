import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '../../src/ports/log.ts';

/** Bolt's words as debug lines: what matters of them the adapter finds out itself, and says once. */
export function boltLogger(log: Log): Logger {
  const say = (...words: readonly unknown[]) => log.debug({ text: words.map(String).join(' ').slice(0, 500) }, 'bolt');
  return {
    // Its own debug lines hold payloads, and addresses that are as good as passwords.
    debug: () => undefined,
    info: () => undefined,
    warn: say,
    error: say,
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
}
