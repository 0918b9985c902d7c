import { danglingPictures, placePictures, storeUploads, type Upload } from './attachments.ts';
import { memberJson } from './payloads.ts';
import { permissionBits } from './permissions.ts';
import type { Channel, DiscordEvent, DiscordState, StoredMessage } from './state.ts';
import { type Component, type MessageBody, type MessageJson, messageFlags, type UserJson } from './wire.ts';

/** Intents that decide what of messages a session sees. */
const intents = { guildMessages: 1 << 9, directMessages: 1 << 12, messageContent: 1 << 15 } as const;

export interface NewMessage {
  readonly channel: Channel;
  readonly author: UserJson;
  readonly body: MessageBody;
  readonly uploads?: readonly Upload[];
  readonly ephemeralFor?: string | null;
  /** Flags beyond what the body may set. */
  readonly flags?: number;
  /** What only answers to interactions carry. */
  readonly extra?: Partial<MessageJson>;
}

export type Complain = (kind: string, detail: string) => void;

export function createMessage(state: DiscordState, given: NewMessage, complain: Complain): StoredMessage {
  const { channel, author, body, uploads = [], ephemeralFor = null, flags = 0, extra = {} } = given;
  const stored = storeUploads(state, channel.id, body, uploads);
  complainOfPictures(body, stored, complain);
  const { embeds, attachments } = placePictures(body.embeds ?? [], stored);
  const json: MessageJson = {
    id: state.nextId(),
    channel_id: channel.id,
    type: body.message_reference ? 19 : 0,
    author,
    content: body.content ?? '',
    timestamp: new Date(state.now()).toISOString(),
    edited_timestamp: null,
    tts: false,
    pinned: false,
    attachments: ephemeralFor === null ? attachments : attachments.map((each) => ({ ...each, ephemeral: true })),
    embeds,
    components: numbered(body.components ?? []),
    flags: (body.flags ?? 0) | flags | (ephemeralFor === null ? 0 : messageFlags.ephemeral),
    ...mentionsOf(state, channel, author, body),
    ...(body.nonce === null || body.nonce === undefined ? {} : { nonce: body.nonce }),
    ...referenceOf(state, channel, body),
    ...extra,
  };
  const message = { json, ephemeralFor };
  state.messages.get(channel.id)?.set(json.id, message);
  if (ephemeralFor === null) state.publish(messageEvent(state, 'MESSAGE_CREATE', channel, json));
  return message;
}

/** What is left out of the body stays as it is. */
export function editMessage(
  state: DiscordState,
  message: StoredMessage,
  body: MessageBody,
  uploads: readonly Upload[],
  complain: Complain,
): void {
  const { json } = message;
  const channel = state.channels.get(json.channel_id);
  if (channel === undefined) return;
  const kept = json.attachments.filter(
    ({ id }) => !body.attachments || body.attachments.some((each) => each.id === id),
  );
  const all = [...kept, ...storeUploads(state, channel.id, body, uploads)];
  complainOfPictures(body, all, complain);
  const placed = placePictures(body.embeds ?? json.embeds, all);
  json.embeds = placed.embeds;
  json.attachments = placed.attachments;
  if (body.content !== undefined) {
    json.content = body.content ?? '';
    Object.assign(json, mentionsOf(state, channel, json.author, body));
  }
  if (body.components !== undefined) json.components = numbered(body.components ?? []);
  const wasLoading = (json.flags & messageFlags.loading) !== 0;
  json.flags &= ~messageFlags.loading;
  if (!wasLoading) json.edited_timestamp = new Date(state.now()).toISOString();
  if (message.ephemeralFor === null) state.publish(messageEvent(state, 'MESSAGE_UPDATE', channel, json));
}

