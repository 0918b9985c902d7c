import { applySubmission, showCommandAnswer, suggestedOptions } from './acknowledgement-effects.ts';
import { findElement, optionsOf } from './block-lookup.ts';
import type { Delivery, Push } from './delivery.ts';
import { Interaction, type Place } from './interaction.ts';
import type { JsonObject } from './json.ts';
import type { EmulatorLog } from './log.ts';
import * as payloads from './payloads.ts';
import { app, type SlackState } from './state.ts';
import { type Filled, filledValue, inputValues } from './view-input.ts';
import type { Channel, Message, SlackUser, View } from './workspace.ts';

export interface PersonParts {
  readonly state: SlackState;
  readonly log: EmulatorLog;
  readonly commands: readonly string[];
  /** Scopes that the app was granted: without them Slack tells it nothing. */
  readonly scopes: ReadonlySet<string>;
  readonly claimed: Set<Message>;
  baseUrl(): string;
  nextInteraction(): number;
  deliver(push: Push, onAcknowledged: (body: JsonObject | null) => void): Delivery;
}

interface ToSend {
  readonly number: number;
  readonly type: Push['type'];
  readonly payload: JsonObject;
  readonly place: Place;
  readonly triggerId?: string;
  readonly acceptsResponsePayload?: boolean;
  readonly onAcknowledged?: (body: JsonObject | null) => void;
}

/** Somebody in the workspace, doing what Slack's client lets people do. */
export class Person {
  readonly user: SlackUser;
  readonly #parts: PersonParts;
  readonly #suggested = new Map<string, readonly JsonObject[]>();

  constructor(user: SlackUser, parts: PersonParts) {
    this.user = user;
    this.#parts = parts;
  }

  /** `/fleet profit site:quebec`. @throws Error inside threads, where Slack's client takes no commands. */
  slash(channelName: string, line: string, options: { readonly thread?: string } = {}): Interaction {
    if (options.thread !== undefined) throw new Error('Slack takes no slash commands inside threads');
    const [command = '', ...words] = line.split(' ');
    this.#needScope('commands');
    if (!this.#parts.commands.includes(command)) throw new Error(`${command} is not a valid command`);
    const channel = this.#channel(channelName);
    const number = this.#parts.nextInteraction();
    const triggerId = this.#trigger(number, null);
    const responseUrl = this.#responseUrl(number, channel, null);
    return this.#send({
      number,
      type: 'slash_commands',
      payload: payloads.slashPayload(this.user, channel, command, words.join(' '), { triggerId, responseUrl }),
      place: { userId: this.user.id, channel: channel.id, ts: null, threadTs: null },
      triggerId,
      acceptsResponsePayload: true,
      onAcknowledged: (body) =>
        showCommandAnswer(this.#parts, body, { channel: channel.id, userId: this.user.id, interaction: number }),
    });
  }

  /** `@Rigshift text`. @throws Error where the bot is not in the channel: Slack then offers to invite it and sends nothing. */
  mention(channelName: string, text: string, options: { readonly thread?: string } = {}): Interaction {
    const channel = this.#channel(channelName);
    this.#needScope('app_mentions:read');
    if (!channel.members.has(app.botUserId)) throw new Error(`the bot is not in #${channel.name}`);
    const message = this.#say(channel, `<@${app.botUserId}> ${text}`, options.thread ?? null);
    return this.#tell(payloads.mentionEvent(message), placeOf(message));
  }

  directMessage(text: string, options: { readonly thread?: string } = {}): Interaction {
    this.#needScope('im:history');
    const message = this.#say(this.#parts.state.openDirectMessage(this.user.id), text, options.thread ?? null);
    return this.#tell(payloads.directMessageEvent(message), placeOf(message));
  }

  openHome(): Interaction {
    const { state } = this.#parts;
    const home = [...state.views.values()].find((view) => view.type === 'home' && view.userId === this.user.id);
    const channel = state.openDirectMessage(this.user.id);
    const event = payloads.homeOpenedEvent(this.user, channel, home ?? null, state.nextTs());
    return this.#tell(event, { userId: this.user.id, channel: channel.id, ts: null, threadTs: null });
  }

