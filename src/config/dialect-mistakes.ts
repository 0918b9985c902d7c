import { z } from 'zod';
import { dialects as builtIn } from '../data/dialects/index.ts';
import type { Contradiction } from './consistency.ts';
import { seriesName } from './dialect-schema.ts';
import type { Path } from './keys.ts';
import { describeFound } from './mistake.ts';
import { operatorSignals } from './operator-signals.ts';

const text = z.string().nullish().catch(null);

const outline = z
  .array(
    z
      .object({
        id: text,
        scope: text,
        rig: z.unknown().optional(),
        cards: z.unknown().optional(),
        series: z.record(z.string(), z.unknown()).catch({}),
      })
      .nullable()
      .catch(null),
  )
  .catch([]);

type Outline = NonNullable<z.output<typeof outline>[number]>;

const mostSeries = 500;

/** Dialects of the operator that contradict themselves, each other or the built-in ones. @param written right or wrong. */
export function dialectMistakes(written: unknown): Contradiction[] {
  const isId = firstOwner(builtIn.map(({ id }) => [id, 'a dialect that Rigshift knows']));
  const isSeries = firstOwner([]);
  return outline.parse(written).flatMap((dialect, index): Contradiction[] => {
    if (dialect === null) return [];
    const place = ['metrics', 'dialects', index];
    const name = `metrics.dialects[${index}]`;
    return [
      ...takenId(dialect, place, isId(dialect.id ?? '', name)),
      ...scopeMistakes(dialect, place),
      ...cardMistakes(dialect, place),
      ...seriesMistakes(dialect, place, (series) => isSeries(series, name)),
    ];
  });
}

/** Remembers who came first: says who has a name already, and gives it to whoever asks first. */
function firstOwner(known: readonly (readonly [name: string, owner: string])[]) {
  const owners = new Map(known);
  return (name: string, owner: string): string | null => {
    const first = owners.get(name);
    if (first === undefined) owners.set(name, owner);
    return first ?? null;
  };
}

function takenId({ id }: Outline, place: Path, owner: string | null): Contradiction[] {
  if (!id || owner === null) return [];
  return [{ path: [...place, 'id'], found: `${describeFound(id)}, as ${owner}`, allowed: 'each id once' }];
}

function scopeMistakes({ scope, rig }: Outline, place: Path): Contradiction[] {
  const path = [...place, 'rig'];
  if (scope === 'farm' && !rig) {
    return [{ path, found: 'nothing', allowed: 'the label that names the rig, because the scope is farm' }];
  }
  if (!rig || !scope || scope === 'farm') return [];
  return [{ path, found: `a label beside the scope ${scope}`, allowed: 'a label only for the scope farm' }];
}

function cardMistakes({ cards, series }: Outline, place: Path): Contradiction[] {
  const ofCard = Object.keys(series).find((name) => operatorSignals.get(signalOf(series[name]))?.ofCard === true);
  if (ofCard === undefined || cards) return [];
  const allowed = `labels that tell cards apart, {slot: gpu}, because ${ofCard} speaks of cards`;
  return [{ path: [...place, 'cards'], found: 'nothing', allowed }];
}

/** The signal of a series in its long or its short form. */
function signalOf(series: unknown): string {
  if (typeof series === 'string') return series;
  const isGroup = typeof series === 'object' && series !== null && 'signal' in series;
  return isGroup && typeof series.signal === 'string' ? series.signal : '';
}

function seriesMistakes({ series }: Outline, place: Path, owner: (name: string) => string | null): Contradiction[] {
  const names = Object.keys(series);
  if (names.length === 0 || names.length > mostSeries) {
    const found = names.length === 0 ? 'no series' : `${names.length} series`;
    return [{ path: [...place, 'series'], found, allowed: `1 to ${mostSeries} series` }];
  }
  return names.flatMap((name): Contradiction[] => {
    const path = [...place, 'series', name];
    const refused = seriesName.safeParse(name).error?.issues[0]?.message;
    if (refused !== undefined) return [{ path, found: describeFound(name), allowed: refused }];
    const first = owner(name);
    if (first === null) return [];
    return [{ path, found: `${describeFound(name)}, as in ${first}`, allowed: 'each series once' }];
  });
}
