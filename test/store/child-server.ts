import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface ChildServer {
  readonly process: ChildProcess;
  /** Everything it has printed. */
  readonly lines: readonly string[];
  /** @throws where the process ends without having printed such a line. */
  untilPrinted(matches: (line: string) => boolean): Promise<string>;
  /** SIGKILL, and all that it printed before it died is in `lines`. */
  kill(): Promise<void>;
}

/** Starts a server on a database file in a process of its own. */
export function startChildServer(file: string, ...args: readonly string[]): ChildServer {
  const script = join(import.meta.dirname, 'store-child.ts');
  const child = spawn(process.execPath, [script, file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const ended = Promise.all([once(child, 'exit'), once(reader, 'close')]);

  return {
    process: child,
    lines,
    untilPrinted: async (matches) => {
      for (;;) {
        const found = lines.find(matches);
        if (found !== undefined) return found;
        const more = await Promise.race([once(reader, 'line'), ended.then(() => null)]);
        if (more === null && !lines.some(matches)) throw new Error(`the server ended after: ${lines.join(' | ')}`);
      }
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
