import type { AutocompleteInteraction } from 'discord.js';
import { rankNames } from '../../src/chat/rank-names.ts';
import type { ChatHost } from '../../src/ports/chat.ts';

/** https://discord.com/developers/docs/interactions/receiving-and-responding: choices, and characters of each. */
const MOST_CHOICES = 25;
const CHOICE_LENGTH = 100;

/** What the option that is being typed may be, the likeliest first. A name that is longer than a choice may be cannot be offered. */
export function choicesFor(
  interaction: Pick<AutocompleteInteraction, 'options'>,
  { commands, complete }: Pick<ChatHost, 'commands' | 'complete'>,
): readonly string[] {
  const command = commands.find(({ name }) => name === interaction.options.getSubcommand(false));
  const focused = interaction.options.getFocused(true);
  const option = command?.options.find(({ name }) => name === focused.name);
  switch (option?.kind) {
    case 'rig':
    case 'site':
    case 'model':
    case 'coin': {
      const names = complete(option.kind, '').filter((name) => name !== '' && name.length <= CHOICE_LENGTH);
      return rankNames(names, focused.value, MOST_CHOICES);
    }
    case 'choice':
      return rankNames(option.choices ?? [], focused.value, MOST_CHOICES);
    default:
      return [];
  }
}
