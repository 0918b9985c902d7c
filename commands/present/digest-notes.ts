import type { Presentation } from '../../src/chat/command.ts';
import { formatAge, formatMoney, formatNumber, formatPercent } from '../../src/chat/format.ts';
import { formatPart } from '../../src/chat/format-count.ts';
import type { DigestFacts } from '../facts/digest.ts';

/** Whoever looks for more of them finds them in the facts. */
const MOST_ACCOUNTS = 5;

/** What makes a figure of a digest doubtful. */
export function digestWarnings({ digest }: DigestFacts, presentation: Presentation): readonly string[] {
  const { say } = presentation;
  const { ai, mining, power, accounts, cutRows, rigs, rigsWithUnknownGpus } = digest;
  const hours = (value: number) => formatNumber(value, presentation, 1);
  const hasAsics = Object.values(digest.asicHours).some((value) => value > 0);
  const found: string[] = [];
  if (rigsWithUnknownGpus > 0) {
    found.push(
      say('Number of GPUs unknown: {rigs}.', { rigs: formatPart(rigsWithUnknownGpus, rigs, 'rig', presentation) }),
    );
  }
  if (ai.unknownGpuHours > 0) {
    found.push(
      say(
        'What {hours} rented GPU-hours earned is unknown: no price for the model, or which model is rented is not told.',
        { hours: hours(ai.unknownGpuHours) },
      ),
    );
  }
  if (mining.unknownGpuHours > 0) {
    found.push(
      hasAsics
        ? say('What {hours} hours of mining GPUs and ASICs earned is unknown: no coin or no price for the algorithm.', {
            hours: hours(mining.unknownGpuHours),
          })
        : say('What {hours} mining GPU-hours earned is unknown: no coin or no price for the algorithm.', {
            hours: hours(mining.unknownGpuHours),
          }),
    );
  }
  if (power.unknownGpuHours >= 0.05) {
    found.push(
      hasAsics
        ? say('Power of {hours} hours of GPUs and ASICs is unknown and missing in the cost: the true cost is higher.', {
            hours: hours(power.unknownGpuHours),
          })
        : say('Power of {hours} GPU-hours is unknown and missing in the cost: the true cost is higher.', {
            hours: hours(power.unknownGpuHours),
          }),
    );
  }
  const doubtful = accounts.flatMap(({ platform, instance, rig, unknownBecause }) =>
    unknownBecause === null ? [] : [{ platform, instance, rig, unknownBecause }],
  );
  for (const { platform, instance, rig, unknownBecause } of doubtful.slice(0, MOST_ACCOUNTS)) {
    const reason = say.sentence(unknownBecause);
    found.push(
      rig === null
        ? say('What the {platform} account at {instance} paid is unknown: {reason}.', { platform, instance, reason })
        : say('What {rig} earned on {platform} by its own counter is unknown: {reason}.', { rig, platform, reason }),
    );
  }
  if (doubtful.length > MOST_ACCOUNTS) {
    const count = doubtful.length - MOST_ACCOUNTS;
    found.push(
      say('What {count, plural, one {# more account or rig} other {# more accounts or rigs}} paid is unknown.', {
        count,
      }),
    );
  }
  if (cutRows > 0) {
    found.push(
      say(
        '{count, number} hours reach over an edge of the day and count in proportion: the farm’s zone has changed since.',
        { count: cutRows },
      ),
    );
  }
  return found;
}

const MOST_QUOTES = 8;
const priced = /^(?:coin|rental|power|fx):/;

/** What the figures of a digest rest on. */
export function digestWorkings({ timezone, digest }: DigestFacts, presentation: Presentation): readonly string[] {
  const { say } = presentation;
  const { ai, quotes, accounts } = digest;
  const prices = quotes.filter(({ what }) => priced.test(what));
  const assumed = quotes
    .filter(({ source }) => source === 'assumed')
    .map(({ what, lowest }) => `${say.sentence(what)} ${formatNumber(lowest, presentation, 3)}`);
  const omitted = prices.length - MOST_QUOTES;
  const metered = quotes.find(({ what }) => what === 'metered');
  return [
    say(
      "The day is the farm's, in {timezone}. Power is attributed to AI and mining by GPU-hours within each rig and hour; nobody measures it apart.",
      { timezone },
    ),
    ...(ai.basis === 'realised'
      ? [
          accounts.every(({ rig }) => rig !== null)
            ? say("AI is the growth of the rigs' own counters of revenue.")
            : say("AI is the growth of the accounts' payouts, allotted to sites and rigs by rented GPU-hours."),
        ]
      : []),
    ...(ai.basis === 'estimated' && ai.realised !== null
      ? [
          say('Payouts grew by {amount} (real.) while the accounts were in sight, which was not all day.', {
            amount: formatMoney(ai.realised, presentation),
          }),
        ]
      : []),
    ...prices.slice(0, MOST_QUOTES).map((quote) => priceLine(quote, presentation)),
    ...(omitted > 0
      ? [
          say('{count, plural, one {# more price is} other {# more prices are}} in the facts (--json).', {
            count: omitted,
          }),
        ]
      : []),
    ...(metered === undefined ? [] : [meteredLine(metered, presentation)]),
    ...(assumed.length > 0
      ? [say('Assumed, because nobody said it: {assumed}.', { assumed: assumed.join(', ') })]
      : []),
  ];
}

function meteredLine({ lowest, highest }: DigestFacts['digest']['quotes'][number], presentation: Presentation): string {
  const { say } = presentation;
  const [low, high] = [formatPercent(lowest, presentation, 0), formatPercent(highest, presentation, 0)];
  return say('Where a rig has a meter, its power was read there for {share} of the time; else it is worked out.', {
    share: low === high ? low : say('{low} to {high}', { low, high }),
  });
}

function priceLine(quote: DigestFacts['digest']['quotes'][number], presentation: Presentation): string {
  const { say } = presentation;
  const { lowest, highest, currency, asOfMs } = quote;
  const [low, high] = [
    formatMoney({ amount: lowest, currency }, presentation),
    formatMoney({ amount: highest, currency }, presentation),
  ];
  return say('{what}: {price} per {unit} ({source}, {age})', {
    what: say.sentence(quote.what),
    price: low === high ? low : say('{low} to {high}', { low, high }),
    unit: say.sentence(quote.unit),
    source: say.sentence(quote.source),
    age: asOfMs === null ? say('no date') : formatAge(asOfMs, presentation),
  });
}
