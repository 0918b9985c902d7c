import type { Presentation } from '../../src/chat/command.ts';
import { csvText } from '../../src/chat/csv.ts';
import type { ReplyFile } from '../../src/chat/reply.ts';
import type { CriterionId } from '../../src/domain/readiness/criterion.ts';
import type { ReadinessFacts } from '../facts/readiness.ts';

export const READINESS_FILE = 'readiness.csv';

const header = [
  'rig',
  'site',
  'state',
  'gpus',
  'proven',
  'potential',
  'blockers',
  'unknown',
  'verified by the marketplace',
  'policy',
];

/** Every rig of the answer. Columns and tiers are called the same in every language, so that programs find them. */
export function readinessFile(found: ReadinessFacts, { say }: Presentation): ReplyFile {
  const { rigs, tierNames, criterionNames, policy } = found;
  const criteria = (ids: readonly CriterionId[]) => ids.map((id) => `${id} ${criterionNames[id]}`).join('; ');
  const rows = rigs.map((rig) => [
    rig.rig,
    rig.site,
    rig.state,
    rig.gpus,
    tierNames[rig.proven],
    rig.potential === null ? null : tierNames[rig.potential],
    criteria(rig.blockers),
    criteria(rig.unknown),
    rig.marketplaceVerified === null ? null : String(rig.marketplaceVerified),
    policy,
  ]);
  return {
    name: READINESS_FILE,
    mediaType: 'text/csv',
    text: csvText(header, rows),
    description: say('{count, plural, one {# rig} other {# rigs}}', { count: rigs.length }),
  };
}
