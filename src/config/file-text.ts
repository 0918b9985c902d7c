import { readFile, stat } from 'node:fs/promises';

const largestBytes = 64 * 2 ** 20;

/** @throws where the file cannot be read or is larger than 64 MiB; fileFault() says why in words. */
export async function readFileText(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > largestBytes) throw new Error(`${size} bytes, more than ${largestBytes}`);
  return readFile(path, 'utf8');
}

export function fileFault(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EISDIR') return 'a folder';
  return code === 'EACCES' ? 'a file that this user may not read' : error.message.replace(/\s+/g, ' ');
}
