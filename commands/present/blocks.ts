import type { NotesBlock, TableBlock } from '../../src/chat/reply.ts';

type Column = TableBlock['columns'][number];

export function left(title: string): Column {
  return { title, align: 'left' };
}

export function right(title: string): Column {
  return { title, align: 'right' };
}

/** No block where there is nothing to note. */
export function notes(tone: NotesBlock['tone'], lines: readonly string[]): NotesBlock[] {
  return lines.length === 0 ? [] : [{ kind: 'notes', tone, notes: lines }];
}
