import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, loadavg } from 'node:os';
import type { FromChatBot, WantedPost } from './chat-bot.ts';
import type { Violations } from './violations.ts';

const startLimitMs = 5_000;
const stopLimitMs = 5_000;
/** Where it has still not started then, it will not. */
const hopelessMs = 30_000;
/** Processes that want to run, for each that can: with more, a machine is busy with something else than the soak. */
const busyLoad = 1.5;

/** One bot, from its start to its end. Instants by `performance.now()`. */
export interface BotLife {
  readonly startedMs: number;
  ended: { readonly how: 'killed' | 'stopped'; readonly atMs: number } | null;
  /** One for each second. */
  readonly rssBytes: number[];
}

/** Starts and ends one bot after the other on the same database. */
export class ChatKeeper {
  readonly #env: Readonly<Record<string, string>>;
  readonly #violations: Violations;
  readonly #posted: (key: string) => void;
  readonly #isDisturbed: () => boolean;
  #child: ChildProcess | null = null;
  /** The newest, whether or not it lives. */
  life: BotLife | null = null;
  readonly warnings = new Map<string, number>();
  slowestStartMs = 0;
  slowestStopMs = 0;
  /** On a machine that was busy with something else. */
  slowStarts = 0;
  /** When the newest that has ended did; by `performance.now()`. */
  endedMs = -Infinity;
  mostRssBytes = 0;

  /** `posted` is told what the outbox has taken; `isDisturbed` says whether a platform failed in the last seconds. */
  constructor(
    env: Readonly<Record<string, string>>,
    on: { readonly violations: Violations; posted(key: string): void; isDisturbed(): boolean },
  ) {
    this.#env = env;
    this.#violations = on.violations;
    this.#posted = on.posted;
    this.#isDisturbed = on.isDisturbed;
  }

  async start(): Promise<void> {
    const startedMs = performance.now();
    const child = fork(new URL('./chat-bot.ts', import.meta.url), [], {
      env: { PATH: process.env['PATH'], ...this.#env },
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const killIt = () => child.kill('SIGKILL');
    process.once('exit', killIt);
    child.once('exit', () => process.off('exit', killIt));
    const life: BotLife = { startedMs, ended: null, rssBytes: [] };
    const started = Promise.withResolvers<void>();
    child.on('message', (message: FromChatBot) => {
      if (message.kind === 'started') started.resolve();
      else this.#told(message, life);
    });
    child.once('exit', (code, signal) => {
      started.reject(new Error(`the bot ended: ${signal ?? code}`));
      if (life.ended === null) this.#violations.add('the bot ended by itself', `${signal ?? `exit code ${code}`}`);
    });
    const hopeless = setTimeout(() => started.reject(new Error('the bot did not start')), hopelessMs);
    this.#child = child;
    this.life = life;
    try {
      await started.promise;
    } finally {
      clearTimeout(hopeless);
    }
    const durationMs = performance.now() - startedMs;
    this.slowestStartMs = Math.max(this.slowestStartMs, durationMs);
    if (durationMs <= startLimitMs) return;
    if (isBusy()) this.slowStarts += 1;
    else this.#violations.add('a start took too long', `${Math.round(durationMs)} ms`);
  }

  post(post: WantedPost): void {
    if (this.#child?.connected === true) this.#child.send(post);
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    const askedMs = performance.now();
    const code = await this.#end('SIGTERM');
    const durationMs = performance.now() - askedMs;
    this.slowestStopMs = Math.max(this.slowestStopMs, durationMs);
    if (code !== 0) this.#violations.add('a stop was not in good order', `exit code ${code}`);
    if (durationMs > stopLimitMs) this.#violations.add('a stop took too long', `${Math.round(durationMs)} ms`);
  }

  #told(message: Exclude<FromChatBot, { kind: 'started' }>, life: BotLife): void {
    switch (message.kind) {
      case 'posted':
        this.#posted(message.key);
        return;
      case 'vitals':
        life.rssBytes.push(message.rssBytes);
        this.mostRssBytes = Math.max(this.mostRssBytes, message.rssBytes);
        return;
      case 'logged':
        this.#logged(message);
        return;
    }
  }

  /** What the log has to say of a platform that fails: it took no session, or not the answer that was on its way at a stop. */
  #isExcused(message: string, because: string): boolean {
    if (!this.#isDisturbed()) return false;
    if (message === 'no session with Discord') return true;
    return (
      this.life?.ended?.how === 'stopped' && message === 'answer not delivered' && because.startsWith('AbortError')
    );
  }

  #logged({ level, message, because }: Extract<FromChatBot, { kind: 'logged' }>): void {
    if (level === 'error' && !this.#isExcused(message, because)) {
      const name = because.slice(0, Math.max(0, because.indexOf(':')));
      this.#violations.add(`the bot logged an error: ${message} (${name})`, because);
    }
    this.warnings.set(message, (this.warnings.get(message) ?? 0) + 1);
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const [child, life] = [this.#child, this.life];
    this.#child = null;
    if (child === null || life === null || child.exitCode !== null || child.signalCode !== null) return null;
    life.ended = { how: signal === 'SIGKILL' ? 'killed' : 'stopped', atMs: performance.now() };
    const closed = once(child, 'close');
    child.kill(signal);
    const [code] = await closed;
    this.endedMs = performance.now();
    return code;
  }
}

function isBusy(): boolean {
  return (loadavg()[0] ?? 0) > busyLoad * availableParallelism();
}
