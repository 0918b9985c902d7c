import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const extraFolders = [
  '/usr/bin',
  '/usr/sbin',
  '/usr/local/bin',
  '/usr/lib/postgresql/15/bin',
  '/usr/lib/postgresql/16/bin',
  '/usr/lib/postgresql/17/bin',
];

/** Path of a server's program, or null where it is not installed. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...extraFolders];
  for (const folder of folders) {
    const path = join(folder, name);
    if (folder !== '' && existsSync(path)) return path;
  }
  return null;
}

/**
 * For `describe.skipIf`: whether a suite has to be skipped because a server's program is missing. With REQUIRE_SERVERS=1
 * (CI) nothing is skipped: the suite then fails where it starts the server, and says which program it missed.
 */
export function missingServers(...programs: string[]): boolean {
  const missing = programs.filter((name) => findProgram(name) === null);
  if (missing.length === 0) return false;
  if (process.env['REQUIRE_SERVERS'] === '1') return false;
  process.stderr.write(`skipped: ${missing.join(', ')} not installed (REQUIRE_SERVERS=1 makes this a failure)\n`);
  return true;
}
