import type { APIEmbedField } from 'discord.js';
import { displayWidth } from '../../src/chat/display-width.ts';
import { countFitting } from '../../src/chat/layout/count-fitting.ts';
import { cutEscaped } from '../../src/chat/layout/cut-text.ts';
import type { FitBlock, Fitted } from '../../src/chat/layout/fit-blocks.ts';
import type { Sentences } from '../../src/chat/layout/sentences.ts';
import { alignedTable, type Column, columnsOf, rowName } from '../../src/chat/layout/table-lines.ts';
import { textRuns } from '../../src/chat/layout/text-runs.ts';
import type { ChartBlock, FieldsBlock, NotesBlock, TableBlock, TextBlock } from '../../src/chat/reply.ts';
import { visible } from '../../src/chat/safe-text.ts';
import { DISCORD } from './limits.ts';
import { codeBlock, codeText, escapeLine, escapeMarkdown } from './safe-markdown.ts';

/** A piece of an embed. */
export type EmbedPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly field: APIEmbedField }
  | { readonly kind: 'chart'; readonly title: string; readonly chart: ChartBlock };

/** What a telephone shows of a code block's line without breaking it. */
export const PHONE_COLUMNS = 42;
/** Every cut block below fits into this: a title, a header of three lines, a hint and two sentences. */
export const SMALLEST_BLOCK = 700;
/** Between two texts of an embed. */
export const TEXT_GAP = '\n\n';

/** Of a table: nobody scrolls further in a chat, and laying out thousands takes its time. */
const MOST_ROWS = 100;
const TITLE_LENGTH = 120;
const HINT_LENGTH = 160;
const SHORT_FIELD_COLUMNS = 24;

type FittedPart = Fitted<EmbedPart>;

export interface BlockOptions {
  readonly sentences: Sentences;
  /** Fields of an embed, or lines of text where a message would take too many embeds for them. */
  readonly fieldsAs: 'fields' | 'lines';
}

/** A block within a room of characters, as embeds count them. */
export function fitBlock({ sentences, fieldsAs }: BlockOptions): FitBlock<EmbedPart> {
  return (block, roomOfAll, file) => {
    const room = block.kind === 'fields' ? roomOfAll : Math.min(roomOfAll, DISCORD.embedDescription);
    switch (block.kind) {
      case 'table':
        return fitTable(block, room, file, sentences);
      case 'fields':
        return fieldsAs === 'fields' ? fitFields(block, room, file, sentences) : fitPairs(block, room, file, sentences);
      case 'text':
        return fitText(block, room, file, sentences);
      case 'notes':
        return fitNotes(block, room, file, sentences);
      case 'chart':
        return fitChart(block);
    }
  };
}

function textPart(text: string, state: { readonly cut: boolean; readonly clipped: boolean }): FittedPart {
  if (text === '') return { parts: [], size: 0, ...state };
  return { parts: [{ kind: 'text', text }], size: text.length + TEXT_GAP.length, ...state };
}

function titleText(title: string): string {
  return `**${visible(cutEscaped(title, TITLE_LENGTH, escapeLine))}**`;
}

function titleOf(title: string | null): readonly string[] {
  return title === null ? [] : [titleText(title)];
}

function isClipped(text: string | null, length: number): boolean {
  return text !== null && escapeLine(text).length > length;
}

function fitTable(table: TableBlock, room: number, file: string, sentences: Sentences): FittedPart {
  const { rows, title, more } = table;
  const first = rows.slice(0, MOST_ROWS);
  const columns = columnsOf({ ...table, rows: first });
  const aligned = alignedTable(columns, first.length, PHONE_COLUMNS);
  const lines = aligned?.rows.map(codeText) ?? first.map((_, row) => recordText(columns, row));
  const header = aligned?.header.map(codeText) ?? [];
  const hint = more === null ? [] : [sentences.more(more.count, cutEscaped(more.hint, HINT_LENGTH, escapeLine))];
  const written = (count: number): string => {
    const shown = lines.slice(0, count);
    const left = rows.length - count;
    return [
      ...titleOf(title),
      ...(aligned !== null && rows.length > 0 ? [codeBlock([...header, ...shown])] : shown),
      ...(rows.length === 0 ? [sentences.noRows()] : []),
      ...(left > 0 ? [sentences.rows(left, file)] : []),
      ...hint,
    ].join('\n');
  };
  const around = written(0).length - (rows.length > 0 ? sentences.rows(rows.length, file).length : 0);
  const reserve = sentences.rows(rows.length, file).length + 2;
  const sizes = lines.map((line) => line.length + 1);
  // Rows that are not even laid out need the sentence about them in any case.
  const always = rows.length > first.length ? reserve : 0;
  const count = countFitting(sizes, room - around - TEXT_GAP.length - always, reserve - always);
  const clipped = isClipped(title, TITLE_LENGTH) || isClipped(more?.hint ?? null, HINT_LENGTH);
  return textPart(written(count), { cut: count < rows.length, clipped });
}

