import { formatCount, formatPart } from '../../src/chat/format-count.ts';
import { sayEnglish } from '../../src/chat/languages/say.ts';
import type { NotesBlock, Reply, ReplyBlock, TableBlock } from '../../src/chat/reply.ts';
import type {
  CheckedSystem,
  CheckReport,
  DialectSeen,
  Finding,
  MissingSignal,
  OwnSeriesSeen,
} from '../../src/fleet/check/report.ts';
import { left, notes, right } from './blocks.ts';

/** It is printed on the command line alone, as are the configuration's mistakes. */
const english = { say: sayEnglish('en') };

/** Of each table; --json prints everything. */
const mostRows = 25;
const mostNames = 5;

/** What `check` found, as a reply. */
export function checkReply(report: CheckReport): Reply {
  const { systems, findings, dialects, ownSeries, missing, assumptions } = report;
  const seen = dialects.filter(({ series }) => series > 0);
  const toMend = findings.filter(({ kind }) => kind !== 'remark');
  const remarks = findings.filter(({ kind }) => kind === 'remark');
  return {
    headline: headlineOf(report, toMend.length),
    blocks: [
      ...list('To mend:', 'warning', toMend.map(findingLine)),
      ...list('Worth knowing:', 'plain', [...remarks.map(findingLine), ...seen.flatMap(unverifiedLines)]),
      ...table(
        'Systems',
        [left('System'), left('Address'), left('Version'), right('Answer'), right('Clock'), left('State')],
        systems.map(systemRow),
      ),
      ...table(
        'Series by exporter',
        [left('Exporter'), right('Targets'), right('Series'), right('Names'), left('Rests on')],
        seen.map(dialectRow),
      ),
      ...table(
        'Your own series',
        [left('Series'), left('Is'), right('Targets'), right('Series'), left('For example'), left('Seen at')],
        ownSeries.map(ownSeriesRow),
      ),
      ...list('Signals that are missing, and what would bring them:', 'plain', missingLines(missing)),
      ...list('Taken for granted:', 'plain', assumptions),
    ],
    next: [],
  };
}

function headlineOf({ configuration, fleet, findings }: CheckReport, toMend: number): string {
  const place = configuration === null ? 'The demo configuration is valid' : `${configuration} is valid`;
  const verdict =
    toMend === 0
      ? 'nothing to mend'
      : `${english.say('{count, plural, one {# thing} other {# things}}', { count: toMend })} to mend`;
  if (fleet === null) return `${place}; the fleet could not be read: ${findings[0]?.found ?? 'no answer'}.`;
  const { rigs, gpus, asics, targetsUp, targetsTotal } = fleet;
  const machines =
    asics === 0 ? '' : ` and ${english.say('{count, plural, one {# ASIC} other {# ASICs}}', { count: asics })}`;
  return `${place}: ${formatCount(rigs, 'rig', english)} with ${formatCount(gpus, 'GPU', english)}${machines}, ${formatPart(targetsUp, targetsTotal, 'target', english)} answered; ${verdict}.`;
}

const whole = 'check --json prints all';

function table(title: string, columns: TableBlock['columns'], rows: TableBlock['rows']): TableBlock[] {
  if (rows.length === 0) return [];
  const count = rows.length - mostRows;
  const more = count > 0 ? { count, hint: whole } : null;
  return [{ kind: 'table', title, columns, rows: rows.slice(0, mostRows), more }];
}

/** Sentences, which a table would cut. */
function list(title: string, tone: NotesBlock['tone'], lines: readonly string[]): ReplyBlock[] {
  if (lines.length === 0) return [];
  const rest = lines.length - mostRows;
  const shown = [...lines.slice(0, mostRows), ...(rest > 0 ? [`and ${rest} more: ${whole}`] : [])];
  return [{ kind: 'text', text: title }, ...notes(tone, shown)];
}

function named(names: readonly string[]): string {
  const rest = names.length - mostNames;
  return [...names.slice(0, mostNames), ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
}

function findingLine({ found, about, remedy }: Finding): string {
  const place = about.length === 0 ? '' : `${named(about)}: `;
  return `${place}${found}${remedy === null ? '' : `; ${remedy}`}`;
}

function systemRow({
  system,
  address,
  version,
  latencyMs,
  clockAheadMs,
  failure,
  kind,
}: CheckedSystem): readonly string[] {
  const state = failure ?? (kind === 'alerts' ? 'not used yet' : 'ok');
  const latency = latencyMs === null ? '' : `${latencyMs < 10 ? latencyMs.toFixed(1) : Math.round(latencyMs)} ms`;
  return [system, address, version ?? '', latency, clockAheadMs === null ? '' : ahead(clockAheadMs), state];
}

function ahead(ms: number): string {
  const sign = ms > 0 ? '+' : '';
  return `${sign}${(ms / 1000).toFixed(1)} s`;
}

const restsOn = {
  recorded: 'a recorded scrape',
  published: 'published names',
  unverified: "nobody's word",
  configured: 'your configuration',
} as const satisfies Record<DialectSeen['evidence'], string>;

function dialectRow({ id, targets, series, names, namesSeen, evidence }: DialectSeen): readonly string[] {
  return [id, String(targets), String(series), `${namesSeen} of ${names}`, restsOn[evidence]];
}

function ownSeriesRow({ dialect, name, as, targets, series, example, instances }: OwnSeriesSeen): readonly string[] {
  const text = series === 0 ? 'matched nothing' : example === null ? '' : exampleText(example);
  return [`${dialect}: ${name}`, as, String(targets), String(series), text, named(instances)];
}

function exampleText({ printed, unit, value, canonicalUnit }: NonNullable<OwnSeriesSeen['example']>): string {
  if (value === null) return `${printed}, which means unknown`;
  return unit === canonicalUnit ? `${printed} ${unit}` : `${printed} ${unit} = ${rounded(value)} ${canonicalUnit}`;
}

/** What a factor makes of a number may end in 0000001. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

/** Signals that the same rigs lack and the same switch would bring stand together. */
function missingLines(missing: readonly MissingSignal[]): string[] {
  const alike = Map.groupBy(missing, ({ exporter, how, rigs }) => JSON.stringify([exporter, how, rigs]));
  return [...alike.values()].flatMap((signals) => {
    const [first] = signals;
    if (first === undefined) return [];
    const { rigs, exporter, how } = first;
    const what = signals.map(({ signal, neededFor }) => `${signal} (${neededFor})`).join(', ');
    return `${what}: ${formatCount(rigs.length, 'rig', english)}, ${named(rigs)} — ${exporter} ${how}`;
  });
}

/** Of what is in use: the rest does no harm. */
function unverifiedLines({ id, evidence, source, unverified }: DialectSeen): string[] {
  if (evidence === 'unverified')
    return [`${id} is unverified (${source}): hold its figures against the exporter's own page`];
  return unverified.length === 0 ? [] : [`${id}: names in use that nobody vouches for: ${named(unverified)}`];
}
