import { ApplicationCommandOptionType, type ChatInputCommandInteraction } from 'discord.js';
import { writeLine } from '../../src/chat/write-line.ts';

/** What somebody chose from `/fleet`, as it would be typed: `profit site:quebec`. */
export function lineOfCommand({ options }: Pick<ChatInputCommandInteraction, 'options'>): string {
  const [subcommand] = options.data;
  if (subcommand?.type !== ApplicationCommandOptionType.Subcommand) return '';
  const given = (subcommand.options ?? []).map(({ name, value }) => [name, value ?? ''] as const);
  return writeLine(subcommand.name, Object.fromEntries(given));
}
