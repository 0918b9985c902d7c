import type { JsonObject } from '../json.ts';
import { messageContent, messageMetadata } from '../message-content.ts';
import { messageShape } from '../message-shape.ts';
import { app } from '../state.ts';
import type { Channel, Message } from '../workspace.ts';
import { type Method, type MethodContext, needScope, Refusal } from './method.ts';

/** chat.update takes less than chat.postMessage does: 4,000 characters, the length Slack recommends for any text. */
const updatedTextLength = 4_000;

export const chatMethods: Readonly<Record<string, Method>> = {
  'chat.postMessage': { token: 'bot', scope: 'chat:write', run: postMessage },
  'chat.postEphemeral': { token: 'bot', scope: 'chat:write', run: postEphemeral },
  'chat.update': { token: 'bot', scope: 'chat:write', run: updateMessage },
  'chat.delete': { token: 'bot', scope: 'chat:write', run: deleteMessage },
  'reactions.add': { token: 'bot', scope: 'reactions:write', run: addReaction },
};

function postMessage(context: MethodContext): JsonObject {
  const { args, state, log } = context;
  const channel = channelToPostTo(context);
  const threadTs = args.text('thread_ts');
  if (threadTs !== null) requireThread(context, channel, threadTs);
  const { text, blocks } = messageContent(args, log, true);
  const message = state.addMessage({
    channel: channel.id,
    user: app.botUserId,
    byBot: true,
    text,
    blocks: blocks ?? [],
    metadata: messageMetadata(args),
    threadTs,
    origin: 'web api',
  });
  return { channel: channel.id, ts: message.ts, message: messageShape(message, state) };
}

/** A user id stands for the direct message with that person. */
function channelToPostTo(context: MethodContext): Channel {
  const { args, state } = context;
  const name = args.required('channel');
  const channel = state.users.has(name) ? state.openDirectMessage(name) : state.findChannel(name);
  if (channel === null) throw new Refusal('channel_not_found');
  const isMember = channel.members.has(app.botUserId);
  if (!isMember && channel.kind === 'private') throw new Refusal('channel_not_found');
  if (!isMember && !context.scopes.has('chat:write.public')) throw new Refusal('not_in_channel');
  if (channel.isArchived) throw new Refusal('is_archived');
  return channel;
}

function requireThread({ state }: MethodContext, channel: Channel, threadTs: string): void {
  const parent = state.findMessage(channel.id, threadTs);
  if (parent === null) throw new Refusal('thread_not_found');
  // "Avoid using a reply's ts value; use its parent instead": such a reply is shown to nobody.
  if (parent.threadTs !== null) throw new Refusal('thread_not_found');
}

function postEphemeral(context: MethodContext): JsonObject {
  const { args, state, log } = context;
  const channel = channelToPostTo(context);
  const user = args.required('user');
  if (!channel.members.has(user)) throw new Refusal('user_not_in_channel');
  const { text, blocks } = messageContent(args, log, true);
  const threadTs = args.text('thread_ts');
  // "Ephemeral messages in threads are only shown if there is already an active thread."
  const isSeen = threadTs === null || channel.messages.some((reply) => reply.threadTs === threadTs && !reply.isDeleted);
  if (!isSeen) log.violation('ephemeral in no thread', `${user} is shown nothing: ${threadTs} has no replies`);
  const message = state.addMessage({
    channel: channel.id,
    user: app.botUserId,
    byBot: true,
    text,
    blocks: blocks ?? [],
    threadTs,
    ephemeralTo: user,
    origin: 'web api',
  });
  return { message_ts: message.ts };
}

function updateMessage(context: MethodContext): JsonObject {
  const { args, state, log } = context;
  const { channel, message } = ownMessage(context, 'cant_update_message');
  if (channel.isArchived) throw new Refusal('is_inactive');
  if ((args.text('text') ?? '').length > updatedTextLength) throw new Refusal('msg_too_long');
  const { text, blocks } = messageContent(args, log, true);
  const metadata = messageMetadata(args);
  const isEmpty = metadata !== null && Object.keys(metadata).length === 0;
  state.updateMessage(message, {
    text,
    ...(blocks === null ? {} : { blocks }),
    ...(metadata === null ? {} : { metadata: isEmpty ? null : metadata }),
  });
  return { channel: channel.id, ts: message.ts, text: message.text, message: messageShape(message, state) };
}

function deleteMessage(context: MethodContext): JsonObject {
  const { channel, message } = ownMessage(context, 'cant_delete_message');
  context.state.deleteMessage(message);
  return { channel: channel.id, ts: message.ts };
}

/** Only the bot's own; ephemeral ones are out of the Web API's reach. */
function ownMessage({ args, state }: MethodContext, notOwn: string): { channel: Channel; message: Message } {
  const channel = state.channels.get(args.required('channel'));
  if (channel === undefined) throw new Refusal('channel_not_found');
  const message = state.findMessage(channel.id, args.required('ts'));
  if (message === null || message.ephemeralTo !== null) throw new Refusal('message_not_found');
  if (!message.byBot) throw new Refusal(notOwn);
  return { channel, message };
}

function addReaction(context: MethodContext): JsonObject {
  const { args, state } = context;
  needScope(context, 'reactions:write');
  const channel = state.channels.get(args.required('channel'));
  if (channel === undefined) throw new Refusal('channel_not_found');
  const message = state.findMessage(channel.id, args.required('timestamp'));
  if (message === null || message.ephemeralTo !== null) throw new Refusal('message_not_found');
  const name = args.required('name');
  if (!/^[a-z0-9_+'-]+$/.test(name)) throw new Refusal('invalid_name');
  if (message.reactions.includes(name)) throw new Refusal('already_reacted');
  message.reactions.push(name);
  state.changedMessage('updated', message);
  return {};
}
