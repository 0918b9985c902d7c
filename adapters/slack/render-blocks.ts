import type { types } from '@slack/bolt';
import { countFitting } from '../../src/chat/layout/count-fitting.ts';
import { cutEscaped } from '../../src/chat/layout/cut-text.ts';
import type { FitBlock, Fitted } from '../../src/chat/layout/fit-blocks.ts';
import type { Sentences } from '../../src/chat/layout/sentences.ts';
import { alignedTable, type Column, columnsOf, rowName } from '../../src/chat/layout/table-lines.ts';
import { textRuns } from '../../src/chat/layout/text-runs.ts';
import type { ChartBlock, FieldsBlock, NotesBlock, TableBlock, TextBlock } from '../../src/chat/reply.ts';
import { visible } from '../../src/chat/safe-text.ts';
import { SLACK } from './limits.ts';
import { inertLine, inertText } from './safe-text.ts';

/** A block of the message; a chart's stands for the picture until Slack has it. */
export interface MessagePart {
  readonly block: types.KnownBlock;
  readonly chart?: ChartBlock;
}

/** What a telephone shows of a preformatted line without breaking it. */
export const PHONE_COLUMNS = 42;
/** A block counts as at least that many characters, so that their number is bounded with their length. */
export const BLOCK_COST = 220;
/** Every cut block below fits into this. */
export const SMALLEST_BLOCK = 900;

/** Of a table: nobody scrolls further in a chat, and laying out thousands takes its time. */
const MOST_ROWS = 100;
const TITLE_LENGTH = 120;
const HINT_LENGTH = 160;

type FittedParts = Fitted<MessagePart>;
type Run = types.RichTextElement;
interface State {
  readonly cut: boolean;
  readonly clipped: boolean;
}

/** A block within a room of characters. Untrusted text stands in rich_text and plain_text, where Slack formats nothing. */
export function fitBlock(sentences: Sentences): FitBlock<MessagePart> {
  return (block, roomOfAll, file) => {
    const room = Math.min(roomOfAll, SLACK.blockText);
    switch (block.kind) {
      case 'table':
        return fitTable(block, room, file, sentences);
      case 'fields':
        return fitFields(block, room, file, sentences);
      case 'text':
        return fitText(block, room, file, sentences);
      case 'notes':
        return fitNotes(block, room, file, sentences);
      case 'chart':
        return fitChart(block, room, file, sentences);
    }
  };
}

function partsOf(blocks: readonly types.KnownBlock[], state: State): FittedParts {
  const size = blocks.reduce((sum, block) => sum + Math.max(BLOCK_COST, lengthOf(block)), 0);
  return { parts: blocks.map((block) => ({ block })), size, ...state };
}

/** All characters that a reader or Slack has to read. */
export function lengthOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce((sum, [name, inner]) => (name === 'type' ? sum : sum + lengthOf(inner)), 0);
}

const plain = (text: string): Run => ({ type: 'text', text });
const bold = (text: string): Run => ({ type: 'text', text, style: { bold: true } });

function section(runs: readonly Run[]): types.RichTextSection {
  return { type: 'rich_text_section', elements: [...runs] };
}

function preformatted(lines: readonly string[]): types.RichTextPreformatted {
  return { type: 'rich_text_preformatted', elements: [{ type: 'text', text: lines.join('\n') }] };
}

function richText(elements: types.RichTextBlockElement[]): types.RichTextBlock[] {
  return elements.length === 0 ? [] : [{ type: 'rich_text', elements }];
}

/** Small print, line by line: the elements of a context would stand side by side. */
export function contextOf(lines: readonly string[]): types.ContextBlock[] {
  if (lines.length === 0) return [];
  return [{ type: 'context', elements: [{ type: 'plain_text', text: lines.join('\n'), emoji: false }] }];
}

function titleSections(title: string | null): types.RichTextSection[] {
  if (title === null) return [];
  return [section([bold(visible(cutEscaped(title, TITLE_LENGTH, inertLine)))])];
}

function isClipped(text: string | null, length: number): boolean {
  return text !== null && inertLine(text).length > length;
}

