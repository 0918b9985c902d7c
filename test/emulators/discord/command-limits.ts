import { choicesErrors, lengthErrors } from './limits.ts';
import type { FormError } from './refusal.ts';
import type { CommandBody, CommandOptionJson } from './wire.ts';

/** What Discord refuses in the definition of a slash command. */

type Path = readonly (string | number)[];
type Localized = Readonly<Record<string, string>> | null | undefined;

const SUBCOMMAND = 1;
const GROUP = 2;
const COMMAND_TEXT_LIMIT = 8_000;
const namePattern = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const locales = new Set(
  (
    'id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th ' +
    'zh-CN ja zh-TW ko'
  ).split(' '),
);

const error = (path: Path, code: string, message: string): FormError => ({ path, code, message });

/** Errors of a chat command (type 1); other types are not checked. */
export function commandErrors(command: CommandBody): FormError[] {
  if ((command.type ?? 1) !== 1) return [];
  const length = commandTextLength(command);
  return [
    ...namedErrors([], command),
    ...optionsErrors([], command.options ?? [], 0),
    ...(length > COMMAND_TEXT_LIMIT
      ? [error([], 'APPLICATION_COMMAND_TOO_LARGE', `Command exceeds maximum size (${length} > ${COMMAND_TEXT_LIMIT})`)]
      : []),
  ];
}

/** Of a guild's whole list. */
export function commandListErrors(commands: readonly CommandBody[]): FormError[] {
  const names = commands.map(({ type, name }) => `${type ?? 1} ${name}`);
  return [
    ...commands.flatMap((command, index) =>
      commandErrors(command).map((found) => ({ ...found, path: [index, ...found.path] })),
    ),
    ...names.flatMap((name, index) =>
      names.indexOf(name) === index
        ? []
        : [error([index], 'APPLICATION_COMMANDS_DUPLICATE_NAME', 'Application command names must be unique')],
    ),
    ...(commands.length > 100 ? [error([], 'BASE_TYPE_BAD_LENGTH', 'Must be 100 or fewer in length.')] : []),
  ];
}

/** Characters that count: of each localized text the longest, translations included. */
export function commandTextLength(command: CommandBody): number {
  const longest = (text: string | null | undefined, localized: Localized) =>
    Math.max(...[text ?? '', ...Object.values(localized ?? {})].map((each) => each.length));
  const own = (named: CommandBody | CommandOptionJson) =>
    longest(named.name, named.name_localizations) + longest(named.description, named.description_localizations);
  const option = (given: CommandOptionJson): number => {
    let sum = own(given);
    for (const { name, value, name_localizations } of given.choices ?? []) {
      sum += longest(name, name_localizations) + String(value).length;
    }
    for (const nested of given.options ?? []) sum += option(nested);
    return sum;
  };
  return (command.options ?? []).reduce((sum, each) => sum + option(each), own(command));
}

function namedErrors(path: Path, named: CommandBody | CommandOptionJson): FormError[] {
  return [
    ...nameErrors([...path, 'name'], named.name),
    ...lengthErrors([...path, 'description'], named.description, 1, 100),
    ...localizedErrors([...path, 'name_localizations'], named.name_localizations, nameErrors),
    ...localizedErrors([...path, 'description_localizations'], named.description_localizations, (at, text) =>
      lengthErrors(at, text, 1, 100),
    ),
  ];
}

function nameErrors(path: Path, name: string): FormError[] {
  if (namePattern.test(name) && name === name.toLowerCase()) return [];
  return [error(path, 'APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid')];
}

function localizedErrors(
  path: Path,
  localized: Localized,
  check: (path: Path, text: string) => FormError[],
): FormError[] {
  return Object.entries(localized ?? {}).flatMap(([locale, text]) => [
    ...(locales.has(locale) ? [] : [error([...path, locale], 'BASE_TYPE_CHOICES', 'There is no such locale')]),
    ...check([...path, locale], text),
  ]);
}

function optionsErrors(path: Path, options: readonly CommandOptionJson[], depth: number): FormError[] {
  const at = [...path, 'options'];
  const names = options.map(({ name }) => name);
  const branches = options.filter(({ type }) => type <= GROUP);
  const firstOptional = options.findIndex(({ required }) => required !== true);
  return [
    ...(options.length > 25 ? [error(at, 'BASE_TYPE_BAD_LENGTH', 'Must be 25 or fewer in length.')] : []),
    ...(new Set(names).size < names.length
      ? [error(at, 'APPLICATION_COMMAND_OPTIONS_NAME_INVALID', 'Option names must be unique')]
      : []),
    ...(branches.length > 0 && branches.length < options.length
      ? [error(at, 'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID', 'Sub-command and sub-command group only')]
      : []),
    ...(branches.length === 0 &&
    firstOptional >= 0 &&
    options.findLastIndex((option) => option.required) > firstOptional
      ? [error(at, 'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID', 'Required options must be placed before others')]
      : []),
    ...options.flatMap((option, index) => optionErrors([...at, index], option, depth)),
  ];
}

function optionErrors(path: Path, option: CommandOptionJson, depth: number): FormError[] {
  const choices = option.choices ?? [];
  const isDeeper = option.type <= GROUP && depth > 0 && !(option.type === SUBCOMMAND && depth === 1);
  const isLeafGroup = option.type === GROUP && (option.options ?? []).some(({ type }) => type !== SUBCOMMAND);
  const isBranch = option.type <= GROUP;
  return [
    ...namedErrors(path, option),
    ...(isDeeper || isLeafGroup || option.type < 1 || option.type > 11
      ? [error([...path, 'type'], 'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID', 'It cannot stand here')]
      : []),
    ...(isBranch
      ? optionsErrors(path, option.options ?? [], option.type === GROUP ? depth + 1 : 2)
      : (option.options ?? []).map(() =>
          error([...path, 'options'], 'BASE_TYPE_BAD_TYPE', 'Only subcommands have options'),
        )),
    ...choicesErrors(choices, [...path, 'choices']),
    ...(option.autocomplete === true && (choices.length > 0 || ![3, 4, 10].includes(option.type))
      ? [error(path, 'APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID', 'Choices and autocomplete exclude each other')]
      : []),
  ];
}
