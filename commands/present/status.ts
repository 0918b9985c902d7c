import type { Presentation } from '../../src/chat/command.ts';
import { formatMoney, formatNumber, formatWatts, unknown } from '../../src/chat/format.ts';
import { formatCount, formatPart } from '../../src/chat/format-count.ts';
import { observationNotes } from '../../src/chat/observation-notes.ts';
import type { Reply, ReplyBlock } from '../../src/chat/reply.ts';
import { stateNames } from '../../src/chat/state-names.ts';
import { writeLine } from '../../src/chat/write-line.ts';
import { workStates } from '../../src/domain/work-state.ts';
import { asicStates } from '../../src/fleet/work-apart.ts';
import type { StatusFacts } from '../facts/status.ts';
import { asicStateNames, asicWatts, hashratesBy } from './asics.ts';
import { left, notes, right } from './blocks.ts';
import { sitePick } from './site-pick.ts';

export function presentStatus(answer: StatusFacts, presentation: Presentation): Reply {
  const { say } = presentation;
  const { gpus, asics, observation } = answer;
  const site = answer.scope.name ?? '';
  return {
    headline: headline(answer, presentation),
    blocks: [
      {
        kind: 'table',
        title: null,
        columns: [left(say('GPUs')), right('')],
        rows: workStates
          .filter((state) => gpus[state] > 0)
          .map((state) => [say(stateNames[state]), formatNumber(gpus[state], presentation)]),
        more: null,
      },
      ...asicTable(asics, presentation),
      figures(answer, presentation),
      ...notes('warning', warnings(answer, presentation)),
      ...observationNotes(observation, presentation),
    ],
    next: [
      { label: say('Profit'), command: writeLine('profit', { site }) },
      { label: say('Rigs'), command: writeLine('rigs', { site }) },
      { label: say('Readiness'), command: writeLine('readiness', { site }) },
    ],
    ...sitePick('status', answer.sites, answer.scope.name, presentation),
  };
}

function warnings(
  { failures, problems, perDay, asics, wholeRigMiners }: StatusFacts,
  presentation: Presentation,
): readonly string[] {
  const { say } = presentation;
  const unnamed = failures.count - failures.first.length;
  return [
    ...failures.first.map(({ instance, rig, message }) =>
      say('{rig}, {instance}: {message}', { rig: rig ?? instance, instance, message: say.sentence(message) }),
    ),
    ...(unnamed > 0
      ? [say('{count, plural, one {# more target} other {# more targets}} failed', { count: unnamed })]
      : []),
    ...problems.map(({ rig, problem }) => say('{rig}: {problem}', { rig, problem: say.sentence(problem) })),
    ...perDay.missing.map(({ reason, gpus }) =>
      say('not in the net: {gpus}, {reason}', {
        gpus: formatCount(gpus, 'GPU', presentation),
        reason: say.sentence(reason),
      }),
    ),
    ...(asics.total > 0
      ? [
          say('not in the net, nor in the power of the facility: {asics}', {
            asics: formatCount(asics.total, 'ASIC', presentation),
          }),
        ]
      : []),
    ...(wholeRigMiners > 0
      ? [
          say('not in the net, nor in the power of the facility: {rigs} whose miner prints no cards', {
            rigs: formatCount(wholeRigMiners, 'rig', presentation),
          }),
        ]
      : []),
  ];
}

function asicTable(asics: StatusFacts['asics'], presentation: Presentation): readonly ReplyBlock[] {
  const { say } = presentation;
  if (asics.total === 0) return [];
  return [
    {
      kind: 'table',
      title: null,
      columns: [left(say('ASICs')), right('')],
      rows: asicStates
        .filter((state) => asics[state] > 0)
        .map((state) => [say(asicStateNames[state]), formatNumber(asics[state], presentation)]),
      more: null,
    },
  ];
}

function headline({ scope, gpus, asics, perDay, observation }: StatusFacts, presentation: Presentation): string {
  const { say } = presentation;
  const { value, gpus: known, of } = perDay.net;
  const net =
    value === null
      ? unknown(presentation)
      : say('{net} per day (est.) over {gpus}', {
          net: formatMoney(value, presentation),
          gpus: formatPart(known, of, 'GPU', presentation),
        });
  const counts = {
    where: scope.name ?? say('The fleet'),
    gpus: formatCount(gpus.total, 'GPU', presentation),
    rigs: formatCount(observation.rigs.total, 'rig', presentation),
    mining: gpus.mining,
    rented: gpus.rented,
    idle: gpus['idle-listed'] + gpus['idle-unlisted'],
    net,
  };
  if (asics.total === 0) {
    return say(
      '{where}: {gpus} on {rigs}, {mining, number} mining, {rented, number} rented, {idle, number} idle; net now {net}.',
      counts,
    );
  }
  return say(
    '{where}: {gpus} on {rigs}, {mining, number} mining, {rented, number} rented, {idle, number} idle, and {asics}, ' +
      '{hashing, number} mining; net now {net}.',
    { ...counts, asics: formatCount(asics.total, 'ASIC', presentation), hashing: asics.mining },
  );
}

function figures({ power, asics, hashrates, perDay }: StatusFacts, presentation: Presentation): ReplyBlock {
  const { say } = presentation;
  const over = (text: string, { gpus, of }: { gpus: number; of: number }) =>
    gpus === of || gpus === 0 ? text : `${text} (${formatPart(gpus, of, 'GPU', presentation)})`;
  const day = (sum: StatusFacts['perDay']['net']) => over(formatMoney(sum.value, presentation), sum);
  const watts = (sum: StatusFacts['power']['cards']) => over(formatWatts(sum.watts, presentation), sum);
  return {
    kind: 'fields',
    title: say('Per day at what is done now, est.'),
    fields: [
      { name: say('Mining'), value: day(perDay.mining) },
      { name: say('GPU rental'), value: day(perDay.rental) },
      { name: say('Power'), value: day(perDay.power) },
      { name: say('Opex'), value: day(perDay.operations) },
      { name: say('Net'), value: day(perDay.net) },
      { name: say('Power at the cards'), value: watts(power.cards) },
      { name: say('Power of the facility'), value: watts(power.facility) },
      ...(asics.total > 0 ? [{ name: say('Power of ASICs at the wall'), value: asicWatts(asics, presentation) }] : []),
      { name: say('Hashrate'), value: hashrates.length === 0 ? say('none') : hashratesBy(hashrates, presentation) },
    ],
  };
}
