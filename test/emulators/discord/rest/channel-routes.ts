import { z } from 'zod';
import { messageErrors } from '../limits.ts';
import { createMessage, editMessage, isEmptyMessage, removeMessage } from '../messages.ts';
import { channelJson } from '../payloads.ts';
import { type PermissionName, permissionBits } from '../permissions.ts';
import {
  cannotMessageUser,
  emptyMessage,
  type FormError,
  invalidForm,
  missingPermissions,
  notTheAuthor,
  readForm,
  refuseErrors,
  tooLarge,
  unknownMessage,
} from '../refusal.ts';
import type { Channel, StoredMessage } from '../state.ts';
import { channelTypes, type MessageBody, messageBody } from '../wire.ts';
import { channelOf, messageOf, nothing, ok, param, type Route, type RouteContext } from './route.ts';

const messages = '/channels/:channel/messages';
const message = `${messages}/:message`;

/** Channels and what stands in them. */
export const channelRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: '/channels/:channel',
    auth: 'bot',
    handle: (context) => ok(channelJson(context.state, channelOf(context))),
  },
  { method: 'GET', template: messages, auth: 'bot', handle: listMessages },
  { method: 'POST', template: messages, auth: 'bot', handle: postMessage },
  {
    method: 'GET',
    template: message,
    auth: 'bot',
    handle: (context) => ok(messageOf(context, channelOf(context, 'READ_MESSAGE_HISTORY')).json),
  },
  { method: 'PATCH', template: message, auth: 'bot', handle: patchMessage },
  { method: 'DELETE', template: message, auth: 'bot', handle: deleteMessage },
  { method: 'POST', template: `${message}/threads`, auth: 'bot', handle: startThread },
  {
    method: 'POST',
    template: '/channels/:channel/typing',
    auth: 'bot',
    handle(context) {
      channelOf(context, 'SEND_MESSAGES');
      return nothing;
    },
  },
];

/** The body of a new or changed message. @throws Refusal for what Discord does not take. */
export function readMessageBody(context: RouteContext, value: unknown, below: readonly string[] = []): MessageBody {
  const body = readForm(messageBody, value, below);
  refuseErrors(messageErrors(body), below);
  refuseErrors(unknownUploads(context, body), below);
  const bytes = context.uploads.reduce((sum, upload) => sum + upload.bytes.length, 0);
  if (bytes > context.state.attachmentLimitBytes) throw tooLarge();
  return body;
}

