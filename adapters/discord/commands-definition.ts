import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandOptionChoice,
  type APIApplicationCommandSubcommandOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  Locale,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import type { CommandDescription, CommandOption } from '../../src/chat/command.ts';
import { commandFaults } from './command-limits.ts';

type Translate = (english: string) => string;

export type CommandDefinition = RESTPostAPIChatInputApplicationCommandsJSONBody;

/** Above it, the choices of an option are completed instead of listed. */
const MOST_CHOICES = 25;

/**
 * `/fleet` with a subcommand for every command, described in English and French; names are typed, so they stay English.
 * @throws Error that names every limit of Discord's that is exceeded, and where.
 */
export function defineCommands(
  commands: readonly CommandDescription[],
  say: { readonly en: Translate; readonly fr: Translate },
): CommandDefinition {
  const described = (text: string) => ({
    description: say.en(text),
    description_localizations: { [Locale.French]: say.fr(text) },
  });

  function optionOf(option: CommandOption): APIApplicationCommandBasicOption {
    const { name, required } = option;
    const base = { name, ...described(option.description), required };
    switch (option.kind) {
      case 'number':
        return { ...base, type: ApplicationCommandOptionType.Number };
      case 'boolean':
        return { ...base, type: ApplicationCommandOptionType.Boolean };
      case 'text':
        return { ...base, type: ApplicationCommandOptionType.String };
      case 'choice':
        if ((option.choices ?? []).length > MOST_CHOICES) break;
        return { ...base, type: ApplicationCommandOptionType.String, choices: (option.choices ?? []).map(choiceOf) };
    }
    return { ...base, type: ApplicationCommandOptionType.String, autocomplete: true };
  }

  const subcommands = commands.map(
    ({ name, summary, options }): APIApplicationCommandSubcommandOption => ({
      type: ApplicationCommandOptionType.Subcommand,
      name,
      ...described(summary),
      options: options.toSorted((a, b) => Number(b.required) - Number(a.required)).map(optionOf),
    }),
  );
  const definition: CommandDefinition = {
    type: ApplicationCommandType.ChatInput,
    name: 'fleet',
    ...described('Ask about the fleet: profitability, readiness, rigs'),
    options: subcommands,
  };
  const faults = commandFaults(definition);
  if (faults.length > 0) throw new Error(`Discord would refuse the commands: ${faults.join('; ')}`);
  return definition;
}

function choiceOf(choice: string): APIApplicationCommandOptionChoice<string> {
  return { name: choice, value: choice };
}
