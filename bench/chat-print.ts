import { type ChatComparison, compareChats } from './chat.ts';
import type { BurstFigures, PageFigures } from './chat-burst.ts';
import type { Answered } from './chat-stage.ts';
import { aimOf, milliseconds, percentile, printHeading, printRow } from './table.ts';

const ACKNOWLEDGED_MS = 3_000;
/** The one that was on its way when the page came. */
const IN_FLIGHT = 1;

/** Times are by the emulator's clock, and include its own work for a request, which the empty handler's have too. */
export async function printChats(): Promise<void> {
  for (const comparison of await compareChats()) printComparison(comparison);
}

function printComparison({ name, limits, bot, empty }: ChatComparison): void {
  const { answers, mentions } = bot;
  printHeading(`${name}: ${answers.length} commands and ${mentions.asked} messages at once`);
  const acknowledged = times(answers, 'acknowledgedMs');
  const answered = times(answers, 'answeredMs');
  const slowest = Math.max(...acknowledged);
  printRow({
    what: 'acknowledged, slowest',
    figure: milliseconds(slowest),
    aim: aimOf('each within 3 s', acknowledged.length === answers.length && slowest < ACKNOWLEDGED_MS),
    beside: percentiles(acknowledged),
  });
  const once = answers.filter((each) => each.answers === 1).length;
  const mistakes = bot.wrong.length === 0 ? 'nothing refused' : `${bot.wrong.length} refused: ${bot.wrong[0]}`;
  printRow({
    what: 'answered, slowest',
    figure: milliseconds(Math.max(...answered)),
    aim: aimOf('each once', once === answers.length && mentions.answered === mentions.asked && bot.wrong.length === 0),
    beside: `${percentiles(answered)}; ${once} commands and ${mentions.answered} messages once; ${mistakes}`,
  });
  printAdded(bot, empty);
  printPages(bot);
  const { delay, cpuSeconds } = bot.vitals;
  printRow({
    what: 'event loop meanwhile, p99',
    figure: milliseconds(delay.p99Ms),
    aim: '',
    beside: `longest ${milliseconds(delay.maxMs)}; CPU ${cpuSeconds.toFixed(2)} s, ${ratio(cpuSeconds, empty.vitals.cpuSeconds)} the empty handler's`,
  });
  printRow({ what: 'limited, as on the platform', figure: '', aim: '', beside: limits });
}

/** The empty handler makes the same calls with the same client: acknowledge, then answer. */
function printAdded(bot: BurstFigures, empty: BurstFigures): void {
  const rows = [
    ['acknowledged', 'acknowledgedMs'],
    ['answered', 'answeredMs'],
  ] as const;
  for (const [what, key] of rows) {
    const [own, theirs] = [times(bot.answers, key), times(empty.answers, key)];
    const [ownAlone, theirsAlone] = [median(times(bot.alone, key)), median(times(empty.alone, key))];
    printRow({
      what: `${what}, added to an empty handler, median`,
      figure: milliseconds(median(own) - median(theirs)),
      aim: '',
      beside: `${ratio(median(own), median(theirs))} of its ${percentiles(theirs)}; alone ${milliseconds(ownAlone)}, its ${milliseconds(theirsAlone)}`,
    });
  }
}

function printPages({ pages, lostPages, quietPages }: BurstFigures): void {
  printPageRow(
    'pages meanwhile, nothing waits in the channel',
    pages.filter(({ busy }) => !busy),
  );
  printPageRow(
    'pages meanwhile, answers wait in the channel',
    pages.filter(({ busy }) => busy),
  );
  printPageRow('the same pages before', quietPages);
  printRow({ what: 'pages lost', figure: String(lostPages), aim: aimOf('none', lostPages === 0), beside: '' });
}

function printPageRow(what: string, pages: readonly PageFigures[]): void {
  const stands = pages.map(({ standsAfterMs }) => standsAfterMs);
  const before = Math.max(0, ...pages.map(({ answersBefore }) => answersBefore));
  const queued = median(pages.map(({ queuedAfterMs }) => queuedAfterMs));
  printRow({
    what: `${what}, p50`,
    figure: milliseconds(median(stands)),
    aim: aimOf('behind no answer', before <= IN_FLIGHT),
    beside: `${percentiles(stands)}; of that, kept and fetched by the outbox ${milliseconds(queued)}; at most ${before} answers before it`,
  });
}

function times(answers: readonly Answered[], key: 'acknowledgedMs' | 'answeredMs'): readonly number[] {
  return answers.flatMap((answer) => answer[key] ?? []);
}

function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

function percentiles(values: readonly number[]): string {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => Math.round(percentile(values, share)));
  return `p50 ${p50}, p95 ${p95}, p99 ${p99}, max ${Math.round(Math.max(...values))} ms`;
}

function ratio(own: number, theirs: number): string {
  return `${(own / theirs).toFixed(2)} times`;
}

if (import.meta.main) await printChats();
