/** Finds which phrase a finished English sentence was made of. */
export interface PhraseBook {
  /** The other language's message and what stood in the phrase's gaps; null for a sentence of no phrase. */
  find(english: string): { readonly message: string; readonly values: Record<string, string | number> } | null;
}

interface Phrase {
  readonly pattern: RegExp;
  readonly numbers: ReadonlySet<string>;
  readonly message: string;
  /** Of the English text outside its gaps. */
  readonly literalLength: number;
}

/** Longer texts are no sentences of ours, and matching many gaps against them takes long. */
const LONGEST_SENTENCE = 500;

/**
 * @param phrases by their English text, in which `{model}` is a gap for any text and `{count, number}` one for a number. Of
 * several phrases that fit, the one with the most text of its own is meant.
 */
export function createPhraseBook(phrases: Readonly<Record<string, string>>): PhraseBook {
  const exact = new Map<string, string>();
  const withGaps: Phrase[] = [];
  for (const [english, message] of Object.entries(phrases)) {
    if (english.includes('{')) withGaps.push(phraseOf(english, message));
    else exact.set(english, message);
  }
  withGaps.sort((a, b) => b.literalLength - a.literalLength);
  return {
    find(english) {
      if (english.length > LONGEST_SENTENCE) return null;
      const message = exact.get(english);
      if (message !== undefined) return { message, values: {} };
      for (const { pattern, numbers, message: translated } of withGaps) {
        const groups = pattern.exec(english)?.groups;
        if (groups === undefined) continue;
        const values = Object.entries(groups).map(([name, text]): [string, string | number] => [
          name,
          numbers.has(name) ? Number(text) : text,
        ]);
        return { message: translated, values: Object.fromEntries(values) };
      }
      return null;
    },
  };
}

const gap = /\{(?<name>\w+)(?<isNumber>, number)?\}/g;

function phraseOf(english: string, message: string): Phrase {
  const names = new Set<string>();
  const numbers = new Set<string>();
  let pattern = '';
  let literalLength = 0;
  let at = 0;
  for (const found of english.matchAll(gap)) {
    const name = found.groups?.['name'] ?? '';
    const isNumber = found.groups?.['isNumber'] !== undefined;
    if (isNumber) numbers.add(name);
    const content = isNumber ? String.raw`-?\d+(?:\.\d+)?` : '.+?';
    // What fills a gap twice is the same both times.
    pattern += RegExp.escape(english.slice(at, found.index));
    pattern += names.has(name) ? `\\k<${name}>` : `(?<${name}>${content})`;
    names.add(name);
    literalLength += found.index - at;
    at = found.index + found[0].length;
  }
  return {
    pattern: new RegExp(`^${pattern}${RegExp.escape(english.slice(at))}$`, 's'),
    numbers,
    message,
    literalLength: literalLength + english.length - at,
  };
}
