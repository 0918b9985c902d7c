import { type Interactions, type SeenMessage, seenMessage } from './interactions.ts';
import { removeMessage } from './messages.ts';
import { channelJson, createdGuildJson, memberJson } from './payloads.ts';
import type { PermissionName } from './permissions.ts';
import type { Channel, DiscordState, Guild, Role } from './state.ts';
import { DiscordUser, type MessageRef } from './users.ts';
import { type CommandJson, channelTypes } from './wire.ts';

/** Places, people, and what stands in them. Changes are told to the bot through the gateway. */
export class DiscordWorld {
  readonly state: DiscordState;
  protected readonly interactions: Interactions;

  constructor(state: DiscordState, interactions: Interactions) {
    this.state = state;
    this.interactions = interactions;
  }

  get applicationId(): string {
    return this.state.applicationId;
  }

  /** A guild with the bot in it. The application's owner owns it where nobody is named. */
  addGuild(name: string, known: { readonly owner?: DiscordUser; readonly locale?: string } = {}): Guild {
    const guild = this.state.addGuild(name, known.owner?.json ?? this.state.owner, known.locale ?? 'en-US');
    this.#tell('GUILD_CREATE', createdGuildJson(this.state, guild));
    return guild;
  }

  removeGuild(guild: Guild): void {
    for (const { id, guildId } of [...this.state.channels.values()]) if (guildId === guild.id) this.#forget(id);
    this.state.guilds.delete(guild.id);
    this.state.commands.delete(guild.id);
    this.state.deletedIds.add(guild.id);
    this.#tell('GUILD_DELETE', { id: guild.id });
  }

  addRole(guild: Guild, name: string, permissions: readonly PermissionName[] = []): Role {
    return this.state.addRole(guild, name, permissions);
  }

  /** Somebody who shares no guild with the bot yet. */
  addUser(name: string, locale = 'en-US'): DiscordUser {
    return this.#acting(this.state.addUser(name), locale);
  }

  /** `permissions` beyond those of everyone come as a role of their own. */
  addMember(
    guild: Guild,
    known: {
      readonly name: string;
      readonly roles?: readonly Role[];
      readonly permissions?: readonly PermissionName[];
      readonly locale?: string;
    },
  ): DiscordUser {
    const { name, roles = [], permissions = [], locale } = known;
    const own = permissions.length === 0 ? [] : [this.state.addRole(guild, `of ${name}`, permissions)];
    const user = this.addUser(name, locale);
    const member = this.state.addMember(
      guild,
      user.json,
      [...roles, ...own].map(({ id }) => id),
    );
    this.#tell('GUILD_MEMBER_ADD', { ...memberJson(member), guild_id: guild.id }, 1 << 1);
    return user;
  }

  /** Who owns the application, and guilds that name no owner. */
  get owner(): DiscordUser {
    return this.#acting(this.state.owner, 'en-US');
  }

  addChannel(guild: Guild, name: string): Channel {
    const channel = this.state.addChannel({ guildId: guild.id, name, type: channelTypes.text });
    this.#tell('CHANNEL_CREATE', channelJson(this.state, channel));
    return channel;
  }

  addThread(parent: Channel, name: string): Channel {
    const known = { guildId: parent.guildId, parentId: parent.id, name };
    const thread = this.state.addChannel({ ...known, type: channelTypes.publicThread });
    this.#tell('THREAD_CREATE', channelJson(this.state, thread));
    return thread;
  }

  deleteChannel(channel: Channel): void {
    const json = channelJson(this.state, channel);
    this.#forget(channel.id);
    this.#tell(channel.type === channelTypes.publicThread ? 'THREAD_DELETE' : 'CHANNEL_DELETE', json);
  }

  /** What the bot does about the message afterwards is no mistake of its own. */
  deleteMessage({ channel_id, id }: MessageRef): void {
    this.state.deletedIds.add(id);
    const channel = this.state.channels.get(channel_id);
    if (channel !== undefined) removeMessage(this.state, channel, id);
  }

  denyPermission(channel: Channel, ...names: readonly PermissionName[]): void {
    for (const name of names) channel.denied.add(name);
    this.#tell('CHANNEL_UPDATE', channelJson(this.state, channel));
  }

  allowPermission(channel: Channel, ...names: readonly PermissionName[]): void {
    for (const name of names) channel.denied.delete(name);
    this.#tell('CHANNEL_UPDATE', channelJson(this.state, channel));
  }

  /** Messages of a channel that everybody there sees, oldest first. */
  messages(channel: Channel): readonly SeenMessage[] {
    const stored = Array.from(this.state.messages.get(channel.id)?.values() ?? []);
    return stored.filter(({ ephemeralFor }) => ephemeralFor === null).map(seenMessage);
  }

  /** The message as it is now, ephemeral or not; null where it is gone. */
  message({ channel_id, id }: MessageRef): SeenMessage | null {
    const stored = this.state.findMessage(channel_id, id);
    return stored === null ? null : seenMessage(stored);
  }

  /** What the bot registered: of a guild, or its global commands. */
  commands(guild: Guild | null): readonly CommandJson[] {
    return this.state.commands.get(guild?.id ?? 'global') ?? [];
  }

  /** Bytes of an attachment, by its address. */
  attachment(url: string): Buffer {
    const stored = this.state.attachments.get(new URL(url).pathname);
    if (stored === undefined) throw new Error(`there is no attachment at ${url}`);
    return stored.bytes;
  }

  #acting(json: DiscordUser['json'], locale: string): DiscordUser {
    return new DiscordUser(json, locale, { state: this.state, interactions: this.interactions });
  }

  #forget(channelId: string): void {
    this.state.deletedIds.add(channelId);
    for (const id of this.state.messages.get(channelId)?.keys() ?? []) this.state.deletedIds.add(id);
    this.state.channels.delete(channelId);
    this.state.messages.delete(channelId);
  }

  #tell(name: string, data: object, intent = 1): void {
    this.state.publish({ name, dataFor: (held) => ((held & intent) === 0 ? null : data) });
  }
}
