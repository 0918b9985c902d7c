import { PermissionFlagsBits } from 'discord.js';

/** What the bot needs in the channels where it is used, and for what; the invite link of docs/discord.md carries the sum. */
export const neededPermissions = {
  ViewChannel: 'see the channels it is asked in',
  SendMessages: 'answer mentions and post digests and alerts',
  SendMessagesInThreads: 'answer mentions in threads',
  EmbedLinks: 'tables and fields stand in embeds',
  AttachFiles: 'charts and CSV files',
  ReadMessageHistory: 'answer as a reply, and look whether a post already stands before it is made again',
} as const satisfies Partial<Record<keyof typeof PermissionFlagsBits, string>>;

/** As the invite link writes it. */
export function permissionsNumber(): bigint {
  const names = Object.keys(neededPermissions) as (keyof typeof neededPermissions)[];
  return names.reduce((sum, name) => sum | PermissionFlagsBits[name], 0n);
}
