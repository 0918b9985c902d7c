import type { Interaction } from '../interactions.ts';
import { choicesErrors, modalErrors } from '../limits.ts';
import { createMessage, removeMessage } from '../messages.ts';
import {
  alreadyAcknowledged,
  expiredWebhookToken,
  invalidForm,
  readForm,
  refuseErrors,
  unknownChannel,
  unknownInteraction,
  unknownMessage,
  unknownWebhook,
} from '../refusal.ts';
import type { StoredMessage } from '../state.ts';
import {
  callbackBody,
  callbackTypes,
  choicesBody,
  interactionTypes,
  type MessageBody,
  messageFlags,
  modalBody,
} from '../wire.ts';
import { applyEdit, readMessageBody, refuseEmpty } from './channel-routes.ts';
import { nothing, ok, param, type Route, type RouteContext } from './route.ts';

const webhook = '/webhooks/:application/:token';

/** Answers to interactions: the first one, and what follows within fifteen minutes. */
export const interactionRoutes: readonly Route[] = [
  { method: 'POST', template: '/interactions/:interaction/:token/callback', auth: 'token', handle: answerFirst },
  { method: 'POST', template: webhook, auth: 'token', handle: followUp },
  ...[`${webhook}/messages/@original`, `${webhook}/messages/:message`].flatMap((template): readonly Route[] => [
    { method: 'GET', template, auth: 'token', handle: (context) => ok(followed(context).message.json) },
    { method: 'PATCH', template, auth: 'token', handle: patchAnswer },
    { method: 'DELETE', template, auth: 'token', handle: deleteAnswer },
  ]),
];

function answerFirst(context: RouteContext) {
  const { interactions, query } = context;
  const interaction = interactions.find(param(context, 'interaction'), param(context, 'token'));
  if (interaction === null) throw unknownInteraction();
  interaction.attempted = true;
  if (interactions.unknownNext > 0) {
    interactions.unknownNext -= 1;
    interaction.disturbed = true;
    throw unknownInteraction();
  }
  if (interaction.callbackType !== null) throw alreadyAcknowledged();
  if (interactions.isLate(interaction)) throw unknownInteraction();
  const { type, data } = readForm(callbackBody, context.body);
  if (!allowedCallbacks(interaction).includes(type)) {
    throw invalidForm([{ path: ['type'], code: 'BASE_TYPE_CHOICES', message: 'It cannot answer this interaction' }]);
  }
  take(context, interaction, type, data);
  interaction.callbackType = type;
  interaction.acknowledgedMs = performance.now() - interaction.startedMs;
  if (query['with_response'] !== 'true') return nothing;
  return ok(callbackJson(interaction));
}

function allowedCallbacks({ type, source }: Interaction): readonly number[] {
  if (type === interactionTypes.autocomplete) return [callbackTypes.choices];
  const { message, deferredMessage, deferredUpdate, update, modal } = callbackTypes;
  return [
    message,
    deferredMessage,
    ...(source === null ? [] : [deferredUpdate, update]),
    ...(type === interactionTypes.modal ? [] : [modal]),
  ];
}

function take(context: RouteContext, interaction: Interaction, type: number, data: unknown): void {
  const below = ['data'];
  if (type === callbackTypes.choices) {
    const { choices } = readForm(choicesBody, data, below);
    refuseErrors(choicesErrors(choices), below);
    interaction.choices = choices;
  } else if (type === callbackTypes.modal) {
    const modal = readForm(modalBody, data, below);
    refuseErrors(modalErrors(modal), below);
    interaction.modal = modal;
  } else if (type === callbackTypes.deferredUpdate) {
    interaction.original = interaction.source;
  } else if (type === callbackTypes.update) {
    const body = readMessageBody(context, data, below);
    interaction.original = interaction.source;
    if (interaction.source !== null) applyEdit(context, interaction.source, body);
    interaction.answered = true;
  } else {
    const body = readMessageBody(context, data, below);
    const deferred = type === callbackTypes.deferredMessage;
    if (!deferred) refuseEmpty(body, context.uploads);
    interaction.original = post(context, interaction, body, deferred);
    interaction.answered = !deferred;
    if (deferred) interaction.deferred = { ephemeral: interaction.original.ephemeralFor !== null };
  }
}

