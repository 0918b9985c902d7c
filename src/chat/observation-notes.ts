import type { z } from 'zod';
import type { Presentation } from './command.ts';
import type { observationFacts } from './fact-shapes.ts';
import { formatAge } from './format.ts';
import { formatPart } from './format-count.ts';
import type { ReplyBlock } from './reply.ts';

/** Older than this many observations should take, an observation is called stale. */
const STALE_AFTER_SECONDS = 300;

/** The small print under every figure: how old the observation is, and what it could not see. */
export function observationNotes(
  observation: z.infer<typeof observationFacts>,
  presentation: Presentation,
): readonly ReplyBlock[] {
  const { rigs, targets } = observation;
  const warnings: string[] = [];
  if (observation.ageSeconds > STALE_AFTER_SECONDS) {
    warnings.push(`stale: the last observation is ${formatAge(Date.parse(observation.at), presentation)}`);
  }
  if (observation.incomplete) warnings.push('the source gave a partial answer: figures are incomplete');
  if (rigs.down > 0) warnings.push(`down: ${formatPart(rigs.down, rigs.total, 'rig', presentation)}`);
  if (rigs.partial > 0) {
    warnings.push(`only some exporters answer: ${formatPart(rigs.partial, rigs.total, 'rig', presentation)}`);
  }
  if (observation.rigsWithUnknownGpus > 0) {
    warnings.push(
      `number of GPUs unknown: ${formatPart(observation.rigsWithUnknownGpus, rigs.total, 'rig', presentation)}`,
    );
  }
  warnings.push(...observation.warnings);
  const age = formatAge(Date.parse(observation.at), presentation);
  const plain = `observed ${age} through ${observation.source}: ${answered(targets, presentation)}`;
  return [
    ...(warnings.length === 0 ? [] : [{ kind: 'notes', tone: 'warning', notes: warnings } as const]),
    { kind: 'notes', tone: 'plain', notes: [plain] },
  ];
}

function answered({ up, total }: { up: number; total: number }, presentation: Presentation): string {
  if (total === 0) return 'there are no targets';
  return `${formatPart(up, total, 'target', presentation)} answered`;
}
