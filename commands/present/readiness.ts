import type { Presentation } from '../../src/chat/command.ts';
import { formatAge, formatNumber, formatPercent } from '../../src/chat/format.ts';
import { sourceFailureNotes } from '../../src/chat/observation-notes.ts';
import type { Reply, ReplyBlock } from '../../src/chat/reply.ts';
import { writeLine } from '../../src/chat/write-line.ts';
import { provenTiers, tierAbove } from '../../src/domain/readiness/tier.ts';
import type { ReadinessFacts, RigReadinessFacts } from '../facts/readiness.ts';
import { left, notes, right } from './blocks.ts';
import { criteria, gateTable } from './gates.ts';
import { READINESS_FILE, readinessFile } from './readiness-file.ts';
import { sitePick } from './site-pick.ts';

const MOST_TABLE_ROWS = 20;

export function presentReadiness(found: ReadinessFacts, presentation: Presentation): Reply {
  const [only] = found.rigs;
  return found.scope.kind === 'rig' && found.format === 'table' && only !== undefined
    ? presentRig(found, only, presentation)
    : presentFleet(found, presentation);
}

function presentFleet(found: ReadinessFacts, presentation: Presentation): Reply {
  return {
    headline: fleetHeadline(found, presentation),
    blocks: [tierTable(found, presentation), ...rigTable(found, presentation), ...notesOf(found, presentation)],
    ...next(found, presentation),
    ...(found.format === 'csv' ? { files: [readinessFile(found, presentation)] } : {}),
  };
}

/** To what blocks the most promising rig, to its money, and to the other sites. */
function next(
  { rigs, scope, sites, format }: ReadinessFacts,
  presentation: Presentation,
): Pick<Reply, 'next' | 'pick'> {
  const { say } = presentation;
  const first = rigs.find((rig) => rig.blockers.length > 0) ?? rigs[0];
  const asked = scope.kind === 'rig' ? { rig: scope.name ?? '' } : { site: scope.name ?? '' };
  return {
    next: [
      ...(first === undefined
        ? []
        : [{ label: say('Gates of {rig}', { rig: first.rig }), command: writeLine('readiness', { rig: first.rig }) }]),
      { label: say('Profit'), command: writeLine('profit', asked) },
      ...(format === 'csv'
        ? []
        : [{ label: say('As a file'), command: writeLine('readiness', { ...asked, format: 'csv' }) }]),
    ],
    ...(scope.kind === 'rig' ? {} : sitePick('readiness', sites, scope.name, presentation)),
  };
}

function fleetHeadline({ gpus, shares, scope, tierNames }: ReadinessFacts, presentation: Presentation): string {
  const { say } = presentation;
  const where = scope.name === null ? say('the fleet') : say('site {site}', { site: scope.name });
  const tier = say.sentence(tierNames[shares.from]);
  if (gpus.total === 0) {
    return say('No GPU of {where} was seen, so its share that is {tier} is unknown.', { where, tier });
  }
  return say(
    '{potential} of {gpus, number} GPUs in {where} could be {tier} or better as they stand; {proven} are proven, of {unknown} nothing can be said.',
    {
      where,
      tier,
      gpus: gpus.total,
      potential: formatPercent(shares.potential, presentation),
      proven: formatPercent(shares.proven, presentation),
      unknown: formatPercent(shares.unknown, presentation),
    },
  );
}

function tierTable({ gpus, tierNames }: ReadinessFacts, presentation: Presentation): ReplyBlock {
  const { say } = presentation;
  const rows = provenTiers.map((of) => {
    const tier = say.sentence(tierNames[of]);
    return [
      of === 'none' ? say('{tier} / unknown', { tier }) : tier,
      formatNumber(gpus.proven[of], presentation),
      formatNumber(gpus.potential[of === 'none' ? 'unknown' : of], presentation),
    ];
  });
  return {
    kind: 'table',
    title: say('GPUs by tier'),
    columns: [left(say('Tier')), right(say('Proven')), right(say('Potential'))],
    rows,
    more: null,
  };
}

function rigTable(found: ReadinessFacts, presentation: Presentation): ReplyBlock[] {
  const { say } = presentation;
  if (found.rigs.length === 0) return [];
  const rank = ({ potential }: RigReadinessFacts) => (potential === null ? -1 : provenTiers.indexOf(potential));
  const rigs = found.rigs.toSorted((a, b) => rank(b) - rank(a)).slice(0, MOST_TABLE_ROWS);
  const rest = found.rigs.length + found.rigsNotListed - rigs.length;
  const hint =
    found.format === 'csv'
      ? say('all of them are in {file}', { file: READINESS_FILE })
      : say('readiness site:NAME, or readiness and a rig’s name');
  return [
    {
      kind: 'table',
      title: say('Rigs'),
      columns: [
        left(say('Rig')),
        right(say('GPUs')),
        left(say('Proven')),
        left(say('Potential')),
        left(say('What blocks')),
        left(say('Unknown')),
      ],
      rows: rigs.map((rig) => [
        rig.rig,
        formatNumber(rig.gpus, presentation),
        say.sentence(found.tierNames[rig.proven]),
        potentialOf(found, rig, presentation),
        rig.potential === null ? '' : criteria(found, rig.blockers, presentation),
        criteria(found, rig.unknown, presentation),
      ]),
      more: rest === 0 ? null : { count: rest, hint },
    },
  ];
}

