import type { APILabelComponent, APIModalInteractionResponseCallbackData } from 'discord.js';
import type { Presentation } from '../../src/chat/command.ts';
import type { Form, FormField } from '../../src/chat/form.ts';
import { cutText } from '../../src/chat/layout/cut-text.ts';
import { safeLine, visible } from '../../src/chat/safe-text.ts';
import { writeLine } from '../../src/chat/write-line.ts';
import { encodeCustomId } from './custom-id.ts';
import { DISCORD } from './limits.ts';

const [SELECT, TEXT_INPUT, LABEL, SHORT] = [3, 4, 18, 1] as const;

/**
 * A form as a modal. A modal holds five fields: those required, then those with a value, then the first ones. Its custom_id
 * is a press of kind `form` with the command and the values of fields that have no room; each component's is the option's
 * name. What it is submitted with goes through `lineOfForm(press.command, values)`.
 */
export function renderForm(form: Form, { say }: Pick<Presentation, 'say'>): APIModalInteractionResponseCallbackData {
  const shown = fieldsShown(form.fields);
  const hidden = form.fields.filter((field) => !shown.includes(field) && field.value !== null);
  const command = writeLine(form.command, Object.fromEntries(hidden.map(({ name, value }) => [name, value ?? ''])));
  const press = { kind: 'form', key: null } as const;
  const customId = encodeCustomId({ ...press, command }) ?? encodeCustomId({ ...press, command: form.command });
  return {
    custom_id: customId ?? 'form',
    title: visible(cutText(safeLine(say(form.title)), DISCORD.modalTitle)),
    components: shown.map((field) => labelOf(field, say)),
  };
}

function fieldsShown(fields: readonly FormField[]): readonly FormField[] {
  const rank = ({ required, value }: FormField): number => (required ? 0 : value !== null ? 1 : 2);
  const chosen = new Set(fields.toSorted((a, b) => rank(a) - rank(b)).slice(0, DISCORD.modalComponents));
  return fields.filter((field) => chosen.has(field));
}

function labelOf(field: FormField, say: Presentation['say']): APILabelComponent {
  const description = cutText(safeLine(say(field.description)), DISCORD.labelDescription);
  return {
    type: LABEL,
    label: visible(cutText(safeLine(field.name), DISCORD.label)),
    ...(description.trim() === '' ? {} : { description }),
    component: field.choices.length > 0 && field.choices.length <= DISCORD.selectOptions ? select(field) : input(field),
  };
}

function select({ name, choices, required, value }: FormField): APILabelComponent['component'] {
  return {
    type: SELECT,
    custom_id: cutText(name, DISCORD.customId),
    required,
    min_values: required ? 1 : 0,
    max_values: 1,
    options: choices.map((choice) => ({
      label: visible(cutText(safeLine(choice), DISCORD.optionLabel)),
      value: choice.slice(0, DISCORD.optionValue),
      ...(choice === value ? { default: true } : {}),
    })),
  };
}

function input({ name, required, value }: FormField): APILabelComponent['component'] {
  return {
    type: TEXT_INPUT,
    custom_id: cutText(name, DISCORD.customId),
    style: SHORT,
    required,
    ...(value === null ? {} : { value: value.slice(0, DISCORD.textValue) }),
  };
}
