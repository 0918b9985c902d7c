import type { RESTPostAPIChatInputApplicationCommandsJSONBody } from 'discord.js';

/** https://discord.com/developers/docs/interactions/application-commands */
const MOST_OPTIONS = 25;
const MOST_CHARACTERS = 8_000;
const DESCRIPTION_LENGTH = 100;
const CHOICE_LENGTH = 100;
const namePattern = /^[-_'\p{Ll}\p{Lo}\p{Lm}\p{N}]{1,32}$/u;

interface Described {
  readonly name: string;
  readonly description: string;
  readonly description_localizations?: Readonly<Partial<Record<string, string | null>>> | null | undefined;
  readonly options?: readonly Described[] | undefined;
  readonly choices?: readonly { readonly name: string; readonly value: string | number }[] | undefined;
}

/** What Discord would refuse in a command, and where; empty where it takes it. */
export function commandFaults(command: RESTPostAPIChatInputApplicationCommandsJSONBody): readonly string[] {
  const characters = charactersOf(command);
  return [
    ...faultsOf(command, command.name),
    ...(characters > MOST_CHARACTERS
      ? [`${command.name} has ${characters} characters in its longest language, of ${MOST_CHARACTERS}`]
      : []),
  ];
}

function faultsOf(described: Described, path: string): readonly string[] {
  const { name, options = [], choices = [] } = described;
  const faults: string[] = [];
  if (!namePattern.test(name)) faults.push(`${path} is no name`);
  for (const text of textsOf(described)) {
    if (text.length < 1 || text.length > DESCRIPTION_LENGTH) {
      faults.push(`${path} is described in ${text.length} characters, of ${DESCRIPTION_LENGTH}: "${text}"`);
    }
  }
  if (options.length > MOST_OPTIONS) {
    const beyond = options.slice(MOST_OPTIONS).map((option) => option.name);
    faults.push(`${path} has ${options.length} options, of ${MOST_OPTIONS}: too many are ${beyond.join(', ')}`);
  }
  for (const choice of choices) {
    if (choice.name.length < 1 || choice.name.length > CHOICE_LENGTH) faults.push(`${path}: choice "${choice.name}"`);
  }
  return [...faults, ...options.flatMap((option) => faultsOf(option, `${path} ${option.name}`))];
}

/** Names, values and descriptions of everything in it, each description in its longest language. */
export function charactersOf(described: Described): number {
  const { name, options = [], choices = [] } = described;
  const own = name.length + Math.max(...textsOf(described).map((text) => text.length));
  const ofChoices = choices.map((choice) => choice.name.length + String(choice.value).length);
  return [...ofChoices, ...options.map(charactersOf)].reduce((sum, length) => sum + length, own);
}

function textsOf({ description, description_localizations }: Described): readonly string[] {
  const localised = Object.values(description_localizations ?? {});
  return [description, ...localised.filter((text) => typeof text === 'string')];
}
