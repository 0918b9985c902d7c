import { expect } from 'vitest';
import { z } from 'zod';
import type { Reply } from '../../src/chat/reply.ts';
import { writeLine } from '../../src/chat/write-line.ts';
import type { ChatFarm } from './chat-program.ts';

/** A question as it is asked on a platform, and what a console says to it. */
export interface ChatQuestion {
  readonly command: string;
  readonly options: Readonly<Record<string, string | number>>;
  /** As somebody types it. */
  readonly line: string;
  readonly said: SaidReply;
}

/** What of a reply can be compared with what somebody sees. */
type SaidReply = z.infer<typeof saidReply>;

const saidReply = z.object({
  headline: z.string(),
  blocks: z.array(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('table'), rows: z.array(z.array(z.string())) }),
      z.object({ kind: z.literal('fields'), fields: z.array(z.object({ name: z.string(), value: z.string() })) }),
      z.object({ kind: z.literal('text'), text: z.string() }),
      z.object({ kind: z.literal('notes'), notes: z.array(z.string()) }),
      z.object({ kind: z.literal('chart'), title: z.string(), alt: z.string() }),
    ]),
  ),
  files: z.array(z.object({ name: z.string(), text: z.string() })).default([]),
}) satisfies z.ZodType<Pick<Reply, 'headline'>>;

/** At least one question for every command; whoever adds a command adds it here. */
export const questionsByCommand: Readonly<Record<string, readonly ChatQuestion['options'][]>> = {
  status: [{ site: 'texas' }],
  rigs: [
    { sort: 'margin', page: 2 },
    { state: 'mining', format: 'csv' },
  ],
  rig: [{ name: 'tx-3090-01' }],
  profit: [{}],
  readiness: [{ site: 'quebec', format: 'csv' }],
  digest: [{}],
  audit: [{}],
  help: [{ command: 'rigs' }],
};

/** All of them, with what a console answers at the same moment. */
export async function askedOfConsole(farm: ChatFarm): Promise<readonly ChatQuestion[]> {
  const questions = Object.entries(questionsByCommand).flatMap(([command, asked]) =>
    asked.map((options) => ({ command, options, line: writeLine(command, options) })),
  );
  return await Promise.all(
    questions.map(async (question) => {
      const { command, facts, reply } = await farm.ask(question.line);
      if (command !== question.command || facts === null) throw new Error(`${question.line}: ${reply.headline}`);
      return { ...question, said: saidReply.parse(reply) };
    }),
  );
}

/** What of an answer reaches whoever asked. */
export interface SeenAnswer {
  readonly text: string;
  /** Alternative texts of the pictures. */
  readonly alts: readonly string[];
  readonly pictures: readonly Buffer[];
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

/** The answer is the console's: its headline, every figure of it, every picture and every file. */
export function expectSameAnswer(seen: SeenAnswer, { said, line }: ChatQuestion): void {
  expect(plain(seen.text), line).toContain(plain(said.headline));
  // What has no room in the message came along as a file.
  const everywhere = plain([seen.text, ...seen.files.map(({ text }) => text.replaceAll('""', '"'))].join('\n'));
  const missing = figuresOf(said).filter((figure) => !everywhere.includes(plain(figure)));
  expect(missing, `${line}: figures of the console that nobody saw`).toEqual([]);
  const charts = said.blocks.filter((block) => block.kind === 'chart');
  expect(seen.alts.map(plain), line).toEqual(charts.map(({ alt }) => plain(alt)));
  expect(seen.pictures, line).toHaveLength(charts.length);
  for (const png of seen.pictures) expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  for (const file of said.files) expect(seen.files, line).toContainEqual(expect.objectContaining(file));
}

function figuresOf({ blocks }: SaidReply): readonly string[] {
  return blocks.flatMap(textsOf);
}

function textsOf(block: SaidReply['blocks'][number]): readonly string[] {
  switch (block.kind) {
    case 'table':
      return block.rows.flat();
    case 'fields':
      return block.fields.flatMap(({ name, value }) => [name, value]);
    case 'text':
      return [block.text];
    case 'notes':
      return block.notes;
    case 'chart':
      return [block.title];
  }
}

/** The words alone: without marks of formatting, escapes and what breaks triggers, in one line. */
function plain(text: string): string {
  return text
    .replace(/\\([\\*_~|`[\]#>+-])|&(amp|lt|gt);/g, (_, mark = '', entity = '') => mark + (entities[entity] ?? ''))
    .replace(/[\u200b\u2060*_`~\\]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>' };
