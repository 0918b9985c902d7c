import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { BotOptions, FromBot } from './bot.ts';
import type { SimulatorOptions } from './simulator.ts';

/** A start that takes longer has failed. */
const startLimitMs = 20_000;

export interface SimulatorProcess {
  readonly port: number;
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL, and its port is free. */
  end(): Promise<void>;
}

export async function startSimulatorProcess(options: SimulatorOptions): Promise<SimulatorProcess> {
  const child = start(new URL('./simulator.ts', import.meta.url), options);
  const [port] = await Promise.race([
    once(child, 'message', { signal: AbortSignal.timeout(startLimitMs) }),
    ended(child),
  ]);
  return {
    port: Number(port),
    signal: (signal) => void child.kill(signal),
    end: () => endBy(child, 'SIGKILL').then(() => {}),
  };
}

export interface BotProcess {
  /** Whether it has not been told to end. */
  readonly running: boolean;
  ask(text: string): void;
  /** Exit code, or null where the signal ended it. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
}

/** Resolves when it listens. @throws Error where it ends before, as it does where another server holds its database. */
export async function startBotProcess(
  options: BotOptions,
  on: { told(message: FromBot): void; endedItself(code: number | null): void },
): Promise<BotProcess> {
  const child = start(new URL('./bot.ts', import.meta.url), options);
  let running = true;
  const started = Promise.withResolvers<void>();
  child.on('message', (message: FromBot) => {
    if (message.kind === 'started') started.resolve();
    on.told(message);
  });
  const late = setTimeout(() => started.reject(new Error('the bot did not start in time')), startLimitMs);
  try {
    await Promise.race([started.promise, ended(child)]);
  } finally {
    clearTimeout(late);
  }
  child.once('exit', (code) => {
    if (running) on.endedItself(code);
  });
  return {
    get running() {
      return running;
    },
    ask: (text) => {
      if (running) child.send(text);
    },
    end: (signal) => {
      running = false;
      return endBy(child, signal);
    },
  };
}

function start(script: URL, options: object): ChildProcess {
  const child = fork(script, [JSON.stringify(options)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  // One that is suspended would not notice that we are gone.
  const killIt = () => child.kill('SIGKILL');
  process.once('exit', killIt);
  child.once('exit', () => process.off('exit', killIt));
  return child;
}

async function ended(child: ChildProcess): Promise<never> {
  const [code, signal] = await once(child, 'exit');
  throw new Error(`ended before it had started: ${signal ?? `exit code ${code}`}`);
}

async function endBy(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exit = once(child, 'close');
  child.kill(signal);
  const [code] = await exit;
  return code;
}