  /** Presses a button, by its action id or its label. */
  click(target: Message | View, actionIdOrLabel: string): Interaction {
    const { element, blockId, actionId } = findElement(target, actionIdOrLabel);
    if (element['type'] !== 'button') throw new Error(`${actionIdOrLabel} is no button`);
    const { text, value } = element;
    return this.#act(target, {
      action_id: actionId,
      block_id: blockId,
      text,
      ...(value === undefined ? {} : { value }),
      type: 'button',
    });
  }

  /** Chooses an option, by its value or its text; of an external select from what was suggested before. */
  select(target: Message | View, actionId: string, valueOrText: string): Interaction {
    const found = findElement(target, actionId);
    const value = filledValue(found, valueOrText, this.#suggested);
    if ('definition' in target) {
      target.values[found.blockId] = { ...target.values[found.blockId], [found.actionId]: value };
    }
    return this.#act(target, { action_id: found.actionId, block_id: found.blockId, ...value });
  }

  /** Types into an external select; resolves to the options the bot offered. */
  async suggest(target: Message | View, actionId: string, typed: string): Promise<readonly JsonObject[]> {
    const { element, blockId, actionId: id } = findElement(target, actionId);
    if (!String(element['type']).endsWith('external_select')) {
      return optionsOf(element).filter((option) => JSON.stringify(option).includes(typed));
    }
    let options: readonly JsonObject[] = [];
    const interaction = this.#send({
      number: this.#parts.nextInteraction(),
      type: 'interactive',
      payload: payloads.suggestionPayload(this.#parts.state, this.user, target, { actionId: id, blockId, typed }),
      place: this.#placeIn(target),
      acceptsResponsePayload: true,
      onAcknowledged: (body) => {
        options = suggestedOptions(this.#parts.log, body);
      },
    });
    await interaction.acknowledged();
    this.#suggested.set(id, options);
    return options;
  }

  /** Fills a modal in and submits it. @throws Error where the client would not let it go. */
  submit(view: View, filled: Filled = {}): Interaction {
    if (!view.isOpen) throw new Error('the modal is closed');
    if (view.userId !== this.user.id) throw new Error('that modal is before somebody else');
    view.values = inputValues(view, filled, this.#suggested);
    const number = this.#parts.nextInteraction();
    const triggerId = this.#trigger(number, view);
    return this.#send({
      number,
      type: 'interactive',
      payload: payloads.viewSubmissionPayload(this.user, view, triggerId),
      place: this.#placeIn(view),
      triggerId,
      acceptsResponsePayload: true,
      onAcknowledged: (body) => applySubmission(this.#parts, view, body),
    });
  }

  /** Closes a modal; the bot hears of it only where it asked to. */
  dismiss(view: View): Interaction | null {
    view.isOpen = false;
    if (view.definition['notify_on_close'] !== true) return null;
    return this.#send({
      number: this.#parts.nextInteraction(),
      type: 'interactive',
      payload: payloads.viewClosedPayload(this.user, view),
      place: this.#placeIn(view),
    });
  }

  /** Everything that this person can see in a channel, oldest first. */
  sees(channelName: string): readonly Message[] {
    return this.#channel(channelName).messages.filter(
      (message) => !message.isDeleted && (message.ephemeralTo === null || message.ephemeralTo === this.user.id),
    );
  }

  #act(target: Message | View, action: JsonObject): Interaction {
    const { state } = this.#parts;
    const number = this.#parts.nextInteraction();
    if ('definition' in target) {
      const triggerId = this.#trigger(number, target);
      const payload = payloads.viewActionPayload(state, this.user, target, action, triggerId);
      return this.#send({ number, type: 'interactive', payload, place: this.#placeIn(target), triggerId });
    }
    if (target.isDeleted) throw new Error('the message is gone');
    if (target.ephemeralTo !== null && target.ephemeralTo !== this.user.id) throw new Error('only its reader sees it');
    const triggerId = this.#trigger(number, null);
    const channel = this.#channel(target.channel);
    const responseUrl = this.#responseUrl(number, channel, target.ts);
    return this.#send({
      number,
      type: 'interactive',
      payload: payloads.messageActionPayload(state, this.user, target, channel, action, { triggerId, responseUrl }),
      place: this.#placeIn(target),
      triggerId,
    });
  }

  #say(channel: Channel, text: string, thread: string | null): Message {
    const { state } = this.#parts;
    return state.addMessage({
      channel: channel.id,
      user: this.user.id,
      byBot: false,
      text,
      blocks: payloads.richText(state, text),
      threadTs: thread,
      origin: 'person',
    });
  }

  #tell(event: JsonObject, place: Place): Interaction {
    const { state } = this.#parts;
    const payload = payloads.eventPayload(state, event);
    return this.#send({ number: this.#parts.nextInteraction(), type: 'events_api', payload, place });
  }

  #send(sending: ToSend): Interaction {
    const { state, log, claimed } = this.#parts;
    const { number, place, triggerId = null, type, payload, acceptsResponsePayload = false } = sending;
    const deliver = (push: Push): Delivery => this.#parts.deliver(push, sending.onAcknowledged ?? (() => undefined));
    const push: Push = { type, payload, acceptsResponsePayload, retryAttempt: 0, retryReason: '' };
    return new Interaction({ number, place, triggerId, state, log, claimed, deliver }, push);
  }

  #needScope(scope: string): void {
    if (!this.#parts.scopes.has(scope)) throw new Error(`Slack tells the bot nothing of this without ${scope}`);
  }

  #channel(name: string): Channel {
    const channel = this.#parts.state.findChannel(name);
    if (channel === null) throw new Error(`no channel ${name}`);
    return channel;
  }

  #placeIn(target: Message | View): Place {
    if ('ts' in target) return { ...placeOf(target), userId: this.user.id };
    return { userId: this.user.id, channel: null, ts: null, threadTs: null };
  }

  #trigger(interaction: number, view: View | null): string {
    const { state } = this.#parts;
    const id = `${state.nextId('')}.${state.nextId('')}.${state.nextId('trigger')}`;
    const viewId = view?.id ?? null;
    state.triggers.set(id, { userId: this.user.id, interaction, bornMs: state.now(), viewId, isUsed: false });
    return id;
  }

  #responseUrl(interaction: number, channel: Channel, originalTs: string | null): string {
    const { state } = this.#parts;
    const id = state.nextId('response');
    const url = { channel: channel.id, userId: this.user.id, interaction, bornMs: state.now(), originalTs, uses: 0 };
    state.responseUrls.set(id, url);
    return `${this.#parts.baseUrl()}/response/${id}`;
  }
}

function placeOf(message: Message): Place {
  return { userId: message.user, channel: message.channel, ts: message.ts, threadTs: message.threadTs };
}
