import { UserError } from '../domain/errors.ts';

/** One thing wrong with what the operator wrote. */
export interface Mistake {
  /** A key of the configuration (`sites[0].pue`), a cell of the inventory (`inventory line 3, site`), or a variable. */
  readonly path: string;
  /** What stands there, in words; never a secret. */
  readonly found: string;
  /** What may stand there. */
  readonly allowed: string;
  /** The name that was probably meant. */
  readonly nearest?: string;
  /** Line in the configuration file, where it is known. */
  readonly line?: number;
}

const mostLines = 50;

/** Everything wrong with the configuration at once; the message is ready to print, one line for each mistake. */
export class ConfigError extends UserError {
  readonly mistakes: readonly Mistake[];

  /** @param file the configuration file as an operator would name it. */
  constructor(mistakes: readonly Mistake[], file: string) {
    super(mistakeList(mistakes, file), 'Mend them and start again; docs/configuration.md explains every key.');
    this.mistakes = mistakes;
  }
}

function mistakeList(mistakes: readonly Mistake[], file: string): string {
  const title =
    mistakes.length === 1 ? 'The configuration has a mistake:' : `The configuration has ${mistakes.length} mistakes:`;
  const lines = mistakes.slice(0, mostLines).map((mistake) => `  ${mistakeLine(mistake, file)}`);
  const rest = mistakes.length - lines.length;
  return [title, ...lines, ...(rest > 0 ? [`  and ${rest} more`] : [])].join('\n');
}

function mistakeLine({ path, found, allowed, nearest, line }: Mistake, file: string): string {
  const place = line === undefined ? path : `${file}:${line} ${path}`;
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  return `${place}: found ${found}${hint} (allowed: ${allowed})`;
}

const longestText = 60;

/** A value in words: short, on one line, without what may be a password in an address. */
export function describeFound(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') return describeText(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object') return describeKeys(Object.keys(value));
  return String(value);
}

function describeText(text: string): string {
  const safe = text.replace(/^(\w+:\/\/)?.*@/s, '$1***@').replace(/^(\w+:\/\/[^?]*\?).*/s, '$1***');
  return JSON.stringify(safe.length > longestText ? `${safe.slice(0, longestText)}…` : safe);
}

function describeKeys(keys: readonly string[]): string {
  if (keys.length === 0) return 'an empty group';
  const shown = keys.slice(0, 5).map((key) => key.slice(0, longestText));
  return `a group of ${shown.join(', ')}${keys.length > shown.length ? ', …' : ''}`;
}
