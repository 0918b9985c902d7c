import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stop } from './children.ts';
import { percentile } from './table.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const readyLimitMs = 30_000;
const starts = 5;

export interface StartFigures {
  /** Without anything compiled before. */
  readonly firstSeconds: number;
  /** Median of the starts after it, with the compile cache that `npm start` uses. */
  readonly nextSeconds: number;
}

/** From starting the process to `ready`, which comes after the first observation, in the demo. */
export async function measureStart(): Promise<StartFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'rigshift-start-'));
  try {
    const seconds: number[] = [];
    for (let start = 0; start < starts; start++) seconds.push(await secondsToReady(folder));
    const [firstSeconds = Number.NaN, ...next] = seconds;
    return { firstSeconds, nextSeconds: percentile(next, 0.5) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param folder where there is no configuration, so that the demo starts. */
async function secondsToReady(folder: string): Promise<number> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [main, 'start'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], LOG_LEVEL: 'info', NODE_COMPILE_CACHE: join(folder, 'compile-cache') },
    // A pipe at the other end of which nobody types.
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  try {
    return await new Promise<number>((resolve, reject) => {
      let said = '';
      const timer = setTimeout(() => reject(new Error(`not ready: ${said}`)), readyLimitMs);
      child.once('exit', (code) => reject(new Error(`the start ended with ${code}: ${said}`)));
      child.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString('utf8');
        if (!said.includes('"ready"')) return;
        clearTimeout(timer);
        resolve((performance.now() - startedMs) / 1000);
      });
    });
  } finally {
    child.removeAllListeners('exit');
    await stop(child);
  }
}
