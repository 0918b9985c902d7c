import { expect } from 'vitest';
import type { Command, Presentation } from '../../src/chat/command.ts';
import { sayEnglish } from '../../src/chat/languages/say.ts';
import type { Reply, ReplyBlock } from '../../src/chat/reply.ts';
import type { FleetContext } from '../../src/fleet/context.ts';
import { saidInFrench } from './french.ts';
import { atMs } from './rigs.ts';

/** How English readers in the United States are answered, twelve seconds after the observation. */
export const presentation: Presentation = {
  locale: 'en-US',
  timeZone: 'UTC',
  nowMs: atMs + 12_000,
  say: sayEnglish('en-US'),
};

/** Every text of a reply, one by one. */
export function textsOf(reply: Reply): string[] {
  return [reply.headline, ...reply.blocks.flatMap(blockTexts), ...reply.next.map(({ command }) => command)];
}

function blockTexts(block: ReplyBlock): readonly string[] {
  switch (block.kind) {
    case 'table':
      return [...block.columns.map(({ title }) => title), ...block.rows.flat(), block.more?.hint ?? ''];
    case 'fields':
      return block.fields.flatMap(({ name, value }) => [name, value]);
    case 'text':
      return [block.text];
    case 'notes':
      return block.notes;
    case 'chart':
      return [block.title, block.alt, block.unit, ...block.series.map(({ name }) => name)];
  }
}

/**
 * What a command answers to options as they are typed. Whatever the farm: facts fit their schema and survive JSON, and the
 * reply is written as people write.
 */
export async function answer<Options, Facts>(
  command: Command<FleetContext, Options, Facts>,
  asked: Readonly<Record<string, string>>,
  context: FleetContext,
): Promise<{ readonly facts: Facts; readonly reply: Reply; readonly texts: readonly string[] }> {
  const facts = await command.run(command.parse.parse(asked), context);
  expect(command.facts.parse(JSON.parse(JSON.stringify(facts)))).toEqual(facts);
  const reply = command.present(facts, presentation);
  saidInFrench((reader) => command.present(facts, reader), textsOf);
  const texts = textsOf(reply);
  for (const text of texts) {
    expect(text).not.toMatch(/NaN|Infinity|\bnull\b|undefined|\[object/);
    expect(text).not.toMatch(/\.\.(?!\.)|\s{2}|\(\)|,\s*[,;.]|unknown per|unknown at your/);
    expect(text).not.toMatch(/(?<![\d.,])1 (?:rigs|GPUs|targets|cards)\b/);
  }
  return { facts, reply, texts };
}
