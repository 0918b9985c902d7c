import { allPermissions, bitsOf, type PermissionName, usualPermissions } from './permissions.ts';
import { type CommandJson, channelTypes, type MessageJson, type UserJson } from './wire.ts';

export interface Role {
  readonly id: string;
  readonly name: string;
  readonly permissions: bigint;
}

export interface Member {
  readonly user: UserJson;
  readonly roleIds: readonly string[];
  readonly joinedAt: string;
}

export interface Guild {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  readonly locale: string;
  /** By id; the role @everyone has the guild's id. */
  readonly roles: Map<string, Role>;
  /** By the user's id. */
  readonly members: Map<string, Member>;
}

export interface Channel {
  readonly id: string;
  /** Null in direct messages. */
  readonly guildId: string | null;
  readonly type: number;
  readonly name: string;
  /** The channel a thread belongs to. */
  readonly parentId: string | null;
  /** Who the bot talks with in direct messages. */
  readonly recipientId: string | null;
  /** What the bot may not do here. */
  readonly denied: Set<PermissionName>;
}

export interface StoredMessage {
  readonly json: MessageJson;
  /** Who alone sees it, or null where everybody in the channel does. */
  readonly ephemeralFor: string | null;
}

export interface StoredAttachment {
  readonly bytes: Buffer;
  readonly contentType: string;
}

/** Something that happened, for the gateway: `dataFor` gives what a session with these intents sees, or null for nothing. */
export interface DiscordEvent {
  readonly name: string;
  dataFor(intents: number): object | null;
}

const DISCORD_EPOCH_MS = 1_420_070_400_000;

/** Everything Discord remembers about one application and the places it was invited to. */
export class DiscordState {
  readonly now: () => number;
  readonly applicationId: string;
  /** Of all files of a message together. */
  readonly attachmentLimitBytes: number;
  readonly bot: UserJson;
  /** Of the application. */
  readonly owner: UserJson;
  readonly users = new Map<string, UserJson>();
  readonly guilds = new Map<string, Guild>();
  readonly channels = new Map<string, Channel>();
  /** By channel, oldest first; ephemeral messages too. */
  readonly messages = new Map<string, Map<string, StoredMessage>>();
  /** By guild; the application's global ones under `global`. */
  readonly commands = new Map<string, readonly CommandJson[]>();
  /** By the path they are downloaded from. */
  readonly attachments = new Map<string, StoredAttachment>();
  /** Channels and messages that a test deleted: asking for them is no mistake of the bot. */
  readonly deletedIds = new Set<string>();
  /** Users who take no direct messages. */
  readonly closedDirectMessages = new Set<string>();
  /** Where attachments are downloaded from; set when the server listens. */
  origin = '';
  /** Tells every session that may know; returns how many open connections got it. Set by the gateway. */
  publish: (event: DiscordEvent) => number = () => 0;
  #serial = 0n;

  constructor(now: () => number, botName: string, attachmentLimitBytes: number) {
    this.attachmentLimitBytes = attachmentLimitBytes;
    this.now = now;
    this.applicationId = this.nextId();
    this.owner = this.addUser('owner');
    this.bot = this.addUser(botName, { id: this.applicationId, bot: true });
  }

  /** A snowflake: later ones are greater. */
  nextId(): string {
    this.#serial += 1n;
    return ((BigInt(Math.floor(this.now() - DISCORD_EPOCH_MS)) << 22n) + this.#serial).toString();
  }

  addUser(username: string, known: { readonly id?: string; readonly bot?: boolean } = {}): UserJson {
    const user: UserJson = {
      id: known.id ?? this.nextId(),
      username,
      global_name: null,
      discriminator: '0',
      avatar: null,
      bot: known.bot ?? false,
      public_flags: 0,
      flags: 0,
      primary_guild: null,
    };
    this.users.set(user.id, user);
    return user;
  }

  /** A guild with the bot in it. */
  addGuild(name: string, owner: UserJson, locale: string): Guild {
    const id = this.nextId();
    const botRole: Role = { id: this.nextId(), name: this.bot.username, permissions: bitsOf(usualPermissions) };
    const guild: Guild = { id, name, ownerId: owner.id, locale, roles: new Map(), members: new Map() };
    guild.roles.set(id, { id, name: '@everyone', permissions: bitsOf(usualPermissions) });
    guild.roles.set(botRole.id, botRole);
    this.guilds.set(id, guild);
    this.addMember(guild, owner, []);
    this.addMember(guild, this.bot, [botRole.id]);
    return guild;
  }

  addRole(guild: Guild, name: string, permissions: readonly PermissionName[]): Role {
    const role: Role = { id: this.nextId(), name, permissions: bitsOf(permissions) };
    guild.roles.set(role.id, role);
    return role;
  }

  addMember(guild: Guild, user: UserJson, roleIds: readonly string[]): Member {
    const member: Member = { user, roleIds, joinedAt: new Date(this.now()).toISOString() };
    guild.members.set(user.id, member);
    return member;
  }

  addChannel(known: Pick<Channel, 'type' | 'name'> & Partial<Channel>): Channel {
    const channel: Channel = {
      id: this.nextId(),
      guildId: null,
      parentId: null,
      recipientId: null,
      denied: new Set(),
      ...known,
    };
    this.channels.set(channel.id, channel);
    this.messages.set(channel.id, new Map());
    return channel;
  }

  /** The channel in which the bot and a user talk; made where there is none yet. */
  directChannel(user: UserJson): Channel {
    const known = this.channels.values().find(({ recipientId }) => recipientId === user.id);
    return known ?? this.addChannel({ type: channelTypes.dm, name: user.username, recipientId: user.id });
  }

  /** Whether a user may be written to: somebody who shares a guild and did not close direct messages. */
  takesDirectMessages(userId: string): boolean {
    if (this.closedDirectMessages.has(userId)) return false;
    return this.guilds.values().some(({ members }) => members.has(userId));
  }

  findMessage(channelId: string, messageId: string): StoredMessage | null {
    return this.messages.get(channelId)?.get(messageId) ?? null;
  }

  /** Permissions of a member in a channel; what the bot was denied counts for the bot alone. */
  permissionsOf(user: UserJson, channel: Channel): bigint {
    const guild = this.guilds.get(channel.guildId ?? '');
    if (guild === undefined) return bitsOf(usualPermissions);
    const bits = guildPermissions(guild, user.id);
    if (user.id !== this.bot.id || bits === allPermissions) return bits;
    const parent = this.channels.get(channel.parentId ?? '');
    return bits & ~bitsOf(channel.denied) & ~bitsOf(parent?.denied ?? []);
  }
}

/** What the roles of a member allow; nothing to who is no member. */
export function guildPermissions(guild: Guild, userId: string): bigint {
  const member = guild.members.get(userId);
  if (member === undefined) return 0n;
  if (guild.ownerId === userId) return allPermissions;
  let bits = guild.roles.get(guild.id)?.permissions ?? 0n;
  for (const id of member.roleIds) bits |= guild.roles.get(id)?.permissions ?? 0n;
  return (bits & bitsOf(['ADMINISTRATOR'])) === 0n ? bits : allPermissions;
}
