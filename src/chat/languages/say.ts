import { IntlMessageFormat } from 'intl-messageformat';
import { createPhraseBook, type PhraseBook } from './phrase-book.ts';

/** Values of a message's arguments: numbers for plurals and choices, texts that are printed as they are. */
export type SayValues = Readonly<Record<string, string | number>>;

/**
 * Says a sentence in the reader's language. It is written in English where it is said, in ICU message syntax, and found by
 * that text in the other languages: `say('{count, plural, one {# rig} other {# rigs}} down', { count: 3 })`. What a language
 * lacks is said in English.
 */
export interface Say {
  (english: string, values?: SayValues): string;
  /**
   * Says a finished English sentence that facts carry (a reason, an assumption, a mistake), or several in a row. What the
   * phrase book does not recognise stays as it is.
   */
  readonly sentence: (english: string) => string;
}

/** Messages by their English text. */
export type Catalogue = Readonly<Record<string, string>>;

export interface Language {
  /** Two letters: `fr`. */
  readonly code: string;
  /** Of what is said: ICU messages on both sides. */
  readonly sentences: Catalogue;
  /** Of what facts carry: English with gaps (`no occupancy for {model}`) to an ICU message with the same names. */
  readonly phrases: Catalogue;
}

/** Says in the language of a locale that Intl knows, where it is one of these; in English otherwise. Numbers are the locale's. */
export function sayIn(locale: string, languages: readonly Language[]): Say {
  const code = new Intl.Locale(locale).language;
  const language = languages.find((candidate) => candidate.code === code);
  if (language === undefined) return sayEnglish(locale);
  const say = (english: string, values?: SayValues): string => {
    const translated = language.sentences[english];
    const said = translated === undefined ? null : format(translated, code, locale, values);
    return said ?? inEnglish(english, locale, values);
  };
  const recognised = (english: string): string | null => {
    const found = phraseBookOf(language).find(english);
    return found === null ? null : format(found.message, code, locale, found.values);
  };
  const sentence = (english: string): string => {
    const whole = recognised(english);
    if (whole !== null) return whole;
    return splitSentences(english)
      .map((part) => recognised(part) ?? part)
      .join(' ');
  };
  return Object.assign(say, { sentence });
}

/** English, for a locale of any language that has no catalogue. */
export function sayEnglish(locale: string): Say {
  const say = (english: string, values?: SayValues): string => inEnglish(english, locale, values);
  return Object.assign(say, { sentence: (english: string) => english });
}

/** Where even the English message cannot be said, its bare text says most of it. */
function inEnglish(english: string, locale: string, values?: SayValues): string {
  return format(english, 'en', locale, values) ?? english;
}

const books = new WeakMap<Language, PhraseBook>();

function phraseBookOf(language: Language): PhraseBook {
  let book = books.get(language);
  if (book === undefined) {
    book = createPhraseBook(language.phrases);
    books.set(language, book);
  }
  return book;
}

/** `There is no rig "a2". Did you mean a1?` is two. */
function splitSentences(text: string): readonly string[] {
  return text.split(/(?<=[.?!]) (?=[A-Z])/);
}

const MOST_MESSAGES = 2_000;
const messages = new Map<string, IntlMessageFormat>();

/** Null for a message that cannot be said with these values. */
function format(message: string, code: string, locale: string, values: SayValues = {}): string | null {
  try {
    return String(compiled(message, code, locale).format(values));
  } catch {
    return null;
  }
}

/** Compiling costs a hundred times as much as formatting; the locale comes from outside, hence the bound. */
function compiled(message: string, code: string, locale: string): IntlMessageFormat {
  const key = `${code} ${locale} ${message}`;
  let known = messages.get(key);
  if (known === undefined) {
    if (messages.size >= MOST_MESSAGES) messages.clear();
    known = new IntlMessageFormat(message, code, undefined, {
      ignoreTag: true,
      formatters: {
        // Plurals are the language's, numbers the reader's: a German reads English sentences with German numbers.
        getPluralRules: eachOnce((options) => new Intl.PluralRules(code, options)),
        getNumberFormat: eachOnce((options) => new Intl.NumberFormat(locale, options)),
        getDateTimeFormat: eachOnce((options) => new Intl.DateTimeFormat(locale, options)),
      },
    });
    messages.set(key, known);
  }
  return known;
}

/** A message asks for the same few formats each time that it is said; they go when it goes. */
function eachOnce<Format>(build: (options: object | undefined) => Format) {
  const built = new Map<string, Format>();
  return (_locales: unknown, options?: object): Format => {
    const key = JSON.stringify(options) ?? '';
    const format = built.get(key) ?? build(options);
    built.set(key, format);
    return format;
  };
}
