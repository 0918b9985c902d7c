import { elementsOf, type FoundElement, findOption, optionsOf } from './block-lookup.ts';
import { isObject, type JsonObject } from './json.ts';
import type { View } from './workspace.ts';

/** What a person fills in, by action id or `block_id.action_id`: text, or an option's value or text. */
export type Filled = Readonly<Record<string, string | readonly string[]>>;

/** Options that an external select was answered with, by action id. */
export type Suggested = ReadonlyMap<string, readonly JsonObject[]>;

/**
 * `state.values` of a submission: every input with what was filled in, chosen before or set from the start.
 *
 * @throws Error where Slack's client would not let the person press the button: something needed is empty, or unknown.
 */
export function inputValues(view: View, filled: Filled, suggested: Suggested): View['values'] {
  const inputs = elementsOf(view).filter(({ block }) => block['type'] === 'input');
  const known = inputs.flatMap(({ blockId, actionId }) => [actionId, `${blockId}.${actionId}`]);
  const unknown = Object.keys(filled).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`No input ${unknown.join(', ')}; there is: ${known.join(', ')}`);
  const values: Record<string, Record<string, JsonObject>> = structuredClone(view.values);
  for (const input of inputs) {
    const text = filled[`${input.blockId}.${input.actionId}`] ?? filled[input.actionId];
    const chosen = values[input.blockId]?.[input.actionId];
    const value = text === undefined ? (chosen ?? initialValue(input)) : filledValue(input, text, suggested);
    if (isEmpty(value) && input.block['optional'] !== true) {
      throw new Error(`${input.blockId}.${input.actionId} must be filled in`);
    }
    values[input.blockId] = { ...values[input.blockId], [input.actionId]: value };
  }
  return values;
}

/** The value of an element as payloads show it, for the option or text a person gave. */
export function filledValue(
  { element, actionId }: FoundElement,
  given: string | readonly string[],
  suggested: Suggested,
): JsonObject {
  const type = String(element['type']);
  const offered = type.includes('external') ? (suggested.get(actionId) ?? []) : optionsOf(element);
  if (typeof given !== 'string') {
    return { type, selected_options: given.map((value) => findOption(offered, value)) };
  }
  if (type.endsWith('static_select') || type.endsWith('external_select') || type === 'radio_buttons') {
    return { type, selected_option: findOption(offered, given) };
  }
  if (type === 'overflow') return { type, selected_option: findOption(offered, given) };
  const field = valueFields[type];
  if (field === undefined) throw new Error(`Nobody can type into a ${type}`);
  return { type, [field]: given };
}

const valueFields: Readonly<Record<string, string>> = {
  plain_text_input: 'value',
  number_input: 'value',
  email_text_input: 'value',
  url_text_input: 'value',
  datepicker: 'selected_date',
  timepicker: 'selected_time',
  users_select: 'selected_user',
  channels_select: 'selected_channel',
  conversations_select: 'selected_conversation',
};

function initialValue({ element }: FoundElement): JsonObject {
  const type = String(element['type']);
  const field = valueFields[type];
  if (type === 'checkboxes' || type.startsWith('multi_')) {
    return { type, selected_options: element['initial_options'] ?? [] };
  }
  if (field === undefined) return { type, selected_option: element['initial_option'] ?? null };
  return { type, [field]: element[field.replace('selected', 'initial').replace(/^value$/, 'initial_value')] ?? null };
}

function isEmpty(value: JsonObject): boolean {
  return (
    Object.entries(value).every(
      ([name, content]) =>
        name === 'type' || content === null || content === '' || (Array.isArray(content) && content.length === 0),
    ) && isObject(value)
  );
}
