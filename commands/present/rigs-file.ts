import type { Presentation } from '../../src/chat/command.ts';
import { csvText } from '../../src/chat/csv.ts';
import type { ReplyFile } from '../../src/chat/reply.ts';
import { workStates } from '../../src/domain/work-state.ts';
import type { RigsFacts } from '../facts/rigs.ts';

export const RIGS_FILE = 'rigs.csv';

/** Every rig of the answer. Columns are called the same in every language, so that programs find them. */
export function rigsFile({ rigs, currency }: RigsFacts, { say }: Presentation): ReplyFile {
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
  ]);
  return {
    name: RIGS_FILE,
    mediaType: 'text/csv',
    text: csvText(header, rows),
    description: say('{count, plural, one {# rig} other {# rigs}}', { count: rigs.length }),
  };
}
