import type { z } from 'zod';
import type { Presentation } from './command.ts';
import type { observationFacts } from './fact-shapes.ts';
import { formatAge, formatNumber } from './format.ts';
import type { ReplyBlock } from './reply.ts';

/** Older than this many observations should take, an observation is called stale. */
const STALE_AFTER_SECONDS = 300;

/** The small print under every figure: how old the observation is, and what it could not see. */
export function observationNotes(
  observation: z.infer<typeof observationFacts>,
  presentation: Presentation,
): readonly ReplyBlock[] {
  const { rigs, targets } = observation;
  const number = (value: number) => formatNumber(value, presentation);
  const warnings: string[] = [];
  if (observation.ageSeconds > STALE_AFTER_SECONDS) {
    warnings.push(`stale: the last observation is ${formatAge(Date.parse(observation.at), presentation)}`);
  }
  if (observation.incomplete) warnings.push('the source gave a partial answer: figures are incomplete');
  if (rigs.down > 0) warnings.push(`${number(rigs.down)} of ${number(rigs.total)} rigs down`);
  if (rigs.partial > 0) warnings.push(`${number(rigs.partial)} rigs answer in part`);
  if (observation.rigsWithUnknownGpus > 0) {
    warnings.push(`${number(observation.rigsWithUnknownGpus)} rigs with an unknown number of GPUs`);
  }
  warnings.push(...observation.warnings);
  const age = formatAge(Date.parse(observation.at), presentation);
  const plain = `observed ${age} through ${observation.source}: ${number(targets.up)} of ${number(targets.total)} targets answered`;
  return [
    ...(warnings.length === 0 ? [] : [{ kind: 'notes', tone: 'warning', notes: warnings } as const]),
    { kind: 'notes', tone: 'plain', notes: [plain] },
  ];
}
