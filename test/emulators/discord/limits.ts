import type { FormError } from './refusal.ts';
import {
  type Choice,
  type Component,
  componentTypes,
  type Embed,
  type MessageBody,
  type Modal,
  messageFlags,
} from './wire.ts';

/** What Discord refuses in messages, modals and choices. Lengths are counted in UTF-16 units, the strictest reading. */

type Path = readonly (string | number)[];

const EMBED_TEXT_LIMIT = 6_000;

const error = (path: Path, code: string, message: string): FormError => ({ path, code, message });

export function lengthErrors(path: Path, text: string | null | undefined, least: number, most: number): FormError[] {
  if (text === null || text === undefined) {
    return least === 0 ? [] : [error(path, 'BASE_TYPE_REQUIRED', 'This field is required')];
  }
  if (text.trim().length < least) {
    return [error(path, 'BASE_TYPE_BAD_LENGTH', `Must be between ${least} and ${most} in length.`)];
  }
  return text.length > most ? [error(path, 'BASE_TYPE_MAX_LENGTH', `Must be ${most} or fewer in length.`)] : [];
}

function countErrors(path: Path, count: number, least: number, most: number): FormError[] {
  if (count >= least && count <= most) return [];
  return [error(path, 'BASE_TYPE_BAD_LENGTH', `Must be between ${least} and ${most} in length.`)];
}

function rangeErrors(path: Path, value: number | null | undefined, least: number, most: number): FormError[] {
  if (value === null || value === undefined || (value >= least && value <= most)) return [];
  return [error(path, 'NUMBER_TYPE_MAX', `Must be between ${least} and ${most}.`)];
}

function duplicateErrors(path: Path, values: readonly string[], code: string): FormError[] {
  const repeated = values.filter((value, index) => values.indexOf(value) !== index);
  return repeated.map((value) => error(path, code, `"${value}" is there twice.`));
}

export function messageErrors(body: MessageBody): FormError[] {
  const embeds = body.embeds ?? [];
  const textLength = embeds.reduce((sum, embed) => sum + embedText(embed), 0);
  const { parse = [], users = [], roles = [] } = body.allowed_mentions ?? {};
  const exclusive = (named: 'users' | 'roles', ids: readonly string[] | null) =>
    parse?.includes(named) && (ids ?? []).length > 0
      ? [
          error(
            ['allowed_mentions'],
            'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
            `parse and ${named} exclude each other`,
          ),
        ]
      : [];
  return [
    ...lengthErrors(['content'], body.content, 0, 2_000),
    ...countErrors(['embeds'], embeds.length, 0, 10),
    ...embeds.flatMap((embed, index) => embedErrors(['embeds', index], embed)),
    ...(textLength > EMBED_TEXT_LIMIT
      ? [error(['embeds'], 'MAX_EMBED_SIZE_EXCEEDED', `Embed size exceeds maximum size of ${EMBED_TEXT_LIMIT}`)]
      : []),
    ...componentsErrors(body),
    ...(typeof body.nonce === 'string' ? lengthErrors(['nonce'], body.nonce, 0, 25) : []),
    ...exclusive('users', users),
    ...exclusive('roles', roles),
  ];
}

function embedText({ title, description, footer, author, fields }: Embed): number {
  const texts = [title, description, footer?.text, author?.name];
  for (const { name, value } of fields ?? []) texts.push(name, value);
  return texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
}