export function removeMessage(state: DiscordState, channel: Channel, messageId: string): void {
  const message = state.findMessage(channel.id, messageId);
  state.messages.get(channel.id)?.delete(messageId);
  if (message === null || message.ephemeralFor !== null) return;
  const data = { id: messageId, channel_id: channel.id, ...(channel.guildId ? { guild_id: channel.guildId } : {}) };
  const intent = channel.guildId === null ? intents.directMessages : intents.guildMessages;
  state.publish({ name: 'MESSAGE_DELETE', dataFor: (held) => ((held & intent) === 0 ? null : data) });
}

/** Whether there is anything to see. */
export function isEmptyMessage({ content, embeds, components, attachments }: MessageJson): boolean {
  return content.trim() === '' && embeds.length + components.length + attachments.length === 0;
}

/** Without the intent MESSAGE_CONTENT a bot reads what it wrote, what mentions it, and what is written to it directly. */
function messageEvent(state: DiscordState, name: string, channel: Channel, json: MessageJson): DiscordEvent {
  const guild = state.guilds.get(channel.guildId ?? '');
  const member = guild?.members.get(json.author.id);
  const intent = guild === undefined ? intents.directMessages : intents.guildMessages;
  const mayRead =
    guild === undefined || json.author.id === state.bot.id || json.mentions.some(({ id }) => id === state.bot.id);
  const whole = structuredClone({
    ...json,
    channel_type: channel.type,
    ...(guild === undefined ? {} : { guild_id: guild.id }),
    ...(member === undefined ? {} : { member: { ...memberJson(member), user: undefined } }),
  });
  const hidden = { ...whole, content: '', embeds: [], attachments: [], components: [] };
  const seen = (state.permissionsOf(state.bot, channel) & permissionBits.VIEW_CHANNEL) !== 0n;
  return {
    name,
    dataFor(held) {
      if (!seen || (held & intent) === 0) return null;
      return mayRead || (held & intents.messageContent) !== 0 ? whole : hidden;
    },
  };
}

function mentionsOf(state: DiscordState, channel: Channel, author: UserJson, body: MessageBody) {
  const content = body.content ?? '';
  const { parse, users, roles } = body.allowed_mentions ?? { parse: ['users', 'roles', 'everyone'] };
  const idsIn = (pattern: RegExp) => [...new Set(Array.from(content.matchAll(pattern), ([, id = '']) => id))];
  const mayMention = (state.permissionsOf(author, channel) & permissionBits.MENTION_EVERYONE) !== 0n;
  return {
    mentions: idsIn(/<@!?(\d+)>/g)
      .filter((id) => parse?.includes('users') || users?.includes(id))
      .flatMap((id) => state.users.get(id) ?? []),
    mention_roles: idsIn(/<@&(\d+)>/g).filter((id) => parse?.includes('roles') || roles?.includes(id)),
    mention_everyone: mayMention && (parse?.includes('everyone') ?? false) && /@(?:everyone|here)\b/.test(content),
  };
}

function referenceOf(state: DiscordState, channel: Channel, { message_reference: reference }: MessageBody) {
  if (!reference?.message_id) return {};
  const guild = channel.guildId === null ? {} : { guild_id: channel.guildId };
  return {
    message_reference: { type: 0, message_id: reference.message_id, channel_id: channel.id, ...guild },
    referenced_message: state.findMessage(channel.id, reference.message_id)?.json ?? null,
  };
}

function complainOfPictures(body: MessageBody, attachments: MessageJson['attachments'], complain: Complain): void {
  for (const name of danglingPictures(body.embeds ?? [], attachments)) {
    complain('missing picture', `an embed shows attachment://${name}, which is no file of the message`);
  }
}

/** Components with the ids Discord gives them where the sender gave none. */
function numbered(components: readonly Component[]): readonly Component[] {
  let last = 0;
  const number = (component: Component): Component => {
    last += 1;
    const id = component.id ?? last;
    return { ...component, id, ...(component.components ? { components: component.components.map(number) } : {}) };
  };
  return components.map(number);
}
