import { channelJson, interactionMemberJson } from './payloads.ts';
import type { Channel, DiscordState } from './state.ts';
import { channelTypes, type MessageJson, type UserJson } from './wire.ts';

export interface InteractionPayload {
  readonly id: string;
  readonly token: string;
  readonly type: number;
  readonly user: UserJson;
  readonly channel: Channel;
  readonly data: object;
  readonly locale: string;
  readonly message?: MessageJson | undefined;
}

/** INTERACTION_CREATE's data, with all that clients rely on. */
export function interactionJson(state: DiscordState, payload: InteractionPayload): object {
  const { id, token, type, user, channel, data, locale, message } = payload;
  const guild = state.guilds.get(channel.guildId ?? '');
  const member = guild?.members.get(user.id);
  const inGuild =
    guild === undefined || member === undefined
      ? { user, context: 1, authorizing_integration_owners: { '0': '0' } }
      : {
          guild_id: guild.id,
          guild: { id: guild.id, locale: guild.locale, features: [] },
          guild_locale: guild.locale,
          member: interactionMemberJson(state, member, channel),
          context: 0,
          authorizing_integration_owners: { '0': guild.id },
        };
  return {
    version: 1,
    id,
    token,
    type,
    application_id: state.applicationId,
    channel_id: channel.id,
    channel: { ...channelJson(state, channel), permissions: state.permissionsOf(user, channel).toString() },
    app_permissions: state.permissionsOf(state.bot, channel).toString(),
    locale,
    entitlements: [],
    entitlement_sku_ids: [],
    attachment_size_limit: state.attachmentLimitBytes,
    data: structuredClone(data),
    ...inGuild,
    ...(message === undefined ? {} : { message: structuredClone(message) }),
  };
}

/** What the ids among an option's or a select's values stand for. */
export function resolvedJson(state: DiscordState, channel: Channel, ids: readonly string[]): object {
  const guild = state.guilds.get(channel.guildId ?? '');
  const users = ids.flatMap((id) => state.users.get(id) ?? []);
  const members = users.flatMap(({ id }) => guild?.members.get(id) ?? []);
  const roles = ids.flatMap((id) => guild?.roles.get(id) ?? []);
  const channels = ids.flatMap((id) => state.channels.get(id) ?? []);
  const byId = <Value>(values: readonly Value[], id: (value: Value) => string, json: (value: Value) => object) =>
    values.length === 0 ? undefined : Object.fromEntries(values.map((value) => [id(value), json(value)]));
  return {
    users: byId(
      users,
      ({ id }) => id,
      (user) => user,
    ),
    members: byId(
      members,
      ({ user }) => user.id,
      (member) => {
        const { user: _, ...rest } = Object.assign({ user: null }, interactionMemberJson(state, member, channel));
        return rest;
      },
    ),
    roles: byId(
      roles,
      ({ id }) => id,
      (role) => ({ id: role.id, name: role.name, permissions: String(role.permissions) }),
    ),
    channels: byId(
      channels,
      ({ id }) => id,
      ({ id, name, type, parentId }) => ({
        id,
        name,
        type,
        permissions: state.permissionsOf(state.bot, channel).toString(),
        ...(type === channelTypes.publicThread ? { parent_id: parentId } : {}),
      }),
    ),
  };
}
