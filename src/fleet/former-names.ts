import type { Farm } from '../domain/farm.ts';

/** What rigs are called today, by what they were called before (`rigs.NAME.formerly`). */
export function todaysNames({ rigs }: Pick<Farm, 'rigs'>): ReadonlyMap<string, string> {
  const today = new Map<string, string>();
  for (const [name, { formerly }] of rigs) for (const former of formerly) today.set(former, name);
  return today;
}

/** Of a card or an ASIC: a key that is no UUID begins with the rig's name. */
export function withRigNamed<Known extends { readonly rig: string; readonly key: string }>(
  known: Known,
  rig: string | undefined,
): Known {
  if (rig === undefined) return known;
  const former = `${known.rig}/`;
  const key = known.key.startsWith(former) ? `${rig}/${known.key.slice(former.length)}` : known.key;
  return { ...known, rig, key };
}