function embedErrors(path: Path, embed: Embed): FormError[] {
  const { title, description, footer, author, image, thumbnail } = embed;
  const fields = embed.fields ?? [];
  const empty = [title, description, footer, author, image, thumbnail].every((part) => !part) && fields.length === 0;
  const urls = { url: embed.url, image: image?.url, thumbnail: thumbnail?.url };
  return [
    ...(empty ? [error(path, 'EMBED_EMPTY', 'An embed must show something')] : []),
    ...lengthErrors([...path, 'title'], title, 0, 256),
    ...lengthErrors([...path, 'description'], description, 0, 4_096),
    ...lengthErrors([...path, 'footer', 'text'], footer?.text, 0, 2_048),
    ...lengthErrors([...path, 'author', 'name'], author?.name, 0, 256),
    ...countErrors([...path, 'fields'], fields.length, 0, 25),
    ...fields.flatMap(({ name, value }, index) => [
      ...lengthErrors([...path, 'fields', index, 'name'], name, 1, 256),
      ...lengthErrors([...path, 'fields', index, 'value'], value, 1, 1_024),
    ]),
    ...Object.entries(urls).flatMap(([part, url]) =>
      typeof url !== 'string' || /^(?:https?|attachment):\/\//.test(url)
        ? []
        : [error([...path, part], 'URL_TYPE_INVALID_SCHEME', 'Scheme must be one of http, https')],
    ),
  ];
}

function componentsErrors(body: MessageBody): FormError[] {
  const rows = body.components ?? [];
  if (((body.flags ?? 0) & messageFlags.componentsV2) !== 0) {
    return [error(['flags'], 'NOT_EMULATED', 'Components V2 are beyond this emulator')];
  }
  const ids = rows.flatMap((row) => (row.components ?? []).flatMap(({ custom_id }) => custom_id ?? []));
  return [
    ...countErrors(['components'], rows.length, 0, 5),
    ...rows.flatMap((row, index) => rowErrors(['components', index], row)),
    ...duplicateErrors(['components'], ids, 'COMPONENT_CUSTOM_ID_DUPLICATED'),
  ];
}

function rowErrors(path: Path, row: Component): FormError[] {
  if (row.type !== componentTypes.row) return [error([...path, 'type'], 'BASE_TYPE_CHOICES', 'Must be an action row')];
  const inside = row.components ?? [];
  const selects = inside.filter(({ type }) => type !== componentTypes.button);
  return [
    ...countErrors([...path, 'components'], inside.length, 1, selects.length > 0 ? 1 : 5),
    ...inside.flatMap((component, index) => {
      const at = [...path, 'components', index];
      if (component.type === componentTypes.button) return buttonErrors(at, component);
      if (component.type >= 3 && component.type !== 4 && component.type <= 8) return selectErrors(at, component);
      return [error([...at, 'type'], 'UNION_TYPE_CHOICES', 'Must be a button or a select menu')];
    }),
  ];
}

const LINK_STYLE = 5;

function buttonErrors(path: Path, { style, label, emoji, custom_id, url }: Component): FormError[] {
  const isLink = style === LINK_STYLE;
  return [
    ...rangeErrors([...path, 'style'], style ?? 0, 1, LINK_STYLE),
    ...lengthErrors([...path, 'label'], label, emoji === undefined || emoji === null ? 1 : 0, 80),
    ...(isLink ? lengthErrors([...path, 'url'], url, 1, 512) : customIdErrors(path, custom_id)),
    ...(isLink && custom_id ? [error([...path, 'custom_id'], 'BUTTON_LINK_CUSTOM_ID', 'A link has no custom_id')] : []),
    ...(!isLink && url ? [error([...path, 'url'], 'BUTTON_URL', 'A button that is no link has no url')] : []),
  ];
}

function customIdErrors(path: Path, customId: string | null | undefined): FormError[] {
  return lengthErrors([...path, 'custom_id'], customId, 1, 100);
}

