import { z } from 'zod';
import type { AnyCommand, Command, Presentation } from '../src/chat/command.ts';
import { optionUsage } from '../src/chat/command-line.ts';
import { createVocabulary } from '../src/chat/find-command.ts';
import { nearest } from '../src/chat/nearest.ts';
import type { Reply, ReplyBlock } from '../src/chat/reply.ts';
import { UserError } from '../src/domain/errors.ts';
import type { FleetContext } from '../src/fleet/context.ts';
import { left } from './present/blocks.ts';

const optionFacts = z.object({
  name: z.string(),
  description: z.string(),
  /** As it is typed: `window:now|7d`. */
  usage: z.string(),
  required: z.boolean(),
  positional: z.boolean(),
  choices: z.array(z.string()),
});

const commandFacts = z.object({
  name: z.string(),
  summary: z.string(),
  role: z.enum(['viewer', 'operator', 'admin']),
  changes: z.boolean(),
  aliases: z.array(z.string()),
  /** Words of habit that bring options along: what they stand for. */
  shorthands: z.record(z.string(), z.string()),
  options: z.array(optionFacts),
  examples: z.array(z.string()),
});

const facts = z.object({
  /** The command that was asked about, or null for all of them. */
  about: z.string().nullable(),
  commands: z.array(commandFacts),
});

const options = z.object({ command: z.string().optional() });

type Options = z.infer<typeof options>;
type Facts = z.infer<typeof facts>;
type CommandFacts = z.infer<typeof commandFacts>;

/** `list` is read when somebody asks, so that help can be one of the commands that it lists. */
export function createHelp(list: () => readonly AnyCommand<FleetContext>[]): Command<FleetContext, Options, Facts> {
  return {
    name: 'help',
    summary: 'What can be asked, with examples',
    aliases: ['commands'],
    shorthands: {},
    role: 'viewer',
    changes: false,
    visibility: 'asker',
    options: [
      {
        name: 'command',
        description: 'a command, or a word that means one',
        required: false,
        kind: 'text',
        positional: true,
      },
    ],
    examples: ['help', 'help help'],
    parse: options,
    facts,
    async run({ command }) {
      if (command === undefined) return { about: null, commands: list().map(describe) };
      const asked = find(command, list());
      return { about: asked.name, commands: [describe(asked)] };
    },
    present: ({ about, commands }, presentation) => {
      const [only] = commands;
      return about !== null && only !== undefined ? presentOne(only, presentation) : presentAll(commands, presentation);
    },
  };
}

function find(word: string, commands: readonly AnyCommand<FleetContext>[]): AnyCommand<FleetContext> {
  const vocabulary = createVocabulary(commands);
  const found = vocabulary.get(word.toLowerCase());
  if (found !== undefined) return found.command;
  const close = nearest(word, vocabulary.keys());
  const remedy = close === null ? 'Type help to see all commands.' : `Did you mean help ${close}?`;
  throw new UserError(`There is no command "${word}".`, remedy);
}

function describe(command: AnyCommand<FleetContext>): CommandFacts {
  const { name, summary, role, changes, aliases, shorthands, examples } = command;
  return {
    name,
    summary,
    role,
    changes,
    aliases: [...aliases],
    shorthands: { ...shorthands },
    options: command.options.map((option) => ({
      name: option.name,
      description: option.description,
      usage: optionUsage(option),
      required: option.required,
      positional: option.positional ?? false,
      choices: [...(option.choices ?? [])],
    })),
    examples: [...examples],
  };
}

const roleNames = { viewer: 'viewer', operator: 'operator', admin: 'admin' } as const;

function whoMay({ role, changes }: CommandFacts, { say }: Presentation): string {
  const who = say(roleNames[role]);
  return changes ? say('{role}, audited', { role: who }) : who;
}

function presentAll(commands: readonly CommandFacts[], presentation: Presentation): Reply {
  const { say } = presentation;
  const words = commands.flatMap(({ name, aliases, shorthands }) => [
    ...(aliases.length > 0 ? [[aliases.join(', '), name]] : []),
    ...Object.entries(shorthands),
  ]);
  const blocks: ReplyBlock[] = [
    {
      kind: 'table',
      title: null,
      columns: [left(say('Command')), left(say('What it answers')), left(say('Who')), left(say('For example'))],
      rows: commands.map((command) => [
        command.name,
        say(command.summary),
        whoMay(command, presentation),
        command.examples[0] ?? '',
      ]),
      more: null,
    },
    {
      kind: 'table',
      title: say('Other words'),
      columns: [left(say('You type')), left(say('It means'))],
      rows: words,
      more: null,
    },
    {
      kind: 'notes',
      tone: 'plain',
      notes: [say('Options are name:value; a value with spaces stands in "quotes".')],
    },
  ];
  return {
    headline: say("{count, number} commands; help and a command's name shows its options.", { count: commands.length }),
    blocks,
    next: commands
      .filter(({ name }) => name !== 'help')
      .slice(0, 3)
      .map(({ name }) => ({ label: say('About {command}', { command: name }), command: `help ${name}` })),
  };
}

function presentOne(command: CommandFacts, presentation: Presentation): Reply {
  const { say } = presentation;
  const usage = command.options.map((option) => (option.required ? option.usage : `[${option.usage}]`));
  const words = [
    ...command.aliases,
    ...Object.entries(command.shorthands).map(([word, whole]) => `${word} (${whole})`),
  ];
  return {
    headline: say('{command}: {summary}.', { command: command.name, summary: say(command.summary) }),
    blocks: [
      {
        kind: 'fields',
        title: null,
        fields: [
          { name: say('Type'), value: [command.name, ...usage].join(' ') },
          { name: say('Who'), value: whoMay(command, presentation) },
          ...(words.length > 0 ? [{ name: say('Also'), value: words.join(', ') }] : []),
          ...command.examples.map((example) => ({ name: say('Example'), value: example })),
        ],
      },
      ...optionsTable(command, presentation),
    ],
    next: command.examples.slice(0, 3).map((example) => ({ label: say('Example'), command: example })),
  };
}

function optionsTable({ options }: CommandFacts, { say }: Presentation): readonly ReplyBlock[] {
  if (options.length === 0) return [];
  const rows = options.map((option) => {
    const notes = [
      say(option.description),
      ...(option.required ? [say('required')] : []),
      ...(option.positional ? [say('{option}: may be left out', { option: option.name })] : []),
    ];
    return [option.usage, notes.join(say('; '))];
  });
  return [
    {
      kind: 'table',
      title: say('Options'),
      columns: [left(say('Option')), left(say('What it does'))],
      rows,
      more: null,
    },
  ];
}
