import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const startLimitMs = 30_000;
const runLimitMs = 600_000;
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

export interface ServedFarm {
  readonly url: string;
  stop(): Promise<void>;
}

/** A simulated farm whose time stands still, served by a process of its own. */
export async function serveFarm(options: {
  rigs: number;
  gpus: number;
  seed: number;
  at: string;
}): Promise<ServedFarm> {
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.execPath, [main, 'simulate', '--port', '0', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await firstLine(child);
  return { url, stop: () => stop(child) };
}

/** What a program of this folder prints as JSON when it is done. */
export async function runChild<Result>(
  file: string,
  args: readonly string[],
  nodeFlags: readonly string[] = [],
): Promise<Result> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, ...nodeFlags, path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: runLimitMs,
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString('utf8');
  });
  const [code, signal] = await once(child, 'close');
  if (code !== 0) throw new Error(`${file} ended with ${code ?? signal}`);
  return JSON.parse(printed);
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('its output is not read');
  const lines = createInterface({ input: child.stdout });
  try {
    const [line] = await once(lines, 'line', { signal: AbortSignal.timeout(startLimitMs) });
    return String(line);
  } catch (cause) {
    await stop(child);
    throw new Error('the simulator did not start', { cause });
  }
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(timer);
}
