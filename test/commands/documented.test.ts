import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { commands } from '../../commands/index.ts';
import { bindOptions, createVocabulary, findCommand } from '../../src/chat/find-command.ts';

const root = resolve(import.meta.dirname, '../..');
const guides = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
const files = ['README.md', ...guides.map((name) => join('docs', name))];

/** Everything that a guide tells people to type: in backticks, after `/fleet` or a mention. */
const typed = files.flatMap((file) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/`(?:\/fleet|@Rigshift) ([^`…]+)`/g)].map(
    (found) => [file, found[1] ?? ''] as const,
  ),
);

it.each(typed)('%s: "%s" can be typed', (_, line) => {
  const question = findCommand(line, createVocabulary(commands));
  expect(question.command.parse.safeParse(bindOptions(question))).toMatchObject({ success: true });
});

it('there are such examples for each platform', () => {
  expect(new Set(typed.map(([file]) => file))).toEqual(new Set(['README.md', 'docs/discord.md', 'docs/slack.md']));
});
