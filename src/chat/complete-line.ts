import type { CommandOption } from './command.ts';
import { isRootWord, quoteValue, scanLine, type Word } from './command-line.ts';
import type { TypedCommand, Vocabulary } from './find-command.ts';

/** Kinds of values that only the fleet can name. */
export type CompletedKind = Extract<CommandOption['kind'], 'rig' | 'site' | 'model' | 'coin'>;

/** Names of that kind that begin with `prefix`, whatever its case. */
export type CompleteName = (kind: CompletedKind, prefix: string) => readonly string[];

export interface Completions {
  /** Whole words that may stand in place of `replaces`; sorted, at most 100. */
  readonly words: readonly string[];
  /** The unfinished word at the end of the line. */
  readonly replaces: string;
}

const MOST_WORDS = 100;
// Control and direction characters cannot be typed, so a name that has any is not offered.
const typeable = /^\P{Other}+$/u;

/** What could stand at the end of a line typed so far: commands, then their options and values. */
export function completeLine(
  line: string,
  vocabulary: Vocabulary<TypedCommand>,
  completeName: CompleteName,
): Completions {
  const { words, unclosedAt } = scanLine(line);
  const finished = unclosedAt === null && /\s$/.test(line);
  const current = finished ? undefined : words.at(-1);
  const before = current === undefined ? words : words.slice(0, -1);
  const replaces = current === undefined ? '' : line.slice(current.start);
  const [first, ...given] = isRootWord(before[0]) ? before.slice(1) : before;
  const offers =
    first === undefined
      ? commandWords(current, vocabulary)
      : optionWords(current, given, vocabulary.get(first.value.toLowerCase())?.command.options ?? [], completeName);
  return { words: bounded(offers.filter((word) => typeable.test(word))), replaces };
}

/** Names at once; words of habit only where somebody began to type one. */
function commandWords(current: Word | undefined, vocabulary: Vocabulary<TypedCommand>): readonly string[] {
  const prefix = current?.value.toLowerCase() ?? '';
  const words = Array.from(vocabulary.keys()).filter((word) => word.startsWith(prefix));
  const names = words.filter((word) => vocabulary.get(word)?.command.name === word);
  return (names.length > 0 ? names : words).map((word) => `${word} `);
}

function optionWords(
  current: Word | undefined,
  given: readonly Word[],
  options: readonly CommandOption[],
  completeName: CompleteName,
): readonly string[] {
  const prefix = current?.value ?? '';
  if (current !== undefined && current.name !== null) {
    const name = current.name.toLowerCase();
    const option = options.find((candidate) => candidate.name === name);
    if (option === undefined) return [];
    return valuesOf(option, prefix, completeName).map((value) => `${name}:${quoteValue(value)} `);
  }
  const taken = new Set(given.map((word) => word.name?.toLowerCase()));
  const names = options
    .filter((option) => !taken.has(option.name) && option.name.startsWith(prefix.toLowerCase()))
    .map((option) => `${option.name}:`);
  const positional = options.find((option) => option.positional === true && !taken.has(option.name));
  if (positional === undefined || given.some((word) => word.name === null)) return names;
  return [...names, ...valuesOf(positional, prefix, completeName).map((value) => `${quoteValue(value)} `)];
}

function valuesOf(option: CommandOption, prefix: string, completeName: CompleteName): readonly string[] {
  switch (option.kind) {
    case 'rig':
    case 'site':
    case 'model':
    case 'coin':
      return completeName(option.kind, prefix);
    case 'choice':
      return (option.choices ?? []).filter((choice) => choice.toLowerCase().startsWith(prefix.toLowerCase()));
    case 'boolean':
      return ['true', 'false'].filter((value) => value.startsWith(prefix.toLowerCase()));
    default:
      return [];
  }
}

/** The first ones and the last: what these have in common at their beginning, all have in common. */
function bounded(words: readonly string[]): readonly string[] {
  const sorted = words.toSorted();
  const last = sorted.at(-1);
  if (last === undefined || sorted.length <= MOST_WORDS) return sorted;
  return [...sorted.slice(0, MOST_WORDS - 1), last];
}