function unknownUploads({ uploads }: RouteContext, body: MessageBody): FormError[] {
  const isUpload = (id: string) => uploads.some(({ index }) => index === id);
  const named = (body.attachments ?? []).filter(({ id }) => id.length < 5 && !isUpload(id));
  return [
    ...named.map(({ id }) => ({ path: ['attachments'], code: 'FILE_NOT_FOUND', message: `There is no files[${id}]` })),
    ...(uploads.length > 10
      ? [{ path: ['attachments'], code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 10 or fewer in length.' }]
      : []),
  ];
}

/** A new message must show something. */
export function refuseEmpty(body: MessageBody, uploads: readonly unknown[]): void {
  const shown = [body.embeds, body.components, uploads].some((list) => (list ?? []).length > 0);
  if (!shown && (body.content ?? '').trim() === '') throw emptyMessage();
}

/** Changes a message as asked. @throws Refusal where nothing would be left of it. */
export function applyEdit(context: RouteContext, stored: StoredMessage, body: MessageBody): void {
  const { json } = stored;
  const after = {
    ...json,
    content: body.content === undefined ? json.content : (body.content ?? ''),
    embeds: body.embeds === undefined ? json.embeds : (body.embeds ?? []).map((embed) => ({ ...embed, type: 'rich' })),
    components: body.components === undefined ? json.components : (body.components ?? []),
    attachments: body.attachments ? json.attachments.filter(({ id }) => keeps(body, id)) : json.attachments,
  };
  if (context.uploads.length === 0 && isEmptyMessage(after)) throw emptyMessage();
  editMessage(context.state, stored, body, context.uploads, context.complain);
}

function keeps({ attachments }: MessageBody, id: string): boolean {
  return (attachments ?? []).some((each) => each.id === id);
}

const NONCE_LIFE_MS = 120_000;

function postMessage(context: RouteContext) {
  const { state } = context;
  const channel = channelOf(context, sendPermission(context));
  if (channel.type === channelTypes.dm && !state.takesDirectMessages(channel.recipientId ?? '')) {
    throw cannotMessageUser();
  }
  const body = readMessageBody(context, context.body);
  refuseEmpty(body, context.uploads);
  const held = state.permissionsOf(state.bot, channel);
  const lacks = (name: PermissionName) => (held & permissionBits[name]) === 0n;
  if ((body.embeds ?? []).length > 0 && lacks('EMBED_LINKS')) throw missingPermissions();
  if (context.uploads.length > 0 && lacks('ATTACH_FILES')) throw missingPermissions();
  refuseUnknownReference(context, channel, body);
  const known = body.enforce_nonce ? sameNonce(context, channel, body) : null;
  if (known !== null) return ok(known.json);
  const created = createMessage(
    state,
    { channel, author: state.bot, body, uploads: context.uploads },
    context.complain,
  );
  return ok(created.json);
}

function sendPermission({ state, params }: RouteContext): PermissionName {
  const isThread = state.channels.get(params['channel'] ?? '')?.type === channelTypes.publicThread;
  return isThread ? 'SEND_MESSAGES_IN_THREADS' : 'SEND_MESSAGES';
}

/** What the bot posted here with the same nonce in the last two minutes. */
function sameNonce({ state }: RouteContext, channel: Channel, { nonce }: MessageBody): StoredMessage | null {
  const stored = Array.from(state.messages.get(channel.id)?.values() ?? []);
  const since = state.now() - NONCE_LIFE_MS;
  return (
    stored.find(
      ({ json }) =>
        json.author.id === state.bot.id && json.nonce === nonce && nonce && Date.parse(json.timestamp) >= since,
    ) ?? null
  );
}

function refuseUnknownReference({ state }: RouteContext, channel: Channel, body: MessageBody): void {
  const { message_id: id, fail_if_not_exists: mustExist } = body.message_reference ?? {};
  if (!id || mustExist === false || state.findMessage(channel.id, id) !== null) return;
  const path = ['message_reference'];
  throw invalidForm([{ path, code: 'REPLIES_UNKNOWN_MESSAGE', message: 'Unknown message' }]);
}

function listMessages(context: RouteContext) {
  const { limit = '50', before, after, around } = context.query;
  const most = Number(limit);
  if (!Number.isInteger(most) || most < 1 || most > 100) {
    throw invalidForm([{ path: ['limit'], code: 'NUMBER_TYPE_MAX', message: 'Must be between 1 and 100.' }]);
  }
  const channel = channelOf(context);
  const { state } = context;
  if ((state.permissionsOf(state.bot, channel) & permissionBits.READ_MESSAGE_HISTORY) === 0n) return ok([]);
  const all = Array.from(state.messages.get(channel.id)?.values() ?? [])
    .filter(({ ephemeralFor }) => ephemeralFor === null)
    .map(({ json }) => json);
  return ok(pageOf(all, most, { before, after, around }).toReversed());
}

/** Of messages, oldest first, those that were asked for, oldest first. */
function pageOf<Message extends { readonly id: string }>(
  all: readonly Message[],
  most: number,
  { before, after, around }: { readonly [bound in 'before' | 'after' | 'around']: string | undefined },
): readonly Message[] {
  if (after !== undefined) return all.filter(({ id }) => BigInt(id) > BigInt(after)).slice(0, most);
  if (before !== undefined) return all.filter(({ id }) => BigInt(id) < BigInt(before)).slice(-most);
  if (around === undefined) return all.slice(-most);
  const middle = all.findIndex(({ id }) => BigInt(id) >= BigInt(around));
  const start = Math.max(0, middle - Math.floor(most / 2));
  return all.slice(start, start + most);
}

function patchMessage(context: RouteContext) {
  const stored = messageOf(context, channelOf(context));
  if (stored.json.author.id !== context.state.bot.id) throw notTheAuthor();
  applyEdit(context, stored, readMessageBody(context, context.body));
  return ok(stored.json);
}

function deleteMessage(context: RouteContext) {
  const channel = channelOf(context);
  const stored = messageOf(context, channel);
  if (stored.json.author.id !== context.state.bot.id) channelOf(context, 'MANAGE_MESSAGES');
  removeMessage(context.state, channel, stored.json.id);
  return nothing;
}

function startThread(context: RouteContext) {
  const parent = channelOf(context, 'CREATE_PUBLIC_THREADS');
  const id = param(context, 'message');
  if (context.state.findMessage(parent.id, id) === null) throw unknownMessage();
  const { name } = readForm(z.looseObject({ name: z.string().min(1).max(100) }), context.body);
  if (context.state.channels.has(id)) {
    throw invalidForm([{ path: [], code: 'THREAD_ALREADY_CREATED', message: 'The message has a thread' }]);
  }
  const known = { id, name, guildId: parent.guildId, parentId: parent.id };
  const thread = context.state.addChannel({ ...known, type: channelTypes.publicThread });
  const json = channelJson(context.state, thread);
  context.state.publish({ name: 'THREAD_CREATE', dataFor: (held) => ((held & 1) === 0 ? null : json) });
  return { status: 201, body: json };
}
