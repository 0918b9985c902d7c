import type { Presentation } from '../../src/chat/command.ts';
import { formatNumber } from '../../src/chat/format.ts';
import type { TableBlock } from '../../src/chat/reply.ts';
import type { CriterionId } from '../../src/domain/readiness/criterion.ts';
import { type GateTier, reaches } from '../../src/domain/readiness/tier.ts';
import type { GateFacts, ReadinessFacts, RigReadinessFacts } from '../facts/readiness.ts';
import { left } from './blocks.ts';
import { sayParts } from './parts.ts';

/** `C06 CPU, C07 system RAM`. */
export function criteria(
  { criterionNames }: ReadinessFacts,
  ids: readonly CriterionId[],
  { say }: Presentation,
): string {
  return ids.map((id) => `${id} ${say.sentence(criterionNames[id])}`).join(', ');
}

/** The gates of the tier above a rig's potential, and what stands open below. */
export function gateTable(
  found: ReadinessFacts,
  rig: RigReadinessFacts,
  above: GateTier,
  presentation: Presentation,
): TableBlock {
  const { say } = presentation;
  const shown = rig.gates.filter(
    (gate) => gate.tier === above || (reaches(above, gate.tier) && gate.status !== 'pass' && gate.status !== 'n/a'),
  );
  const rest = rig.gates.length - shown.length;
  return {
    kind: 'table',
    title: say('Gates up to {tier}', { tier: say.sentence(found.tierNames[above]) }),
    columns: [
      left(say('Gate')),
      left(say('Tier')),
      left(say('Status')),
      left(say('Found')),
      left(say('Needed')),
      left(say('Class')),
    ],
    rows: shown.map((gate) => gateRow(found, gate, presentation)),
    more: rest === 0 ? null : { count: rest, hint: say('passing gates and those of higher tiers: --json') },
  };
}

const statusInWords = '{status, select, pass {pass} fail {fail} warn {warn} unknown {unknown} other {{status}}}';

function gateRow(found: ReadinessFacts, gate: GateFacts, presentation: Presentation): readonly string[] {
  const { say } = presentation;
  return [
    criteria(found, [gate.criterion], presentation),
    say.sentence(found.tierNames[gate.tier]),
    say(statusInWords, { status: gate.status }),
    foundInWords(gate, presentation),
    neededInWords(gate, presentation),
    say(gate.class),
  ];
}

function foundInWords(gate: GateFacts, presentation: Presentation): string {
  const { say } = presentation;
  if (gate.actual === null) return say('unknown');
  const actual = measure(gate.actual, gate, presentation);
  const seen =
    gate.basis === 'reference' && gate.criterion === 'C03' ? say('{actual} (card table)', { actual }) : actual;
  return gate.gpusAlike !== null && gate.gpusAlike > 1 && gate.status !== 'pass'
    ? say('{actual} ({count, number} cards)', { actual: seen, count: gate.gpusAlike })
    : seen;
}

function neededInWords(gate: GateFacts, presentation: Presentation): string {
  const { say } = presentation;
  if (gate.required === null) return '';
  const required = measure(gate.required, gate, presentation);
  const listed = gate.criterion === 'C17' ? `XID ${required}` : required;
  return gate.operator === 'not' ? say('not {required}', { required: listed }) : `${gate.operator} ${listed}`;
}

function measure(value: number | string, { unit }: GateFacts, presentation: Presentation): string {
  const { say } = presentation;
  if (typeof value === 'string') return sayParts(value, say);
  const figure = formatNumber(value, presentation, 2);
  return unit === null ? figure : `${figure} ${say.sentence(unit)}`;
}
