import { appendFile, readFile, writeFile } from 'node:fs/promises';

export const HISTORY_SIZE = 500;

const secret =
  /(?:password|passwd|secret|token|api[-_]?key|private[-_]?key|credential)s?\s*[:=]|:\/\/[^\s/]*:[^\s/]*@/i;

/** Lines that are not kept: those that look like a secret, and those that begin with a blank, as in shells. */
export function isKept(line: string): boolean {
  return line.trim() !== '' && !/^\s/.test(line) && !secret.test(line);
}

export interface History {
  /** The newest lines first, as node:readline wants them. */
  load(): Promise<string[]>;
  /** Adds a line that is kept. */
  add(line: string): Promise<void>;
}

/** What was typed before, in a file that only its owner reads; without a path nothing is stored. */
export function createHistory(path: string | null): History {
  if (path === null) return { load: async () => [], add: async () => undefined };
  return {
    async load() {
      const lines = (await readIfThere(path)).split('\n').filter(isKept);
      const newest = lines.slice(-HISTORY_SIZE);
      if (lines.length > 2 * HISTORY_SIZE) await writeFile(path, `${newest.join('\n')}\n`, { mode: 0o600 });
      return newest.toReversed();
    },
    async add(line) {
      if (isKept(line)) await appendFile(path, `${line}\n`, { mode: 0o600 });
    },
  };
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
