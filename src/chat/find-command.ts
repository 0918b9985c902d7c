import { UserError } from '../domain/errors.ts';
import type { Command } from './command.ts';
import { bindWords, mistakeAt, optionUsage, splitLine, type Word } from './command-line.ts';
import { nearest } from './nearest.ts';

/** What of a command can be typed, whatever it answers from. */
export type TypedCommand = Pick<Command<never>, 'name' | 'aliases' | 'shorthands' | 'options'>;

/** What a word means. */
export interface Vocable<C extends TypedCommand> {
  readonly command: C;
  /** Options that the word brings along: `sort:temp` for `temps`. Empty for a name or an alias. */
  readonly expansion: string;
}

/** Every word that starts a command, in lower case: names, aliases and shorthands. */
export type Vocabulary<C extends TypedCommand> = ReadonlyMap<string, Vocable<C>>;

/** @throws Error where two commands claim the same word. */
export function createVocabulary<C extends TypedCommand>(commands: readonly C[]): Vocabulary<C> {
  const vocabulary = new Map<string, Vocable<C>>();
  const claim = (word: string, command: C, expansion: string): void => {
    const key = word.toLowerCase();
    const owner = vocabulary.get(key);
    if (owner !== undefined) throw new Error(`"${key}" means both ${owner.command.name} and ${command.name}`);
    vocabulary.set(key, { command, expansion });
  };
  for (const command of commands) {
    claim(command.name, command, '');
    for (const alias of command.aliases) claim(alias, command, '');
    for (const [word, whole] of Object.entries(command.shorthands)) {
      const [first = '', ...rest] = whole.split(' ');
      // A shorthand is written as it would be typed, `rigs sort:temp`; the command's own name says nothing new.
      claim(word, command, first === command.name ? rest.join(' ') : whole);
    }
  }
  return vocabulary;
}

const typeHelp = 'Type help to see what can be asked.';

/** What was typed: a command's word and the words after it. */
export interface Question<C extends TypedCommand> extends Vocable<C> {
  readonly line: string;
  readonly words: readonly Word[];
}

/**
 * The command that a typed line asks for; nothing typed at all asks for `help`.
 * @throws UserError for an unknown command, with the nearest one.
 */
export function findCommand<C extends TypedCommand>(line: string, vocabulary: Vocabulary<C>): Question<C> {
  const [first, ...words] = splitLine(line);
  const word = first === undefined ? 'help' : (first.name ?? first.value).replace(/^\//, '');
  const vocable = vocabulary.get(word.toLowerCase());
  if (first === undefined) {
    if (vocable === undefined) throw new UserError('Nothing was asked.');
    return { ...vocable, line, words };
  }
  if (vocable !== undefined && first.name === null) return { ...vocable, line, words };
  if (vocable !== undefined) {
    throw mistakeAt(line, first.start, `"${word}" is a command, not an option.`, `Put a space after ${word}.`);
  }
  const close = nearest(word, vocabulary.keys());
  const remedy = close === null ? typeHelp : `Did you mean ${close}? ${typeHelp}`;
  throw mistakeAt(line, first.start, `There is no command "${word}".`, remedy);
}

/**
 * The values of the command's options that are given: those typed, then those that a shorthand brings along.
 * @throws UserError as bindWords does.
 */
export function givenOptions<C extends TypedCommand>(question: Question<C>): Readonly<Record<string, string>> {
  const { command, expansion, line, words } = question;
  const typed = bindWords(line, words, command.options);
  return { ...bindWords(expansion, splitLine(expansion), command.options), ...typed };
}

/**
 * The same where nothing may be missing.
 * @throws UserError as givenOptions does, and for a required option that is missing.
 */
export function bindOptions<C extends TypedCommand>(question: Question<C>): Readonly<Record<string, string>> {
  const { command } = question;
  const values = givenOptions(question);
  const missing = command.options.find((option) => option.required && !Object.hasOwn(values, option.name));
  if (missing === undefined) return values;
  const usage = missing.positional === true ? missing.kind.toUpperCase() : optionUsage(missing);
  throw new UserError(
    `${command.name} needs ${missing.name}: ${missing.description}.`,
    `Type ${command.name} ${usage}.`,
  );
}
