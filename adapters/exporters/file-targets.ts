import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { UpstreamError } from '../../src/domain/errors.ts';
import type { Labels } from '../../src/ports/metrics.ts';
import { type ListTargets, type ScrapeTarget, scrapeTarget } from './scrape-target.ts';

const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const groupsSchema = z
  .array(
    z.strictObject({
      targets: z.array(z.string().min(1)),
      labels: z.record(z.string().regex(labelName, 'is no label name'), z.string()).optional(),
    }),
  )
  .nullable();

const maxFileBytes = 64 * 1024 * 1024;

/**
 * Targets of a Prometheus file_sd file (.json, .yml, .yaml), read again when it changes. A file that breaks later is a
 * warning, and the last good list stays in use.
 * @throws UpstreamError from the list where the file could never be read.
 */
export function fileTargets(path: string): ListTargets {
  let good: readonly ScrapeTarget[] | null = null;
  let version: string | null = null;
  return async () => {
    let fault: string | null = null;
    try {
      const changed = await readChanged(path, version);
      if (changed !== null) {
        good = parseTargets(path, changed.text);
        version = changed.version;
      }
    } catch (cause) {
      // Read again next time, whatever it was.
      version = null;
      fault = `targets file ${path}: ${cause instanceof Error ? cause.message : cause}`;
    }
    if (good === null) throw new UpstreamError('exporters', fault ?? 'no targets', { retryable: false });
    return { targets: good, warnings: fault === null ? [] : [`${fault}; the last good list is used`] };
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
    if (size > maxFileBytes) throw new Error(`is larger than ${maxFileBytes} bytes`);
    return { version, text: await file.readFile('utf8') };
  } finally {
    await file.close();
  }
}

/** @throws Error that says what is wrong in the text. */
export function parseTargets(path: string, text: string): readonly ScrapeTarget[] {
  const groups = groupsSchema.safeParse(parseText(path, text));
  if (!groups.success) {
    const [issue] = groups.error.issues;
    throw new Error(`${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'is no list of target groups'}`);
  }
  return (groups.data ?? []).flatMap(({ targets, labels }) =>
    targets.map((address) => fileTarget(address, labels ?? {})),
  );
}

function parseText(path: string, text: string): unknown {
  const extension = extname(path);
  if (extension === '.json') return JSON.parse(text);
  // In the failsafe schema every scalar is a string, as label values are.
  if (extension === '.yml' || extension === '.yaml') return parseYaml(text, { schema: 'failsafe' });
  throw new Error('its name must end in .json, .yml or .yaml');
}

function fileTarget(address: string, labels: Labels): ScrapeTarget {
  const scheme = labels['__scheme__'] || 'http';
  if (scheme !== 'http' && scheme !== 'https') throw new Error(`${address}: unknown __scheme__ "${scheme}"`);
  if (/[/@?#\s]/.test(address) || !URL.canParse(`${scheme}://${address}`)) {
    throw new Error(`"${address}" is no host:port`);
  }
  const url = new URL(`${scheme}://${address}`);
  // The path may carry its own query, as Prometheus allows.
  const [path = '', query = ''] = (labels['__metrics_path__'] || '/metrics').split('?', 2);
  url.pathname = path;
  url.search = query;
  for (const [name, value] of Object.entries(labels)) {
    if (name.startsWith('__param_')) url.searchParams.set(name.slice('__param_'.length), value);
  }
  return scrapeTarget(url, labels);
}
