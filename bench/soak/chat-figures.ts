import { aimOf, megabytes, milliseconds, percentile, printHeading, printRow } from '../table.ts';
import type { ChatSoakFigures } from './chat-run.ts';

export function printChatFigures(figures: ChatSoakFigures): void {
  const { posts, commands, disturbances, bot } = figures;
  printHeading('soak of the chats');
  const row = (what: string, figure: string, beside = '', aim = '') => printRow({ what, figure, beside, aim });
  row('time', `${figures.seconds} s`);
  for (const [who, counts] of disturbances) {
    for (const [kind, count] of counts) row(`${who}: ${kind}`, String(count));
  }
  row('slowest start', milliseconds(bot.slowestStartMs), '', aimOf('under 5 s', bot.slowestStartMs < 5_000));
  row('slowest stop', milliseconds(bot.slowestStopMs), '', aimOf('under 5 s', bot.slowestStopMs < 5_000));
  row(
    'posts taken by the outbox',
    String(posts.taken),
    `of ${posts.wanted} wanted; ${posts.standing} stand, ${posts.markedRepeats} pages said again and marked`,
  );
  row('commands', String(commands.all), [...figures.asked].map(([kind, count]) => `${kind} ${count}`).join(', '));
  row('acknowledged', String(commands.acknowledged), percentiles(commands.acknowledgedAfterMs));
  row('answered', String(commands.answered), percentiles(commands.answeredAfterMs));
  row('answers said again, marked or after a lost answer', String(commands.saidAgain));
  row('everything there, after the faults', milliseconds(figures.settledAfterMs));
  const [first = 0, last = 0] = [bot.life?.rssBytes[0], bot.life?.rssBytes.at(-1)];
  row(
    'memory of the last bot, first to last',
    `${megabytes(first)} to ${megabytes(last)}`,
    `most of all ${megabytes(bot.mostRssBytes)}`,
  );
  row('slow starts while the machine was busy with something else', String(bot.slowStarts));
  for (const [why, count] of figures.excused) row(`excused: ${why}`, String(count));
  for (const [message, count] of bot.warnings) row(`warned: ${message}`, String(count));
}

function percentiles(values: readonly number[]): string {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => Math.round(percentile(values, share)));
  return `p50 ${p50}, p95 ${p95}, p99 ${p99}, max ${Math.round(Math.max(0, ...values))} ms`;
}
