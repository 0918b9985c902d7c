import type { Presentation } from '../../src/chat/command.ts';
import { formatAge, formatNumber, formatPercent } from '../../src/chat/format.ts';
import type { Reply, ReplyBlock } from '../../src/chat/reply.ts';
import type { CriterionId } from '../../src/domain/readiness/criterion.ts';
import { provenTiers, reaches, tierAbove } from '../../src/domain/readiness/tier.ts';
import type { GateFacts, ReadinessFacts, RigReadinessFacts } from '../facts/readiness.ts';
import { left, notes, right } from './blocks.ts';

const MOST_TABLE_ROWS = 20;

export function presentReadiness(found: ReadinessFacts, presentation: Presentation): Reply {
  const [only] = found.rigs;
  return found.scope.kind === 'rig' && only !== undefined
    ? presentRig(found, only, presentation)
    : presentFleet(found, presentation);
}

function presentFleet(found: ReadinessFacts, presentation: Presentation): Reply {
  const { gpus, shares, scope } = found;
  const where = scope.name === null ? 'the fleet' : `site ${scope.name}`;
  const percent = (ratio: number | null) => formatPercent(ratio, presentation);
  const name = found.tierNames[shares.from];
  const headline =
    gpus.total === 0
      ? `No GPU of ${where} was seen, so its share that is ${name} is unknown.`
      : `${percent(shares.potential)} of ${formatNumber(gpus.total, presentation)} GPUs in ${where} could be ${name} or better as they stand; ` +
        `${percent(shares.proven)} are proven, of ${percent(shares.unknown)} nothing can be said.`;
  const first = found.rigs.find((rig) => rig.blockers.length > 0) ?? found.rigs[0];
  return {
    headline,
    blocks: [tierTable(found, presentation), ...rigTable(found, presentation), ...notesOf(found, presentation)],
    next:
      first === undefined ? [] : [{ label: `Gates of ${first.rig}`, command: `readiness rig:${quoted(first.rig)}` }],
  };
}

function tierTable({ gpus, tierNames }: ReadinessFacts, presentation: Presentation): ReplyBlock {
  const rows = provenTiers.map((of) => [
    of === 'none' ? `${tierNames.none} / potential unknown` : tierNames[of],
    formatNumber(gpus.proven[of], presentation),
    formatNumber(gpus.potential[of === 'none' ? 'unknown' : of], presentation),
  ]);
  return {
    kind: 'table',
    title: 'GPUs by tier',
    columns: [left('Tier'), right('Proven'), right('Potential')],
    rows,
    more: null,
  };
}

function rigTable(found: ReadinessFacts, presentation: Presentation): ReplyBlock[] {
  if (found.rigs.length === 0) return [];
  const rank = ({ potential }: RigReadinessFacts) => (potential === null ? -1 : provenTiers.indexOf(potential));
  const rigs = found.rigs.toSorted((a, b) => rank(b) - rank(a)).slice(0, MOST_TABLE_ROWS);
  const rest = found.rigs.length + found.rigsNotListed - rigs.length;
  return [
    {
      kind: 'table',
      title: 'Rigs',
      columns: [left('Rig'), right('GPUs'), left('Proven'), left('Potential'), left('What blocks'), left('Unknown')],
      rows: rigs.map((rig) => [
        rig.rig,
        formatNumber(rig.gpus, presentation),
        found.tierNames[rig.proven],
        potentialOf(found, rig),
        rig.potential === null ? '' : criteria(found, rig.blockers),
        criteria(found, rig.unknown),
      ]),
      more: rest === 0 ? null : { count: rest, hint: 'readiness site:NAME, or readiness and a rig’s name' },
    },
  ];
}

function potentialOf({ tierNames }: ReadinessFacts, { potential, state }: RigReadinessFacts): string {
  if (potential !== null) return tierNames[potential];
  return state === 'down' ? 'unknown: rig down' : 'unknown';
}

function criteria({ criterionNames }: ReadinessFacts, ids: readonly CriterionId[]): string {
  return ids.map((id) => `${id} ${criterionNames[id]}`).join(', ');
}

