import type { Presentation } from '../../src/chat/command.ts';
import { formatMoney, formatNumber, formatTemperature, formatWatts, unknown } from '../../src/chat/format.ts';
import { formatCount } from '../../src/chat/format-count.ts';
import { observationNotes } from '../../src/chat/observation-notes.ts';
import type { Reply, TableBlock } from '../../src/chat/reply.ts';
import { stateCounts } from '../../src/chat/state-names.ts';
import { writeLine } from '../../src/chat/write-line.ts';
import { workStates } from '../../src/domain/work-state.ts';
import { type RigsFacts, ROWS_PER_PAGE, type sorts } from '../facts/rigs.ts';
import { asicWatts, asicWork, hashratesBy } from './asics.ts';
import { left, right } from './blocks.ts';
import { RIGS_FILE, rigsFile } from './rigs-file.ts';

const orders = {
  name: 'by name',
  margin: 'by margin',
  temp: 'by temp',
  power: 'by power',
  gpus: 'by gpus',
} as const satisfies Record<(typeof sorts)[number], string>;

export function presentRigs(answer: RigsFacts, presentation: Presentation): Reply {
  return {
    headline: headline(answer, presentation),
    blocks: [rigTable(answer, presentation), ...observationNotes(answer.observation, presentation)],
    ...next(answer, presentation),
    ...(answer.format === 'csv' ? { files: [rigsFile(answer, presentation)] } : {}),
  };
}

function rigTable(answer: RigsFacts, presentation: Presentation): TableBlock {
  const { say } = presentation;
  const { matching, page, format } = answer;
  const shown = answer.rigs.slice(0, ROWS_PER_PAGE);
  const rest = matching - (page - 1) * ROWS_PER_PAGE - shown.length;
  const hint = format === 'csv' ? say('all of them are in {file}', { file: RIGS_FILE }) : pageOf(answer, page + 1);
  return {
    kind: 'table',
    title: null,
    columns: [
      left(say('Rig')),
      left(say('Site')),
      left(say('Cards')),
      left(say('Work')),
      right(say('Net per day (est.)')),
      right(say('Cards’ power')),
      right(say('Core')),
      right(say('Memory')),
    ],
    rows: shown.map((row) => [
      row.rig,
      row.site ?? unknown(presentation),
      cards(row, presentation),
      work(row, presentation),
      formatMoney(row.netPerDay, presentation),
      power(row, presentation),
      formatTemperature(hottest(row), presentation),
      formatTemperature(row.hottestMemoryCelsius, presentation),
    ]),
    more: rest > 0 ? { count: rest, hint } : null,
  };
}

/** Through the pages, to another choice of rigs, or into one of those listed. */
function next(answer: RigsFacts, { say }: Presentation): Pick<Reply, 'next' | 'pick'> {
  const { page, pages, format } = answer;
  const turns = format === 'table';
  const shown = answer.rigs.slice(0, ROWS_PER_PAGE);
  const options = shown.map(({ rig }) => ({ label: rig, command: writeLine('rig', { name: rig }) }));
  return {
    next: [
      ...(turns && page < pages
        ? [{ label: say('Next page'), command: pageOf(answer, page + 1), replaces: true } as const]
        : []),
      ...(turns && page > 1
        ? [{ label: say('Previous page'), command: pageOf(answer, page - 1), replaces: true } as const]
        : []),
      { label: say('Filter'), command: question(answer, {}), form: true },
      ...(turns ? [{ label: say('As a file'), command: question(answer, { format: 'csv' }) }] : []),
    ],
    ...(options.length === 0 ? {} : { pick: { label: say('A rig'), options } }),
  };
}

function headline({ matching, filter, scope, sort }: RigsFacts, presentation: Presentation): string {
  const { say } = presentation;
  const what = [filter.state === null ? null : say(filter.state), filter.model]
    .filter((part) => part !== null)
    .join(', ');
  const asked = {
    rigs: formatCount(matching, 'rig', presentation),
    where: scope.name ?? say('all sites'),
    order: say(orders[sort]),
  };
  return what === ''
    ? say('{rigs} at {where}, {order}.', asked)
    : say('{rigs} ({what}) at {where}, {order}.', { ...asked, what });
}

type Row = RigsFacts['rigs'][number];

function cards({ models, asics }: Row, presentation: Presentation): string {
  const some = (count: number, model: string | null) =>
    `${formatNumber(count, presentation)}× ${model ?? unknown(presentation)}`;
  const parts = [
    ...models.map(({ model, gpus }) => some(gpus, model)),
    ...(asics?.models ?? []).map((entry) => `${some(entry.asics, entry.model)} (ASIC)`),
  ];
  return parts.join(', ') || unknown(presentation);
}

/** At the cards; what ASICs and rigs without cards draw is measured at the wall, and says so. */
function power({ gpus, cardWatts, asics, wallWatts }: Row, presentation: Presentation): string {
  const atWall = (watts: string) => presentation.say('{watts} at the wall', { watts });
  const ofCards = formatWatts(cardWatts, presentation);
  if (asics !== null && asics.wall.watts !== null) {
    const ofAsics = atWall(asicWatts(asics, presentation));
    return gpus === null || gpus.total === 0 ? ofAsics : `${ofCards}, ${ofAsics}`;
  }
  const hasCards = gpus !== null && gpus.total > 0;
  return hasCards || wallWatts === null ? ofCards : atWall(formatWatts(wallWatts, presentation));
}

/** Of the cards' cores and of the ASICs. */
function hottest({ hottestCelsius, asics }: Row): number | null {
  const celsius = asics?.hottestCelsius ?? null;
  return celsius === null || hottestCelsius === null ? (celsius ?? hottestCelsius) : Math.max(celsius, hottestCelsius);
}

function work({ state, gpus, asics, wholeRigHashrates }: Row, presentation: Presentation): string {
  const { say } = presentation;
  if (state === 'down') return say('rig down');
  if (state === 'silent') return say('rig silent');
  if (wholeRigHashrates.length > 0) {
    return say('whole rig mining, {hashrates}', { hashrates: hashratesBy(wholeRigHashrates, presentation) });
  }
  if (gpus === null) return unknown(presentation);
  const parts = [
    ...workStates.filter((name) => gpus[name] > 0).map((name) => say(stateCounts[name], { count: gpus[name] })),
    ...(asics === null ? [] : asicWork(asics, presentation)),
  ];
  return parts.join(', ') || unknown(presentation);
}

/** The same question for another page. */
function pageOf(answer: RigsFacts, page: number): string {
  return question(answer, { page });
}

function question(
  { scope, filter, sort }: RigsFacts,
  more: { readonly page?: number; readonly format?: string },
): string {
  return writeLine('rigs', {
    site: scope.name ?? '',
    state: filter.state ?? '',
    model: filter.model ?? '',
    sort: sort === 'name' ? '' : sort,
    ...more,
  });
}
