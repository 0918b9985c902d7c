import { z } from 'zod';
import type { Labels } from '../../src/ports/metrics.ts';
import { type ScrapeTarget, scrapeTarget } from './scrape-target.ts';

/** Bytes of one list, and targets in it. */
export const listLimits = { bytes: 64 * 2 ** 20, targets: 100_000 } as const;

const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const groupsSchema = z
  .array(
    z.strictObject({
      targets: z.array(z.string().min(1)),
      labels: z.record(z.string().regex(labelName, 'is no label name'), z.string()).optional(),
    }),
  )
  .nullable();

/**
 * Targets of a list as Prometheus' file_sd and http_sd write it.
 * @throws Error that says what is wrong in it.
 */
export function targetsOfGroups(list: unknown): readonly ScrapeTarget[] {
  const groups = groupsSchema.safeParse(list);
  if (!groups.success) {
    const [issue] = groups.error.issues;
    throw new Error(`${issue?.path.join('.') || 'the list'}: ${issue?.message ?? 'is no list of target groups'}`);
  }
  const targets = (groups.data ?? []).flatMap(({ targets, labels }) =>
    targets.map((address) => groupTarget(address, labels ?? {})),
  );
  if (targets.length > listLimits.targets) throw new Error(`more than ${listLimits.targets} targets`);
  return targets;
}

function groupTarget(address: string, labels: Labels): ScrapeTarget {
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
