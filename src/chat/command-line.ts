import { UserError } from '../domain/errors.ts';
import type { CommandOption } from './command.ts';
import { displayWidth } from './display-width.ts';
import { nearest } from './nearest.ts';

export const MAX_COMMAND_LENGTH = 2_000;

/** One word of a command line: `profit`, `site:quebec`, `rental:"RTX 3090"=0.18`. */
export interface Word {
  /** Where it starts and ends in the line. */
  readonly start: number;
  readonly end: number;
  /** What stands before the first `:` or `=` outside quotes, or null where the word has none. */
  readonly name: string | null;
  /** The rest, without its quotes. */
  readonly value: string;
  readonly quoted: boolean;
}

export interface ScannedLine {
  readonly words: readonly Word[];
  /** Where a quote opens that is never closed, or null. The last word then reaches to the end of the line. */
  readonly unclosedAt: number | null;
}

/** Telephones turn straight quotes into these. */
const quotes = new Set(['"', '“', '”', '„']);
const separators = new Set([':', '=']);
const blank = /\s/;

/** Reads the word that starts at `start`. Inside quotes `\"` and `\\` stand for `"` and `\`. */
function scanWord(line: string, start: number): { word: Word; unclosedAt: number | null } {
  let name: string | null = null;
  let value = '';
  let quoted = false;
  /** -1 where no quote is open. A number throughout: see decision 008. */
  let openedAt = -1;
  let at = start;
  for (; at < line.length; at += 1) {
    const char = line.charAt(at);
    if (quotes.has(char)) {
      quoted = true;
      openedAt = openedAt === -1 ? at : -1;
    } else if (openedAt !== -1) {
      const next = line.charAt(at + 1);
      if (char === '\\' && (next === '\\' || quotes.has(next))) at += 1;
      value += line.charAt(at);
    } else if (blank.test(char)) {
      break;
    } else if (separators.has(char) && name === null && !quoted && value !== '') {
      name = value;
      value = '';
    } else {
      value += char;
    }
  }
  return { word: { start, end: at, name, value, quoted }, unclosedAt: openedAt === -1 ? null : openedAt };
}

/** Splits what was typed so far; an open quote is no mistake yet. */
export function scanLine(line: string): ScannedLine {
  const words: Word[] = [];
  let at = 0;
  while (at < line.length) {
    if (blank.test(line.charAt(at))) {
      at += 1;
      continue;
    }
    const { word, unclosedAt } = scanWord(line, at);
    words.push(word);
    if (unclosedAt !== null) return { words, unclosedAt };
    at = word.end;
  }
  return { words, unclosedAt: null };
}

const EXCERPT_BEFORE = 40;
const EXCERPT_AFTER = 20;

/** A mistake whose message shows the line, with a caret under the place. */
export function mistakeAt(line: string, at: number, message: string, remedy: string | null): UserError {
  const from = Math.max(0, at - EXCERPT_BEFORE);
  const to = Math.min(line.length, at + EXCERPT_AFTER);
  const before = `${from > 0 ? '…' : ''}${line.slice(from, at)}`.replace(/\s/g, ' ');
  const after = `${line.slice(at, to)}${to < line.length ? '…' : ''}`.replace(/\s/g, ' ');
  return new UserError(`${message}\n${before}${after}\n${' '.repeat(displayWidth(before))}^`, remedy);
}

/**
 * The words of a command line, without a leading `/fleet` or `fleet`.
 * @throws UserError for a quote that is never closed and for endless lines.
 */
export function splitLine(line: string): readonly Word[] {
  if (line.length > MAX_COMMAND_LENGTH) {
    throw new UserError(`That is longer than ${MAX_COMMAND_LENGTH} characters.`, 'Ask in fewer words.');
  }
  const { words, unclosedAt } = scanLine(line);
  if (unclosedAt !== null) {
    throw mistakeAt(line, unclosedAt, 'A quote is opened here and never closed.', 'Close it with " after the value.');
  }
  return isRootWord(words[0]) ? words.slice(1) : words;
}

