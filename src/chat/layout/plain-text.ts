import { displayWidth } from '../display-width.ts';
import type { Say } from '../languages/say.ts';
import type {
  ChartBlock,
  FieldsBlock,
  NotesBlock,
  Reply,
  ReplyBlock,
  ReplyFile,
  Suggestion,
  TableBlock,
} from '../reply.ts';
import { safeLine, safeLines, safeText } from '../safe-text.ts';
import { alignedTable, columnsOf, stackedLines, tableLines } from './table-lines.ts';
import { hang, wrap } from './wrap.ts';

export type LineStyle = 'bold' | 'dim' | 'yellow';

export interface Paper {
  /** Columns; Infinity where nothing needs to be cut or wrapped. */
  readonly width: number;
  /** Without a width: wider tables stand one row under the other, rather than padded to lines that nobody can read. */
  readonly widestTable?: number;
  readonly styled: (style: LineStyle, line: string) => string;
  readonly say: Say;
  /** A chart drawn with characters; its words stand there where this is missing. */
  readonly chartLines?: ((chart: ChartBlock, width: number) => readonly string[]) | undefined;
}

/** Of a file, where there is a width and so a reader; a pipe gets all of it. */
const MOST_FILE_LINES = 20;

/** A reply in lines of text: none is wider than the paper, and nothing is lost unseen. */
export function plainText(reply: Reply, paper: Paper): string {
  const headline = paragraphs(reply.headline, paper).map((line) => paper.styled('bold', line));
  const parts = [
    headline,
    ...reply.blocks.map((block) => blockLines(block, paper)),
    ...(reply.files ?? []).map((file) => fileLines(file, paper)),
    nextLines(reply.next, paper),
    pickLines(reply, paper),
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function paragraphs(text: string, { width }: Paper): string[] {
  return safeLines(text).flatMap((line) => wrap(line, width));
}

function blockLines(block: ReplyBlock, paper: Paper): readonly string[] {
  switch (block.kind) {
    case 'table':
      return [...titleLines(block.title, paper), ...tableBlockLines(block, paper)];
    case 'fields':
      return [...titleLines(block.title, paper), ...fieldLines(block, paper)];
    case 'text':
      return paragraphs(block.text, paper);
    case 'notes':
      return noteLines(block, paper);
    case 'chart':
      return chartLines(block, paper);
  }
}

function titleLines(title: string | null, paper: Paper): string[] {
  if (title === null) return [];
  return paragraphs(title, paper).map((line) => paper.styled('bold', line));
}

function chartLines(chart: ChartBlock, paper: Paper): readonly string[] {
  if (paper.chartLines !== undefined && Number.isFinite(paper.width)) return paper.chartLines(chart, paper.width);
  return [...titleLines(chart.title, paper), ...paragraphs(chart.alt, paper)];
}

function tableBlockLines(table: TableBlock, paper: Paper): readonly string[] {
  const { say, width } = paper;
  const lines = [...rowLines(table, paper)];
  if (table.rows.length === 0) lines.push(say('(no rows)'));
  if (table.more === null) return lines;
  const { count, hint } = table.more;
  return [...lines, ...hang('', say('and {count} more: {hint}', { count, hint: safeText(hint) }), width)];
}

function rowLines(table: TableBlock, { say, width, widestTable, styled }: Paper): readonly string[] {
  const header = (line: string): string => styled('dim', line);
  if (widestTable !== undefined && table.rows.length > 0) {
    const columns = columnsOf(table);
    const aligned = alignedTable(columns, table.rows.length, widestTable);
    if (aligned === null) return stackedLines(columns, table.rows.length, width);
    return [...aligned.header, ...aligned.rows];
  }
  const cutNote = say('(… is text cut to {width} columns; a wider window shows it)', { width: String(width) });
  return tableLines(table, { width, header, cutNote });
}

/** Names in one column and values in the next; a name that is too long stands above its value. */
function fieldLines({ fields }: FieldsBlock, { width }: Paper): string[] {
  const pairs = fields.map(({ name, value }) => ({ name: safeText(name), value: safeLines(value) }));
  const longest = Math.floor(Math.min(width, 120) / 3);
  const widths = pairs.map(({ name }) => displayWidth(name)).filter((own) => own <= longest);
  const indent = Math.max(0, ...widths) + 2;
  return pairs.flatMap(({ name, value }) => {
    const own = displayWidth(name);
    const lines = value.flatMap((line) => hang(' '.repeat(indent), line, width));
    if (own > longest) return [...wrap(name, width), ...lines];
    return [`${name}${(lines[0] ?? '').slice(own)}`.trimEnd(), ...lines.slice(1)];
  });
}

function noteLines({ tone, notes }: NotesBlock, { width, styled }: Paper): string[] {
  const mark = tone === 'warning' ? '! ' : '- ';
  const lines = notes.flatMap((note) => hang(mark, safeLine(note), width));
  return tone === 'warning' ? lines.map((line) => styled('yellow', line)) : lines;
}

function fileLines({ name, description, text }: ReplyFile, paper: Paper): readonly string[] {
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  const shown = Number.isFinite(paper.width) ? lines.slice(0, MOST_FILE_LINES) : lines;
  const more = lines.length - shown.length;
  const hint = paper.say('and {count, plural, one {# more line} other {# more lines}}: ask through a pipe', {
    count: more,
  });
  return [
    ...titleLines(`${name}: ${description}`, paper),
    ...shown.flatMap((line) => paragraphs(line, paper)),
    ...(more > 0 ? hang('', hint, paper.width) : []),
  ];
}

function pickLines({ pick }: Reply, paper: Paper): readonly string[] {
  if (pick === undefined || pick.options.length === 0) return [];
  return [...titleLines(pick.label, paper), ...nextLines(pick.options, paper)];
}

function nextLines(next: readonly Suggestion[], { width, styled }: Paper): string[] {
  return next
    .flatMap(({ label, command }) => hang('> ', `${safeText(command)}  (${safeText(label)})`, width))
    .map((line) => styled('dim', line));
}
