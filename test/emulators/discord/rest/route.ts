import type { RouteKey } from '../../shared/route-table.ts';
import type { Upload } from '../attachments.ts';
import type { Interactions } from '../interactions.ts';
import { type PermissionName, permissionBits } from '../permissions.ts';
import { missingAccess, missingPermissions, unknownChannel, unknownGuild, unknownMessage } from '../refusal.ts';
import type { Channel, DiscordState, Guild, StoredMessage } from '../state.ts';

/** All that a route may look at and change. */
export interface RouteContext {
  readonly state: DiscordState;
  readonly interactions: Interactions;
  readonly gateway: { readonly url: string; sessionStartLimit(): object };
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** JSON, or `payload_json` of a multipart request; undefined where there is none. */
  readonly body: unknown;
  readonly uploads: readonly Upload[];
  /** Records what the real service would let pass and nobody would want. */
  complain(kind: string, detail: string): void;
}

/** `body` undefined is an answer without one (204). */
export interface RouteAnswer {
  readonly status: number;
  readonly body?: unknown;
}

export interface Route extends RouteKey {
  /** `token`: the path's own token is enough, and the bot's global limit does not count it. */
  readonly auth: 'bot' | 'token';
  /** @throws Refusal */
  handle(context: RouteContext): RouteAnswer;
}

export const ok = (body: unknown): RouteAnswer => ({ status: 200, body });
export const nothing: RouteAnswer = { status: 204 };

export function param(context: RouteContext, name: string): string {
  return context.params[name] ?? '';
}

export function guildOf(context: RouteContext): Guild {
  const guild = context.state.guilds.get(param(context, 'guild'));
  if (guild === undefined) throw unknownGuild();
  return guild;
}

/** The channel in the path. @throws Refusal where it is gone, hidden from the bot, or forbids what it wants. */
export function channelOf(context: RouteContext, ...needed: readonly PermissionName[]): Channel {
  const channel = context.state.channels.get(param(context, 'channel'));
  if (channel === undefined) throw unknownChannel();
  const held = context.state.permissionsOf(context.state.bot, channel);
  const lacks = (name: PermissionName) => (held & permissionBits[name]) === 0n;
  if (lacks('VIEW_CHANNEL')) throw missingAccess();
  if (needed.some(lacks)) throw missingPermissions();
  return channel;
}

/** A message that the bot's own token can see: ephemeral ones are out of its reach. */
export function messageOf(context: RouteContext, channel: Channel): StoredMessage {
  const message = context.state.findMessage(channel.id, param(context, 'message'));
  if (message === null || message.ephemeralFor !== null) throw unknownMessage();
  return message;
}