function selectErrors(path: Path, select: Component): FormError[] {
  const options = select.options ?? [];
  const isString = select.type === componentTypes.stringSelect;
  const defaults = options.filter((option) => option.default === true).length;
  const most = select.max_values ?? 1;
  return [
    ...customIdErrors(path, select.custom_id),
    ...lengthErrors([...path, 'placeholder'], select.placeholder, 0, 150),
    ...rangeErrors([...path, 'min_values'], select.min_values, 0, 25),
    ...rangeErrors([...path, 'max_values'], select.max_values, 1, isString ? Math.max(options.length, 1) : 25),
    ...rangeErrors([...path, 'min_values'], select.min_values, 0, most),
    ...(isString ? countErrors([...path, 'options'], options.length, 1, 25) : []),
    ...rangeErrors([...path, 'options'], defaults, 0, most),
    ...options.flatMap(({ label, value, description }, index) => [
      ...lengthErrors([...path, 'options', index, 'label'], label, 1, 100),
      ...lengthErrors([...path, 'options', index, 'value'], value, 1, 100),
      ...lengthErrors([...path, 'options', index, 'description'], description, 0, 100),
    ]),
    ...duplicateErrors(
      [...path, 'options'],
      options.map(({ value }) => value),
      'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED',
    ),
  ];
}

/** The inputs of a modal, with the label that people read: from rows (the older way) or from labels. */
export function modalInputs(modal: Modal): readonly { readonly input: Component; readonly label: string | null }[] {
  return modal.components.flatMap((outer) => {
    if (outer.type === componentTypes.label) {
      return outer.component ? [{ input: outer.component, label: outer.label ?? null }] : [];
    }
    return (outer.components ?? []).map((input) => ({ input, label: input.label ?? null }));
  });
}

export function modalErrors(modal: Modal): FormError[] {
  const inputs = modalInputs(modal);
  return [
    ...lengthErrors(['title'], modal.title, 1, 45),
    ...lengthErrors(['custom_id'], modal.custom_id, 1, 100),
    ...countErrors(['components'], modal.components.length, 1, 5),
    ...modal.components.flatMap((outer, index) => {
      const path = ['components', index];
      if (outer.type === componentTypes.label) {
        return [
          ...lengthErrors([...path, 'description'], outer.description, 0, 100),
          ...(outer.component ? [] : [error([...path, 'component'], 'BASE_TYPE_REQUIRED', 'This field is required')]),
        ];
      }
      if (outer.type === componentTypes.row) {
        return countErrors([...path, 'components'], outer.components?.length ?? 0, 1, 1);
      }
      return [error([...path, 'type'], 'UNION_TYPE_CHOICES', 'Must be a row or a label')];
    }),
    ...inputs.flatMap(({ input, label }, index) => [
      ...lengthErrors(['components', index, 'label'], label, 1, 45),
      ...inputErrors(['components', index], input),
    ]),
    ...duplicateErrors(
      ['components'],
      inputs.flatMap(({ input }) => input.custom_id ?? []),
      'COMPONENT_CUSTOM_ID_DUPLICATED',
    ),
  ];
}

function inputErrors(path: Path, input: Component): FormError[] {
  if (input.type === componentTypes.stringSelect) return selectErrors(path, input);
  if (input.type !== componentTypes.textInput) {
    return [error([...path, 'type'], 'UNION_TYPE_CHOICES', 'Must be a text input or a string select')];
  }
  return [
    ...customIdErrors(path, input.custom_id),
    ...rangeErrors([...path, 'style'], input.style ?? 0, 1, 2),
    ...rangeErrors([...path, 'min_length'], input.min_length, 0, 4_000),
    ...rangeErrors([...path, 'max_length'], input.max_length, 1, 4_000),
    ...lengthErrors([...path, 'value'], input.value, 0, input.max_length ?? 4_000),
    ...lengthErrors([...path, 'placeholder'], input.placeholder, 0, 100),
  ];
}

/** Choices of an option, registered or for autocompletion. */
export function choicesErrors(choices: readonly Choice[], path: Path = ['choices']): FormError[] {
  return [
    ...countErrors(path, choices.length, 0, 25),
    ...choices.flatMap(({ name, value, name_localizations: names }, index) => [
      ...lengthErrors([...path, index, 'name'], name, 1, 100),
      ...(typeof value === 'string' ? lengthErrors([...path, index, 'value'], value, 1, 100) : []),
      ...Object.entries(names ?? {}).flatMap(([locale, localized]) =>
        lengthErrors([...path, index, 'name_localizations', locale], localized, 1, 100),
      ),
    ]),
  ];
}