function fitTable(table: TableBlock, room: number, file: string, sentences: Sentences): FittedParts {
  const { rows, title, more } = table;
  const first = rows.slice(0, MOST_ROWS);
  const columns = columnsOf({ ...table, rows: first });
  const aligned = alignedTable(columns, first.length, PHONE_COLUMNS);
  const records = aligned === null ? first.map((_, row) => recordOf(columns, row)) : [];
  const sizes = aligned?.rows.map((line) => inertText(line).length + 1) ?? records.map((runs) => lengthOf(runs));
  const hint = more === null ? [] : [sentences.more(more.count, cutEscaped(more.hint, HINT_LENGTH, inertLine))];
  const titles = titleSections(title);
  const header = aligned?.header.map(inertText) ?? [];
  const around = lengthOf(titles) + lengthOf(header) + header.length + lengthOf(hint) + 2 * BLOCK_COST;
  const reserve = sentences.rows(rows.length, file).length;
  // Rows that are not even laid out need the sentence about them in any case.
  const always = rows.length > first.length ? reserve : 0;
  const count = countFitting(sizes, room - around - always, reserve - always);
  const left = rows.length - count;
  const body = (): types.RichTextBlockElement[] => {
    if (rows.length === 0) return [section([plain(sentences.noRows())])];
    if (aligned !== null) return [preformatted([...header, ...aligned.rows.slice(0, count).map(inertText)])];
    return count > 0 ? [section(records.slice(0, count).flat())] : [];
  };
  const remarks = [...(left > 0 ? [sentences.rows(left, file)] : []), ...hint];
  const clipped = isClipped(title, TITLE_LENGTH) || isClipped(more?.hint ?? null, HINT_LENGTH);
  return partsOf([...richText([...titles, ...body()]), ...contextOf(remarks)], { cut: left > 0, clipped });
}

/** A row whose cells do not fit side by side: its name, then each cell behind its title. */
function recordOf(columns: readonly Column[], row: number): readonly Run[] {
  const pairs = columns
    .slice(1)
    .map(({ title, cells }) => ({ title, cell: cells[row] ?? '' }))
    .filter(({ cell }) => cell !== '')
    .map(({ title, cell }) => inertLine(title === '' ? cell : `${title} ${cell}`));
  return [
    bold(visible(inertLine(rowName(columns[0], row)))),
    plain(`\n${pairs.length > 0 ? `${pairs.join(' · ')}\n` : ''}`),
  ];
}

function fitFields(block: FieldsBlock, room: number, file: string, sentences: Sentences): FittedParts {
  const runs = block.fields.map(({ name, value }) => [
    bold(visible(inertLine(name))),
    plain(`  ${visible(inertText(value))}\n`),
  ]);
  const titles = titleSections(block.title);
  const around = lengthOf(titles) + 2 * BLOCK_COST;
  const count = countFitting(runs.map(lengthOf), room - around, sentences.values(runs.length, file).length);
  const left = runs.length - count;
  const remarks = left > 0 ? [sentences.values(left, file)] : [];
  const body = count > 0 ? [section(runs.slice(0, count).flat())] : [];
  const clipped = isClipped(block.title, TITLE_LENGTH);
  return partsOf([...richText([...titles, ...body]), ...contextOf(remarks)], { cut: left > 0, clipped });
}

function fitText({ text }: TextBlock, room: number, file: string, sentences: Sentences): FittedParts {
  const whole = inertText(text);
  if (text.trim() === '') return partsOf([], { cut: false, clipped: false });
  const cut = whole.length > room - BLOCK_COST;
  const rest = sentences.rest(file);
  const shown = cut ? cutEscaped(text, room - 2 * BLOCK_COST - rest.length, inertText) : whole;
  const elements = textRuns(shown)
    .filter(({ lines }) => lines.some((line) => line.trim() !== ''))
    .map(({ aligned, lines }) => (aligned ? preformatted(lines) : section([plain(lines.join('\n'))])));
  return partsOf([...richText(elements), ...contextOf(cut ? [rest] : [])], { cut, clipped: false });
}

function fitNotes({ notes, tone }: NotesBlock, room: number, file: string, sentences: Sentences): FittedParts {
  const most = Math.max(300, Math.floor(room / 2));
  const lines = notes.map((note, index) => {
    const mark = tone === 'plain' ? '' : index === 0 ? `⚠ ${sentences.warning()} ` : '⚠ ';
    return mark + visible(cutEscaped(note, most, inertLine));
  });
  const sizes = lines.map((line) => line.length + 1);
  const count = countFitting(sizes, room - BLOCK_COST, sentences.notes(notes.length, file).length);
  const left = notes.length - count;
  const shown = [...lines.slice(0, count), ...(left > 0 ? [sentences.notes(left, file)] : [])];
  return partsOf(contextOf(shown), { cut: left > 0, clipped: notes.some((note) => isClipped(note, most)) });
}

function fitChart(chart: ChartBlock, room: number, file: string, sentences: Sentences): FittedParts {
  const words = fitText({ kind: 'text', text: `${visible(chart.title)}\n${chart.alt}` }, room, file, sentences);
  return { ...words, parts: words.parts.map((part, index) => (index === 0 ? { ...part, chart } : part)) };
}
