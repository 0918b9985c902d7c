import type { types } from '@slack/bolt';
import type { Presentation } from '../../src/chat/command.ts';
import type { Form, FormField } from '../../src/chat/form.ts';
import { cutText } from '../../src/chat/layout/cut-text.ts';
import { visible } from '../../src/chat/safe-text.ts';
import { SLACK } from './limits.ts';
import { inertLine } from './safe-text.ts';

/** What a submitted view holds of each input, by block_id and action_id. */
export type ViewState = Readonly<
  Record<
    string,
    Readonly<
      Record<
        string,
        { readonly value?: string | null; readonly selected_option?: { readonly value: string } | null | undefined }
      >
    >
  >
>;

/**
 * A form as a modal view. Its callback_id is `form`, its private_metadata the command. Each input's block_id is the option's
 * name and its action_id the option's kind, so that a request for suggestions says what is completed.
 */
export function renderForm(form: Form, { say }: Pick<Presentation, 'say'>): types.ModalView {
  const title = inertLine(say(form.title));
  const short = title.length <= SLACK.viewTitle ? title : cutText(form.command, SLACK.viewTitle);
  return {
    type: 'modal',
    callback_id: 'form',
    private_metadata: form.command.slice(0, SLACK.viewMetadata),
    title: plainText(short, SLACK.viewTitle),
    submit: plainText(say('Ask'), SLACK.viewTitle),
    close: plainText(say('Cancel'), SLACK.viewTitle),
    blocks: form.fields.slice(0, SLACK.viewBlocks).map((field) => inputOf(field, say)),
  };
}

/** The values that a view was submitted with, for `lineOfForm`. */
export function valuesOfView(state: ViewState): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    Object.entries(state).map(([name, elements]) => {
      const [element] = Object.values(elements);
      return [name, element?.selected_option?.value ?? element?.value ?? null];
    }),
  );
}

function plainText(text: string, length: number): types.PlainTextElement {
  return { type: 'plain_text', text: visible(cutText(text, length)), emoji: false };
}

function inputOf(field: FormField, say: Presentation['say']): types.InputBlock {
  const hint = inertLine(say(field.description));
  return {
    type: 'input',
    block_id: cutText(field.name, SLACK.id),
    optional: !field.required,
    label: plainText(inertLine(field.name), SLACK.inputText),
    ...(hint.trim() === '' ? {} : { hint: plainText(hint, SLACK.inputText) }),
    element: elementOf(field, say),
  };
}

function elementOf(field: FormField, say: Presentation['say']): types.InputBlockElement {
  const { kind, value, choices } = field;
  const option = (choice: string): types.PlainTextOption => ({
    text: plainText(inertLine(choice), SLACK.optionText),
    value: choice.slice(0, SLACK.optionValue),
  });
  const initial = value === null || value.length > SLACK.optionValue ? {} : { initial_option: option(value) };
  const placeholder = plainText(say('Choose'), SLACK.selectPlaceholder);
  if (kind === 'rig' || kind === 'site' || kind === 'model' || kind === 'coin') {
    return { type: 'external_select', action_id: kind, min_query_length: 0, placeholder, ...initial };
  }
  if (choices.length > 0 && choices.length <= SLACK.selectOptions) {
    const known = value !== null && choices.includes(value) ? initial : {};
    return { type: 'static_select', action_id: kind, placeholder, options: choices.map(option), ...known };
  }
  const text = value === null || value === '' ? {} : { initial_value: value.slice(0, SLACK.blockText) };
  return { type: 'plain_text_input', action_id: kind, ...text };
}
