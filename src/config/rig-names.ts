import { z } from 'zod';
import type { Contradiction } from './consistency.ts';
import type { InventoryLine } from './inventory.ts';
import { describeFound } from './mistake.ts';

const text = z.string().trim().nullish().catch(null);

const outline = z.object({
  rigs: z
    .record(
      z.string(),
      z
        .object({ formerly: z.array(text).catch([]) })
        .nullable()
        .catch(null),
    )
    .catch({}),
  retired: z.array(text).catch([]),
  metrics: z
    .object({
      exporters: z
        .object({ targets: z.array(z.object({ rig: text }).nullable().catch(null)).catch([]) })
        .nullable()
        .catch(null),
    })
    .nullable()
    .catch(null),
});

/** A former name that is a rig of today or another rig's former name, and retired rigs that are still read. */
export function rigNameMistakes(file: unknown, inventory: readonly InventoryLine[]): Contradiction[] {
  const { rigs, retired, metrics } = outline.parse(file);
  const targets = (metrics?.exporters?.targets ?? []).map((target) => target?.rig ?? null);
  const present = new Map<string, string>([
    ...inventory.flatMap(({ rig, line }) => (rig === null ? [] : [[rig, `line ${line} of the inventory`] as const])),
    ...targets.flatMap((rig, index) => (rig === null ? [] : [[rig, `metrics.exporters.targets[${index}]`] as const])),
    ...Object.keys(rigs).map((rig) => [rig, 'rigs'] as const),
  ]);
  return [...formerNames(rigs, present), ...retiredButRead(retired, targets)];
}

function formerNames(rigs: z.output<typeof outline>['rigs'], present: ReadonlyMap<string, string>): Contradiction[] {
  const owners = new Map<string, string>();
  return Object.entries(rigs).flatMap(([rig, settings]) =>
    (settings?.formerly ?? []).flatMap((former, index): Contradiction[] => {
      if (typeof former !== 'string' || former === '') return [];
      const path = ['rigs', rig, 'formerly', index];
      const place = present.get(former);
      if (place !== undefined) {
        const found = `${describeFound(former)}, which is a rig of today in ${place}`;
        return [{ path, found, allowed: 'a name that no rig has any more' }];
      }
      const owner = owners.get(former);
      owners.set(former, rig);
      if (owner === undefined) return [];
      return [{ path, found: `${describeFound(former)}, as of rig ${owner}`, allowed: 'each former name once' }];
    }),
  );
}

function retiredButRead(
  retired: z.output<typeof outline>['retired'],
  targets: readonly (string | null)[],
): Contradiction[] {
  return retired.flatMap((name, index): Contradiction[] => {
    const target = typeof name === 'string' ? targets.indexOf(name) : -1;
    if (target === -1) return [];
    const found = `${describeFound(name)}, whose exporters stand in metrics.exporters.targets[${target}]`;
    return [{ path: ['retired', index], found, allowed: 'rigs that are gone for good' }];
  });
}