function presentRig(found: ReadinessFacts, rig: RigReadinessFacts, presentation: Presentation): Reply {
  const above = rig.potential === null || rig.potential === 'none' ? 'T1' : (tierAbove(rig.potential) ?? 'T4');
  const shown = rig.gates.filter(
    (gate) => gate.tier === above || (reaches(above, gate.tier) && gate.status !== 'pass' && gate.status !== 'n/a'),
  );
  const verdict =
    rig.marketplaceVerified === null
      ? []
      : [`The marketplace itself says: ${rig.marketplaceVerified ? '' : 'not '}verified.`];
  return {
    headline: rigHeadline(found, rig, above),
    blocks: [
      {
        kind: 'table',
        title: `Gates up to ${found.tierNames[above]}`,
        columns: [left('Gate'), left('Tier'), left('Status'), left('Found'), left('Needed'), left('Class')],
        rows: shown.map((gate) => gateRow(found, gate, presentation)),
        more:
          shown.length === rig.gates.length
            ? null
            : { count: rig.gates.length - shown.length, hint: 'passing gates and those of higher tiers: --json' },
      },
      ...notesOf(found, presentation, verdict),
    ],
    next: [{ label: 'Whole fleet', command: 'readiness' }],
  };
}

function rigHeadline(found: ReadinessFacts, rig: RigReadinessFacts, above: keyof ReadinessFacts['tierNames']): string {
  const { tierNames } = found;
  if (rig.gpus === 0 || rig.state === 'down') {
    const why = rig.state === 'down' ? 'it is down' : 'none of its cards is seen';
    return `Readiness of ${rig.rig} is unknown: ${why}.`;
  }
  const blocked =
    rig.blockers.length === 0
      ? ''
      : `; ${criteria(found, rig.blockers)} block${rig.blockers.length === 1 ? 's' : ''} ${tierNames[above]}`;
  if (rig.potential === null) {
    return `${rig.rig} is ${tierNames[rig.proven]}; its potential is unknown, since not every card’s model is known.`;
  }
  if (rig.potential === 'T0') return `${rig.rig} is ${tierNames.T0} as it stands${blocked}.`;
  if (rig.proven === rig.potential) return `${rig.rig} is ${tierNames[rig.proven]}, proven${blocked}.`;
  return `${rig.rig} is ${rig.proven === 'none' ? tierNames.none : `proven ${tierNames[rig.proven]}`}, but could be ${tierNames[rig.potential]} as it stands${blocked}.`;
}

function gateRow(found: ReadinessFacts, gate: GateFacts, presentation: Presentation): readonly string[] {
  const { criterionNames, tierNames } = found;
  const printed = (value: number | string | null) => {
    if (value === null) return '';
    return typeof value === 'string'
      ? value
      : `${formatNumber(value, presentation, 2)}${gate.unit === null ? '' : ` ${gate.unit}`}`;
  };
  const cards =
    gate.gpusAlike !== null && gate.gpusAlike > 1 && gate.status !== 'pass' ? ` (${gate.gpusAlike} cards)` : '';
  const basis = gate.basis === 'reference' && gate.criterion === 'C03' ? ' (card table)' : '';
  const unit = gate.criterion === 'C17' ? 'XID ' : '';
  return [
    `${gate.criterion} ${criterionNames[gate.criterion]}`,
    tierNames[gate.tier],
    gate.status,
    gate.actual === null ? 'unknown' : `${printed(gate.actual)}${basis}${cards}`,
    gate.required === null ? '' : `${gate.operator} ${unit}${printed(gate.required)}`,
    gate.class,
  ];
}

function notesOf(found: ReadinessFacts, presentation: Presentation, more: readonly string[] = []): ReplyBlock[] {
  const doubts = [
    ...(found.incomplete ? ['The observation is incomplete: rigs and cards may be missing.'] : []),
    ...(found.rigsWithoutGpus === 0
      ? []
      : [`Of ${formatNumber(found.rigsWithoutGpus, presentation)} rigs no card is seen; no share counts them.`]),
    ...(found.notEvaluated.length === 0
      ? []
      : [`Not evaluated yet, so that nothing is proven by them: ${found.notEvaluated.join(', ')}.`]),
  ];
  const plain = [
    `Policy ${found.policy} of ${found.policyDate}; observed ${formatAge(Date.parse(found.at), presentation)}.`,
    ...more,
    ...(found.scope.kind === 'rig'
      ? []
      : [
          'Bitpro, 2023: “between 5% and 15% of existing crypto-oriented GPUs” could convert; a quote, no measurement.',
        ]),
  ];
  return [...notes('warning', doubts), ...notes('plain', plain)];
}

/** A name as somebody would type it. */
function quoted(name: string): string {
  return /\s/.test(name) ? `"${name}"` : name;
}
