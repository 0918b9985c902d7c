import { aimOf, megabytes, milliseconds, percentile, printHeading, printRow } from '../table.ts';
import type { Agreement } from './compare-truth.ts';
import type { ZooAgreement } from './compare-zoo.ts';
import type { SoakFigures } from './run-soak.ts';
import { allowedShare } from './tolerance.ts';

export function printFigures(figures: SoakFigures): void {
  const { agreement, zoo, told, disturbances } = figures;
  printHeading(`soak of the ${figures.kind} farm`);
  const row = (what: string, figure: string, beside = '', aim = '') => printRow({ what, figure, beside, aim });
  row('farm time', `${figures.farmHours.toFixed(1)} h`, `${figures.observations} observations`);
  for (const [kind, count] of disturbances) row(kind, String(count));
  row('kills while a commit was under way', String(figures.cutCommits));
  row('slowest start', milliseconds(figures.slowestStartMs));
  row('slowest stop', milliseconds(figures.slowestStopMs), '', aimOf('under 5 s', figures.slowestStopMs < 5_000));
  if (agreement !== null) printAgreement(agreement);
  if (zoo !== null) printZoo(zoo);
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

function printAgreement({ rows, undisturbedRows, fullRows, statesOff, joulesOff, hashesOff }: Agreement): void {
  printRow({
    what: 'periods in the ledger',
    figure: String(rows),
    aim: '',
    beside: `undisturbed ${undisturbedRows}, observed in full ${fullRows}`,
  });
  for (const [what, share] of [
    ['states', statesOff],
    ['joules', joulesOff],
    ['hashes', hashesOff],
  ] as const)
    printOff(`full periods off the truth, ${what}`, share, '');
}

function printZoo({ rows, watchedRows, seenRows, sums }: ZooAgreement): void {
  printRow({
    what: 'periods in the ledger',
    figure: String(rows),
    aim: '',
    beside: `watched ${watchedRows}, with all exporters alive ${seenRows}`,
  });
  for (const [what, { found, truth }] of sums) {
    printOff(
      `off the truth: ${what}`,
      Math.abs(found - truth) / truth,
      `${found.toPrecision(5)} for ${truth.toPrecision(5)}`,
    );
  }
}

function printOff(what: string, share: number, beside: string): void {
  const aim = aimOf(`under ${allowedShare * 100} %`, share < allowedShare);
  printRow({ what, figure: `${(share * 100).toFixed(3)} %`, aim, beside });
}
