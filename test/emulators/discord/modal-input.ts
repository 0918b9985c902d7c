import { modalInputs } from './limits.ts';
import { type Component, componentTypes, type Modal } from './wire.ts';

/** What somebody fills into a modal: by custom_id or by label; several values in a select. */
export type ModalFields = Readonly<Record<string, string | readonly string[]>>;

/**
 * The `data` of a submitted modal. What is not given keeps its prefilled value.
 * @throws Error where Discord's client would not let anybody submit it.
 */
export function modalData(modal: Modal, fields: ModalFields): object {
  const inputs = modalInputs(modal);
  const known = new Set(inputs.flatMap(({ input, label }) => [input.custom_id, label]));
  const unknown = Object.keys(fields).filter((name) => !known.has(name));
  if (unknown.length > 0) throw new Error(`the modal "${modal.title}" has no field ${unknown}`);
  let id = 0;
  const next = () => {
    id += 1;
    return id;
  };
  const filled = (input: Component, label: string | null) => {
    const given = fields[input.custom_id ?? ''] ?? fields[label ?? ''];
    const shared = { type: input.type, id: next(), custom_id: input.custom_id };
    const value = input.type === componentTypes.textInput ? textOf(input, given) : null;
    return value === null ? { ...shared, values: valuesOf(input, given) } : { ...shared, value };
  };
  const components = modal.components.map((outer) => {
    const shared = { type: outer.type, id: next() };
    if (outer.component) return { ...shared, component: filled(outer.component, outer.label ?? null) };
    return { ...shared, components: (outer.components ?? []).map((input) => filled(input, input.label ?? null)) };
  });
  return { custom_id: modal.custom_id, components };
}

function textOf(input: Component, given: string | readonly string[] | undefined): string {
  const value = given ?? input.value ?? '';
  if (typeof value !== 'string') throw new Error(`${input.custom_id} takes text`);
  if (value === '' && input.required !== false) throw new Error(`${input.custom_id} must be filled in`);
  const tooShort = value !== '' && value.length < (input.min_length ?? 0);
  if (tooShort || value.length > (input.max_length ?? 4_000))
    throw new Error(`the length of ${input.custom_id} does not fit`);
  return value;
}

function valuesOf(input: Component, given: string | readonly string[] | undefined): readonly string[] {
  const preset = (input.options ?? []).filter((option) => option.default === true).map(({ value }) => value);
  return selectedValues(input, given === undefined ? preset : [given].flat());
}

/** @throws Error where the select does not offer the values, or not so many. */
export function selectedValues(select: Component, values: readonly string[]): readonly string[] {
  const { options, min_values, max_values, custom_id } = select;
  const offered = new Set(options?.map(({ value }) => value));
  const strange = select.type === componentTypes.stringSelect ? values.filter((value) => !offered.has(value)) : [];
  if (strange.length > 0) throw new Error(`${custom_id} does not offer ${strange}; it offers ${[...offered]}`);
  const least = select.required === false ? 0 : (min_values ?? 1);
  if (values.length < least || values.length > (max_values ?? 1)) {
    throw new Error(`${custom_id} takes ${least} to ${max_values ?? 1} values, not ${values.length}`);
  }
  return values;
}