function post(context: RouteContext, interaction: Interaction, body: MessageBody, loading: boolean): StoredMessage {
  const { state } = context;
  const { id, type, user, channel, source } = interaction;
  if (!state.channels.has(channel.id)) throw unknownChannel();
  const isEphemeral = ((body.flags ?? 0) & messageFlags.ephemeral) !== 0;
  const owners = { '0': channel.guildId ?? '0' };
  const metadata = { id, type, user, authorizing_integration_owners: owners };
  const origin = type === interactionTypes.command ? { name: interaction.title.slice(1).split(' ')[0] } : {};
  const clicked = source === null ? {} : { interacted_message_id: source.json.id };
  return createMessage(
    state,
    {
      channel,
      author: state.bot,
      body,
      uploads: context.uploads,
      ephemeralFor: isEphemeral ? user.id : null,
      flags: loading ? messageFlags.loading : 0,
      extra: {
        application_id: state.applicationId,
        webhook_id: state.applicationId,
        interaction_metadata: { ...metadata, ...(type === interactionTypes.component ? clicked : origin) },
      },
    },
    context.complain,
  );
}

function callbackJson({ id, type, callbackType, original, channel }: Interaction): object {
  const message = original?.json;
  const isUpdate = callbackType === callbackTypes.update || callbackType === callbackTypes.deferredUpdate;
  return {
    interaction: {
      id,
      type,
      ...(message === undefined
        ? {}
        : {
            response_message_id: message.id,
            response_message_loading: (message.flags & messageFlags.loading) !== 0,
            response_message_ephemeral: (message.flags & messageFlags.ephemeral) !== 0,
          }),
      channel_id: channel.id,
    },
    ...(message === undefined
      ? {}
      : { resource: { type: isUpdate ? callbackTypes.update : callbackTypes.message, message } }),
  };
}

/** The interaction whose token the path holds. @throws Refusal where it has no answer yet or is too old. */
function answeredInteraction(context: RouteContext): Interaction {
  const { state, interactions } = context;
  const interaction = interactions.findByToken(param(context, 'token'));
  if (interaction === null || param(context, 'application') !== state.applicationId) throw unknownWebhook();
  if (interactions.isExpired(interaction, state.now())) throw expiredWebhookToken();
  if (interaction.callbackType === null) throw unknownWebhook();
  return interaction;
}

/** The answer the path names: the first one, or a followup. */
function followed(context: RouteContext): { interaction: Interaction; message: StoredMessage } {
  const interaction = answeredInteraction(context);
  const id = context.params['message'];
  const { original, followups } = interaction;
  const message = id === undefined ? original : [original, ...followups].find((each) => each?.json.id === id);
  if (!message || context.state.findMessage(message.json.channel_id, message.json.id) === null) throw unknownMessage();
  return { interaction, message };
}

/** A followup to an answer that still loads takes its place. */
function followUp(context: RouteContext) {
  const interaction = answeredInteraction(context);
  const body = readMessageBody(context, context.body);
  refuseEmpty(body, context.uploads);
  const { original } = interaction;
  if (original !== null && (original.json.flags & messageFlags.loading) !== 0) {
    applyEdit(context, original, body);
    interaction.answered = true;
    return ok(original.json);
  }
  const message = post(context, interaction, body, false);
  interaction.followups.push(message);
  return ok(message.json);
}

function patchAnswer(context: RouteContext) {
  const { interaction, message } = followed(context);
  applyEdit(context, message, readMessageBody(context, context.body));
  if (message === interaction.original) interaction.answered = true;
  return ok(message.json);
}

function deleteAnswer(context: RouteContext) {
  const { message } = followed(context);
  const channel = context.state.channels.get(message.json.channel_id);
  if (channel !== undefined) removeMessage(context.state, channel, message.json.id);
  return nothing;
}
