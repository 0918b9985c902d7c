import type { z } from 'zod';
import type { Presentation } from './command.ts';
import type { observationFacts, sourceFailureFacts } from './fact-shapes.ts';
import { formatAge, formatInstant } from './format.ts';
import { formatPart } from './format-count.ts';
import type { ReplyBlock } from './reply.ts';

/** Older than this many observations should take, an observation is called stale. */
export const STALE_AFTER_SECONDS = 300;

/** The small print under every figure: how old the observation is, and what it could not see. */
export function observationNotes(
  observation: z.infer<typeof observationFacts>,
  presentation: Presentation,
): readonly ReplyBlock[] {
  const { say } = presentation;
  const { rigs, targets } = observation;
  const age = formatAge(Date.parse(observation.at), presentation);
  const ofRigs = (part: number) => formatPart(part, rigs.total, 'rig', presentation);
  const warnings: string[] = [...sourceFailureNotes(observation.sourceFailure, presentation)];
  if (observation.ageSeconds > STALE_AFTER_SECONDS) warnings.push(say('stale: the last observation is {age}', { age }));
  if (observation.incomplete) warnings.push(say('the source gave a partial answer: figures are incomplete'));
  if (rigs.down > 0) warnings.push(say('down: {rigs}', { rigs: ofRigs(rigs.down) }));
  if (rigs.silent > 0) warnings.push(say('no exporter answers: {rigs}', { rigs: ofRigs(rigs.silent) }));
  if (rigs.partial > 0) warnings.push(say('only some exporters answer: {rigs}', { rigs: ofRigs(rigs.partial) }));
  if (observation.rigsWithUnknownGpus > 0) {
    warnings.push(say('number of GPUs unknown: {rigs}', { rigs: ofRigs(observation.rigsWithUnknownGpus) }));
  }
  warnings.push(...observation.warnings.map(say.sentence));
  const source = say(sources[observation.source]);
  const plain =
    targets.total === 0
      ? say('observed {age} through {source}: there are no targets', { age, source })
      : say('observed {age} through {source}: {targets} answered', {
          age,
          source,
          targets: formatPart(targets.up, targets.total, 'target', presentation),
        });
  return [
    ...(warnings.length === 0 ? [] : [{ kind: 'notes', tone: 'warning', notes: warnings } as const]),
    { kind: 'notes', tone: 'plain', notes: [plain] },
  ];
}

/** Said at once, not only when the observation has grown old. */
export function sourceFailureNotes(
  failure: z.infer<typeof sourceFailureFacts>,
  presentation: Presentation,
): readonly string[] {
  if (failure === null) return [];
  const since = formatInstant(Date.parse(failure.since), presentation);
  const reason = presentation.say.sentence(failure.message);
  return [presentation.say('the source has not answered since {since}: {reason}', { since, reason })];
}

const sources = { prometheus: 'prometheus', exporters: 'exporters' } as const;
