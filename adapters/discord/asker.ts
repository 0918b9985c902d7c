import { GuildMember, type Interaction, type Message, PermissionFlagsBits } from 'discord.js';
import type { Asker } from '../../src/chat/invocation.ts';

/** Users who own the application: in direct messages, where no server puts anybody in charge, they are. */
export type Owners = ReadonlySet<string>;

/** Who pressed or typed, with the standing that person has in the place. */
export function askerOf(interaction: Interaction, owners: Owners): Asker {
  const { user, member, memberPermissions } = interaction;
  if (interaction.guildId === null) return directAsker(user, owners);
  return {
    id: user.id,
    name: member instanceof GuildMember ? member.displayName : (member?.nick ?? user.displayName),
    groups: member === null ? [] : rolesOf(member),
    // The owner and administrators have every permission.
    administers: memberPermissions?.has(PermissionFlagsBits.ManageGuild) === true,
  };
}

export function askerOfMessage({ author, member, guildId }: Message, owners: Owners): Asker {
  if (guildId === null) return directAsker(author, owners);
  return {
    id: author.id,
    name: member?.displayName ?? author.displayName,
    groups: member === null ? [] : rolesOf(member),
    administers: member?.permissions.has(PermissionFlagsBits.ManageGuild) === true,
  };
}

function directAsker(user: { readonly id: string; readonly displayName: string }, owners: Owners): Asker {
  return { id: user.id, name: user.displayName, groups: [], administers: owners.has(user.id) };
}

function rolesOf(member: NonNullable<Interaction['member']>): readonly string[] {
  return member instanceof GuildMember ? [...member.roles.cache.keys()] : member.roles;
}
