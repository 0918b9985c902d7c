import {
  type AutocompleteInteraction,
  type ButtonInteraction,
  type Interaction,
  InteractionResponseType,
  MessageFlags,
  type ModalSubmitInteraction,
  type StringSelectMenuInteraction,
} from 'discord.js';
import { formOf, lineOfForm } from '../../src/chat/form.ts';
import type { Reply } from '../../src/chat/reply.ts';
import type { ChatHost } from '../../src/ports/chat.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Answering } from './answering.ts';
import { askerOf, type Owners } from './asker.ts';
import { choicesFor } from './autocomplete.ts';
import { decodeCustomId } from './custom-id.ts';
import { lineOfCommand } from './line-of-command.ts';
import { renderForm } from './render-form.ts';

export interface InteractionsOptions {
  readonly host: ChatHost;
  readonly answering: Answering;
  readonly owners: () => Owners;
  readonly log: Log;
}

/** What to do with each interaction; settles when it is answered. */
export function createInteractions({ host, answering, owners, log }: InteractionsOptions) {
  async function ask(interaction: Interaction, line: string, how: { replaces?: boolean; isPrivate?: boolean } = {}) {
    const { replaces = false, isPrivate = host.visibilityOf(line) === 'asker' } = how;
    // Sessions of one bot, and Discord itself, may bring an interaction more than once.
    if (!host.isNew(interaction.id)) return;
    await answering.answer({ interaction, line, asker: askerOf(interaction, owners()), replaces, isPrivate });
  }

  async function press(interaction: ButtonInteraction | StringSelectMenuInteraction): Promise<void> {
    const customId = interaction.isStringSelectMenu() ? (interaction.values[0] ?? '') : interaction.customId;
    const pressed = decodeCustomId(customId);
    if (pressed === null || pressed.kind === 'pick') return await fromOlderVersion(interaction);
    if (pressed.kind === 'form') return await openForm(interaction, pressed.command);
    // What follows from an answer that one person sees is for that person.
    const wasPrivate = interaction.message.flags.has(MessageFlags.Ephemeral);
    const isPrivate = wasPrivate || host.visibilityOf(pressed.command) === 'asker';
    // What is for one person never takes the place of what all see.
    const isSeenByAll = interaction.guildId !== null && !wasPrivate;
    const replaces = pressed.kind === 'replace' && !(isSeenByAll && isPrivate);
    await ask(interaction, pressed.command, { replaces, isPrivate });
  }

  async function openForm(interaction: ButtonInteraction | StringSelectMenuInteraction, line: string): Promise<void> {
    const form = formOf(line, host.commands);
    if (form === null || form.fields.length === 0) return await fromOlderVersion(interaction);
    if (!host.isNew(interaction.id)) return;
    const data = renderForm(form, host.presentation(interaction.locale));
    const calls = answering.callsOf(interaction);
    const acknowledgement = await calls.respond({ type: InteractionResponseType.Modal, data });
    if (acknowledgement === 'lost') log.warn({ id: interaction.id }, 'form came too late');
  }

  async function submitForm(interaction: ModalSubmitInteraction): Promise<void> {
    const pressed = decodeCustomId(interaction.customId);
    const form = pressed?.kind === 'form' ? formOf(pressed.command, host.commands) : null;
    if (form === null) return await fromOlderVersion(interaction);
    const values: Record<string, string | null> = {};
    // What had no room in the form stays as the button said.
    for (const { name, value } of form.fields) values[name] = value;
    for (const [name, field] of interaction.fields.fields) {
      const given: unknown = 'value' in field ? field.value : 'values' in field ? field.values[0] : null;
      values[name] = typeof given === 'string' ? given : null;
    }
    const wasPrivate = interaction.message?.flags.has(MessageFlags.Ephemeral) === true;
    const line = lineOfForm(form.command, values);
    await ask(interaction, line, { isPrivate: wasPrivate || host.visibilityOf(line) === 'asker' });
  }

  async function fromOlderVersion(interaction: Interaction & Parameters<Answering['whisper']>[0]): Promise<void> {
    if (!host.isNew(interaction.id)) return;
    const { say } = host.presentation(interaction.locale);
    const reply: Reply = {
      headline: say('This button is of an older version of Rigshift, which nothing answers any more.'),
      blocks: [{ kind: 'text', text: say('Ask again with /fleet; help lists what can be asked.') }],
      next: [{ label: say('Help'), command: 'help' }],
    };
    await answering.whisper(interaction, reply);
  }

  async function complete(interaction: AutocompleteInteraction): Promise<void> {
    let names: readonly string[] = [];
    try {
      names = choicesFor(interaction, host);
    } catch (err) {
      log.warn({ err }, 'nothing completed');
    }
    const choices = names.map((name) => ({ name, value: name }));
    const type = InteractionResponseType.ApplicationCommandAutocompleteResult;
    // Whoever typed on has asked again meanwhile: what is too late is of no interest.
    await answering.callsOf(interaction).respond({ type, data: { choices } });
  }

  return async (interaction: Interaction): Promise<void> => {
    if (interaction.isChatInputCommand()) return await ask(interaction, lineOfCommand(interaction));
    if (interaction.isAutocomplete()) return await complete(interaction);
    if (interaction.isButton() || interaction.isStringSelectMenu()) return await press(interaction);
    if (interaction.isModalSubmit()) return await submitForm(interaction);
  };
}
