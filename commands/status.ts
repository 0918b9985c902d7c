import { z } from 'zod';
import type { Command, Presentation } from '../src/chat/command.ts';
import { gpuFacts, moneyFacts, observationFacts, partialFacts, scopeFacts } from '../src/chat/fact-shapes.ts';
import { formatHashrates, formatMoney, formatNumber, formatWatts, unknown } from '../src/chat/format.ts';
import { formatCount, formatPart } from '../src/chat/format-count.ts';
import { nearest } from '../src/chat/nearest.ts';
import { observationNotes } from '../src/chat/observation-notes.ts';
import type { Reply, ReplyBlock } from '../src/chat/reply.ts';
import { stateNames } from '../src/chat/state-names.ts';
import { writeLine } from '../src/chat/write-line.ts';
import { workStates } from '../src/domain/work-state.ts';
import type { FleetContext } from '../src/fleet/context.ts';
import { earningsNow } from '../src/fleet/earnings-now.ts';
import { observationQuality } from '../src/fleet/observation-quality.ts';
import { nowMoney } from '../src/fleet/profit-facts.ts';
import { currentSnapshot, rigsInScope } from '../src/fleet/scope.ts';
import { left, notes, right } from './present/blocks.ts';
import { sitePick } from './present/site-pick.ts';

/** Watts over the GPUs for which they are known; null where they are for none. */
const wattsFacts = z.object({ watts: z.number().nullable(), gpus: z.number(), of: z.number() });

/** Failures that an answer lists; a farm whose switch died has thousands. */
const MOST_FAILURES = 20;

const facts = z.object({
  scope: scopeFacts,
  /** Of the farm. */
  sites: z.array(z.string()),
  currency: z.string(),
  gpus: gpuFacts,
  power: z.object({ cards: wattsFacts, facility: wattsFacts }),
  /** H/s by algorithm; of different algorithms never added. */
  hashrates: z.array(z.object({ algorithm: z.string(), hashrate: z.number() })),
  rentedGpus: z.number(),
  /** Estimated: quotes times what is done now. */
  perDay: z.object({
    mining: partialFacts,
    rental: partialFacts,
    power: partialFacts,
    operations: partialFacts,
    net: partialFacts,
    missing: z.array(z.object({ reason: z.string(), gpus: z.number() })),
  }),
  listedUsdPerGpuHour: z.array(z.object({ rig: z.string(), price: moneyFacts })),
  failures: z.object({
    count: z.number(),
    first: z.array(
      z.object({ instance: z.string(), rig: z.string().nullable(), kind: z.string(), message: z.string() }),
    ),
  }),
  problems: z.array(z.object({ rig: z.string(), problem: z.string() })),
  observation: observationFacts,
});

const options = z.object({ site: z.string().optional() });

type Facts = z.infer<typeof facts>;

/** Rigs and GPUs by work state, power, hashrate, money per day now, and how good the data is. */
export const status: Command<FleetContext, z.infer<typeof options>, Facts> = {
  name: 'status',
  summary: 'Rigs and GPUs by work state, power, hashrate, money per day now, data quality',
  aliases: ['hashrate', 'stats', 'farm'],
  shorthands: {},
  role: 'viewer',
  changes: false,
  visibility: 'channel',
  options: [{ name: 'site', description: 'one site', required: false, kind: 'site', positional: true }],
  examples: ['status', 'status site:quebec'],
  parse: options,
  facts,
  run,
  present,
};

async function run(asked: z.infer<typeof options>, context: FleetContext): Promise<Facts> {
  const snapshot = currentSnapshot(context);
  const { farm } = context;
  const { scope, rigs } = rigsInScope(snapshot, context, asked, nearest);
  const now = await earningsNow(rigs, snapshot, farm);
  const names = new Set(rigs.map((rig) => rig.name));
  const failures = snapshot.failures.filter((failure) => scope.kind === 'fleet' || names.has(failure.rig ?? ''));
  const states = Object.fromEntries(
    workStates.map((state) => [state, rigs.reduce((sum, rig) => sum + rig.gpuStates[state], 0)]),
  ) as Record<(typeof workStates)[number], number>;
  const watts = ({ amount, gpus, of }: { amount: number; gpus: number; of: number }) => ({
    watts: gpus === 0 ? null : amount,
    gpus,
    of,
  });
  return {
    scope,
    sites: farm.sites.map((site) => site.name),
    currency: farm.currency,
    gpus: { total: rigs.reduce((sum, rig) => sum + rig.gpus.length, 0), ...states },
    power: { cards: watts(now.cardWatts), facility: watts(now.facilityWatts) },
    hashrates: [...now.hashrates]
      .map(([algorithm, hashrate]) => ({ algorithm, hashrate }))
      .sort((a, b) => (a.algorithm < b.algorithm ? -1 : 1)),
    rentedGpus: now.rentedGpus,
    perDay: nowMoney(now, farm.currency),
    listedUsdPerGpuHour: rigs.flatMap(({ name, machine }) =>
      machine?.listedUsdPerGpuHour == null
        ? []
        : [{ rig: name, price: { amount: machine.listedUsdPerGpuHour, currency: 'USD' } }],
    ),
    failures: { count: failures.length, first: failures.slice(0, MOST_FAILURES) },
    problems: rigs
      .flatMap((rig) => rig.problems.map((problem) => ({ rig: rig.name, problem })))
      .slice(0, MOST_FAILURES),
    observation: observationQuality(snapshot, rigs, context),
  };
}

function present(answer: Facts, presentation: Presentation): Reply {
  const { say } = presentation;
  const { gpus, observation } = answer;
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

function warnings({ failures, problems, perDay }: Facts, presentation: Presentation): readonly string[] {
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
  ];
}

function headline({ scope, gpus, perDay, observation }: Facts, presentation: Presentation): string {
  const { say } = presentation;
  const { value, gpus: known, of } = perDay.net;
  const net =
    value === null
      ? unknown(presentation)
      : say('{net} per day (est.) over {gpus}', {
          net: formatMoney(value, presentation),
          gpus: formatPart(known, of, 'GPU', presentation),
        });
  return say(
    '{where}: {gpus} on {rigs}, {mining, number} mining, {rented, number} rented, {idle, number} idle; net now {net}.',
    {
      where: scope.name ?? say('The fleet'),
      gpus: formatCount(gpus.total, 'GPU', presentation),
      rigs: formatCount(observation.rigs.total, 'rig', presentation),
      mining: gpus.mining,
      rented: gpus.rented,
      idle: gpus['idle-listed'] + gpus['idle-unlisted'],
      net,
    },
  );
}

function figures({ power, hashrates, perDay }: Facts, presentation: Presentation): ReplyBlock {
  const { say } = presentation;
  const over = (text: string, { gpus, of }: { gpus: number; of: number }) =>
    gpus === of || gpus === 0 ? text : `${text} (${formatPart(gpus, of, 'GPU', presentation)})`;
  const day = (sum: Facts['perDay']['net']) => over(formatMoney(sum.value, presentation), sum);
  const watts = (sum: Facts['power']['cards']) => over(formatWatts(sum.watts, presentation), sum);
  const worked = hashrates.map(({ algorithm, hashrate }) => [say.sentence(algorithm), hashrate] as const);
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
      { name: say('Hashrate'), value: worked.length === 0 ? say('none') : formatHashrates(worked, presentation) },
    ],
  };
}
