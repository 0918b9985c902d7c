import { randomUUID } from 'node:crypto';
import type { JsonObject } from './json.ts';
import { messageShape } from './message-shape.ts';
import { app, type SlackState, team, verificationToken } from './state.ts';
import { viewShape } from './view-shape.ts';
import type { Channel, Message, SlackUser, View } from './workspace.ts';

/** Payloads in the shapes of the recorded ones, which the emulator's tests compare them with. */

interface Handles {
  readonly triggerId: string;
  readonly responseUrl: string;
}

export function slashPayload(
  user: SlackUser,
  channel: Channel,
  command: string,
  text: string,
  { triggerId, responseUrl }: Handles,
): JsonObject {
  return {
    token: verificationToken,
    team_id: team.id,
    team_domain: team.domain,
    channel_id: channel.id,
    channel_name: channel.name,
    user_id: user.id,
    user_name: user.name,
    command,
    text,
    api_app_id: app.id,
    response_url: responseUrl,
    trigger_id: triggerId,
  };
}

/** The wrapping of an event, with an `event_id` of its own. */
export function eventPayload(state: SlackState, event: JsonObject): JsonObject {
  return {
    token: verificationToken,
    team_id: team.id,
    api_app_id: app.id,
    event,
    type: 'event_callback',
    event_id: state.nextId('Ev'),
    event_time: Math.floor(state.now() / 1_000),
    authorizations: [
      { enterprise_id: null, team_id: team.id, user_id: app.botUserId, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
    event_context: `1-${String(event['type'])}-${team.id}-${String(event['channel'])}`,
  };
}

export function mentionEvent(message: Message): JsonObject {
  return {
    client_msg_id: randomUUID(),
    type: 'app_mention',
    ...spokenEvent(message),
    blocks: message.blocks,
  };
}

export function directMessageEvent(message: Message): JsonObject {
  return { client_msg_id: randomUUID(), type: 'message', ...spokenEvent(message), channel_type: 'im' };
}

function spokenEvent(message: Message): JsonObject {
  return {
    text: message.text,
    user: message.user,
    ts: message.ts,
    team: team.id,
    ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
    channel: message.channel,
    event_ts: message.ts,
  };
}

export function homeOpenedEvent(user: SlackUser, channel: Channel, home: View | null, eventTs: string): JsonObject {
  return {
    type: 'app_home_opened',
    user: user.id,
    channel: channel.id,
    tab: 'home',
    event_ts: eventTs,
    ...(home === null ? {} : { view: viewShape(home) }),
  };
}

/** What a person typed, as Slack's composer stores it. */
export function richText(state: SlackState, text: string): readonly JsonObject[] {
  const mention = `<@${app.botUserId}>`;
  const elements = text
    .split(mention)
    .flatMap((part, index): JsonObject[] => [
      ...(index === 0 ? [] : [{ type: 'user', user_id: app.botUserId }]),
      ...(part === '' ? [] : [{ type: 'text', text: part }]),
    ]);
  return [{ type: 'rich_text', block_id: state.nextId('b'), elements: [{ type: 'rich_text_section', elements }] }];
}

function interactionFrame(user: SlackUser, triggerId: string): JsonObject {
  return {
    user: { id: user.id, username: user.name, name: user.name, team_id: team.id },
    api_app_id: app.id,
    token: verificationToken,
    trigger_id: triggerId,
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** The bot is not shown an ephemeral message again: such a payload has only its place. */
export function messageActionPayload(
  state: SlackState,
  user: SlackUser,
  message: Message,
  channel: Channel,
  action: JsonObject,
  { triggerId, responseUrl }: Handles,
): JsonObject {
  return {
    type: 'block_actions',
    ...interactionFrame(user, triggerId),
    container: messageContainer(message),
    channel: { id: channel.id, name: channel.name },
    ...(message.ephemeralTo === null ? { message: messageShape(message, state) } : {}),
    state: { values: {} },
    response_url: responseUrl,
    actions: [{ ...action, action_ts: state.nextTs() }],
  };
}

function messageContainer(message: Message): JsonObject {
  return {
    type: 'message',
    message_ts: message.ts,
    channel_id: message.channel,
    is_ephemeral: message.ephemeralTo !== null,
    ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
  };
}

export function viewActionPayload(
  state: SlackState,
  user: SlackUser,
  view: View,
  action: JsonObject,
  triggerId: string,
): JsonObject {
  return {
    type: 'block_actions',
    ...interactionFrame(user, triggerId),
    container: { type: 'view', view_id: view.id },
    view: viewShape(view),
    actions: [{ ...action, action_ts: state.nextTs() }],
  };
}

export function suggestionPayload(
  state: SlackState,
  user: SlackUser,
  target: Message | View,
  names: { readonly actionId: string; readonly blockId: string; readonly typed: string },
): JsonObject {
  const { trigger_id: _none, ...frame } = interactionFrame(user, '');
  const place =
    'ts' in target
      ? {
          container: messageContainer(target),
          channel: { id: target.channel, name: state.channels.get(target.channel)?.name },
          ...(target.ephemeralTo === null ? { message: messageShape(target, state) } : {}),
        }
      : { container: { type: 'view', view_id: target.id }, view: viewShape(target) };
  return {
    type: 'block_suggestion',
    ...frame,
    ...place,
    action_id: names.actionId,
    block_id: names.blockId,
    value: names.typed,
  };
}

export function viewSubmissionPayload(user: SlackUser, view: View, triggerId: string): JsonObject {
  return {
    type: 'view_submission',
    ...interactionFrame(user, triggerId),
    view: viewShape(view),
    response_urls: [],
  };
}

export function viewClosedPayload(user: SlackUser, view: View): JsonObject {
  const { trigger_id: _none, ...frame } = interactionFrame(user, '');
  return { type: 'view_closed', ...frame, view: viewShape(view), is_cleared: false, response_urls: [] };
}
