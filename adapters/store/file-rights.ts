import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Obstacle } from './obstacle.ts';

/**
 * What keeps this process from serving a database file, or null. A server writes the file, and its log and its lock beside
 * it; what is missing it makes in the first folder above that is there.
 */
export function fileObstacle(file: string): Obstacle | null {
  if (!existsSync(file)) return folderObstacle(firstAbove(file));
  const lock = `${file}.lock`;
  return accessObstacle(file) ?? folderObstacle(dirname(file)) ?? (existsSync(lock) ? accessObstacle(lock) : null);
}

function folderObstacle(folder: string): Obstacle | null {
  if (statSync(folder).isDirectory()) return accessObstacle(folder, constants.X_OK);
  return unwritable(`${folder} is no folder`);
}

function accessObstacle(path: string, more = constants.R_OK): Obstacle | null {
  try {
    accessSync(path, constants.W_OK | more);
    return null;
  } catch (error) {
    return unwritable(error instanceof Error ? error.message : String(error));
  }
}

function unwritable(detail: string): Obstacle {
  return {
    failure: `The database cannot be written: ${detail}`,
    remedy: 'Give Rigshift a file in a folder that it may write to, or name another one in DATABASE_URL.',
  };
}

function firstAbove(path: string): string {
  let above = dirname(path);
  while (!existsSync(above) && above !== dirname(above)) above = dirname(above);
  return above;
}
