import type { Presentation } from '../../src/chat/command.ts';
import { csvText } from '../../src/chat/csv.ts';
import type { ReplyFile } from '../../src/chat/reply.ts';
import { workStates } from '../../src/domain/work-state.ts';
import { asicStates } from '../../src/fleet/work-apart.ts';
import type { RigsFacts } from '../facts/rigs.ts';

export const RIGS_FILE = 'rigs.csv';

type Row = RigsFacts['rigs'][number];

/**
 * Every rig of the answer. Columns are called the same in every language, so that programs find them; those of what is no GPU
 * are the last, and are there where a rig of the answer has any of it.
 */
export function rigsFile({ rigs, currency }: RigsFacts, { say }: Presentation): ReplyFile {
  const apart = rigs.some(isMoreThanCards);
  const header = [
    'rig',
    'site',
    'state',
    'gpus',
    ...workStates.map((state) => `gpus ${state}`),
    'models',
    `net per day (est.) (${currency})`,
    'card power (W)',
    'hottest core (°C)',
    'hottest memory (°C)',
    ...(apart ? apartHeader : []),
  ];
  const rows = rigs.map((row) => [
    row.rig,
    row.site,
    row.state,
    row.gpus?.total ?? null,
    ...workStates.map((state) => row.gpus?.[state] ?? null),
    row.models.map(({ model, gpus }) => `${gpus}x ${model ?? 'unknown'}`).join('; '),
    row.netPerDay?.amount ?? null,
    row.cardWatts,
    row.hottestCelsius,
    row.hottestMemoryCelsius,
    ...(apart ? apartOf(row) : []),
  ]);
  return {
    name: RIGS_FILE,
    mediaType: 'text/csv',
    text: csvText(header, rows),
    description: say('{count, plural, one {# rig} other {# rigs}}', { count: rigs.length }),
  };
}

function isMoreThanCards({ asics, wholeRigHashrates, wallWatts }: Row): boolean {
  return asics !== null || wholeRigHashrates.length > 0 || wallWatts !== null;
}

const apartHeader = [
  'asics',
  ...asicStates.map((state) => `asics ${state}`),
  'asic models',
  'asic hashrates (H/s)',
  'asic power at the wall (W)',
  'asics of which power is known',
  'hottest asic (°C)',
  'whole rig hashrates (H/s)',
  'rig power at the wall (W)',
];

function apartOf({ asics, wholeRigHashrates, wallWatts }: Row): readonly (string | number | null)[] {
  return [
    asics?.total ?? null,
    ...asicStates.map((state) => asics?.[state] ?? null),
    (asics?.models ?? []).map((entry) => `${entry.asics}x ${entry.model ?? 'unknown'}`).join('; '),
    written(asics?.hashrates ?? []),
    asics?.wall.watts ?? null,
    asics?.wall.asics ?? null,
    asics?.hottestCelsius ?? null,
    written(wholeRigHashrates),
    wallWatts,
  ];
}

function written(hashrates: Row['wholeRigHashrates']): string {
  return hashrates.map(({ algorithm, hashrate }) => `${algorithm} ${hashrate}`).join('; ');
}