/** Whether the word only calls the bot, as in `/fleet profit`. */
export function isRootWord(word: Word | undefined): boolean {
  return word !== undefined && word.name === null && /^\/?fleet$/i.test(word.value);
}

/** `rental:"RTX 3090"`: as it has to be typed to mean this value. */
export function quoteValue(value: string): string {
  return value !== '' && !/[\s"“”„:=\\]/.test(value) ? value : `"${value.replace(/["“”„\\]/g, '\\$&')}"`;
}

/** How an option is written: `site:SITE`, `window:now|7d`. */
export function optionUsage(option: CommandOption): string {
  if (option.kind === 'choice') return `${option.name}:${(option.choices ?? []).join('|')}`;
  if (option.kind === 'boolean') return `${option.name}:true`;
  return `${option.name}:${option.kind.toUpperCase()}`;
}

function allowedOptions(options: readonly CommandOption[]): string {
  if (options.length === 0) return 'It takes no options.';
  return `It takes ${options.map(optionUsage).join(', ')}.`;
}

function unknownOption(line: string, word: Word, options: readonly CommandOption[]): UserError {
  const name = word.name ?? word.value;
  const close = nearest(
    name,
    options.map((option) => option.name),
  );
  const suggestion = close === null ? '' : `Did you mean ${close}:${quoteValue(word.value)}? `;
  return mistakeAt(line, word.start, `There is no option "${name}" here.`, suggestion + allowedOptions(options));
}

/** The option that a word means. A name that no option could have (`10.0.0.5:9100`) belongs to a positional value. */
function optionOf(
  line: string,
  word: Word,
  options: readonly CommandOption[],
): { option: CommandOption; value: string } {
  const named = options.find((option) => option.name === word.name?.toLowerCase());
  if (named !== undefined) return { option: named, value: word.value };
  const positional = options.find((option) => option.positional === true);
  const looksNamed = word.name !== null && /^[a-z][\w-]*$/i.test(word.name);
  if (looksNamed || (positional === undefined && word.name !== null)) throw unknownOption(line, word, options);
  if (positional === undefined) {
    throw mistakeAt(line, word.start, `"${word.value}" is not asked for here.`, allowedOptions(options));
  }
  const value = word.name === null ? word.value : line.slice(word.start, word.end);
  return { option: positional, value };
}

function choiceOf(line: string, word: Word, option: CommandOption, value: string): string {
  const choices = option.choices ?? [];
  const chosen = choices.find((choice) => choice.toLowerCase() === value.toLowerCase());
  if (chosen !== undefined) return chosen;
  const close = nearest(value, choices);
  const suggestion = close === null ? '' : `Did you mean ${option.name}:${close}? `;
  const remedy = `${suggestion}Choose one of ${choices.join(', ')}.`;
  throw mistakeAt(line, word.start, `"${value}" is no choice for ${option.name}.`, remedy);
}

/**
 * Which value each option was given, as text.
 * @throws UserError for an unknown option or choice, an option without a value and an option given twice.
 */
export function bindWords(
  line: string,
  words: readonly Word[],
  options: readonly CommandOption[],
): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const word of words) {
    const { option, value } = optionOf(line, word, options);
    if (value === '' && !word.quoted) {
      throw mistakeAt(
        line,
        word.start,
        `"${option.name}" has no value.`,
        `Write ${optionUsage(option)}, without a space.`,
      );
    }
    if (Object.hasOwn(values, option.name)) throw givenTwice(line, word, option);
    values[option.name] = option.kind === 'choice' ? choiceOf(line, word, option, value) : value;
  }
  return values;
}

function givenTwice(line: string, word: Word, option: CommandOption): UserError {
  const remedy = word.name === null ? `Put a value with spaces in quotes: ${option.name}:"…".` : 'Give it once.';
  return mistakeAt(line, word.start, `"${option.name}" is given twice.`, remedy);
}
