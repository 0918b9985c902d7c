import { type ChildProcess, spawn } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { findProgram } from './servers.ts';

const startLimitMs = 15_000;
const stopLimitMs = 5_000;

export interface ServerProgram {
  readonly program: string;
  readonly args: readonly string[];
  /** Answers 200 when the server is ready. */
  readonly readyUrl: string;
}

/** A server that runs until it is stopped; throws with what it said last where it does not get ready in time. */
export async function startServer({ program, args, readyUrl }: ServerProgram): Promise<{ stop(): Promise<void> }> {
  const path = findProgram(program);
  if (path === null) throw new Error(`the program ${program} is not installed`);
  const server = spawn(path, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  server.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-2_000);
  });
  try {
    await until(startLimitMs, async () => server.exitCode !== null || (await answers(readyUrl)));
    if (server.exitCode !== null) throw new Error(`it ended with ${server.exitCode}`);
  } catch (error) {
    await stopProcess(server);
    throw new Error(`${program} did not start: ${error instanceof Error ? error.message : error}\n${said}`);
  }
  return { stop: () => stopProcess(server) };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

/** Asks again every few milliseconds until the condition holds; throws after the limit. */
export async function until(limitMs: number, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`it did not happen within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    await response.body?.cancel();
    // One that speaks TLS alone refuses a plain request.
    return response.ok || response.status === 400;
  } catch {
    return false;
  }
}

async function stopProcess(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  server.kill('SIGTERM');
  const timer = setTimeout(() => server.kill('SIGKILL'), stopLimitMs);
  await ended;
  clearTimeout(timer);
}
