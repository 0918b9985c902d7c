import { styleText } from 'node:util';
import { displayWidth } from '../../src/chat/display-width.ts';
import type { FieldsBlock, NotesBlock, Reply, ReplyBlock, Suggestion, TableBlock } from '../../src/chat/reply.ts';
import { safeLines, safeText } from './safe-text.ts';
import { tableLines } from './table.ts';
import { hang, wrap } from './wrap.ts';

export interface TextOptions {
  /** Columns of the terminal, at least 40; Infinity where nothing needs to be cut or wrapped. */
  readonly width: number;
  readonly color: boolean;
}

type Style = 'bold' | 'dim' | 'yellow';

interface Paper {
  readonly width: number;
  readonly styled: (style: Style, line: string) => string;
}

const NARROWEST = 40;

/** A reply for a terminal: no line is wider than the width, nothing is lost unseen, and colour only adds to the words. */
export function renderText(reply: Reply, { width, color }: TextOptions): string {
  const paper: Paper = {
    width: Math.max(NARROWEST, width),
    styled: (style, line) => (color && line !== '' ? styleText(style, line, { validateStream: false }) : line),
  };
  const headline = paragraphs(reply.headline, paper).map((line) => paper.styled('bold', line));
  const parts = [headline, ...reply.blocks.map((block) => blockLines(block, paper)), nextLines(reply.next, paper)];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function paragraphs(text: string, { width }: Paper): string[] {
  return safeLines(text).flatMap((line) => wrap(line, width));
}

function blockLines(block: ReplyBlock, paper: Paper): string[] {
  switch (block.kind) {
    case 'table':
      return [...titleLines(block.title, paper), ...tableBlockLines(block, paper)];
    case 'fields':
      return [...titleLines(block.title, paper), ...fieldLines(block, paper)];
    case 'text':
      return paragraphs(block.text, paper);
    case 'notes':
      return noteLines(block, paper);
  }
}

function titleLines(title: string | null, paper: Paper): string[] {
  if (title === null) return [];
  return paragraphs(title, paper).map((line) => paper.styled('bold', line));
}

function tableBlockLines(table: TableBlock, paper: Paper): string[] {
  const lines = tableLines(table, paper.width, (line) => paper.styled('dim', line));
  if (table.rows.length === 0) lines.push('(no rows)');
  if (table.more === null) return lines;
  return [...lines, ...hang('', safeText(`and ${table.more.count} more: ${table.more.hint}`), paper.width)];
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
  const lines = notes.flatMap((note) => hang(mark, safeLines(note).join(' '), width));
  return tone === 'warning' ? lines.map((line) => styled('yellow', line)) : lines;
}

function nextLines(next: readonly Suggestion[], { width, styled }: Paper): string[] {
  return next
    .flatMap(({ label, command }) => hang('> ', `${safeText(command)}  (${safeText(label)})`, width))
    .map((line) => styled('dim', line));
}
