import type { JsonObject } from '../json.ts';
import { channelShape, messageShape } from '../message-shape.ts';
import { app } from '../state.ts';
import type { Channel, Message } from '../workspace.ts';
import { boundedLimit, channelScope, type Method, type MethodContext, needScope, page, Refusal } from './method.ts';

export const conversationMethods: Readonly<Record<string, Method>> = {
  'conversations.history': { token: 'bot', scope: null, run: history },
  'conversations.replies': { token: 'bot', scope: null, run: replies },
  'conversations.info': { token: 'bot', scope: null, run: info },
  'conversations.list': { token: 'bot', scope: null, run: list },
  'conversations.open': { token: 'bot', scope: 'im:write', run: open },
  'conversations.join': { token: 'bot', scope: 'channels:join', run: join },
};

/** Private channels that the bot is not in do not exist for it. */
function visibleChannel({ args, state }: MethodContext): Channel {
  const channel = state.channels.get(args.required('channel'));
  if (channel === undefined) throw new Refusal('channel_not_found');
  if (channel.kind !== 'public' && !channel.members.has(app.botUserId)) throw new Refusal('channel_not_found');
  return channel;
}

function readableChannel(context: MethodContext): Channel {
  const channel = visibleChannel(context);
  needScope(context, channelScope(channel, 'history'));
  if (!channel.members.has(app.botUserId)) throw new Refusal('not_in_channel');
  return channel;
}

/** Newest first; replies are not among them, ephemeral messages nowhere. */
function history(context: MethodContext): JsonObject {
  const { args, state } = context;
  const channel = readableChannel(context);
  const within = betweenTimes(context, channel.messages).filter((message) => message.threadTs === null);
  const newestFirst = within.toReversed();
  const limit = boundedLimit(args, 100);
  const { items, response_metadata } = page(newestFirst, args);
  return {
    messages: items.map((message) => messageShape(message, state, args.flag('include_all_metadata'))),
    has_more: newestFirst.length > limit,
    response_metadata,
  };
}

/** Oldest first, the parent before its replies. */
function replies(context: MethodContext): JsonObject {
  const { args, state } = context;
  const channel = readableChannel(context);
  const ts = args.required('ts');
  const parent = state.findMessage(channel.id, ts);
  if (parent === null || parent.ephemeralTo !== null) throw new Refusal('thread_not_found');
  const thread = betweenTimes(context, channel.messages).filter((message) => message.threadTs === ts);
  const { items, response_metadata } = page([parent, ...thread], args);
  return {
    messages: items.map((message) => messageShape(message, state, args.flag('include_all_metadata'))),
    has_more: response_metadata['next_cursor'] !== '',
    response_metadata,
  };
}

function betweenTimes({ args }: MethodContext, messages: readonly Message[]): readonly Message[] {
  const oldest = args.number('oldest', 0);
  const latest = args.number('latest', Number.POSITIVE_INFINITY);
  const inclusive = args.flag('inclusive');
  return messages.filter((message) => {
    if (message.isDeleted || message.ephemeralTo !== null) return false;
    const ts = Number(message.ts);
    return inclusive ? ts >= oldest && ts <= latest : ts > oldest && ts < latest;
  });
}

function info(context: MethodContext): JsonObject {
  const channel = visibleChannel(context);
  needScope(context, channelScope(channel, 'read'));
  return { channel: channelShape(channel) };
}

const listedKinds = { public_channel: 'public', private_channel: 'private', im: 'im' } as const;

function list(context: MethodContext): JsonObject {
  const { args, state } = context;
  const types = (args.text('types') ?? 'public_channel').split(',').map((type) => type.trim());
  const kinds = Object.entries(listedKinds).flatMap(([type, kind]) => (types.includes(type) ? [kind] : []));
  const channels = [...state.channels.values()].filter((channel) => {
    if (!kinds.includes(channel.kind) || (args.flag('exclude_archived') && channel.isArchived)) return false;
    return channel.kind === 'public' || channel.members.has(app.botUserId);
  });
  for (const channel of channels) needScope(context, channelScope(channel, 'read'));
  const { items, response_metadata } = page(channels, args);
  return { channels: items.map(channelShape), response_metadata };
}

function open({ args, state }: MethodContext): JsonObject {
  const users = args.required('users').split(',');
  const user = users[0];
  // Group direct messages are nothing this bot opens.
  if (users.length !== 1 || user === undefined) throw new Refusal('invalid_users');
  if (!state.users.has(user)) throw new Refusal('user_not_found');
  const channel = state.openDirectMessage(user);
  return { channel: args.flag('return_im') ? channelShape(channel) : { id: channel.id } };
}

function join(context: MethodContext): JsonObject {
  const channel = visibleChannel(context);
  if (channel.kind !== 'public') throw new Refusal('method_not_supported_for_channel_type');
  if (channel.isArchived) throw new Refusal('is_archived');
  channel.members.add(app.botUserId);
  return { channel: channelShape(channel) };
}
