import { setTimeout as wait } from 'node:timers/promises';
import type { BotOptions } from './bot.ts';
import type { LedgerWatch } from './ledger-watch.ts';
import type { ObservationLog } from './observation-log.ts';
import { type BotProcess, startBotProcess } from './processes.ts';
import type { Telling } from './telling.ts';
import type { Violations } from './violations.ts';

const stopLimitMs = 5_000;
/** A bot that saves nothing for so long is not saving. */
const saveLimitMs = 10_000;

/** Starts and ends one bot after the other on the same database, and looks at the ledger after each. */
export class BotKeeper {
  readonly #options: BotOptions;
  readonly #log: ObservationLog;
  readonly #telling: Telling;
  readonly #watch: LedgerWatch;
  readonly #violations: Violations;
  #bot: BotProcess | null = null;
  cutCommits = 0;
  slowestStopMs = 0;
  slowestStartMs = 0;

  constructor(
    options: BotOptions,
    parts: {
      readonly log: ObservationLog;
      readonly telling: Telling;
      readonly watch: LedgerWatch;
      readonly violations: Violations;
    },
  ) {
    this.#options = options;
    this.#log = parts.log;
    this.#telling = parts.telling;
    this.#watch = parts.watch;
    this.#violations = parts.violations;
  }

  /** @throws Error where it does not start, as it would not if the one before had left the database locked. */
  async start(): Promise<void> {
    this.#telling.begin();
    const startedMs = performance.now();
    this.#bot = await startBotProcess(this.#options, {
      told: (message) => this.#telling.told(message),
      endedItself: (code) => this.#violations.add('the bot ended by itself', `exit code ${code}`),
    });
    this.slowestStartMs = Math.max(this.slowestStartMs, performance.now() - startedMs);
  }

  ask(text: string): void {
    if (this.#bot === null) return;
    this.#telling.asked();
    this.#bot.ask(text);
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
    if (this.#telling.saveIsUnderWay) this.cutCommits += 1;
    await this.#watch.look();
  }

  async killInCommit({ delayMs, withRows }: { readonly delayMs: number; readonly withRows: boolean }): Promise<void> {
    const limit = new AbortController();
    const limited = wait(saveLimitMs, undefined, { signal: limit.signal }).then(
      () => this.#violations.add('nothing was saved', `for ${saveLimitMs} ms`),
      () => {},
    );
    await Promise.race([this.#telling.nextSave(withRows), limited]);
    limit.abort();
    if (delayMs > 0) await wait(delayMs);
    await this.kill();
  }

  async stop(): Promise<void> {
    const startedMs = performance.now();
    const code = await this.#end('SIGTERM');
    const durationMs = performance.now() - startedMs;
    this.slowestStopMs = Math.max(this.slowestStopMs, durationMs);
    if (code === 0) this.#log.stopped();
    else this.#violations.add('a stop was not in good order', `exit code ${code}`);
    if (durationMs > stopLimitMs) this.#violations.add('a stop took too long', `${Math.round(durationMs)} ms`);
    await this.#watch.look();
  }

  /** At the end of everything, however it came. */
  async end(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const bot = this.#bot;
    this.#bot = null;
    return bot === null ? null : bot.end(signal);
  }
}
