import { expect, test } from 'vitest';
import { charactersOf } from '../../adapters/discord/command-limits.ts';
import { defineCommands } from '../../adapters/discord/commands-definition.ts';
import { isSame } from '../../adapters/discord/registration.ts';
import { commands } from '../../commands/index.ts';
import { languages } from '../../commands/languages.ts';
import type { CommandDescription } from '../../src/chat/command.ts';
import { sayEnglish, sayIn } from '../../src/chat/languages/say.ts';
import { sampleCommands } from '../chat/sample-commands.ts';

const english = sayEnglish('en');
const say = { en: english, fr: (text: string) => `${english(text)} (fr)` };
const [rig] = sampleCommands;
const changed = (change: Partial<CommandDescription>): CommandDescription[] => [{ ...rig!, ...change }];

test('each command is a subcommand with typed options, those required first', () => {
  const options: CommandDescription['options'] = [
    { name: 'sort', description: 'in which order', required: false, kind: 'choice', choices: ['name', 'temp'] },
    { name: 'page', description: 'which page', required: false, kind: 'number' },
    { name: 'wide', description: 'all columns', required: false, kind: 'boolean' },
    { name: 'note', description: 'what to say', required: false, kind: 'text' },
    { name: 'site', description: 'which site', required: true, kind: 'site' },
  ];
  const { name, options: subcommands } = defineCommands(changed({ options }), say);
  expect(name).toBe('fleet');
  expect(subcommands).toMatchObject([
    {
      type: 1,
      name: 'rig',
      description: 'Everything about one rig',
      description_localizations: { fr: 'Everything about one rig (fr)' },
      options: [
        { type: 3, name: 'site', required: true, autocomplete: true },
        {
          type: 3,
          name: 'sort',
          required: false,
          choices: [
            { name: 'name', value: 'name' },
            { name: 'temp', value: 'temp' },
          ],
        },
        { type: 10, name: 'page', description_localizations: { fr: 'which page (fr)' } },
        { type: 5, name: 'wide' },
        { type: 3, name: 'note' },
      ],
    },
  ]);
});

test('more choices than Discord lists are completed instead', () => {
  const choices = Array.from({ length: 26 }, (_, index) => `choice${index}`);
  const options = [{ name: 'sort', description: 'order', required: false, kind: 'choice', choices }] as const;
  expect(defineCommands(changed({ options }), say).options).toMatchObject([
    { options: [{ name: 'sort', autocomplete: true }] },
  ]);
});

test.each([
  { what: 'a name in capitals', change: { name: 'Rig' }, fault: 'fleet Rig is no name' },
  {
    what: 'a long summary',
    change: { summary: 'x'.repeat(97) },
    fault: 'fleet rig is described in 102 characters, of 100',
  },
  {
    what: 'an option without a description',
    change: { options: [{ name: 'site', description: '', required: false, kind: 'site' as const }] },
    fault: 'fleet rig site is described in 0 characters',
  },
])('$what is refused, and named', ({ change, fault }) => {
  expect(() => defineCommands(changed(change), { ...say, fr: (text) => (text === '' ? '' : say.fr(text)) })).toThrow(
    fault,
  );
});

test('more than 8,000 characters in the longest language are refused, and counted', () => {
  const option = (index: number) =>
    ({ name: `o${index}`, description: 'x'.repeat(90), required: false, kind: 'text' }) as const;
  const many = Array.from({ length: 20 }, (_, index) => ({
    ...rig!,
    name: `c${index}`,
    options: Array.from({ length: 5 }, (_each, at) => option(at)),
  }));
  expect(() => defineCommands(many, say)).toThrow(/fleet has 10\d{3} characters in its longest language, of 8000/);
});

test('characters are counted as Discord counts them', () => {
  const choices = [{ name: 'three', value: 3 }];
  const inner = { name: 'ab', description: 'cde', choices };
  // fleet + the longer description + ab + cde + three + 3
  expect(
    charactersOf({ name: 'fleet', description: 'x', description_localizations: { fr: 'xyz' }, options: [inner] }),
  ).toBe(19);
});

test('the commands of this program fit, in French too', () => {
  const definition = defineCommands(commands, { en: english, fr: sayIn('fr', languages) });
  expect(definition.options).toHaveLength(commands.length);
  expect(charactersOf(definition)).toBeLessThanOrEqual(8_000);
});

test('what Discord adds, and what it leaves out for being empty, is no difference; anything else is', () => {
  const wanted = defineCommands(sampleCommands, say);
  const answered = {
    ...structuredClone(wanted),
    id: '1',
    version: '2',
    application_id: '3',
    nsfw: false,
    name_localizations: null,
  };
  for (const subcommand of answered.options ?? []) {
    if ('options' in subcommand && subcommand.options?.length === 0) delete subcommand.options;
    if ('options' in subcommand)
      for (const option of subcommand.options ?? []) if (option.required === false) delete option.required;
  }
  expect(isSame([answered], wanted)).toBe(true);
  expect(isSame([], wanted)).toBe(false);
  expect(isSame([answered, answered], wanted)).toBe(false);
  expect(isSame([{ ...answered, description: 'other' }], wanted)).toBe(false);
  expect(isSame([{ ...answered, options: answered.options?.toReversed() }], wanted)).toBe(false);
  const inFrench = { ...answered, description_localizations: { fr: 'autre' } };
  expect(isSame([inFrench], wanted)).toBe(false);
});
