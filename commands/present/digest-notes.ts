import type { Presentation } from '../../src/chat/command.ts';
import { formatAge, formatMoney, formatNumber } from '../../src/chat/format.ts';
import { formatPart } from '../../src/chat/format-count.ts';
import type { DigestFacts } from '../facts/digest.ts';

/** What makes a figure of a digest doubtful. */
export function digestWarnings({ digest }: DigestFacts, presentation: Presentation): readonly string[] {
  const { say } = presentation;
  const { ai, mining, power, accounts, cutRows, rigs, rigsWithUnknownGpus } = digest;
  const hours = (value: number) => formatNumber(value, presentation, 1);
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
      say('What {hours} mining GPU-hours earned is unknown: no coin or no price for the algorithm.', {
        hours: hours(mining.unknownGpuHours),
      }),
    );
  }
  if (power.unknownGpuHours >= 0.05) {
    found.push(
      say('Power of {hours} GPU-hours is unknown and missing in the cost: the true cost is higher.', {
        hours: hours(power.unknownGpuHours),
      }),
    );
  }
  for (const { platform, instance, unknownBecause } of accounts) {
    if (unknownBecause === null) continue;
    found.push(
      say('What the {platform} account at {instance} paid is unknown: {reason}.', {
        platform,
        instance,
        reason: say.sentence(unknownBecause),
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
  const { ai, quotes } = digest;
  const prices = quotes.filter(({ what }) => priced.test(what));
  const assumed = quotes
    .filter(({ source }) => source === 'assumed')
    .map(({ what, lowest }) => `${say.sentence(what)} ${formatNumber(lowest, presentation, 3)}`);
  const omitted = prices.length - MOST_QUOTES;
  return [
    say(
      "The day is the farm's, in {timezone}. Power is attributed to AI and mining by GPU-hours within each rig and hour; nobody measures it apart.",
      { timezone },
    ),
    ...(ai.basis === 'realised'
      ? [say("AI is the growth of the accounts' payouts, allotted to sites and rigs by rented GPU-hours.")]
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
    ...(assumed.length > 0
      ? [say('Assumed, because nobody said it: {assumed}.', { assumed: assumed.join(', ') })]
      : []),
  ];
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
