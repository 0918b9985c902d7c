import { commandData, type Focus, type SlashCommand, titleOf } from './command-input.ts';
import { interactionJson, resolvedJson } from './interaction-payload.ts';
import {
  type Interaction,
  InteractionHandle,
  type Interactions,
  type SeenMessage,
  seenMessage,
} from './interactions.ts';
import { createMessage } from './messages.ts';
import { type ModalFields, modalData, selectedValues } from './modal-input.ts';
import { permissionBits } from './permissions.ts';
import type { Channel, DiscordState, StoredMessage } from './state.ts';
import { type Component, componentTypes, interactionTypes, type UserJson } from './wire.ts';

export interface UserParts {
  readonly state: DiscordState;
  readonly interactions: Interactions;
}

/** What a message is known by. */
export interface MessageRef {
  readonly id: string;
  readonly channel_id: string;
}

/** Somebody at Discord's client. Doing what the client would not allow throws: that is a mistake of the test. */
export class DiscordUser {
  readonly json: UserJson;
  readonly locale: string;
  readonly #parts: UserParts;

  constructor(json: UserJson, locale: string, parts: UserParts) {
    this.json = json;
    this.locale = locale;
    this.#parts = parts;
  }

  get id(): string {
    return this.json.id;
  }

  /** Runs a registered slash command. */
  slash(channel: Channel, command: SlashCommand): InteractionHandle {
    const { state } = this.#parts;
    this.#needs(channel, 'USE_APPLICATION_COMMANDS');
    const data = commandData(state, this.json, channel, command, null);
    return this.#interact(interactionTypes.command, channel, data, titleOf(command));
  }

  /** Types into an option: the choices come with `suggested()`. */
  autocomplete(channel: Channel, command: SlashCommand & { readonly focus: Focus }): InteractionHandle {
    const data = commandData(this.#parts.state, this.json, channel, command, command.focus);
    return this.#interact(interactionTypes.autocomplete, channel, data, `${titleOf(command)} ${command.focus.name}:`);
  }

  /** Presses a button, found by its custom_id or its label. */
  click(message: MessageRef, customIdOrLabel: string): InteractionHandle {
    const { stored, channel, component } = this.#component(
      message,
      ({ type, custom_id, label }) =>
        type === componentTypes.button && (custom_id === customIdOrLabel || label === customIdOrLabel),
      customIdOrLabel,
    );
    const data = { component_type: component.type, custom_id: component.custom_id, id: component.id };
    return this.#interact(interactionTypes.component, channel, data, `click ${customIdOrLabel}`, stored);
  }

  /** Chooses in a select menu, found by its custom_id. */
  select(message: MessageRef, customId: string, values: readonly string[]): InteractionHandle {
    const { stored, channel, component } = this.#component(
      message,
      ({ type, custom_id }) => type !== componentTypes.button && custom_id === customId,
      customId,
    );
    const { type, custom_id, id } = component;
    const isString = type === componentTypes.stringSelect;
    const resolved = isString ? {} : { resolved: resolvedJson(this.#parts.state, channel, values) };
    const data = { component_type: type, custom_id, id, values: selectedValues(component, values), ...resolved };
    return this.#interact(interactionTypes.component, channel, data, `select ${customId}`, stored);
  }

  /** Fills in and sends the modal that an interaction opened. */
  submitModal({ interaction }: InteractionHandle, fields: ModalFields): InteractionHandle {
    const { modal, channel, source } = interaction;
    if (modal === null) throw new Error(`"${interaction.title}" opened no modal`);
    return this.#interact(interactionTypes.modal, channel, modalData(modal, fields), `submit ${modal.title}`, source);
  }

  /** Writes a message, perhaps as a reply to another one. */
  say(channel: Channel, content: string, replyTo?: MessageRef): SeenMessage {
    this.#needs(channel, 'SEND_MESSAGES');
    const reference = replyTo === undefined ? {} : { message_reference: { message_id: replyTo.id } };
    const given = { channel, author: this.json, body: { content, ...reference } };
    return seenMessage(createMessage(this.#parts.state, given, () => {}));
  }

  /** Where this user and the bot talk alone. */
  directChannel(): Channel {
    return this.#parts.state.directChannel(this.json);
  }

  /** Takes no direct messages from now on. */
  closeDirectMessages(): void {
    this.#parts.state.closedDirectMessages.add(this.id);
  }

  #component(message: MessageRef, matches: (component: Component) => boolean, name: string) {
    const { state } = this.#parts;
    const channel = state.channels.get(message.channel_id);
    const stored = state.findMessage(message.channel_id, message.id);
    if (channel === undefined || stored === null) throw new Error(`the message with ${name} is gone`);
    if (stored.ephemeralFor !== null && stored.ephemeralFor !== this.id) {
      throw new Error(`${this.json.username} does not see the message with ${name}`);
    }
    const all = stored.json.components.flatMap((row) => row.components ?? []);
    const component = all.find(matches);
    if (component === undefined) {
      const there = all.map(({ label, custom_id }) => `${label ?? ''} (${custom_id})`).join(', ');
      throw new Error(`the message has no ${name}; it has ${there || 'no components'}`);
    }
    if (component.disabled === true) throw new Error(`${name} is disabled`);
    if (!component.custom_id) throw new Error(`${name} is a link`);
    return { channel, stored, component };
  }

  #needs(channel: Channel, name: 'USE_APPLICATION_COMMANDS' | 'SEND_MESSAGES'): void {
    const held = this.#parts.state.permissionsOf(this.json, channel);
    const needed = permissionBits.VIEW_CHANNEL | permissionBits[name];
    if ((held & needed) !== needed) throw new Error(`${this.json.username} lacks ${name} in ${channel.name}`);
  }

  #interact(
    type: number,
    channel: Channel,
    data: object,
    title: string,
    source: StoredMessage | null = null,
  ): InteractionHandle {
    const { state, interactions } = this.#parts;
    const id = state.nextId();
    const token = `interaction-${id}`;
    const known = { id, token, type, title, user: this.json, channel, source, createdAtMs: state.now() };
    const interaction: Interaction = interactions.add(known);
    const payload = { id, token, type, user: this.json, channel, data, locale: this.locale };
    const json = interactionJson(state, { ...payload, message: source?.json });
    for (let left = interactions.takeDeliveries(); left > 0; left -= 1) {
      interaction.deliveries += state.publish({ name: 'INTERACTION_CREATE', dataFor: () => json });
    }
    return new InteractionHandle(interaction, interactions.explain);
  }
}
