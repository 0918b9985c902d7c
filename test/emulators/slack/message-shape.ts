import type { JsonObject } from './json.ts';
import { app, type SlackState, team } from './state.ts';
import type { Channel, FileRecord, Message } from './workspace.ts';

/** A message as the Web API and the payloads show it. */
export function messageShape(message: Message, state: SlackState, includeMetadata = true): JsonObject {
  const replies = state.channels
    .get(message.channel)
    ?.messages.filter((reply) => reply.threadTs === message.ts && !reply.isDeleted && reply.ephemeralTo === null);
  return {
    type: 'message',
    user: message.user,
    ts: message.ts,
    team: team.id,
    text: message.text,
    ...(message.byBot ? { bot_id: app.botId, app_id: app.id } : {}),
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
    ...(replies === undefined || replies.length === 0 ? {} : { thread_ts: message.ts, reply_count: replies.length }),
    ...(message.edits === 0 ? {} : { edited: { user: message.user, ts: message.ts } }),
    ...(includeMetadata && message.metadata !== null ? { metadata: message.metadata } : {}),
    ...(message.fileIds.length === 0
      ? {}
      : { files: message.fileIds.flatMap((id) => state.files.get(id) ?? []).map(fileShape) }),
    ...(message.reactions.length === 0
      ? {}
      : { reactions: message.reactions.map((name) => ({ name, users: [app.botUserId], count: 1 })) }),
  };
}

export function fileShape(file: FileRecord): JsonObject {
  return {
    id: file.id,
    name: file.name,
    title: file.title,
    size: file.content?.length ?? 0,
    user: app.botUserId,
    mode: 'hosted',
    ...(file.altText === null ? {} : { alt_txt: file.altText }),
    channels: [...file.channels],
    permalink: `https://${team.domain}.slack.com/files/${app.botUserId}/${file.id}/${file.name}`,
    url_private: `https://files.slack.com/files-pri/${team.id}-${file.id}/${file.name}`,
  };
}

export function channelShape(channel: Channel): JsonObject {
  if (channel.kind === 'im') {
    return { id: channel.id, is_im: true, is_channel: false, user: channel.imUser, is_archived: channel.isArchived };
  }
  return {
    id: channel.id,
    name: channel.name,
    is_channel: channel.kind === 'public',
    is_group: channel.kind === 'private',
    is_im: false,
    is_private: channel.kind === 'private',
    is_archived: channel.isArchived,
    is_member: channel.members.has(app.botUserId),
    num_members: channel.members.size,
  };
}
