import { bitsOf } from './permissions.ts';
import { type Channel, type DiscordState, type Guild, guildPermissions, type Member, type Role } from './state.ts';
import { channelTypes } from './wire.ts';

/** The JSON in which REST and the gateway speak of the same things. */

export function roleJson(role: Role, position: number): object {
  return {
    id: role.id,
    name: role.name,
    description: null,
    permissions: role.permissions.toString(),
    position,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: false,
    mentionable: false,
    icon: null,
    unicode_emoji: null,
    flags: 0,
  };
}

export function rolesJson(guild: Guild): readonly object[] {
  return Array.from(guild.roles.values(), roleJson);
}

export function memberJson(member: Member): object {
  return {
    user: member.user,
    nick: null,
    avatar: null,
    banner: null,
    roles: member.roleIds,
    joined_at: member.joinedAt,
    premium_since: null,
    deaf: false,
    mute: false,
    flags: 0,
    pending: false,
    communication_disabled_until: null,
  };
}

/** A member as interactions carry it: with its permissions in the channel. */
export function interactionMemberJson(state: DiscordState, member: Member, channel: Channel): object {
  return { ...memberJson(member), permissions: state.permissionsOf(member.user, channel).toString() };
}

export function channelJson(state: DiscordState, channel: Channel): object {
  const lastMessageId = Array.from(state.messages.get(channel.id)?.keys() ?? []).at(-1) ?? null;
  const shared = { id: channel.id, type: channel.type, last_message_id: lastMessageId, flags: 0 };
  if (channel.guildId === null) {
    return { ...shared, recipients: [state.users.get(channel.recipientId ?? '')] };
  }
  const named = { ...shared, guild_id: channel.guildId, name: channel.name, rate_limit_per_user: 0 };
  if (channel.type === channelTypes.publicThread) return { ...named, ...threadFields(state, channel) };
  const denied = { id: state.bot.id, type: 1, allow: '0', deny: bitsOf(channel.denied).toString() };
  return {
    ...named,
    parent_id: null,
    position: 0,
    nsfw: false,
    topic: null,
    permission_overwrites: channel.denied.size === 0 ? [] : [denied],
  };
}

function threadFields(state: DiscordState, { id, parentId }: Channel): object {
  const madeAt = new Date(state.now()).toISOString();
  return {
    parent_id: parentId,
    owner_id: state.bot.id,
    message_count: state.messages.get(id)?.size ?? 0,
    total_message_sent: state.messages.get(id)?.size ?? 0,
    member_count: 1,
    member: { id, user_id: state.bot.id, join_timestamp: madeAt, flags: 0 },
    thread_metadata: {
      archived: false,
      archive_timestamp: madeAt,
      auto_archive_duration: 1440,
      locked: false,
      create_timestamp: madeAt,
    },
  };
}

export function guildJson(guild: Guild): object {
  return {
    id: guild.id,
    name: guild.name,
    owner_id: guild.ownerId,
    icon: null,
    description: null,
    home_header: null,
    splash: null,
    discovery_splash: null,
    features: [],
    banner: null,
    region: 'deprecated',
    afk_channel_id: null,
    afk_timeout: 300,
    system_channel_id: null,
    system_channel_flags: 0,
    widget_enabled: false,
    widget_channel_id: null,
    verification_level: 0,
    default_message_notifications: 0,
    mfa_level: 0,
    explicit_content_filter: 0,
    max_presences: null,
    max_members: 500_000,
    max_stage_video_channel_users: 50,
    max_video_channel_users: 25,
    vanity_url_code: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    preferred_locale: guild.locale,
    rules_channel_id: null,
    safety_alerts_channel_id: null,
    public_updates_channel_id: null,
    premium_progress_bar_enabled: false,
    nsfw: false,
    nsfw_level: 0,
    emojis: [],
    stickers: [],
    incidents_data: null,
    application_id: null,
    roles: rolesJson(guild),
  };
}

/** A guild as GUILD_CREATE tells of it. */
export function createdGuildJson(state: DiscordState, guild: Guild): object {
  const channels = Array.from(state.channels.values()).filter(({ guildId }) => guildId === guild.id);
  const isThread = ({ type }: Channel) => type === channelTypes.publicThread;
  return {
    ...guildJson(guild),
    unavailable: false,
    large: false,
    joined_at: guild.members.get(state.bot.id)?.joinedAt ?? null,
    member_count: guild.members.size,
    members: Array.from(guild.members.values(), memberJson),
    channels: channels.filter((channel) => !isThread(channel)).map((channel) => channelJson(state, channel)),
    threads: channels.filter(isThread).map((channel) => channelJson(state, channel)),
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}

export function applicationJson(state: DiscordState): object {
  return {
    id: state.applicationId,
    name: state.bot.username,
    icon: null,
    description: '',
    type: null,
    bot: state.bot,
    bot_public: false,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    flags: 0,
    owner: state.owner,
    team: null,
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    flags_new: '0',
    approximate_guild_count: state.guilds.size,
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    eligible_oauth2_scopes: [],
    explicit_content_filter: 0,
    integration_types_config: { '0': {} },
  };
}

/** The bot's permissions in a guild, as `GET /users/@me/guilds` and the like say them. */
export function partialGuildJson(state: DiscordState, guild: Guild): object {
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    banner: null,
    owner: guild.ownerId === state.bot.id,
    permissions: guildPermissions(guild, state.bot.id).toString(),
    features: [],
  };
}