/** A row whose cells do not fit side by side: its name, then each cell behind its title. */
function recordText(columns: readonly Column[], row: number): string {
  const pairs = columns
    .slice(1)
    .map(({ title, cells }) => ({ title, cell: cells[row] ?? '' }))
    .filter(({ cell }) => cell !== '')
    .map(({ title, cell }) => escapeLine(title === '' ? cell : `${title} ${cell}`));
  return [
    `**${visible(escapeLine(rowName(columns[0], row)))}**`,
    ...(pairs.length > 0 ? [pairs.join(' · ')] : []),
  ].join('\n');
}

function fitFields(block: FieldsBlock, room: number, file: string, sentences: Sentences): FittedPart {
  const fields = block.fields.map(fieldOf);
  const title = titleOf(block.title).map((text): EmbedPart => ({ kind: 'text', text }));
  const titleSize = title.length > 0 ? titleText(block.title ?? '').length + TEXT_GAP.length : 0;
  const sizes = fields.map(({ name, value }) => name.length + value.length);
  const reserve = sentences.values(fields.length, file).length + TEXT_GAP.length;
  const count = countFitting(sizes, room - titleSize, reserve);
  const left = fields.length - count;
  const more: EmbedPart[] = left > 0 ? [{ kind: 'text', text: sentences.values(left, file) }] : [];
  const shown = fields.slice(0, count).map((field): EmbedPart => ({ kind: 'field', field }));
  const size = titleSize + sizes.slice(0, count).reduce((sum, own) => sum + own, 0) + (left > 0 ? reserve : 0);
  const clipped =
    isClipped(block.title, TITLE_LENGTH) ||
    block.fields.some(
      ({ name, value }) => isClipped(name, DISCORD.fieldName) || escapeMarkdown(value).length > DISCORD.fieldValue,
    );
  return { parts: [...title, ...shown, ...more], size, cut: left > 0, clipped };
}

function fieldOf({ name, value }: FieldsBlock['fields'][number]): APIEmbedField {
  const short = displayWidth(name) <= SHORT_FIELD_COLUMNS && displayWidth(value) <= SHORT_FIELD_COLUMNS;
  return {
    name: visible(cutEscaped(name, DISCORD.fieldName, escapeLine)),
    value: visible(cutEscaped(value, DISCORD.fieldValue, escapeMarkdown)),
    inline: short && !value.includes('\n'),
  };
}

function fitPairs(block: FieldsBlock, room: number, file: string, sentences: Sentences): FittedPart {
  const lines = block.fields.map(({ name, value }) => `**${visible(escapeLine(name))}** ${escapeLine(value)}`);
  const state = { clipped: isClipped(block.title, TITLE_LENGTH) };
  return fitLines([...titleOf(block.title)], lines, room, (left) => sentences.values(left, file), state);
}

function fitText({ text }: TextBlock, room: number, file: string, sentences: Sentences): FittedPart {
  const whole = textMarkdown(text);
  if (text.trim() === '') return textPart('', { cut: false, clipped: false });
  if (whole.length + TEXT_GAP.length <= room) return textPart(whole, { cut: false, clipped: false });
  const rest = sentences.rest(file);
  const beginning = cutEscaped(text, room - TEXT_GAP.length - rest.length - 1, textMarkdown);
  return textPart(`${beginning}\n${rest}`, { cut: true, clipped: false });
}

function textMarkdown(text: string): string {
  return textRuns(text)
    .map(({ aligned, lines }) => (aligned ? codeBlock(lines.map(codeText)) : escapeMarkdown(lines.join('\n'))))
    .join('\n');
}

function fitNotes({ notes, tone }: NotesBlock, room: number, file: string, sentences: Sentences): FittedPart {
  const most = Math.max(300, Math.floor(room / 2));
  const lines = notes.map((note, index) => {
    const mark = tone === 'plain' ? '-# ' : index === 0 ? `⚠ **${escapeLine(sentences.warning())}** ` : '⚠ ';
    return mark + visible(cutEscaped(note, most, escapeLine));
  });
  const clipped = notes.some((note) => isClipped(note, most));
  return fitLines([], lines, room, (left) => `-# ${sentences.notes(left, file)}`, { clipped });
}

function fitLines(
  title: readonly string[],
  lines: readonly string[],
  room: number,
  more: (left: number) => string,
  { clipped }: { readonly clipped: boolean },
): FittedPart {
  const around = title.join('\n').length + 1 + TEXT_GAP.length;
  const sizes = lines.map((line) => line.length + 1);
  const count = countFitting(sizes, room - around, more(lines.length).length + 1);
  const left = lines.length - count;
  const text = [...title, ...lines.slice(0, count), ...(left > 0 ? [more(left)] : [])].join('\n');
  return textPart(text, { cut: left > 0, clipped });
}

function fitChart(chart: ChartBlock): FittedPart {
  const title = visible(cutEscaped(chart.title, TITLE_LENGTH, escapeLine));
  const clipped = isClipped(chart.title, TITLE_LENGTH);
  return { parts: [{ kind: 'chart', title, chart }], size: title.length, cut: false, clipped };
}
