import { open, readdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { LastGoodList, listFailure, stillUsed } from './last-good-list.ts';
import type { ListTargets, ScrapeTarget } from './scrape-target.ts';
import { listLimits, targetsOfGroups } from './target-groups.ts';
import { joinTargets } from './targets.ts';

/**
 * Targets of a Prometheus file_sd file (.json, .yml, .yaml), read again when it changes. A file that breaks later, or is
 * empty, is a warning, and the last good list stays in use. The last part of the path may hold `*`: then all files that match are read,
 * new ones are found, and one that is gone takes its targets with it.
 */
export function fileTargets(path: string): ListTargets {
  return basename(path).includes('*') ? matchingFiles(path) : oneFile(path);
}

function oneFile(path: string): ListTargets {
  const list = new LastGoodList(`targets file ${path}`);
  let version: string | null = null;
  return async () => {
    try {
      const changed = await readChanged(path, version);
      if (changed !== null) {
        // Written anew in place, a file is empty for a moment.
        if (list.isKnown && changed.text.trim() === '') throw new Error('is empty; [] says that there are no targets');
        list.succeed(parseTargets(path, changed.text));
        version = changed.version;
      }
    } catch (cause) {
      // Read again next time, whatever it was.
      version = null;
      list.fail(cause);
    }
    return list.listing();
  };
}

function matchingFiles(pattern: string): ListTargets {
  const folder = dirname(pattern);
  const parts = basename(pattern).split('*').map(RegExp.escape);
  const name = new RegExp(`^${parts.join('.*')}$`);
  const list = `targets file ${pattern}`;
  let files: ReadonlyMap<string, ListTargets> | null = null;
  return async (signal) => {
    const warnings: string[] = [];
    try {
      const names = (await readdir(folder)).filter((one) => name.test(one)).sort();
      files = new Map(names.map((one) => [one, files?.get(one) ?? oneFile(join(folder, one))]));
      if (names.length === 0) warnings.push(`${list}: no file matches`);
    } catch (cause) {
      if (files === null) throw listFailure(list, cause);
      warnings.push(stillUsed(list, cause));
    }
    const { warnings: others, ...listing } = await joinTargets([...files.values()])(signal);
    return { ...listing, warnings: [...warnings, ...others] };
  };
}

/** Null where the file is still the known version. */
async function readChanged(
  path: string,
  known: string | null,
): Promise<{ readonly version: string; readonly text: string } | null> {
  const file = await open(path, 'r');
  try {
    const { mtimeMs, ctimeMs, size, ino } = await file.stat();
    const version = `${mtimeMs}/${ctimeMs}/${size}/${ino}`;
    if (version === known) return null;
    if (size > listLimits.bytes) throw new Error(`is larger than ${listLimits.bytes} bytes`);
    return { version, text: await file.readFile('utf8') };
  } finally {
    await file.close();
  }
}

/** @throws Error that says what is wrong in the text. */
export function parseTargets(path: string, text: string): readonly ScrapeTarget[] {
  return targetsOfGroups(parseText(path, text));
}

function parseText(path: string, text: string): unknown {
  const extension = extname(path);
  if (extension === '.json') return JSON.parse(text);
  // In the failsafe schema every scalar is a string, as label values are.
  if (extension === '.yml' || extension === '.yaml') return parseYaml(text, { schema: 'failsafe' });
  throw new Error('its name must end in .json, .yml or .yaml');
}
