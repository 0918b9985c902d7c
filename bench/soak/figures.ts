import { aimOf, megabytes, milliseconds, percentile, printHeading, printRow } from '../table.ts';
import type { SoakFigures } from './run-soak.ts';

export function printFigures(figures: SoakFigures): void {
  const { agreement, told, disturbances } = figures;
  printHeading('soak');
  const row = (what: string, figure: string, beside = '', aim = '') => printRow({ what, figure, beside, aim });
  row('farm time', `${figures.farmHours.toFixed(1)} h`, `${figures.observations} observations`);
  for (const [kind, count] of disturbances) row(kind, String(count));
  row('kills while a commit was under way', String(figures.cutCommits));
  row('slowest start', milliseconds(figures.slowestStartMs));
  row('slowest stop', milliseconds(figures.slowestStopMs), '', aimOf('under 5 s', figures.slowestStopMs < 5_000));
  row(
    'periods in the ledger',
    String(agreement.rows),
    `undisturbed ${agreement.undisturbedRows}, observed in full ${agreement.fullRows}`,
  );
  for (const [what, share] of [
    ['states', agreement.statesOff],
    ['joules', agreement.joulesOff],
    ['hashes', agreement.hashesOff],
  ] as const)
    row(`full periods off the truth, ${what}`, `${(share * 100).toFixed(3)} %`, '', aimOf('under 1 %', share < 0.01));
  row(
    'answers',
    String(told.answerMs.length),
    Object.entries(told.outcomes)
      .map(([outcome, count]) => `${outcome} ${count}`)
      .join(', '),
  );
  row(
    'answers, p99',
    milliseconds(percentile(told.answerMs, 0.99)),
    `slowest ${milliseconds(Math.max(...told.answerMs))}`,
  );
  row(
    'commits',
    String(told.saveMs.length),
    `median ${milliseconds(percentile(told.saveMs, 0.5))}, slowest ${milliseconds(Math.max(...told.saveMs))}`,
  );
  row(
    'event loop late, p99 of each second',
    milliseconds(percentile(told.lateP99Ms, 0.5)),
    `worst second ${milliseconds(Math.max(...told.lateP99Ms))}`,
  );
  const memory = told.vitals.map(({ rssBytes }) => rssBytes);
  row('memory in the quiet run, first to last', `${megabytes(memory[0] ?? 0)} to ${megabytes(memory.at(-1) ?? 0)}`);
  for (const [message, count] of told.warnings) row(`warned: ${message}`, String(count));
}