function potentialOf(
  { tierNames }: ReadinessFacts,
  { potential, state }: RigReadinessFacts,
  { say }: Presentation,
): string {
  if (potential !== null) return say.sentence(tierNames[potential]);
  if (state === 'down') return say('unknown: rig down');
  return state === 'silent' ? say('unknown: rig silent') : say('unknown');
}

function presentRig(found: ReadinessFacts, rig: RigReadinessFacts, presentation: Presentation): Reply {
  const { say } = presentation;
  const above = rig.potential === null || rig.potential === 'none' ? 'T1' : (tierAbove(rig.potential) ?? 'T4');
  const verdict =
    rig.marketplaceVerified === null
      ? []
      : [
          rig.marketplaceVerified
            ? say('The marketplace itself says: verified.')
            : say('The marketplace itself says: not verified.'),
        ];
  return {
    headline: rigHeadline(found, rig, above, presentation),
    blocks: [gateTable(found, rig, above, presentation), ...notesOf(found, presentation, verdict)],
    next: [
      { label: say('Rig'), command: writeLine('rig', { name: rig.rig }) },
      { label: say('Profit'), command: writeLine('profit', { rig: rig.rig }) },
      { label: say('Whole fleet'), command: 'readiness' },
    ],
  };
}

function rigHeadline(
  found: ReadinessFacts,
  judged: RigReadinessFacts,
  above: keyof ReadinessFacts['tierNames'],
  presentation: Presentation,
): string {
  const { say } = presentation;
  const { rig, gpus, state, proven, potential, blockers } = judged;
  const name = (tier: keyof ReadinessFacts['tierNames']) => say.sentence(found.tierNames[tier]);
  if (state === 'down') return say('Readiness of {rig} is unknown: it is down.', { rig });
  if (state === 'silent') return say('Readiness of {rig} is unknown: none of its exporters answers.', { rig });
  if (gpus === null) return say('Readiness of {rig} is unknown: none of its cards is seen.', { rig });
  if (potential === null) {
    return say('{rig} is {tier}; its potential is unknown, since not every card’s model is known.', {
      rig,
      tier: name(proven),
    });
  }
  const verdict =
    potential === 'T0'
      ? say('{rig} is {tier} as it stands', { rig, tier: name('T0') })
      : proven === potential
        ? say('{rig} is {tier}, proven', { rig, tier: name(proven) })
        : proven === 'none'
          ? say('{rig} is {tier}, but could be {potential} as it stands', {
              rig,
              tier: name('none'),
              potential: name(potential),
            })
          : say('{rig} is proven {tier}, but could be {potential} as it stands', {
              rig,
              tier: name(proven),
              potential: name(potential),
            });
  if (blockers.length === 0) return `${verdict}.`;
  return say('{verdict}; {criteria} {count, plural, one {blocks} other {block}} {tier}.', {
    verdict,
    criteria: criteria(found, blockers, presentation),
    count: blockers.length,
    tier: name(above),
  });
}

function notesOf(found: ReadinessFacts, presentation: Presentation, more: readonly string[] = []): ReplyBlock[] {
  const { say } = presentation;
  const doubts = [
    ...sourceFailureNotes(found.sourceFailure, presentation),
    ...(found.incomplete ? [say('The observation is incomplete: rigs and cards may be missing.')] : []),
    ...(found.rigsWithoutGpus === 0
      ? []
      : [
          say('Of {count, plural, one {# rig} other {# rigs}} no card is seen; no share counts them.', {
            count: found.rigsWithoutGpus,
          }),
        ]),
    ...(found.notEvaluated.length === 0
      ? []
      : [
          say('Not evaluated yet, so that nothing is proven by them: {criteria}.', {
            criteria: found.notEvaluated.join(', '),
          }),
        ]),
  ];
  const plain = [
    say('Policy {policy} of {date}; observed {age}.', {
      policy: found.policy,
      date: found.policyDate,
      age: formatAge(Date.parse(found.at), presentation),
    }),
    ...more,
    ...(found.scope.kind === 'rig'
      ? []
      : [
          say(
            'Bitpro, 2023: “between 5% and 15% of existing crypto-oriented GPUs” could convert; a quote, no measurement.',
          ),
        ]),
  ];
  return [...notes('warning', doubts), ...notes('plain', plain)];
}
